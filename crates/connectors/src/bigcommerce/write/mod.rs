//! Writes: a batch to its exact body, and the requests that carry it out. Called through the `Connector`.
//!
//! Changes of stock are differences, so that a sale which happens meanwhile is never overwritten:
//! <https://developer.bigcommerce.com/docs/rest-management/inventory/adjustments>. There is no key and no comparison, so
//! what must be compared is read just before, and what may have been done already is read instead of repeated.

mod blame;
mod levels;
mod listings;
mod plan;

use model::{Note, Outcome, WriteMode};

use crate::{Account, Batch, Reply, Request, Run, Step, Trouble, Unsendable};

use super::trouble::{self, Refusal};
use plan::Plan;

/// Most levels in one batch. The platform takes 2000, but one bad item refuses all.
pub(super) const ROWS_MAX: usize = 100;
/// Most listings in one batch: most variants in one call.
pub(super) const LISTINGS_MAX: usize = 50;

/// The body that is journaled: what is to be changed, row by row. The same batch gives the same bytes.
///
/// # Errors
/// When the batch is empty, too large, or a row cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    let plan = Plan::of(batch)?;
    serde_json::to_vec(&plan).map_err(|_| Unsendable::Impossible("write this batch as JSON"))
}

/// What comes next: every reply of the run is given to the errand again, in order, until it wants another.
///
/// # Errors
/// When the last reply refuses, puts off or fails a request before anything of the batch was done.
pub(super) fn step(batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
    let plan = Plan::read(body, batch)?;
    match batch.mode {
        WriteMode::List => play(listings::Errand::new(batch, &plan, account), account, run.replies),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => {
            play(levels::Errand::new(batch, &plan, run.first), account, run.replies)
        }
    }
}

/// Carries out a batch: a queue of requests, and an outcome for every row at the end.
trait Errand {
    /// The next request; `None` when every row has its outcome.
    fn want(&self, account: &Account) -> Result<Option<Request>, Unsendable>;

    /// Takes in the answer to it.
    fn answered(&mut self, reply: &Reply) -> Result<(), Trouble>;

    /// Takes in that it was refused, for reasons of its own.
    fn refused(&mut self, refusal: &Refusal);

    /// Whether something of the batch has been done in this run.
    fn has_done(&self) -> bool;

    /// One outcome per row; rows that were not come to get `rest`.
    fn outcomes(self, rest: Outcome) -> Vec<Outcome>;
}

fn play<E: Errand>(mut errand: E, account: &Account, replies: &[Reply]) -> Result<Step, Trouble> {
    for reply in replies {
        match trouble::of(reply) {
            None => errand.answered(reply)?,
            Some(refusal) => match refusal.whole() {
                None => errand.refused(&refusal),
                // What was done is told as done; the rest was not tried.
                Some(Trouble::Denied { .. } | Trouble::Refused { .. }) if errand.has_done() => {
                    return Ok(Step::Settled(errand.outcomes(Outcome::Again)));
                }
                Some(trouble) => return Err(trouble),
            },
        }
    }
    match errand.want(account)? {
        Some(request) => Ok(Step::Send(Box::new(request))),
        None => Ok(Step::Settled(errand.outcomes(Outcome::Again))),
    }
}

/// Refusals that name nobody, counted over a run. Two bad rows in a full batch are found with fewer.
#[derive(Debug, Default)]
struct Unnamed(u8);

/// What to do with rows that were refused without a word about which of them is at fault.
enum Search {
    /// Ask for each half.
    Halves([Vec<usize>; 2]),
    /// Nearly everything is refused: it is not about rows.
    GivenUp,
}

impl Unnamed {
    const MAX: u8 = 16;

    fn search(&mut self, mut rows: Vec<usize>) -> Search {
        self.0 = self.0.saturating_add(1);
        if self.0 > Self::MAX {
            return Search::GivenUp;
        }
        let second = rows.split_off(rows.len() / 2);
        Search::Halves([rows, second])
    }

    /// For rows that are given up: those of a store that takes nothing at all, or the rest of one that took some.
    fn outcome(done: bool, refusal: &Refusal) -> Outcome {
        if done { Outcome::Again } else { Outcome::Never { because: Note::new(&refusal.reason()) } }
    }
}
