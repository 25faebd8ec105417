//! Replies that are no answers: one judgement of status and words, for questions and for writes; and what beside the
//! body every reply tells: the rate budget and the store's clock.
//!
//! <https://developer.bigcommerce.com/docs/start/best-practices#api-rate-limits> and
//! <https://developer.bigcommerce.com/docs/start/about/status-codes>. Called by `learn`, `write` and `grants`; knows
//! neither what was asked nor what was written.

use model::Instant;
use serde_json::Value;

use super::translate;
use crate::{BudgetReport, Reply, Trouble};

/// Longest reason that is kept of the platform's words, in characters.
const REASON_MAX: usize = 300;
/// How many texts of a refusal are looked at: it may be hostile.
const TEXTS_MAX: usize = 64;

/// Why BigCommerce did not answer.
#[derive(Debug)]
pub(super) struct Refusal {
    /// HTTP status.
    pub(super) status: u16,
    after_ms: Option<i64>,
    /// What it says, each with the path of the field it says it of (empty for the whole).
    pub(super) texts: Vec<(String, String)>,
}

/// When the store wrote the reply, on its own clock; `None` when it does not tell.
pub(super) fn present(reply: &Reply) -> Option<Instant> {
    let date = reply.headers.get(http::header::DATE)?.to_str().ok()?;
    translate::instant("date", date).ok()
}

/// `None` when the reply is an answer.
pub(super) fn of(reply: &Reply) -> Option<Refusal> {
    if (200..300).contains(&reply.status) {
        return None;
    }
    let mut texts = Vec::new();
    // A proxy may answer a failure with a page for people; the status says enough.
    if let Ok(body) = serde_json::from_slice::<Value>(&reply.body) {
        gather("", &body, &mut texts);
    }
    Some(Refusal { status: reply.status, after_ms: number(reply, "x-rate-limit-time-reset-ms"), texts })
}

/// The two forms in one: v2 `[{status, message}]`, v3 `{status, title, type, errors{}}`, batches `{batch_errors: []}`.
fn gather(field: &str, value: &Value, texts: &mut Vec<(String, String)>) {
    if texts.len() >= TEXTS_MAX {
        return;
    }
    match value {
        Value::String(text) if !text.trim().is_empty() => texts.push((field.to_owned(), text.trim().to_owned())),
        // serde_json reads 128 levels at most, so this ends.
        Value::Array(elements) => elements.iter().for_each(|element| gather(field, element, texts)),
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| match name.as_str() {
            // The address of a page about statuses, and the request's own path.
            "type" | "instance" => {}
            "title" | "message" | "error" | "error_description" | "detail" => gather(field, inner, texts),
            "errors" | "batch_errors" | "details" => gather(field, inner, texts),
            name if field.is_empty() => gather(name, inner, texts),
            name => gather(&format!("{field}.{name}"), inner, texts),
        }),
        _ => {}
    }
}

impl Refusal {
    /// What holds for any request: no access, too fast, or the platform's own failure. `None` when it is about what
    /// was asked for.
    pub(super) fn whole(&self) -> Option<Trouble> {
        match self.status {
            401 | 403 => Some(Trouble::Denied { reason: self.reason() }),
            429 => Some(Trouble::Throttled { after_ms: self.after_ms }),
            // Not built, and so not half done either.
            501 => Some(Trouble::Refused { reason: self.reason() }),
            408 | 500.. => Some(Trouble::Failed { reason: self.reason() }),
            _ => None,
        }
    }

    /// For a question.
    pub(super) fn trouble(&self) -> Trouble {
        self.whole().unwrap_or_else(|| Trouble::Refused { reason: self.reason() })
    }

    /// In words for people: the status and what the platform says.
    pub(super) fn reason(&self) -> String {
        let told: Vec<String> = self.texts.iter().map(|(field, text)| words(field, text)).collect();
        let text = match told.is_empty() {
            true => format!("HTTP {} without a reason", self.status),
            false => format!("HTTP {}: {}", self.status, told.join("; ")),
        };
        text.chars().take(REASON_MAX).collect()
    }
}

fn words(field: &str, text: &str) -> String {
    if field.is_empty() { text.to_owned() } else { format!("{field}: {text}") }
}

/// The four headers that come with every answer: a quota per window, and what is left of it. The window is told as a
/// pace, at least one request in a second.
pub(super) fn budget(reply: &Reply) -> Option<BudgetReport> {
    let points = |name: &str| number(reply, name).and_then(|number| u32::try_from(number).ok());
    let capacity = points("x-rate-limit-requests-quota")?;
    let window_ms = number(reply, "x-rate-limit-time-window-ms").filter(|window| *window > 0)?;
    let per_s = i64::from(capacity) * 1_000 / window_ms;
    Some(BudgetReport {
        capacity,
        available: points("x-rate-limit-requests-left")?,
        restore_per_s: u32::try_from(per_s).unwrap_or(u32::MAX).max(1),
        requests_per_s: None,
    })
}

fn number(reply: &Reply, name: &str) -> Option<i64> {
    let text = reply.headers.get(name)?.to_str().ok()?.trim();
    text.parse().ok().filter(|number: &i64| (0..=i64::from(u32::MAX)).contains(number))
}
