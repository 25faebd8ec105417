//! Goods on their way between locations.

use model::{Fact, Instant, Seq, TransferId, TransferPut, TransferState};
use rusqlite::{Row, params};
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::{ViewsError, fold::books::transfer_number, words::Names};

/// A transfer as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransferRow {
    /// The fact of its last step.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// When it was planned.
    pub planned_at: Instant,
    /// One sentence without a full stop.
    pub words: String,
    /// How far it is and what has not arrived yet.
    pub put: TransferPut,
}

const COLUMNS: &str = "SELECT f.seq, f.body, p.at FROM transfers t \
                       JOIN facts f ON f.seq = t.seq JOIN facts p ON p.seq = t.first_seq";

impl ViewsReader {
    /// Transfers in one state or in any, newest first, below `before`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn transfers(
        &self,
        state: Option<TransferState>,
        before: Option<TransferId>,
        limit: usize,
    ) -> Result<Vec<TransferRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE (?1 IS NULL OR t.state = ?1) AND t.id < ?2 ORDER BY t.id DESC LIMIT ?3");
        let before = before.map_or(i64::MAX, |id| i64::from(id.0));
        let parameters = params![state.map(transfer_number), before, page(limit)];
        self.read(|tables, names| kept::rows(tables, &sql, parameters, |row| transfer_row(names, row)))
    }

    /// One transfer.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn transfer(&self, transfer: TransferId) -> Result<Option<TransferRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE t.id = ?1");
        self.read(|tables, names| Ok(kept::rows(tables, &sql, [transfer.0], |row| transfer_row(names, row))?.pop()))
    }
}

fn transfer_row(names: &Names<'_>, row: &Row<'_>) -> Result<Option<TransferRow>, ViewsError> {
    let kept = kept::kept(row)?;
    let (seq, at, words) = (kept.seq, kept.at(), kept.words(names));
    let Fact::TransferPut(put) = kept.entry.fact else { return Ok(None) };
    Ok(Some(TransferRow { seq, at, planned_at: Instant(row.get(2)?), words, put }))
}
