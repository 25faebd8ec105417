//! Documents that Clover is told to make: orders that wait to be paid at the till, and customers.
//!
//! <https://docs.clover.com/dev/reference>, read 2026-11-24. Called through `Connector::documents`. Clover knows no keys:
//! the reference is written into a note, and a run that is not the first looks for it among what was made since the
//! document was asked for. Knows no levels and no listings.

mod contact;
mod customer;
mod order;

use model::Instant;
use serde_json::Value;

use super::requests::{PAGE, at_least};
use super::tape::{Got, Halt, Tape};
use super::trouble;
use super::wire::{List, parse};
use crate::{Account, Document, Documents, Made, Making, Reply, Run, Trouble, Unsendable};

/// Why no money is given back, for the matrix and for who asks.
pub(super) const NO_REFUNDS: &str = "money is given back at the till; Clover has no such call in this interface";
/// The same of transfers.
pub(super) const NO_TRANSFERS: &str = "a Clover merchant is one location, and Clover keeps no transfers";
/// The same of purchase orders.
pub(super) const NO_PURCHASES: &str = "Clover keeps no purchase orders";

/// How far before a document was asked for it is looked for: clocks differ, and a customer's time may be a date only.
const MARGIN_MS: i64 = 24 * 3_600_000;
/// Elements of a list that are read again with its next page, because it shifts when something is deleted.
const OVERLAP: usize = 50;

/// How Clover makes documents.
pub(super) struct Papers;

impl Documents for Papers {
    fn compose(&self, document: &Document, account: &Account) -> Result<Vec<u8>, Unsendable> {
        if document.reference.is_empty() {
            return Err(Unsendable::Impossible("find a document again that has no reference"));
        }
        let body = match &document.making {
            Making::Order { lines, .. } => order::body(document, account, lines)?,
            Making::Customer { customer, person } => customer::body(document, customer.as_ref(), person)?,
            Making::Refund { .. } => return Err(Unsendable::Impossible(NO_REFUNDS)),
            Making::Transfer { .. } => return Err(Unsendable::Impossible(NO_TRANSFERS)),
            Making::Purchase { .. } => return Err(Unsendable::Impossible(NO_PURCHASES)),
        };
        Ok(body.to_string().into_bytes())
    }

    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
        let mut tape = Tape::new(account, run.replies);
        let body = std::str::from_utf8(body).map_err(|error| Trouble::Refused { reason: error.to_string() })?;
        let made = match &document.making {
            Making::Order { customer, .. } => order::make(document, customer.as_ref(), body, run.first, &mut tape),
            Making::Customer { customer: None, .. } => customer::make(document, body, run.first, &mut tape),
            Making::Customer { customer: Some(known), .. } => customer::change(known, body, &mut tape),
            Making::Refund { .. } => Err(halt(NO_REFUNDS)),
            Making::Transfer { .. } => Err(halt(NO_TRANSFERS)),
            Making::Purchase { .. } => Err(halt(NO_PURCHASES)),
        };
        match made {
            Ok(id) => Ok(Made::Done(id)),
            Err(Halt::Send(request)) => Ok(Made::Send(request)),
            Err(Halt::Trouble(trouble)) => Err(trouble),
        }
    }
}

fn halt(impossible: &'static str) -> Halt {
    Halt::Trouble(Unsendable::Impossible(impossible).into())
}

/// Refused, in our words: nothing was made.
fn refused(reason: impl Into<String>) -> Halt {
    Halt::Trouble(Trouble::Refused { reason: reason.into() })
}

/// The reply's answer; whatever is refused is refused for good.
fn answer(got: Got<'_>) -> Result<&Reply, Halt> {
    match got {
        Got::Answer(reply) => Ok(reply),
        Got::Refused(reply) => Err(refused(trouble::reason(reply))),
    }
}

/// The id of what a request made.
fn made(got: Got<'_>) -> Result<String, Halt> {
    let reply = answer(got)?;
    let value: Value = parse(&reply.body).map_err(|error| garbled(error.to_string()))?;
    let id = value["id"].as_str().filter(|id| !id.trim().is_empty());
    id.map(str::to_owned).ok_or_else(|| garbled("id: is missing".to_owned()))
}

fn garbled(reason: String) -> Halt {
    Halt::Trouble(Trouble::Garbled { reason })
}

/// Walks through a list of what was made since the document was asked for, page by page, until one element is ours.
///
/// # Errors
/// What has to be sent first, or what is wrong.
fn look<T>(
    list: &str,
    since: (&str, Instant),
    tape: &mut Tape<'_>,
    ours: impl Fn(&Value) -> Option<T>,
) -> Result<Option<T>, Halt> {
    let (field, asked_at) = since;
    let from = at_least(field, asked_at.0.saturating_sub(MARGIN_MS).max(0));
    let (page, mut offset) = (usize::try_from(PAGE).unwrap_or(usize::MAX), 0);
    loop {
        let reply = answer(tape.get(&format!("{list}{from}&limit={PAGE}&offset={offset}"))?)?;
        let elements = parse::<List>(&reply.body).map_err(|error| garbled(error.to_string()))?.elements;
        if let Some(found) = elements.iter().find_map(&ours) {
            return Ok(Some(found));
        }
        if elements.len() < page {
            return Ok(None);
        }
        offset += page - OVERLAP;
    }
}
