//! Documents that channels were told to make, by state. What was asked and how it ended is read from the facts.

use model::{Instructed, InstructionEnd, InstructionId, Seq};
use rusqlite::{Connection, params};

use super::stored;
use crate::{InstructionState, ViewsError};

pub(super) fn asked(tables: &Connection, seq: Seq, put: &Instructed) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO instructions VALUES (?1, ?2, NULL, NULL, ?3, ?4, ?5)";
    let key = put.key.as_ref().map(|key| key.as_str());
    let state = InstructionState::Waiting.number();
    tables.prepare_cached(sql)?.execute(params![stored(put.id.0), stored(seq.0), put.channel.0, state, key])?;
    Ok(())
}

pub(super) fn sent(tables: &Connection, seq: Seq, id: InstructionId) -> Result<(), ViewsError> {
    let sql = "UPDATE instructions SET sent_seq = ?2, state = ?3 WHERE id = ?1 AND ended_seq IS NULL";
    tables.prepare_cached(sql)?.execute(params![stored(id.0), stored(seq.0), InstructionState::Sent.number()])?;
    Ok(())
}

pub(super) fn ended(tables: &Connection, seq: Seq, id: InstructionId, end: &InstructionEnd) -> Result<(), ViewsError> {
    let sql = "UPDATE instructions SET ended_seq = ?2, state = ?3 WHERE id = ?1";
    let state = InstructionState::of(end).number();
    tables.prepare_cached(sql)?.execute(params![stored(id.0), stored(seq.0), state])?;
    Ok(())
}
