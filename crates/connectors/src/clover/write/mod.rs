//! Writes: rows to a journaled body, and the carrying out of a batch in as many requests as it takes.
//!
//! A run is told as a straight story that is begun anew with every reply: [`Tape`] plays back the replies that are
//! there and stops the story at the first request that has none. Called through the `Connector`; `levels` writes stock,
//! `listing` writes names, prices and codes.

mod levels;
mod listing;
mod sales;
mod work;

use model::{Level, WriteMode};
use serde::Serialize;

use super::tape::{Halt, Tape};
use crate::{Account, Batch, Run, Step, Trouble, Unsendable};

/// Most levels in a batch: their requests share the look at the orders, and are still sent within a second or two.
pub(super) const ROWS_MAX: usize = 4;
/// Most listings in a batch.
pub(super) const LISTINGS_MAX: usize = 10;
/// Longest id that is put into an address.
const ID_MAX: usize = 100;

/// The body that is journaled for a batch. The same batch gives the same bytes.
///
/// # Errors
/// When the batch is empty or too large, or a row cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.mode == WriteMode::List { listing::compose(batch) } else { compose_levels(batch) }
}

/// What comes next in carrying out a batch.
///
/// # Errors
/// When the last reply holds for the whole run: no access, too fast, the platform's own failure.
pub(super) fn step(batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
    let mut tape = Tape::new(account, run.replies);
    let told = if batch.mode == WriteMode::List {
        listing::carry(body, account, run.first, &mut tape)
    } else {
        levels::carry(batch, account, run.first, &mut tape)
    };
    match told {
        Ok(outcomes) => Ok(Step::Settled(outcomes)),
        Err(Halt::Send(request)) => Ok(Step::Send(request)),
        Err(Halt::Trouble(trouble)) => Err(trouble),
    }
}

/// What is journaled of a batch of levels: what shall be reached. What is sent depends on what Clover shows then.
#[derive(Debug, Serialize)]
struct Intent<'a> {
    key: &'a str,
    mode: WriteMode,
    rows: Vec<IntentRow<'a>>,
}

#[derive(Debug, Serialize)]
struct IntentRow<'a> {
    item: &'a str,
    from: Level,
    to: Level,
}

fn compose_levels(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.rows.is_empty() || batch.rows.len() > ROWS_MAX {
        return Err(Unsendable::Impossible("change fewer than 1 or more than 4 levels at once"));
    }
    let mut rows: Vec<IntentRow<'_>> = Vec::with_capacity(batch.rows.len());
    for (index, row) in batch.rows.iter().enumerate() {
        let item = row.external.as_str();
        let twice = rows.iter().any(|other| other.item == item);
        fault(batch.mode, row, twice).map_or(Ok(()), |problem| unsayable(index, problem))?;
        rows.push(IntentRow { item, from: row.from, to: row.to });
    }
    let intent = Intent { key: &batch.key, mode: batch.mode, rows };
    serde_json::to_vec(&intent).map_err(|_| Unsendable::Impossible("write this batch as JSON"))
}

fn unsayable(row: usize, problem: &str) -> Result<(), Unsendable> {
    Err(Unsendable::Row { row, problem: problem.to_owned() })
}

fn fault(mode: WriteMode, row: &crate::Row, twice: bool) -> Option<&'static str> {
    let usable = |id: &str| !id.is_empty() && id.len() <= ID_MAX;
    if !usable(row.external.as_str()) || !usable(row.location.as_str()) {
        return Some("an id is empty or longer than 100 characters");
    }
    if twice {
        return Some("its item is in the batch already");
    }
    let loss = row.from.to(row.to).is_loss();
    match mode {
        WriteMode::Lower if !loss => Some("it does not lower the level"),
        WriteMode::Raise if loss || row.from == row.to => Some("it does not raise the level"),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct | WriteMode::List => None,
    }
}
