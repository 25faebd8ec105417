//! The stock of one variation at one location: a log ordered by when things occurred, and its sum.
//!
//! Kept by [`super::Stock`]. A physical count sets the level as of its own time; whatever occurred later still counts,
//! also when it was known before the count arrived. The log knows no ids and no reasons.

use super::super::quantity::Quantity;
use crate::machine::Millis;

/// Nothing arrives later than this: offline sales do so at most 72 hours after they were rung up.
const SETTLED_MS: Millis = 72 * 3_600_000;
/// Below this many entries it is not worth compacting.
const COMPACT_FROM: usize = 64;

/// What one entry does to the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A physical count.
    Set(Quantity),
    /// Goods in or out.
    Add(Quantity),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    occurred_at: Millis,
    what: Move,
}

/// The log and the level it adds up to.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    level: Quantity,
    /// The sum of what has been compacted away.
    base: Quantity,
    /// Counts that were compacted away occurred no later than this; older changes are absorbed by them.
    base_counted_at: Option<Millis>,
    entries: Vec<Entry>,
}

impl Ledger {
    /// The present level; negative when more was sold than was there.
    pub fn level(&self) -> Quantity {
        self.level
    }

    /// What the level would be with one more entry.
    pub fn preview(&self, occurred_at: Millis, what: Move) -> Quantity {
        let later = &self.entries[self.place(occurred_at)..];
        let counted_later = later.iter().any(|entry| matches!(entry.what, Move::Set(_)));
        if counted_later || self.base_counted_at.is_some_and(|at| occurred_at < at) {
            return self.level;
        }
        match what {
            Move::Set(counted) => later.iter().fold(counted, apply),
            Move::Add(change) => self.level + change,
        }
    }

    /// Adds an entry. Entries that occurred at the same moment count in the order in which they came.
    pub fn push(&mut self, occurred_at: Millis, what: Move, now: Millis) {
        self.level = self.preview(occurred_at, what);
        let at = self.place(occurred_at);
        self.entries.insert(at, Entry { occurred_at, what });
        if self.entries.len() > COMPACT_FROM && self.entries[0].occurred_at < now - SETTLED_MS {
            self.compact(now - SETTLED_MS);
        }
    }

    /// The level added up anew from the log; equal to [`Ledger::level`] at all times.
    pub fn sum(&self) -> Quantity {
        self.entries.iter().filter(|entry| !self.absorbed(entry)).fold(self.base, apply)
    }

    fn absorbed(&self, entry: &Entry) -> bool {
        self.base_counted_at.is_some_and(|at| entry.occurred_at < at)
    }

    /// The index after all entries that occurred no later.
    fn place(&self, occurred_at: Millis) -> usize {
        match self.entries.last() {
            Some(last) if last.occurred_at > occurred_at => {
                self.entries.partition_point(|entry| entry.occurred_at <= occurred_at)
            }
            _ => self.entries.len(),
        }
    }

    fn compact(&mut self, before: Millis) {
        let settled = self.entries.partition_point(|entry| entry.occurred_at < before);
        for entry in &self.entries[..settled] {
            if self.base_counted_at.is_some_and(|at| entry.occurred_at < at) {
                continue;
            }
            self.base = apply(self.base, entry);
            if matches!(entry.what, Move::Set(_)) {
                self.base_counted_at = Some(entry.occurred_at);
            }
        }
        self.entries.drain(..settled);
    }
}

fn apply(level: Quantity, entry: &Entry) -> Quantity {
    match entry.what {
        Move::Set(counted) => counted,
        Move::Add(change) => level + change,
    }
}
