//! Our writes as Lightspeed's calls, and what their replies say became of each row. Called through
//! `Connector::compose` and `Connector::step`; waits for nothing and repeats nothing by itself.

mod levels;
mod listing;
mod reading;
mod recorded;
mod search;

use std::slice::Iter;

use model::{Note, WriteMode};

use super::trouble;
use crate::{Account, Batch, Reply, Request, Run, Step, Trouble, Unsendable};

/// Most levels in one batch: half of what one call takes.
pub(super) const ROWS_MAX: usize = 500;
/// Most listings in one batch. Each takes two requests.
pub(super) const LISTINGS_MAX: usize = 10;

/// The body that carries a batch. The same batch gives the same bytes.
///
/// # Errors
/// When a row cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    match batch.mode {
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => levels::compose(batch),
        WriteMode::List => listing::compose(batch),
    }
}

/// The next request of a batch, or what became of it.
///
/// # Errors
/// When the last reply refuses, puts off or fails the whole of it.
pub(super) fn step(batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
    let mut replies = run.replies.iter();
    match batch.mode {
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => {
            levels::step(batch, body, account, run.first, &mut replies)
        }
        WriteMode::List => listing::step(batch, account, &mut replies),
    }
}

/// What a part of the work needs next, or what it found out.
enum Part<T> {
    /// This request is to be sent first.
    Ask(Box<Request>),
    /// Enough is known.
    Known(T),
}

/// The run's replies, taken one by one in the order in which they were asked for.
type Replies<'a> = Iter<'a, Reply>;

/// The platform's words as a reason for people.
fn because(reply: &Reply) -> Note {
    Note::new(&trouble::reason(reply))
}
