//! The numbers on the first page.

use model::{Instant, Seq};
use serde::Serialize;

use super::{ViewsReader, kept};
use crate::ViewsError;

/// Counts of what there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// The last fact these tables know.
    pub checkpoint: Seq,
    /// Items.
    pub items: u64,
    /// Items at locations.
    pub positions: u64,
    /// Orders and sales placed since the start of the day.
    pub orders_today: u64,
    /// Orders with something still to be handed over.
    pub orders_open: u64,
    /// Promises that hold units.
    pub reservations_live: u64,
    /// Inputs waiting for a person.
    pub quarantine_open: u64,
    /// Questions about items and locations waiting for a person.
    pub questions_open: u64,
    /// Oversells since the journal began.
    pub oversells: u64,
    /// Levels written to channels since the journal began.
    pub writes: u64,
}

impl ViewsReader {
    /// Counts. `today` is when the day began for whoever looks: there is no clock here.
    ///
    /// # Errors
    /// SQLite's.
    pub fn totals(&self, today: Instant) -> Result<Totals, ViewsError> {
        let sql = "SELECT (SELECT checkpoint FROM meta), (SELECT COUNT(*) FROM items), (SELECT positions FROM meta), \
                   (SELECT COUNT(*) FROM orders WHERE placed_at >= ?1), \
                   (SELECT COUNT(*) FROM orders WHERE state = 0), \
                   (SELECT COUNT(*) FROM reservations WHERE state = 0), \
                   (SELECT COUNT(*) FROM quarantine WHERE closed_seq IS NULL), (SELECT COUNT(*) FROM questions WHERE dismissed = 0), \
                   (SELECT COALESCE(SUM(incidents), 0) FROM oversell_weeks), \
                   (SELECT COALESCE(SUM(writes), 0) FROM write_totals)";
        self.read(|tables, _| {
            Ok(tables.prepare_cached(sql)?.query_row([today.0], |row| {
                let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                Ok(Totals {
                    checkpoint: kept::seq(row.get(0)?),
                    items: count(1)?,
                    positions: count(2)?,
                    orders_today: count(3)?,
                    orders_open: count(4)?,
                    reservations_live: count(5)?,
                    quarantine_open: count(6)?,
                    questions_open: count(7)?,
                    oversells: count(8)?,
                    writes: count(9)?,
                })
            })?)
        })
    }
}
