//! One row of a run: what is known of it so far. `levels` tells the story; here is only what it remembers.

use model::{Level, Note, Outcome};

use super::sales::Pieces;
use crate::Row;

/// How far a row has come.
#[derive(Clone, Debug)]
pub(super) struct Work<'a> {
    /// What is asked.
    pub(super) row: &'a Row,
    /// What became of it, once that is known.
    pub(super) outcome: Option<Outcome>,
    /// Whether sales move its stock.
    pub(super) moved_by_sales: bool,
    /// What it shows, as last read.
    pub(super) shows: Option<Level>,
    /// Whether what it shows belongs to `known`.
    pub(super) ready: bool,
    /// What it should show if nothing is sold from then on.
    pub(super) wanted: Level,
    /// Lines of sales that are in the first level.
    pub(super) base: Pieces,
    /// Lines of all sales seen.
    pub(super) seen: Pieces,
    /// What had been sold when the level was written last.
    pub(super) known: Pieces,
    /// Whether this run has written it.
    pub(super) written: bool,
    /// What the last write was answered with; `None` when something was sold since.
    pub(super) quiet: Option<Option<Level>>,
}

impl<'a> Work<'a> {
    /// Nothing is known of it yet.
    pub(super) fn new(row: &'a Row) -> Self {
        Self {
            row,
            outcome: None,
            moved_by_sales: false,
            shows: None,
            ready: false,
            wanted: Level::ZERO,
            base: Pieces::new(),
            seen: Pieces::new(),
            known: Pieces::new(),
            written: false,
            quiet: None,
        }
    }

    /// Whether nothing has become of it yet.
    pub(super) fn open(&self) -> bool {
        self.outcome.is_none()
    }

    /// That is what became of it.
    pub(super) fn settle(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }

    /// Nothing of it is done nor will be.
    pub(super) fn never(&mut self, because: &str) {
        self.settle(Outcome::Never { because: Note::new(because) });
    }

    /// Sold since the first level, by these lines.
    pub(super) fn sold(&self, pieces: &Pieces) -> i64 {
        let fresh = pieces.iter().filter(|(line, _)| !self.base.contains_key(*line));
        fresh.fold(0_i64, |sum, (_, parts)| sum.saturating_add(*parts))
    }

    /// What is to be written if it starts from this level.
    pub(super) fn start_from(&mut self, shows: Level, pieces: Pieces) {
        self.ready = true;
        self.wanted = shows.after(self.row.from.to(self.row.to));
        self.base = pieces.clone();
        self.seen = pieces.clone();
        self.known = pieces;
    }
}
