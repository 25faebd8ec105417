//! Replies that are no answers: one judgement of status and error codes, for questions and for writes.
//!
//! <https://developer.squareup.com/docs/build-basics/general-considerations/handling-errors>, read 2026-11-23. Called by
//! `learn`, `writes` and `documents`; knows neither what was asked nor what was written, only which row a field names.

use super::codes::Meaning;
use super::wire::{ErrorRow, Errors, parse};
use crate::{Reply, Trouble};

pub(super) use super::codes::Code;

/// Longest reason that is kept of the platform's words, in characters.
const REASON_MAX: usize = 300;

/// `None` when the reply is an answer. A reply with errors is none, whatever its status.
///
/// # Errors
/// When a reply that calls itself an answer cannot be read as one: it may hold errors that we cannot see.
pub(super) fn of(reply: &Reply) -> Result<Option<Refusal>, Trouble> {
    let success = (200..300).contains(&reply.status);
    let errors = match parse::<Errors>(&reply.body) {
        Ok(errors) => errors.errors.unwrap_or_default(),
        Err(error) if success => return Err(Trouble::Garbled { reason: error.to_string() }),
        // A proxy may answer a failure with a page for people; the status says enough.
        Err(_) => Vec::new(),
    };
    if success && errors.is_empty() {
        return Ok(None);
    }
    Ok(Some(Refusal { status: reply.status, after_ms: after_ms(reply), errors }))
}

/// Why Square did not answer.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    after_ms: Option<i64>,
    errors: Vec<ErrorRow>,
}

/// What a refusal means for a batch of writes.
#[derive(Debug)]
pub(super) enum Verdict {
    /// For all of it alike.
    Whole(Trouble),
    /// Nothing was done; the same may be sent again.
    Busy,
    /// Nobody knows.
    KeyReused,
    /// Nothing was done, and with these dates nothing will be.
    Outdated,
    /// Nothing was done because of these rows, each with its fault.
    Rows(Vec<(usize, RowFault)>),
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowFault {
    /// It will never be accepted; why, in words for people.
    Wrong(String),
    /// Its date is not accepted any more.
    Outdated,
    /// Its object is being changed.
    Busy,
}

impl Refusal {
    /// Whether there are errors, and all of them are among these.
    pub(super) fn only(&self, codes: &[Code]) -> bool {
        let named = |error: &ErrorRow| Code::named(&error.code).is_some_and(|code| codes.contains(&code));
        !self.errors.is_empty() && self.errors.iter().all(named)
    }

    /// For a question. A moment of contention reads as a request to come back: nothing was done.
    pub(super) fn reading(&self) -> Trouble {
        if let Some(trouble) = self.whole() {
            return trouble;
        }
        if self.meanings().all(|meaning| meaning == Meaning::Busy) {
            return Trouble::Throttled { after_ms: self.after_ms };
        }
        Trouble::Refused { reason: self.reason() }
    }

    /// For a batch of `rows` writes, which fields name as `list` and their place, for example `changes[3].adjustment`.
    pub(super) fn verdict(&self, list: &str, rows: usize) -> Verdict {
        if let Some(trouble) = self.whole() {
            return Verdict::Whole(trouble);
        }
        let has = |wanted: Meaning| self.meanings().any(|meaning| meaning == wanted);
        if has(Meaning::KeyReused) {
            return Verdict::KeyReused;
        }
        let named = self.named(list, rows);
        if !named.is_empty() {
            Verdict::Rows(named)
        } else if self.errors.iter().any(dated) || has(Meaning::Outdated) {
            Verdict::Outdated
        } else if has(Meaning::Busy) {
            Verdict::Busy
        } else {
            Verdict::Whole(Trouble::Refused { reason: self.reason() })
        }
    }

    /// What holds for any request: no access, too fast, or Square's own failure, by status first and then by code.
    fn whole(&self) -> Option<Trouble> {
        let has = |wanted: Meaning| self.meanings().any(|meaning| meaning == wanted);
        let reason = || self.reason();
        match self.status {
            401 | 403 => Some(Trouble::Denied { reason: reason() }),
            429 => Some(Trouble::Throttled { after_ms: self.after_ms }),
            // Not built, and so not half done either.
            501 => Some(Trouble::Refused { reason: reason() }),
            408 | 500.. => Some(Trouble::Failed { reason: reason() }),
            _ if has(Meaning::Denied) => Some(Trouble::Denied { reason: reason() }),
            _ if has(Meaning::Throttled) => Some(Trouble::Throttled { after_ms: self.after_ms }),
            _ if has(Meaning::Failed) => Some(Trouble::Failed { reason: reason() }),
            _ => None,
        }
    }

    /// Of every error; of the status when there is none or a code is newer than our list.
    fn meanings(&self) -> impl Iterator<Item = Meaning> {
        let by_status = if self.status == 409 { Meaning::Busy } else { Meaning::Refused };
        let none = self.errors.is_empty().then_some(by_status);
        self.errors.iter().map(move |error| meaning(error).unwrap_or(by_status)).chain(none)
    }

    /// Rows that fields name, those that will never be accepted first.
    fn named(&self, list: &str, rows: usize) -> Vec<(usize, RowFault)> {
        let mut named: Vec<_> = self.errors.iter().filter_map(|error| fault(error, list, rows)).collect();
        named.sort_by_key(|(_, fault)| !matches!(fault, RowFault::Wrong(_)));
        named
    }

    fn reason(&self) -> String {
        let told: Vec<String> = self.errors.iter().map(words).collect();
        let text = match (told.is_empty(), self.status) {
            (true, status) => format!("HTTP {status} without a reason"),
            (false, status) => format!("HTTP {status}: {}", told.join("; ")),
        };
        text.chars().take(REASON_MAX).collect()
    }
}

fn meaning(error: &ErrorRow) -> Option<Meaning> {
    Code::named(&error.code).map(Code::meaning)
}

/// Which code a date that is not accepted gets is not documented; the field says enough.
fn dated(error: &ErrorRow) -> bool {
    error.field.as_deref().is_some_and(|field| field.ends_with("occurred_at"))
}

fn fault(error: &ErrorRow, list: &str, rows: usize) -> Option<(usize, RowFault)> {
    let (row, _) = error.field.as_deref()?.strip_prefix(list)?.split_once(']')?;
    let row = row.parse().ok().filter(|row| *row < rows)?;
    let fault = match meaning(error) {
        _ if dated(error) => RowFault::Outdated,
        Some(Meaning::Outdated) => RowFault::Outdated,
        Some(Meaning::Busy) => RowFault::Busy,
        Some(Meaning::Absent) => {
            RowFault::Wrong(format!("Square does not know this item or location: {}", words(error)))
        }
        Some(Meaning::Wrong | Meaning::Refused | Meaning::Foreign) | None => RowFault::Wrong(words(error)),
        // Judged for the whole request before any row is looked at.
        Some(Meaning::Denied | Meaning::Throttled | Meaning::Failed | Meaning::KeyReused) => return None,
    };
    Some((row, fault))
}

fn words(error: &ErrorRow) -> String {
    let known = if Code::named(&error.code).is_some() { "" } else { " (undocumented)" };
    let field = error.field.as_deref().map(|field| format!(" at {field}")).unwrap_or_default();
    let detail = error.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("{}{known}{field}{detail}", error.code).chars().take(REASON_MAX).collect()
}

/// `Retry-After` in seconds, else the moment in `X-RateLimit-Reset` (seconds since 1970, as npm `square` 46.0.0 reads it).
fn after_ms(reply: &Reply) -> Option<i64> {
    let number = |name: &str| -> Option<i64> {
        let seconds: u32 = reply.headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
        Some(i64::from(seconds) * 1_000)
    };
    let until = || Some((number("x-ratelimit-reset")? - reply.sent_at.0).max(0));
    number("retry-after").or_else(until)
}
