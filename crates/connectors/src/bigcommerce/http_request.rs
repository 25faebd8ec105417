//! The frame of every request: address, token, kinds of body. Used by `requests`, `write` and `grants`; knows no
//! body's meaning.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde::Serialize;

use crate::{Account, Effect, Request, Secret, Unsendable};

/// A read of `path` (with its query) in the account's store.
pub(super) fn get(account: &Account, path: &str) -> Result<Request, Unsendable> {
    in_store(account, Method::GET, path, Vec::new(), Effect::Read)
}

/// A change in the account's store, with a body.
pub(super) fn change<B: Serialize>(
    account: &Account,
    method: Method,
    path: &str,
    body: &B,
) -> Result<Request, Unsendable> {
    in_store(account, method, path, json(body)?, Effect::Write)
}

/// A call outside any store and without a token, with the whole address.
pub(super) fn outside<B: Serialize>(address: &str, body: &B, effect: Effect) -> Result<Request, Unsendable> {
    let http = framed(Method::POST, address)?.body(json(body)?).map_err(|_| Unsendable::Account("address"))?;
    Ok(Request { http, cost: 1, effect })
}

fn json<B: Serialize>(body: &B) -> Result<Vec<u8>, Unsendable> {
    serde_json::to_vec(body).map_err(|_| Unsendable::Impossible("take this as JSON"))
}

fn in_store(
    account: &Account,
    method: Method,
    path: &str,
    body: Vec<u8>,
    effect: Effect,
) -> Result<Request, Unsendable> {
    let store = account.account.as_str();
    if store.is_empty() || !store.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Unsendable::Account("store hash"));
    }
    let address = format!("{}/stores/{store}{path}", account.base_url);
    let request = framed(method, &address)?.header("x-auth-token", token(&account.token)?);
    let http = request.body(body).map_err(|_| Unsendable::Account("address"))?;
    Ok(Request { http, cost: 1, effect })
}

/// `Accept` matters: without it API v2 may answer in XML.
fn framed(method: Method, address: &str) -> Result<http::request::Builder, Unsendable> {
    let uri: http::Uri = address.parse().map_err(|_| Unsendable::Account("address"))?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err(Unsendable::Account("address"));
    }
    let request = http::Request::builder().method(method).uri(uri);
    Ok(request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json"))
}

fn token(token: &Secret) -> Result<HeaderValue, Unsendable> {
    if token.expose().is_empty() {
        return Err(Unsendable::Account("token"));
    }
    let mut value = HeaderValue::from_str(token.expose()).map_err(|_| Unsendable::Account("token"))?;
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
