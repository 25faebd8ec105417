//! Writes: a batch to the plan that is journaled, and the plan to requests, one after the other.
//!
//! Called through the `Connector` trait. Nothing is kept between two steps: each step plays all replies of the run again,
//! so the same replies always lead to the same next request.

mod listing;
mod log;
mod plan;
mod shown;
mod stock;

use model::Outcome;

use self::plan::Plan;
use super::tape::{Pause, Tape};
use crate::{Account, Batch, Run, Step, Trouble, Unsendable};

/// The plan of a batch as bytes. The same batch gives the same bytes.
///
/// # Errors
/// When the batch is empty or too large, or a row cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    let plan = Plan::of(batch)?;
    serde_json::to_vec(&plan).map_err(|_| Unsendable::Impossible("be sent a batch that cannot be written as JSON"))
}

/// The next request of a plan, or what became of its rows.
///
/// # Errors
/// When the last reply puts off or fails the run, or refuses it before anything was written.
pub(super) fn step(batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
    let plan = serde_json::from_slice::<Plan>(body).ok().filter(|plan| plan.fits(batch));
    let Some(plan) = plan else { return foreign(batch, run) };
    let tape = Tape::new(run.replies);
    match outcomes(&plan, account, tape, run.first) {
        Ok(outcomes) => Ok(Step::Settled(outcomes)),
        Err(Pause::Send(request)) => Ok(Step::Send(request)),
        Err(Pause::Stop(trouble)) => Err(trouble),
    }
}

/// A journaled body that is none of ours. Nothing can be sent; what an earlier run did is not known.
fn foreign(batch: &Batch, run: &Run<'_>) -> Result<Step, Trouble> {
    if run.first {
        return Err(Trouble::Refused { reason: "the journaled body is not a plan for this batch".to_owned() });
    }
    Ok(Step::Settled(vec![Outcome::Unknown; batch.len()]))
}

fn outcomes(plan: &Plan, account: &Account, tape: Tape<'_>, first: bool) -> Result<Vec<Outcome>, Pause> {
    if plan.listings.is_empty() {
        stock::carry(plan, account, tape, first)
    } else {
        listing::carry(plan, account, tape)
    }
}
