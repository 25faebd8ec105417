//! Inputs that were set aside, open and closed.

use model::{Fact, Instant, Note, QuarantineId, Quarantined, Seq};
use rusqlite::{Row, params};
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::{ViewsError, words::Names};

/// Whether a person still has to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineState {
    /// Waiting.
    Open,
    /// Driven again, or set aside for good.
    Closed,
}

/// An input that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuarantineRow {
    /// The fact that set it aside.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// The channel's name.
    pub channel_name: String,
    /// Reason, kind, and the name of its raw body.
    pub put: Quarantined,
    /// Open or closed.
    pub state: QuarantineState,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Why it was closed.
    pub closed_because: Option<Note>,
}

const COLUMNS: &str = "SELECT f.seq, f.body, c.body \
                       FROM quarantine q JOIN facts f ON f.seq = q.seq LEFT JOIN facts c ON c.seq = q.closed_seq";

impl ViewsReader {
    /// Inputs in one state or in any, newest first, below `before`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn quarantine(
        &self,
        state: Option<QuarantineState>,
        before: Option<QuarantineId>,
        limit: usize,
    ) -> Result<Vec<QuarantineRow>, ViewsError> {
        let condition = match state {
            Some(QuarantineState::Open) => "q.closed_seq IS NULL AND",
            Some(QuarantineState::Closed) => "q.closed_seq IS NOT NULL AND",
            None => "",
        };
        let sql = format!("{COLUMNS} WHERE {condition} q.id < ?1 ORDER BY q.id DESC LIMIT ?2");
        let before = before.map_or(i64::MAX, |id| i64::from(id.0));
        self.read(|tables, names| {
            kept::rows(tables, &sql, params![before, page(limit)], |row| quarantine_row(names, row))
        })
    }

    /// One input.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn quarantined(&self, id: QuarantineId) -> Result<Option<QuarantineRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE q.id = ?1");
        self.read(|tables, names| Ok(kept::rows(tables, &sql, [id.0], |row| quarantine_row(names, row))?.pop()))
    }
}

fn quarantine_row(names: &Names<'_>, row: &Row<'_>) -> Result<Option<QuarantineRow>, ViewsError> {
    let kept = kept::kept(row)?;
    let (seq, at) = (kept.seq, kept.at());
    let Fact::Quarantined(put) = kept.entry.fact else { return Ok(None) };
    let closed = row.get::<_, Option<Vec<u8>>>(2)?.map(|body| kept::entry(&body)).transpose()?;
    let state = if closed.is_some() { QuarantineState::Closed } else { QuarantineState::Open };
    Ok(Some(QuarantineRow {
        seq,
        at,
        channel_name: names.channel(put.channel),
        put,
        state,
        closed_at: closed.as_ref().map(|entry| entry.at),
        closed_because: closed
            .and_then(|entry| if let Fact::QuarantineClosed { reason, .. } = entry.fact { Some(reason) } else { None }),
    }))
}
