//! The frame of every request: address, version, token. Used by `requests` and `writes`; knows no body's meaning.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};

use super::abilities::REQUEST_POINTS;
use crate::{Account, Effect, Request, Secret, Unsendable};

/// The version our shapes are written for, in every path: without it an older one would answer.
const ROOT: &str = "/api/2026-07";

/// A read of `path`.
pub(super) fn get(account: &Account, path: &str) -> Result<Request, Unsendable> {
    request(account, Method::GET, path, Vec::new(), Effect::Read)
}

/// A question in a body.
pub(super) fn search(account: &Account, path: &str, body: &serde_json::Value) -> Result<Request, Unsendable> {
    request(account, Method::POST, path, body.to_string().into_bytes(), Effect::Read)
}

/// Something new.
pub(super) fn post(account: &Account, path: &str, body: Vec<u8>) -> Result<Request, Unsendable> {
    request(account, Method::POST, path, body, Effect::Write)
}

/// A change of something.
pub(super) fn put(account: &Account, path: &str, body: &serde_json::Value) -> Result<Request, Unsendable> {
    request(account, Method::PUT, path, body.to_string().into_bytes(), Effect::Write)
}

/// A form for the token service, which is not under a version and takes its secrets in the body.
pub(super) fn token_form(account: &Account, form: String) -> Result<Request, Unsendable> {
    let http = http::Request::builder()
        .method(Method::POST)
        .uri(uri(account, "/api/1.0/token")?)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.into_bytes())
        .map_err(|_| Unsendable::Account("address"))?;
    // It changes nothing in the shop: a hub that may only read has to renew its token, too.
    Ok(Request { http, cost: REQUEST_POINTS, effect: Effect::Read })
}

fn request(
    account: &Account,
    method: Method,
    path: &str,
    body: Vec<u8>,
    effect: Effect,
) -> Result<Request, Unsendable> {
    let http = http::Request::builder()
        .method(method)
        .uri(uri(account, &format!("{ROOT}{path}"))?)
        .header(AUTHORIZATION, bearer(&account.token)?)
        .header(ACCEPT, "application/json");
    let http = if body.is_empty() { http } else { http.header(CONTENT_TYPE, "application/json") };
    let http = http.body(body).map_err(|_| Unsendable::Account("address"))?;
    Ok(Request { http, cost: REQUEST_POINTS, effect })
}

fn uri(account: &Account, path: &str) -> Result<http::Uri, Unsendable> {
    let uri: http::Uri = format!("{}{path}", account.base_url).parse().map_err(|_| Unsendable::Account("address"))?;
    if matches!(uri.scheme_str(), Some("https" | "http")) { Ok(uri) } else { Err(Unsendable::Account("address")) }
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
