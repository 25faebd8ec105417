//! Levels, written as stock adjustments: differences with a reason, which are never lost between a sale and a write.
//!
//! <https://x-series-api.lightspeedhq.com/docs/inventory_updates>, read 2026-11-23. The absolute amount of a product is
//! not written: it would overwrite a sale made meanwhile, and disturbs the average cost. An adjustment has no key by
//! which it could be repeated safely, so a run that is not the first looks for it among the recorded ones.

use std::collections::BTreeSet;

use model::{Change, Level, Outcome, WriteMode};
use serde::Serialize;

use super::reading::{self, Shown};
use super::{Part, Replies, because, recorded, search};
use crate::lightspeed_x::http_request::post;
use crate::lightspeed_x::trouble::{self, garbled};
use crate::lightspeed_x::wire::{Adjustment, Listed, element, object};
use crate::{Account, Batch, Reply, Row, Step, Trouble, Unsendable};

/// Longest id that the call takes.
const ID_MAX: usize = 36;
/// Goods that leave were sold or taken elsewhere. Of the reasons with a minus this is the only one that does not claim a
/// loss (damage, expiry, theft) or a gift (donation), which would show in the store's shrinkage reports.
const LESS: &str = "INTERNAL_USE";
/// Goods that come were brought in elsewhere. The other reason with a plus says that they were samples before.
const MORE: &str = "STOCK_FOUND";

#[derive(Serialize)]
struct Body<'a> {
    stock_adjustments: Vec<Said<'a>>,
}

/// `CreateStockAdjustmentItem` of 2026-07.
#[derive(Serialize)]
struct Said<'a> {
    product_id: &'a str,
    outlet_id: &'a str,
    /// A number in a string, with its sign.
    quantity: String,
    reason: &'static str,
}

/// All rows as one call would carry them, though what has nothing to change or does not show what it should is left out
/// when it is sent.
///
/// # Errors
/// When a row does not fit its mode, is doubled, or has an id that the call does not take.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.rows.is_empty() || !batch.listings.is_empty() {
        return Err(Unsendable::Impossible("change the levels of nothing"));
    }
    let mut seen = BTreeSet::new();
    for (index, row) in batch.rows.iter().enumerate() {
        let fault = fault(batch.mode, row).or_else(|| {
            // Two equal adjustments could not be told apart afterwards.
            (!seen.insert((&row.external, &row.location))).then_some("the same level is named twice")
        });
        if let Some(problem) = fault {
            return Err(Unsendable::Row { row: index, problem: problem.to_owned() });
        }
    }
    bytes(batch.rows.iter())
}

fn fault(mode: WriteMode, row: &Row) -> Option<&'static str> {
    let usable = |id: &str| !id.is_empty() && id.len() <= ID_MAX;
    if !usable(row.external.as_str()) || !usable(row.location.as_str()) {
        return Some("an id is empty or longer than 36 characters");
    }
    let change = change(row);
    match mode {
        WriteMode::Lower if !change.is_loss() => Some("it does not lower the level"),
        WriteMode::Raise if change.is_loss() || change.is_zero() => Some("it does not raise the level"),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => None,
        WriteMode::List => Some("it is a level, not a listing"),
    }
}

fn change(row: &Row) -> Change {
    row.from.to(row.to)
}

fn bytes<'a>(rows: impl Iterator<Item = &'a Row>) -> Result<Vec<u8>, Unsendable> {
    let said = rows.filter(|row| !change(row).is_zero()).map(|row| Said {
        product_id: row.external.as_str(),
        outlet_id: row.location.as_str(),
        quantity: change(row).to_string(),
        reason: reason(row),
    });
    let body = Body { stock_adjustments: said.collect() };
    serde_json::to_vec(&body).map_err(|_| Unsendable::Impossible("write this batch as JSON"))
}

/// The reason that an adjustment for this row has.
pub(super) fn reason(row: &Row) -> &'static str {
    if change(row).is_loss() { LESS } else { MORE }
}

/// First what was done before, unless nothing can have been; then, for all but less stock, what the levels show; then
/// the call for what is left.
///
/// # Errors
/// When a reply refuses, puts off or fails.
pub(super) fn step(
    batch: &Batch,
    body: &[u8],
    account: &Account,
    first: bool,
    replies: &mut Replies<'_>,
) -> Result<Step, Trouble> {
    let mut fates: Vec<Option<Outcome>> = vec![None; batch.rows.len()];
    if !first {
        match search::recorded_since(batch.dated, account, replies)? {
            Part::Ask(request) => return Ok(Step::Send(request)),
            Part::Known(found) => settle(batch, &mut fates, |row| recorded::fate(row, batch.dated, &found)),
        }
    }
    let open = open(batch, &fates);
    if batch.mode != WriteMode::Lower && !open.is_empty() {
        match reading::shown(&open, account, replies)? {
            Part::Ask(request) => return Ok(Step::Send(request)),
            Part::Known(shown) => settle(batch, &mut fates, |row| compared(row, &shown, first)),
        }
    }
    carry(batch, body, account, fates, replies)
}

/// Fills in what is not known yet.
fn settle(batch: &Batch, fates: &mut [Option<Outcome>], fate: impl Fn(&Row) -> Option<Outcome>) {
    for (row, known) in batch.rows.iter().zip(fates.iter_mut()) {
        if known.is_none() {
            *known = fate(row);
        }
    }
}

fn open<'a>(batch: &'a Batch, fates: &[Option<Outcome>]) -> Vec<&'a Row> {
    batch.rows.iter().zip(fates).filter(|(_, fate)| fate.is_none()).map(|(row, _)| row).collect()
}

/// `None` when the row is to be written: the level still shows what was believed.
fn compared(row: &Row, shown: &Shown, first: bool) -> Option<Outcome> {
    let level = reading::level(shown, row);
    let at_last = |level: Level| Outcome::Done { after: Some(level) };
    if level == row.from {
        return change(row).is_zero().then(|| at_last(level));
    }
    // After a run that may have reached the platform, what it should show is what that run has made of it.
    if level == row.to && !first { Some(at_last(level)) } else { Some(Outcome::Stale) }
}

fn carry(
    batch: &Batch,
    body: &[u8],
    account: &Account,
    fates: Vec<Option<Outcome>>,
    replies: &mut Replies<'_>,
) -> Result<Step, Trouble> {
    let open = open(batch, &fates);
    if open.is_empty() {
        return Ok(Step::Settled(fates.into_iter().flatten().collect()));
    }
    let Some(reply) = replies.next() else {
        let body = if open.len() == batch.rows.len() { body.to_vec() } else { bytes(open.into_iter())? };
        return Ok(Step::Send(Box::new(post(account, "/stock_adjustments", body)?)));
    };
    let mut heard = heard(&open, reply, open.len() < batch.rows.len())?.into_iter();
    let outcomes = fates.into_iter().map(|fate| fate.or_else(|| heard.next()).unwrap_or(Outcome::Unknown));
    Ok(Step::Settled(outcomes.collect()))
}

/// What became of the rows that were sent. The call is taken whole or refused whole, and does not say for which row: a
/// single row is judged by it, several are to be sent again in other company. When others of the batch are settled
/// already, that is said row by row, so that what is known of them is not lost.
fn heard(sent: &[&Row], reply: &Reply, others_settled: bool) -> Result<Vec<Outcome>, Trouble> {
    match trouble::check(reply) {
        Ok(()) => taken(sent, reply),
        Err(Trouble::Refused { .. }) if sent.len() == 1 => Ok(vec![Outcome::Never { because: because(reply) }]),
        Err(Trouble::Refused { .. }) if others_settled => Ok(vec![Outcome::Again; sent.len()]),
        Err(trouble) => Err(trouble),
    }
}

/// What was made comes back in the order of the request. A row that is not among it is not known to be made.
fn taken(sent: &[&Row], reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
    let listed: Listed = object(&reply.body).map_err(garbled)?;
    let made: Vec<Adjustment> = listed.data.iter().filter_map(|value| element("data", value).ok()).collect();
    let outcome = |row: &&Row| {
        if made.iter().any(|made| recorded::same(row, made)) { Outcome::Done { after: None } } else { Outcome::Unknown }
    };
    Ok(sent.iter().map(outcome).collect())
}

/// Whether a recorded quantity is this row's change.
pub(super) fn is_change(row: &Row, quantity: &str) -> bool {
    Change::parse(quantity) == Ok(change(row))
}
