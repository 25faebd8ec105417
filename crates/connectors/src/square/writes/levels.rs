//! Writes of stock: rows to one exact body, and the reply back to one outcome per row.
//!
//! <https://developer.squareup.com/reference/square/inventory-api/batch-change-inventory>, read 2026-11-23. Square has no
//! compare-and-set. Changes are applied in the order of `occurred_at`, whenever they arrive, so a count is dated with the
//! reading that called for it: a sale rung up since then still takes its unit off the count.

use model::{Level, Note, Outcome, WriteMode};

use crate::square::http_request::change;
use crate::square::translate;
use crate::square::trouble::{self, Refusal, Verdict};
use crate::square::wire::{Adjustment, BatchChange, BatchChanged, Change, PhysicalCount, parse};
use crate::{Account, Batch, LevelHint, Reply, Request, Row, Trouble, Unsendable};

/// Most changes in one call: not in the reference, but known from use.
pub(in crate::square) const ROWS_MAX: usize = 100;
/// Longest `idempotency_key` of inventory calls.
const KEY_MAX: usize = 128;
/// Longest id of a variation or location in a change.
const ID_MAX: usize = 100;

/// The body that carries a batch. The same batch gives the same bytes.
///
/// # Errors
/// When the batch is empty, too large or without a usable key, or a row cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.rows.is_empty() || batch.rows.len() > ROWS_MAX {
        return Err(Unsendable::Impossible("change fewer than 1 or more than 100 levels at once"));
    }
    if batch.key.is_empty() || batch.key.chars().count() > KEY_MAX {
        return Err(Unsendable::Impossible("take an idempotency key of no or more than 128 characters"));
    }
    let changes = batch.rows.iter().enumerate().map(|(index, row)| {
        one(batch, index, row).map_err(|problem| Unsendable::Row { row: index, problem: problem.to_owned() })
    });
    let body = BatchChange {
        idempotency_key: &batch.key,
        ignore_unchanged_counts: true,
        changes: changes.collect::<Result<_, _>>()?,
    };
    serde_json::to_vec(&body).map_err(|_| Unsendable::Impossible("write this batch as JSON"))
}

/// The request that carries a composed body.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn carry(body: &[u8], account: &Account) -> Result<Request, Unsendable> {
    change(account, &account.token, "/v2/inventory/changes/batch-create", body.to_vec())
}

fn one<'a>(batch: &Batch, index: usize, row: &'a Row) -> Result<Change<'a>, &'static str> {
    for id in [row.external.as_str(), row.location.as_str()] {
        if id.is_empty() || id.len() > ID_MAX {
            return Err("an id is empty or longer than 100 characters");
        }
    }
    let loss = row.from.to(row.to).is_loss();
    let same = row.from == row.to;
    match batch.mode {
        WriteMode::Lower if !loss => Err("it does not lower the level"),
        WriteMode::Raise if loss || same => Err("it does not raise the level"),
        WriteMode::Correct if row.to.is_negative() && same => Err("a level below zero cannot be counted"),
        WriteMode::Correct if !row.to.is_negative() => Ok(counted(batch, index, row)),
        WriteMode::List => Err("a listing is no level"),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => Ok(adjusted(batch, index, row, loss)),
    }
}

fn reference(batch: &Batch, index: usize) -> String {
    format!("{}:{index}", batch.key)
}

/// What leaves goes to SOLD: for stock that was sold elsewhere the marketplace rules name that state
/// (<https://developer.squareup.com/docs/app-marketplace/requirements/inventory-api>, read 2026-11-23), while WASTE would
/// show as shrinkage in the seller's reports and all other ways out are read-only. What comes goes from NONE, the
/// documented way to bring stock in; UNLINKED_RETURN would claim to know why.
fn adjusted<'a>(batch: &Batch, index: usize, row: &'a Row, loss: bool) -> Change<'a> {
    let (from_state, to_state) = if loss { ("IN_STOCK", "SOLD") } else { ("NONE", "IN_STOCK") };
    let adjustment = Adjustment {
        reference_id: reference(batch, index),
        catalog_object_id: row.external.as_str(),
        from_state,
        to_state,
        from_location_id: row.location.as_str(),
        to_location_id: row.location.as_str(),
        quantity: row.from.to(row.to).size().to_string(),
        occurred_at: batch.dated.to_string(),
    };
    Change { kind: "ADJUSTMENT", adjustment: Some(adjustment), physical_count: None }
}

fn counted<'a>(batch: &Batch, index: usize, row: &'a Row) -> Change<'a> {
    let count = PhysicalCount {
        reference_id: reference(batch, index),
        catalog_object_id: row.external.as_str(),
        state: "IN_STOCK",
        location_id: row.location.as_str(),
        quantity: row.to.to_string(),
        occurred_at: batch.dated.to_string(),
    };
    Change { kind: "PHYSICAL_COUNT", adjustment: None, physical_count: Some(count) }
}

/// What became of each row, in order. A batch is done whole or not at all.
///
/// # Errors
/// When the whole request was refused or put off, or the reply does not tell.
pub(super) fn hear(batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
    if let Some(refusal) = trouble::of(reply)? {
        return refused(batch, &refusal);
    }
    let done: BatchChanged = parse(&reply.body).map_err(|error| Trouble::Garbled { reason: error.to_string() })?;
    let counts = done.counts.iter().enumerate();
    // The changes are made, whatever is said beside that: an odd count only leaves the level untold.
    let hints: Vec<LevelHint> = counts
        .filter_map(|(index, count)| translate::level(&format!("counts[{index}]"), count).ok().flatten())
        .collect();
    Ok(batch.rows.iter().map(|row| Outcome::Done { after: after(&hints, row) }).collect())
}

fn after(hints: &[LevelHint], row: &Row) -> Option<Level> {
    let hint = hints.iter().find(|hint| hint.external == row.external && hint.location == row.location);
    hint.and_then(|hint| hint.level)
}

fn refused(batch: &Batch, refusal: &Refusal) -> Result<Vec<Outcome>, Trouble> {
    let all = |outcome: Outcome| Ok(vec![outcome; batch.rows.len()]);
    match refusal.verdict("changes[", batch.rows.len()) {
        Verdict::Whole(trouble) => Err(trouble),
        // Somebody changes the same objects at this moment; nothing of ours was done.
        Verdict::Busy => all(Outcome::Again),
        // The key has carried another body, so nobody can say which of the two was done. Only a reading can.
        Verdict::KeyReused => all(Outcome::Unknown),
        // Older than a day, or of the future: another reading gives another date.
        Verdict::Outdated => all(Outcome::Stale),
        Verdict::Rows(named) => Ok(rows(batch, &named)),
    }
}

/// Nothing of the batch was done: the named rows are judged, the others may be sent again without them.
fn rows(batch: &Batch, named: &[(usize, trouble::RowFault)]) -> Vec<Outcome> {
    let fault = |index: usize| named.iter().find(|(row, _)| *row == index).map(|(_, fault)| fault);
    let outcomes = (0..batch.rows.len()).map(|index| match fault(index) {
        Some(trouble::RowFault::Outdated) => Outcome::Stale,
        Some(trouble::RowFault::Busy) | None => Outcome::Again,
        Some(trouble::RowFault::Wrong(because)) => Outcome::Never { because: Note::new(because) },
    });
    outcomes.collect()
}
