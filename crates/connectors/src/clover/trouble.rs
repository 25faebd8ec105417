//! Replies that are no answers: one judgement of the status, for questions and for writes.
//!
//! <https://docs.clover.com/dev/docs/api-usage-rate-limits>, read 2026-11-24. Called by `learn`, `write` and `grants`;
//! knows neither what was asked nor what was written.

use super::wire::{Refusal, parse};
use crate::{BudgetReport, Reply, Trouble};

/// Longest reason that is kept of the platform's words, in characters.
const REASON_MAX: usize = 300;
/// Requests a second and token, as documented.
pub(super) const PER_TOKEN: u32 = 16;

/// What a reply is.
#[derive(Debug)]
pub(super) enum Judged {
    /// An answer.
    Answer,
    /// There is no such thing.
    Absent,
    /// This one request is refused and will be again, with the platform's words.
    Refused(String),
    /// It holds for any request.
    Trouble(Trouble),
}

/// Judges a reply by its status; 404 and other refusals are left to whoever knows what was asked.
pub(super) fn judge(reply: &Reply) -> Judged {
    let reason = || reason(reply);
    match reply.status {
        200..=299 => Judged::Answer,
        401 | 403 => Judged::Trouble(Trouble::Denied { reason: reason() }),
        429 => Judged::Trouble(Trouble::Throttled { after_ms: after_ms(reply) }),
        404 => Judged::Absent,
        // Not built, and so not half done either.
        501 => Judged::Refused(reason()),
        408 | 500.. => Judged::Trouble(Trouble::Failed { reason: reason() }),
        _ => Judged::Refused(reason()),
    }
}

/// For a question that must be answered.
///
/// # Errors
/// When the reply is no answer; what does not exist is refused.
pub(super) fn answer(reply: &Reply) -> Result<(), Trouble> {
    match judge(reply) {
        Judged::Answer => Ok(()),
        Judged::Absent => Err(Trouble::Refused { reason: reason(reply) }),
        Judged::Refused(reason) => Err(Trouble::Refused { reason }),
        Judged::Trouble(trouble) => Err(trouble),
    }
}

/// For a question about one thing: whether it exists.
///
/// # Errors
/// When the reply is no answer.
pub(super) fn exists(reply: &Reply) -> Result<bool, Trouble> {
    match judge(reply) {
        Judged::Absent => Ok(false),
        Judged::Answer | Judged::Refused(_) | Judged::Trouble(_) => answer(reply).map(|()| true),
    }
}

/// The platform's words: status, message, details.
pub(super) fn reason(reply: &Reply) -> String {
    let words = parse::<Refusal>(&reply.body).ok();
    let words = words.map(|words| [words.message, words.details]).into_iter().flatten().flatten();
    let words: Vec<String> = words.filter(|text| !text.trim().is_empty()).collect();
    let text = match (words.is_empty(), reply.status) {
        (true, status) => format!("HTTP {status} without a reason"),
        (false, status) => format!("HTTP {status}: {}", words.join("; ")),
    };
    text.chars().take(REASON_MAX).collect()
}

/// `retry-after` in seconds; Clover sends it with the limits of requests at once.
fn after_ms(reply: &Reply) -> Option<i64> {
    let seconds: u32 = reply.headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(i64::from(seconds) * 1_000)
}

/// A refusal for speed says that the bucket is empty, and sometimes how large it is. Other replies say nothing.
pub(super) fn budget(reply: &Reply) -> Option<BudgetReport> {
    if reply.status != 429 {
        return None;
    }
    let told = reply.headers.get("x-ratelimit-tokenlimit").and_then(|value| value.to_str().ok());
    let told = told.and_then(|text| text.trim().parse().ok()).filter(|limit| (1..=1_000).contains(limit));
    let pace = told.unwrap_or(PER_TOKEN);
    Some(BudgetReport { capacity: pace, available: 0, restore_per_s: pace, requests_per_s: None })
}
