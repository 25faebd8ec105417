//! The frame of every request and what every reply says of the rate budget. Used by `requests`, `writes` and `grants`;
//! knows no body's meaning.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};

use crate::{Account, BudgetReport, Effect, Reply, Request, Secret, Unsendable};

/// Points of one drip: see `abilities`.
pub(super) const DRIP: u32 = 10;
/// Points that a relation of a list costs on top: a fifth of a drip, doubled because it is a list.
pub(super) const RELATION: u32 = 4;
/// Points that each nested entity of a written body costs on top.
pub(super) const NESTED: u32 = 5;

/// A read of `path` (with its query) that costs `cost` points.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn get(account: &Account, path: &str, cost: u32) -> Result<Request, Unsendable> {
    let bearer = bearer(&account.token)?;
    framed(&account.base_url, Some(bearer), Method::GET, path, Vec::new(), cost, Effect::Read)
}

/// A change of what lies at `path`.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn put(account: &Account, path: &str, body: Vec<u8>, cost: u32) -> Result<Request, Unsendable> {
    let bearer = bearer(&account.token)?;
    framed(&account.base_url, Some(bearer), Method::PUT, path, body, cost, Effect::Write)
}

/// Something new at `path`.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn post(account: &Account, path: &str, body: Vec<u8>, cost: u32) -> Result<Request, Unsendable> {
    let bearer = bearer(&account.token)?;
    framed(&account.base_url, Some(bearer), Method::POST, path, body, cost, Effect::Write)
}

/// A post to where tokens are given out. It carries the app's own secret in its body, as the vendor wants it, and no
/// token. It changes nothing in the shop, so a hub that only looks may send it.
///
/// # Errors
/// When the account's address is not usable.
pub(super) fn token_post(account: &Account, path: &str, body: Vec<u8>) -> Result<Request, Unsendable> {
    framed(auth_url(account), None, Method::POST, path, body, DRIP, Effect::Read)
}

/// Where tokens are given out.
pub(super) fn auth_url(account: &Account) -> &str {
    if account.auth_url.is_empty() { "https://cloud.lightspeedapp.com" } else { &account.auth_url }
}

fn framed(
    base: &str,
    bearer: Option<HeaderValue>,
    method: Method,
    path: &str,
    body: Vec<u8>,
    cost: u32,
    effect: Effect,
) -> Result<Request, Unsendable> {
    let uri: http::Uri = format!("{base}{path}").parse().map_err(|_| Unsendable::Account("address"))?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err(Unsendable::Account("address"));
    }
    let mut builder = http::Request::builder().method(method).uri(uri).header(ACCEPT, "application/json");
    if let Some(bearer) = bearer {
        builder = builder.header(AUTHORIZATION, bearer);
    }
    if !body.is_empty() {
        builder = builder.header(CONTENT_TYPE, "application/json");
    }
    let http = builder.body(body).map_err(|_| Unsendable::Account("address"))?;
    Ok(Request { http, cost, effect })
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

/// Text as part of a query: everything but letters, digits and `-._~` in its `%XX` form (RFC 3986).
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

/// What the headers say: `X-LS-API-Bucket-Level: 12.4/90` is what is *in* the bucket and its size, both in drips.
/// <https://developers.lightspeedhq.com/retail/introduction/ratelimits/>, read 2026-11-24.
pub(super) fn budget(reply: &Reply) -> Option<BudgetReport> {
    let header = |name: &str| reply.headers.get(name)?.to_str().ok();
    let (level, size) = header("x-ls-api-bucket-level")?.split_once('/')?;
    let (level, capacity) = (tenths_up(level)?, tenths_up(size)?);
    // The rate is told beside the level; without it the slowest one is assumed.
    let drip = header("x-ls-api-drip-rate").and_then(tenths_up).filter(|drip| *drip > 0).unwrap_or(DRIP);
    // `4/20`: so many requests in this second, of so many allowed.
    let burst = header("x-ls-api-burst-level").and_then(|text| text.split_once('/')?.1.trim().parse().ok());
    Some(BudgetReport {
        capacity,
        available: capacity.saturating_sub(level),
        restore_per_s: drip,
        requests_per_s: burst,
    })
}

/// A decimal number in tenths, rounded up so that a budget is never thought fuller than it is.
fn tenths_up(text: &str) -> Option<u32> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let tenth = fraction.bytes().next().map_or(0, |byte| u32::from(byte - b'0'));
    let more = u32::from(fraction.bytes().skip(1).any(|byte| byte != b'0'));
    whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth)?.checked_add(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_in_drips_is_rounded_up_to_tenths() {
        assert_eq!(tenths_up("12.4"), Some(124));
        assert_eq!(tenths_up(" 92.57 "), Some(926));
        assert_eq!(tenths_up("90"), Some(900));
        assert_eq!(tenths_up("1.500"), Some(15));
        assert_eq!(tenths_up(""), None);
        assert_eq!(tenths_up("-1"), None);
        assert_eq!(tenths_up("4294967295"), None);
        assert_eq!(tenths_up("1e3"), None);
    }

    #[test]
    fn everything_that_could_end_a_value_is_escaped() {
        assert_eq!(escaped(">=,[1] é"), "%3E%3D%2C%5B1%5D%20%C3%A9");
    }
}
