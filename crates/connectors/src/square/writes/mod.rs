//! Our writes as Square's calls, and what their replies say became of each row. Called through `Connector::compose` and
//! `Connector::step`; waits for nothing and repeats nothing by itself.

mod judge;
mod levels;
mod listing;

use model::WriteMode;

use crate::{Account, Batch, Run, Step, Trouble, Unsendable};

pub(super) use levels::ROWS_MAX;
pub(super) use listing::LISTINGS_MAX;

/// The body that carries a batch of levels, or tells what one of listings changes. The same batch gives the same bytes.
///
/// # Errors
/// When a row cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    match batch.mode {
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => levels::compose(batch),
        WriteMode::List => listing::compose(batch),
    }
}

/// The next request of a batch, or what became of it. One request carries all levels, and its key makes it safe to
/// repeat; listings are looked at before they are written.
///
/// # Errors
/// When the last reply refuses, puts off or fails the whole of it.
pub(super) fn step(batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
    match (batch.mode, run.replies.last()) {
        (WriteMode::List, _) => listing::step(batch, account, run.replies),
        (_, None) => Ok(Step::Send(Box::new(levels::carry(body, account)?))),
        (_, Some(reply)) => levels::hear(batch, reply).map(Step::Settled),
    }
}
