//! What every reply of Shopify may be besides an answer: trouble, by status and by error code; and the rate budget.
//!
//! Called by `learn`, `subscribe`, `bulk` and `write`. Knows no order and no level.
//! <https://shopify.dev/docs/api/admin-graphql/2026-10#status-and-error-codes>

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::scalar;
use crate::{BudgetReport, Reply, Trouble, Unreadable};

/// Longest reason taken from the platform's words.
const WORDS_MAX: usize = 200;

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    errors: Value,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    #[serde(default)]
    cost: Option<Cost>,
}

/// <https://shopify.dev/docs/api/usage/limits#graphql-admin-api-rate-limits>. Written as `2000.0` in some answers:
/// these are no quantities, a fraction of a point is cut.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    #[serde(default)]
    requested_query_cost: Value,
    #[serde(default)]
    throttle_status: ThrottleStatus,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ThrottleStatus {
    maximum_available: Value,
    currently_available: Value,
    restore_rate: Value,
}

/// The answer of a reply.
///
/// # Errors
/// When the platform refused, is busy, or the answer is not the shape that was asked for.
pub(super) fn data<T: DeserializeOwned>(reply: &Reply) -> Result<T, Trouble> {
    if let Some(trouble) = by_status(reply) {
        return Err(trouble);
    }
    let envelope: Envelope = scalar::parse(&reply.body).map_err(garbled)?;
    if let Some(trouble) = by_errors(&envelope) {
        return Err(trouble);
    }
    scalar::parse_part(envelope.data, "data").map_err(garbled)
}

/// As trouble.
pub(super) fn garbled(error: Unreadable) -> Trouble {
    Trouble::Garbled { reason: error.to_string() }
}

/// What the reply says about the rate budget.
pub(super) fn budget(reply: &Reply) -> Option<BudgetReport> {
    let status = scalar::parse::<Envelope>(&reply.body).ok()?.extensions.cost?.throttle_status;
    Some(BudgetReport {
        capacity: points(&status.maximum_available)?,
        available: points(&status.currently_available)?,
        restore_per_s: points(&status.restore_rate)?,
        requests_per_s: None,
    })
}

/// The platform's words, short and without control characters.
pub(super) fn words(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_MAX).collect()
}

/// Trouble by status alone; `None` for 200.
pub(super) fn by_status(reply: &Reply) -> Option<Trouble> {
    let reason = || format!("{}: {}", reply.status, said(&reply.body));
    match reply.status {
        200 => None,
        // The token is wrong (401), lacks a scope (403), the shop is frozen (402), locked (423) or not there (404).
        401 | 402 | 403 | 404 | 423 => Some(Trouble::Denied { reason: reason() }),
        // Too many requests; 430 is Shopify's own, for requests that look malicious.
        429 | 430 => Some(Trouble::Throttled { after_ms: retry_after_ms(reply) }),
        500..=599 => Some(Trouble::Failed { reason: reason() }),
        400..=499 => Some(Trouble::Refused { reason: reason() }),
        _ => Some(Trouble::Garbled { reason: reason() }),
    }
}

fn by_errors(envelope: &Envelope) -> Option<Trouble> {
    let errors = match &envelope.errors {
        Value::Null => return None,
        Value::Array(errors) if errors.is_empty() => return None,
        Value::Array(errors) => errors.as_slice(),
        // Errors of the gateway in front of GraphQL are a bare text.
        other => std::slice::from_ref(other),
    };
    // Being asked to slow down explains whatever stands beside it.
    let throttled = errors.iter().find(|error| code(error) == Some("THROTTLED"));
    throttled.or_else(|| errors.first()).map(|error| by_code(error, envelope))
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10#status-and-error-codes>
fn by_code(error: &Value, envelope: &Envelope) -> Trouble {
    let message = error.get("message").and_then(Value::as_str).or_else(|| error.as_str()).unwrap_or_default();
    let reason = words(message);
    match code(error) {
        Some("THROTTLED") => Trouble::Throttled { after_ms: refilled_ms(envelope) },
        Some("ACCESS_DENIED" | "SHOP_INACTIVE") => Trouble::Denied { reason },
        Some("INTERNAL_SERVER_ERROR" | "TIMEOUT") => Trouble::Failed { reason },
        // `MAX_COST_EXCEEDED`, and everything a wrong query or variable brings: it stays wrong.
        Some(_) | None => Trouble::Refused { reason },
    }
}

fn code(error: &Value) -> Option<&str> {
    error.get("extensions")?.get("code")?.as_str()
}

/// When the bucket holds the requested cost again.
fn refilled_ms(envelope: &Envelope) -> Option<i64> {
    let cost = envelope.extensions.cost.as_ref()?;
    let requested = points(&cost.requested_query_cost)?;
    let available = points(&cost.throttle_status.currently_available)?;
    let restore = points(&cost.throttle_status.restore_rate).filter(|rate| *rate > 0)?;
    let missing = u64::from(requested.saturating_sub(available));
    i64::try_from((missing * 1000).div_ceil(u64::from(restore))).ok()
}

fn retry_after_ms(reply: &Reply) -> Option<i64> {
    let text = reply.headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds = seconds.parse::<u32>().ok()?;
    // Shopify writes `2.0`; a fraction is rounded up.
    let more = fraction.bytes().any(|digit| digit != b'0');
    Some((i64::from(seconds) + i64::from(more)) * 1000)
}

fn said(body: &[u8]) -> String {
    let envelope = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let errors = envelope.get("errors").unwrap_or(&Value::Null);
    let first = errors.get(0).unwrap_or(errors);
    words(first.get("message").unwrap_or(first).as_str().unwrap_or("no words"))
}

fn points(value: &Value) -> Option<u32> {
    let whole = value.as_u64().or_else(|| {
        let points = value.as_f64().filter(|points| points.is_finite())?;
        // A bucket can be overdrawn; casting cuts the fraction and stops at zero.
        Some(points as u64)
    });
    whole.or_else(|| value.as_i64().map(|_| 0)).map(|points| u32::try_from(points).unwrap_or(u32::MAX))
}
