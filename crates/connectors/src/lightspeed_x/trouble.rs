//! Replies that are no answers: one judgement of the status, for questions and for writes.
//!
//! No shape of errors is published, so only the status is judged and the words are passed on.
//! <https://x-series-api.lightspeedhq.com/docs/rate_limiting>, read 2026-11-23. Called by `learn`, `grants` and `writes`.

use model::Instant;
use serde_json::Value;

use super::wire;
use crate::{Reply, Trouble, Unreadable};

/// Longest reason that is kept of the platform's words, in characters.
const REASON_MAX: usize = 300;

/// Nothing when the reply is an answer.
///
/// # Errors
/// What the status says otherwise.
pub(super) fn check(reply: &Reply) -> Result<(), Trouble> {
    match reply.status {
        200..=299 => Ok(()),
        401 | 403 => Err(Trouble::Denied { reason: reason(reply) }),
        429 => Err(Trouble::Throttled { after_ms: after_ms(reply) }),
        // Not built, and so not half done either.
        501 => Err(Trouble::Refused { reason: reason(reply) }),
        408 | 500.. => Err(Trouble::Failed { reason: reason(reply) }),
        400..=499 => Err(Trouble::Refused { reason: reason(reply) }),
        // Neither the API nor the token service is documented to redirect.
        _ => Err(Trouble::Garbled { reason: reason(reply) }),
    }
}

/// An answer that is not of the documented shape.
pub(super) fn garbled(error: Unreadable) -> Trouble {
    Trouble::Garbled { reason: error.to_string() }
}

/// The status with the platform's words.
pub(super) fn reason(reply: &Reply) -> String {
    let body = wire::json(&reply.body).unwrap_or(Value::Null);
    let mut told = Vec::new();
    for name in ["error", "error_description", "message", "errors", "missing_scope", "required_scopes", "scope"] {
        words(&body[name], &mut told);
    }
    told.dedup();
    let text = match told.is_empty() {
        true => format!("HTTP {} without a reason", reply.status),
        false => format!("HTTP {}: {}", reply.status, told.join("; ")),
    };
    text.chars().take(REASON_MAX).collect()
}

/// Every text below a value, with the names it stands under.
fn words(value: &Value, told: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.trim().is_empty() => told.push(text.trim().to_owned()),
        Value::Array(elements) => elements.iter().for_each(|element| words(element, told)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut inner = Vec::new();
                words(field, &mut inner);
                told.extend(inner.into_iter().map(|text| format!("{name}: {text}")));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `Retry-After` as a date of the platform's clock, counted from the date of the reply; from our own clock when it has
/// none. The token service says when its window ends in `X-RateLimit-Reset` instead, in seconds since 1970 or from now.
fn after_ms(reply: &Reply) -> Option<i64> {
    let text = |name: &str| reply.headers.get(name)?.to_str().ok().map(str::trim);
    let now = server_time(reply).unwrap_or(reply.sent_at);
    let seconds = |name: &str| text(name)?.parse::<u32>().ok().map(|seconds| i64::from(seconds) * 1_000);
    let dated = || text("retry-after").and_then(http_date).map(|until| until.since(now));
    // A billion seconds from now is no wait, but a date of this century.
    let reset = || seconds("x-ratelimit-reset").map(|ms| if ms > 1_000_000_000_000 { ms - now.0 } else { ms });
    dated().or_else(|| seconds("retry-after")).or_else(reset).map(|ms| ms.max(0))
}

/// The platform's clock when it answered, by its `Date` header, to the second.
pub(super) fn server_time(reply: &Reply) -> Option<Instant> {
    http_date(reply.headers.get(http::header::DATE)?.to_str().ok()?.trim())
}

/// `Mon, 23 Nov 2026 09:15:02 GMT`, the one form in use (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<Instant> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split_once(", ")?.1.split(' ');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (time, zone) = (parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    if zone != "GMT" || parts.next().is_some() {
        return None;
    }
    Instant::parse(&format!("{year}-{month:02}-{day}T{time}Z")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_http_is_read_and_anything_else_is_not() {
        let known = Instant::parse("2026-11-03T09:15:02Z").ok();
        assert!(known.is_some());
        assert_eq!(http_date("Tue, 03 Nov 2026 09:15:02 GMT"), known);
        for text in ["", "Tue, 03 Nov 2026 09:15:02", "Tue, 03 Foo 2026 09:15:02 GMT", "Tue, 33 Nov 2026 09:15:02 GMT"]
        {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
