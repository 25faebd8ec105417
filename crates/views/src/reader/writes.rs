//! What channels were told, and what became of it.

use model::{ChannelId, Fact, Instant, Outcome, Seq, Write, WriteId, WriteMode};
use rusqlite::{Row, params};
use serde::Serialize;

use super::{ViewsReader, below, kept, page};
use crate::{ViewsError, words::Names};

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Its outcome is not known yet.
    Open,
    /// Its outcome is known.
    Settled {
        /// Since when.
        at: Instant,
        /// One per write, in order.
        outcomes: Vec<Outcome>,
    },
}

/// A batch of writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WriteRow {
    /// Which.
    pub id: WriteId,
    /// The fact that announced it.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// Where to.
    pub channel: ChannelId,
    /// The channel's name.
    pub channel_name: String,
    /// How.
    pub mode: WriteMode,
    /// One sentence without a full stop.
    pub words: String,
    /// What is written.
    pub writes: Vec<Write>,
    /// What became of it.
    pub state: BatchState,
}

/// Writes of one channel since the journal began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WriteTotals {
    /// Which channel.
    pub channel: ChannelId,
    /// Its name.
    pub channel_name: String,
    /// Batches sent.
    pub batches: u64,
    /// Batches whose outcome is known.
    pub settled: u64,
    /// Single levels in all batches.
    pub writes: u64,
    /// Levels the platform took.
    pub done: u64,
    /// Levels not changed because the platform showed something else.
    pub stale: u64,
    /// Levels to be tried again.
    pub again: u64,
    /// Levels the platform refused for good.
    pub never: u64,
    /// Levels of which nobody knows.
    pub unknown: u64,
}

impl ViewsReader {
    /// Batches of one channel or of all, newest first, below `before`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn writes(
        &self,
        channel: Option<ChannelId>,
        before: Option<WriteId>,
        limit: usize,
    ) -> Result<Vec<WriteRow>, ViewsError> {
        let condition = if channel.is_some() { "w.channel = ?1" } else { "?1 IS NULL" };
        let sql = format!(
            "SELECT f.seq, f.body, s.body FROM writes w \
             JOIN facts f ON f.seq = w.seq LEFT JOIN facts s ON s.seq = w.settled_seq \
             WHERE {condition} AND w.id < ?2 ORDER BY w.id DESC LIMIT ?3"
        );
        let parameters = params![channel.map(|id| id.0), below(before.map(|id| id.0)), page(limit)];
        self.read(|tables, names| kept::rows(tables, &sql, parameters, |row| write_row(names, row)))
    }

    /// Totals of every channel that was ever written to, by channel.
    ///
    /// # Errors
    /// SQLite's.
    pub fn write_totals(&self) -> Result<Vec<WriteTotals>, ViewsError> {
        let sql = "SELECT channel, batches, settled, writes, done, stale, again, never, unknown FROM write_totals \
                   ORDER BY channel LIMIT ?1";
        self.read(|tables, names| kept::rows(tables, sql, [page(super::PAGE_MAX)], |row| totals_row(names, row)))
    }
}

fn write_row(names: &Names<'_>, row: &Row<'_>) -> Result<Option<WriteRow>, ViewsError> {
    let kept = kept::kept(row)?;
    let (seq, at, words) = (kept.seq, kept.at(), kept.words(names));
    let Fact::WritesIntended(intended) = kept.entry.fact else { return Ok(None) };
    let settled = row.get::<_, Option<Vec<u8>>>(2)?.map(|body| kept::entry(&body)).transpose()?;
    let state = settled.map_or(BatchState::Open, |entry| {
        let Fact::WritesSettled(settled) = entry.fact else { return BatchState::Open };
        BatchState::Settled { at: entry.at, outcomes: settled.outcomes }
    });
    Ok(Some(WriteRow {
        id: intended.id,
        seq,
        at,
        channel: intended.channel,
        channel_name: names.channel(intended.channel),
        mode: intended.mode,
        words,
        writes: intended.writes,
        state,
    }))
}

fn totals_row(names: &Names<'_>, row: &Row<'_>) -> Result<Option<WriteTotals>, ViewsError> {
    let channel = ChannelId(row.get(0)?);
    let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    Ok(Some(WriteTotals {
        channel,
        channel_name: names.channel(channel),
        batches: count(1)?,
        settled: count(2)?,
        writes: count(3)?,
        done: count(4)?,
        stale: count(5)?,
        again: count(6)?,
        never: count(7)?,
        unknown: count(8)?,
    }))
}
