//! Proposals by state. What was proposed, answered and done is read from the facts.

use model::{Answer, DoneAct, Made, Phase, ProposalId, Proposed, Seq, Undone};
use rusqlite::{Connection, params};

use super::{about, stored};
use crate::{ProposalState, ViewsError};

pub(super) fn made(tables: &Connection, seq: Seq, put: &Proposed) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO proposals VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, NULL, NULL)";
    let state = if put.verdict.phase > Phase::Observe { ProposalState::Waiting } else { ProposalState::Observed };
    let act = put.proposal.acts.first();
    let about = act.map(about::act).unwrap_or_default();
    tables.prepare_cached(sql)?.execute(params![
        stored(put.id.0),
        put.proposal.agent as i64,
        act.map(|act| act.kind() as i64),
        state.number(),
        about.item.map(|id| id.0),
        about.location.map(|id| id.0),
        about.channel.map(|id| id.0),
        stored(seq.0),
    ])?;
    Ok(())
}

pub(super) fn answered(tables: &Connection, seq: Seq, id: ProposalId, answer: &Answer) -> Result<(), ViewsError> {
    let sql = "UPDATE proposals SET answered_seq = ?2, state = ?3 WHERE id = ?1";
    let state = ProposalState::of(answer).number();
    tables.prepare_cached(sql)?.execute(params![stored(id.0), stored(seq.0), state])?;
    Ok(())
}

pub(super) fn acted(tables: &Connection, seq: Seq, id: ProposalId, acts: &[DoneAct]) -> Result<(), ViewsError> {
    let nothing = acts.iter().all(|done| matches!(done.made, Made::Nothing(_)));
    let state = if nothing { ProposalState::Failed } else { ProposalState::Done };
    let sql = "UPDATE proposals SET acted_seq = ?2, state = ?3 WHERE id = ?1";
    tables.prepare_cached(sql)?.execute(params![stored(id.0), stored(seq.0), state.number()])?;
    Ok(())
}

/// What could not be taken back in any part stays done.
pub(super) fn undone(tables: &Connection, seq: Seq, id: ProposalId, acts: &[Undone]) -> Result<(), ViewsError> {
    let state = if acts.contains(&Undone::Reversed) { ProposalState::Undone } else { ProposalState::Done };
    let sql = "UPDATE proposals SET undone_seq = ?2, state = ?3 WHERE id = ?1";
    tables.prepare_cached(sql)?.execute(params![stored(id.0), stored(seq.0), state.number()])?;
    Ok(())
}
