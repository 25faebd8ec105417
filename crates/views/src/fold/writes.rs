//! Batches of writes and what became of them, per batch and summed per channel.

use std::collections::BTreeMap;

use model::{ChannelId, Outcome, Seq, WritesIntended, WritesSettled};
use rusqlite::{Connection, params};

use super::stored;
use crate::ViewsError;

#[derive(Default)]
struct Sums {
    batches: i64,
    settled: i64,
    writes: i64,
    done: i64,
    stale: i64,
    again: i64,
    never: i64,
    unknown: i64,
}

/// What a batch of facts adds to each channel's totals.
#[derive(Default)]
pub(super) struct WriteSums(BTreeMap<ChannelId, Sums>);

impl WriteSums {
    pub(super) fn intended(
        &mut self,
        tables: &Connection,
        seq: Seq,
        intended: &WritesIntended,
    ) -> Result<(), ViewsError> {
        let sql = "INSERT OR REPLACE INTO writes VALUES (?1, ?2, ?3, NULL)";
        let row = params![stored(intended.id.0), stored(seq.0), intended.channel.0];
        tables.prepare_cached(sql)?.execute(row)?;
        let sums = self.0.entry(intended.channel).or_default();
        sums.batches += 1;
        sums.writes += stored(intended.len() as u64);
        Ok(())
    }

    pub(super) fn settled(&mut self, tables: &Connection, seq: Seq, settled: &WritesSettled) -> Result<(), ViewsError> {
        let sql = "UPDATE writes SET settled_seq = ?2 WHERE id = ?1";
        tables.prepare_cached(sql)?.execute(params![stored(settled.id.0), stored(seq.0)])?;
        let sums = self.0.entry(settled.channel).or_default();
        sums.settled += 1;
        for outcome in &settled.outcomes {
            *match outcome {
                Outcome::Done { .. } => &mut sums.done,
                Outcome::Stale => &mut sums.stale,
                Outcome::Again => &mut sums.again,
                Outcome::Never { .. } => &mut sums.never,
                Outcome::Unknown => &mut sums.unknown,
            } += 1;
        }
        Ok(())
    }

    pub(super) fn write(self, tables: &Connection) -> Result<(), ViewsError> {
        let sql = "INSERT INTO write_totals VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET \
                   batches = batches + excluded.batches, settled = settled + excluded.settled, \
                   writes = writes + excluded.writes, done = done + excluded.done, stale = stale + excluded.stale, \
                   again = again + excluded.again, never = never + excluded.never, \
                   unknown = unknown + excluded.unknown";
        let mut statement = tables.prepare_cached(sql)?;
        for (channel, sums) in self.0 {
            statement.execute(params![
                channel.0,
                sums.batches,
                sums.settled,
                sums.writes,
                sums.done,
                sums.stale,
                sums.again,
                sums.never,
                sums.unknown
            ])?;
        }
        Ok(())
    }
}
