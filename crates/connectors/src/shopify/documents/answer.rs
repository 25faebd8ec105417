//! What Shopify answers to a mutation that makes something: its id, or complaints. Called by the makers beside it.

use serde::Deserialize;

use super::super::graph::{Named, UserError};
use super::super::reply;
use crate::{Reply, Trouble};

#[derive(Deserialize)]
struct Answer {
    made: Option<Payload>,
}

#[derive(Deserialize)]
struct Payload {
    document: Option<Named>,
    errors: Vec<UserError>,
}

/// The number of what was made.
///
/// # Errors
/// [`Trouble::Refused`] in the platform's words, unless the same request is still being worked at there; the rest as
/// for every reply.
pub(super) fn made(reply: &Reply) -> Result<String, Trouble> {
    let payload = payload(reply)?;
    match payload.document {
        Some(document) => Ok(document.id.number().to_owned()),
        None => Err(Trouble::Garbled { reason: "neither made nor refused".to_owned() }),
    }
}

/// That it was done, whatever came of it.
///
/// # Errors
/// As for [`made`].
pub(super) fn done(reply: &Reply) -> Result<(), Trouble> {
    payload(reply).map(drop)
}

fn payload(reply: &Reply) -> Result<Payload, Trouble> {
    let none = || Trouble::Garbled { reason: "data.made: nothing".to_owned() };
    let payload = reply::data::<Answer>(reply)?.made.ok_or_else(none)?;
    if payload.errors.is_empty() {
        return Ok(payload);
    }
    let reason = reply::words(&payload.errors.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join("; "));
    Err(match payload.errors.iter().any(is_under_way) {
        true => Trouble::Failed { reason },
        false => Trouble::Refused { reason },
    })
}

/// The first request with the key is still being worked at. Some payloads have no codes; the words are those by which
/// the schema describes the code.
fn is_under_way(error: &UserError) -> bool {
    error.code.as_deref() == Some("IDEMPOTENCY_CONCURRENT_REQUEST") || error.message.contains("currently in progress")
}
