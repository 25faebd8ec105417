//! Why is this 47? The facts behind a position's numbers.

use model::{Change, Instant, ItemId, Level, LocationId, Seq};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::{ViewsReader, below, kept, page};
use crate::{
    ViewsError,
    words::{self, Names, Told},
};

/// A position and the facts that made it, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What lies there now.
    pub on_hand: Level,
    /// What of it is promised.
    pub reserved: Level,
    /// What is on its way there.
    pub in_transit: Level,
    /// What lies there but cannot be sold.
    pub unsellable: Level,
    /// One per fact. The next page is that before the last row's `seq`.
    pub rows: Vec<ExplainedRow>,
}

/// What one fact did to the position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedRow {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// One sentence without a full stop; the item is left out.
    pub words: String,
    /// What it did to on hand.
    pub on_hand_change: Change,
    /// What it did to reserved.
    pub reserved_change: Change,
    /// On hand after it.
    pub on_hand_after: Level,
    /// Reserved after it.
    pub reserved_after: Level,
}

impl ViewsReader {
    /// The position and up to `limit` of the facts behind it, those before `before_seq` or the newest. A position that
    /// no fact ever touched is all zeros.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn explain(
        &self,
        item: ItemId,
        location: LocationId,
        limit: usize,
        before_seq: Option<Seq>,
    ) -> Result<Explanation, ViewsError> {
        self.read(|tables, names| {
            let rows = explained(tables, names, (item, location), page(limit), below(before_seq.map(|seq| seq.0)))?;
            position(tables, item, location, rows)
        })
    }
}

fn explained(
    tables: &Connection,
    names: &Names<'_>,
    (item, location): (ItemId, LocationId),
    limit: i64,
    before: i64,
) -> Result<Vec<ExplainedRow>, ViewsError> {
    let sql = "SELECT l.seq, f.body, l.on_hand, l.reserved, l.on_hand_after, l.reserved_after \
               FROM lines l JOIN facts f ON f.seq = l.seq \
               WHERE l.item = ?1 AND l.location = ?2 AND l.seq < ?3 ORDER BY l.seq DESC LIMIT ?4";
    kept::rows(tables, sql, params![item.0, location.0, before, limit], |row| {
        let fact = kept::kept(row)?;
        Ok(Some(ExplainedRow {
            seq: fact.seq,
            at: fact.at(),
            words: words::sentence(names, Told::Place(item, location), &fact.entry.fact),
            on_hand_change: Change::from_parts(row.get(2)?),
            reserved_change: Change::from_parts(row.get(3)?),
            on_hand_after: Level::from_parts(row.get(4)?),
            reserved_after: Level::from_parts(row.get(5)?),
        }))
    })
}

fn position(
    tables: &Connection,
    item: ItemId,
    location: LocationId,
    rows: Vec<ExplainedRow>,
) -> Result<Explanation, ViewsError> {
    let sql = "SELECT on_hand, reserved, in_transit, unsellable FROM positions WHERE item = ?1 AND location = ?2";
    let mut statement = tables.prepare_cached(sql)?;
    let level = |row: &Row<'_>, column| row.get(column).map(Level::from_parts);
    let levels = statement.query_row(params![item.0, location.0], |row| {
        Ok([level(row, 0)?, level(row, 1)?, level(row, 2)?, level(row, 3)?])
    });
    let [on_hand, reserved, in_transit, unsellable] = levels.optional()?.unwrap_or_default();
    Ok(Explanation { on_hand, reserved, in_transit, unsellable, rows })
}
