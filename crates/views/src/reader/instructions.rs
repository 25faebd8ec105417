//! Documents that channels were told to make.

use model::{ChannelId, Fact, IdempotencyKey, Instant, Instructed, InstructionEnd, InstructionId};
use rusqlite::{Row, params};
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::{
    ViewsError,
    words::{self, Names},
};

/// How far an instruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionState {
    /// Not sent yet.
    Waiting,
    /// On its way; nobody knows yet what became of it.
    Sent,
    /// The platform made it.
    Made,
    /// The platform refused it.
    Refused,
    /// Called off before it was sent.
    Withdrawn,
}

impl InstructionState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Sent, Self::Made, Self::Refused, Self::Withdrawn];

    /// The state after an end.
    pub fn of(end: &InstructionEnd) -> Self {
        match end {
            InstructionEnd::Made { .. } => Self::Made,
            InstructionEnd::Refused { .. } => Self::Refused,
            InstructionEnd::Withdrawn { .. } => Self::Withdrawn,
        }
    }

    pub(crate) fn number(self) -> i64 {
        self as i64
    }
}

/// An instruction as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstructionRow {
    /// What was asked.
    pub instructed: Instructed,
    /// When.
    pub asked_at: Instant,
    /// By whom, for people.
    pub asked_by_words: String,
    /// What was asked, in one sentence without a full stop.
    pub words: String,
    /// How far it is.
    pub state: InstructionState,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// How it ended.
    pub end: Option<InstructionEnd>,
}

const COLUMNS: &str = "SELECT a.seq, a.body, i.state, s.at, e.at, e.body FROM instructions i \
                       JOIN facts a ON a.seq = i.asked_seq LEFT JOIN facts s ON s.seq = i.sent_seq \
                       LEFT JOIN facts e ON e.seq = i.ended_seq";

impl ViewsReader {
    /// Instructions of a channel or of all, in one state or in any, newest first, below `before`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn instructions(
        &self,
        channel: Option<ChannelId>,
        state: Option<InstructionState>,
        before: Option<InstructionId>,
        limit: usize,
    ) -> Result<Vec<InstructionRow>, ViewsError> {
        let sql = format!(
            "{COLUMNS} WHERE (?1 IS NULL OR i.channel = ?1) AND (?2 IS NULL OR i.state = ?2) AND i.id < ?3 \
             ORDER BY i.id DESC LIMIT ?4"
        );
        let before = before.map_or(i64::MAX, |id| i64::try_from(id.0).unwrap_or(i64::MAX));
        let channel = channel.map(|channel| channel.0);
        let parameters = params![channel, state.map(InstructionState::number), before, page(limit)];
        self.read(|tables, names| kept::rows(tables, &sql, parameters, |row| instruction_row(names, row)))
    }

    /// One instruction.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn instruction(&self, id: InstructionId) -> Result<Option<InstructionRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE i.id = ?1");
        let id = i64::try_from(id.0).unwrap_or(i64::MAX);
        self.read(|tables, names| Ok(kept::rows(tables, &sql, [id], |row| instruction_row(names, row))?.pop()))
    }

    /// The last instruction that was asked for under a key.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn instruction_of_key(&self, key: &IdempotencyKey) -> Result<Option<InstructionRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE i.key = ?1 ORDER BY i.id DESC LIMIT 1");
        self.read(
            |tables, names| Ok(kept::rows(tables, &sql, [key.as_str()], |row| instruction_row(names, row))?.pop()),
        )
    }
}

fn instruction_row(names: &Names<'_>, row: &Row<'_>) -> Result<Option<InstructionRow>, ViewsError> {
    let kept = kept::kept(row)?;
    let (words, asked_by_words) = (kept.words(names), words::author(names, &kept.entry.by));
    let asked = kept.entry;
    let Fact::Instructed(instructed) = asked.fact else { return Ok(None) };
    let state: i64 = row.get(2)?;
    let Some(state) = InstructionState::ALL.into_iter().find(|known| known.number() == state) else { return Ok(None) };
    let ended: Option<Vec<u8>> = row.get(5)?;
    let end = match ended.map(|body| kept::entry(&body)).transpose()?.map(|entry| entry.fact) {
        Some(Fact::InstructionSettled { end, .. }) => Some(end),
        _ => None,
    };
    let time = |at: Option<i64>| at.map(Instant);
    Ok(Some(InstructionRow {
        instructed: *instructed,
        asked_at: asked.at,
        asked_by_words,
        words,
        state,
        sent_at: time(row.get(3)?),
        ended_at: time(row.get(4)?),
        end,
    }))
}
