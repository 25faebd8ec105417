//! The frame of every request: address, version, token. Used by `requests`, `writes` and `documents`; knows no body's meaning.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};

use crate::{Account, Effect, Request, Secret, Unsendable};

/// The version our shapes are written for. Without the header the application's own default would answer.
pub(super) const VERSION: &str = "2026-09-16";

/// A read of `path`.
pub(super) fn get(account: &Account, token: &Secret, path: &str) -> Result<Request, Unsendable> {
    request(account, token, Method::GET, path, Vec::new(), Effect::Read)
}

/// A question in a body.
pub(super) fn search(account: &Account, path: &str, body: &serde_json::Value) -> Result<Request, Unsendable> {
    request(account, &account.token, Method::POST, path, body.to_string().into_bytes(), Effect::Read)
}

/// A question that is a POST without a body.
pub(super) fn ask_without_body(account: &Account, path: &str) -> Result<Request, Unsendable> {
    request(account, &account.token, Method::POST, path, Vec::new(), Effect::Read)
}

/// A change in a body.
pub(super) fn change(account: &Account, token: &Secret, path: &str, body: Vec<u8>) -> Result<Request, Unsendable> {
    request(account, token, Method::POST, path, body, Effect::Write)
}

/// A change of what is there already, in a body.
pub(super) fn put(account: &Account, path: &str, body: Vec<u8>) -> Result<Request, Unsendable> {
    request(account, &account.token, Method::PUT, path, body, Effect::Write)
}

fn request(
    account: &Account,
    token: &Secret,
    method: Method,
    path: &str,
    body: Vec<u8>,
    effect: Effect,
) -> Result<Request, Unsendable> {
    let uri: http::Uri = format!("{}{path}", account.base_url).parse().map_err(|_| Unsendable::Account("address"))?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err(Unsendable::Account("address"));
    }
    let http = http::Request::builder()
        .method(method)
        .uri(uri)
        .header(AUTHORIZATION, bearer(token)?)
        .header("square-version", VERSION)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .map_err(|_| Unsendable::Account("address"))?;
    Ok(Request { http, cost: 1, effect })
}

fn bearer(token: &Secret) -> Result<HeaderValue, Unsendable> {
    if token.expose().is_empty() {
        return Err(Unsendable::Account("token"));
    }
    let text = format!("Bearer {}", token.expose());
    let mut value = HeaderValue::from_str(&text).map_err(|_| Unsendable::Account("token"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Text as part of a path or query: everything but letters, digits and `-._~` in its `%XX` form (RFC 3986).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
