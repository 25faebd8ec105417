//! Replies that are not answers. <https://developers.lightspeedhq.com/retail/introduction/errors/>, read 2026-11-24: the
//! statuses are documented, the bodies are known from use. Called by `learn`, `writes` and `grants`; knows neither what
//! was asked nor what was written.

use serde::Deserialize;

use super::wire::{Text, parse};
use crate::{Reply, Trouble};

/// Longest reason that is kept of the platform's words, in characters.
const REASON_MAX: usize = 300;

/// Whether the reply is an answer.
///
/// # Errors
/// When it is not, with what that means. `needs` names the scope that the call takes, for a person to grant.
pub(super) fn check(reply: &Reply, needs: &str) -> Result<(), Trouble> {
    let reason = || reason(reply);
    match reply.status {
        200..300 => Ok(()),
        401 => Err(Trouble::Denied { reason: reason() }),
        403 => Err(Trouble::Denied { reason: format!("{}; the call takes the scope {needs}", reason()) }),
        429 => Err(Trouble::Throttled { after_ms: after_ms(reply) }),
        // Not built, and so not half done either.
        501 => Err(Trouble::Refused { reason: reason() }),
        408 | 500.. => Err(Trouble::Failed { reason: reason() }),
        400..500 => Err(Trouble::Refused { reason: reason() }),
        _ => Err(Trouble::Garbled { reason: reason() }),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Words {
    message: Text,
    #[serde(rename = "httpMessage")]
    http_message: Text,
    error: Text,
    error_description: Text,
    hint: Text,
}

/// Status and words. A proxy may answer with a page for people; then the status has to say enough.
pub(super) fn reason(reply: &Reply) -> String {
    let words: Words = parse(&reply.body).unwrap_or_default();
    let spoken = if words.message.is_empty() { &words.http_message } else { &words.message };
    let parts = [spoken, &words.error, &words.error_description, &words.hint];
    let parts: Vec<&str> = parts.into_iter().map(Text::as_str).filter(|part| !part.is_empty()).collect();
    let text = match (parts.is_empty(), reply.status) {
        (true, status) => format!("HTTP {status} without a reason"),
        (false, status) => format!("HTTP {status}: {}", parts.join("; ")),
    };
    text.chars().take(REASON_MAX).collect()
}

/// The error code of OAuth in a refusal, such as `invalid_grant`; empty when there is none.
pub(super) fn oauth_code(reply: &Reply) -> String {
    parse::<Words>(&reply.body).unwrap_or_default().error.as_str().to_owned()
}

/// `Retry-After` in seconds.
fn after_ms(reply: &Reply) -> Option<i64> {
    let seconds: u32 = reply.headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(i64::from(seconds) * 1_000)
}
