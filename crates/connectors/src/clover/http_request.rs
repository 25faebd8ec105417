//! The frame of every request: address, token, escaping. Used by `requests`, `write` and `grants`; knows no body's
//! meaning.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};

use crate::{Account, Effect, Request, Secret, Unsendable};

/// A read below the account's merchant: `path` starts with a slash or is empty.
pub(super) fn get(account: &Account, path: &str) -> Result<Request, Unsendable> {
    let path = below_merchant(account, path)?;
    request(&account.base_url, Some(&account.token), Method::GET, &path, Vec::new(), Effect::Read)
}

/// A change below the account's merchant.
pub(super) fn change(account: &Account, path: &str, body: Vec<u8>) -> Result<Request, Unsendable> {
    let path = below_merchant(account, path)?;
    request(&account.base_url, Some(&account.token), Method::POST, &path, body, Effect::Write)
}

/// A request for tokens. It bears none, and changes nothing that belongs to the merchant.
pub(super) fn tokens(account: &Account, path: &str, body: Vec<u8>) -> Result<Request, Unsendable> {
    request(&account.base_url, None, Method::POST, path, body, Effect::Read)
}

fn below_merchant(account: &Account, path: &str) -> Result<String, Unsendable> {
    if account.account.trim().is_empty() {
        return Err(Unsendable::Account("merchant id"));
    }
    Ok(format!("/v3/merchants/{}{path}", escaped(account.account.trim())))
}

fn request(
    base_url: &str,
    token: Option<&Secret>,
    method: Method,
    path: &str,
    body: Vec<u8>,
    effect: Effect,
) -> Result<Request, Unsendable> {
    let uri: http::Uri = format!("{base_url}{path}").parse().map_err(|_| Unsendable::Account("address"))?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err(Unsendable::Account("address"));
    }
    let mut builder = http::Request::builder().method(method).uri(uri).header(ACCEPT, "application/json");
    if !body.is_empty() {
        builder = builder.header(CONTENT_TYPE, "application/json");
    }
    if let Some(token) = token {
        builder = builder.header(AUTHORIZATION, bearer(token)?);
    }
    let http = builder.body(body).map_err(|_| Unsendable::Account("address"))?;
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
