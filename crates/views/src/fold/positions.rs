//! Positions and the lines that explain them. Positions that a batch touches are read once and written once.

use std::collections::{HashMap, hash_map};

use model::{Change, ItemId, Level, LocationId, Seq};
use rusqlite::{Connection, OptionalExtension, params};

use super::stored;
use crate::ViewsError;

/// What a fact does to a position.
#[derive(Clone, Copy, Default)]
pub(super) struct Shift {
    pub(super) on_hand: Change,
    pub(super) reserved: Change,
    pub(super) in_transit: Change,
    pub(super) unsellable: Change,
}

#[derive(Clone, Copy, Default)]
struct Standing {
    on_hand: Level,
    reserved: Level,
    in_transit: Level,
    unsellable: Level,
}

/// The positions a batch touched.
#[derive(Default)]
pub(super) struct Positions {
    touched: HashMap<(ItemId, LocationId), Standing>,
    opened: i64,
}

impl Positions {
    /// Changes a position and keeps the line that says so. At most once per fact and position.
    pub(super) fn change(
        &mut self,
        tables: &Connection,
        seq: Seq,
        (item, location): (ItemId, LocationId),
        shift: Shift,
    ) -> Result<(), ViewsError> {
        let standing = match self.touched.entry((item, location)) {
            hash_map::Entry::Occupied(known) => known.into_mut(),
            hash_map::Entry::Vacant(place) => {
                let known = load(tables, item, location)?;
                self.opened += i64::from(known.is_none());
                place.insert(known.unwrap_or_default())
            }
        };
        *standing = Standing {
            on_hand: standing.on_hand.after(shift.on_hand),
            reserved: standing.reserved.after(shift.reserved),
            in_transit: standing.in_transit.after(shift.in_transit),
            unsellable: standing.unsellable.after(shift.unsellable),
        };
        tables.prepare_cached("INSERT INTO lines VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
            item.0,
            location.0,
            stored(seq.0),
            shift.on_hand.parts(),
            shift.reserved.parts(),
            standing.on_hand.parts(),
            standing.reserved.parts(),
        ])?;
        Ok(())
    }

    /// Writes what was touched. Gives how many positions are new.
    pub(super) fn write(self, tables: &Connection) -> Result<i64, ViewsError> {
        // In key order the tree's pages are visited once each.
        let mut touched: Vec<_> = self.touched.into_iter().collect();
        touched.sort_unstable_by_key(|(key, _)| *key);
        let mut statement =
            tables.prepare_cached("INSERT OR REPLACE INTO positions VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for ((item, location), standing) in touched {
            statement.execute(params![
                item.0,
                location.0,
                standing.on_hand.parts(),
                standing.reserved.parts(),
                standing.in_transit.parts(),
                standing.unsellable.parts(),
            ])?;
        }
        Ok(self.opened)
    }
}

fn load(tables: &Connection, item: ItemId, location: LocationId) -> Result<Option<Standing>, ViewsError> {
    let sql = "SELECT on_hand, reserved, in_transit, unsellable FROM positions WHERE item = ?1 AND location = ?2";
    let mut statement = tables.prepare_cached(sql)?;
    let level = |row: &rusqlite::Row<'_>, column| row.get(column).map(Level::from_parts);
    let standing = statement.query_row(params![item.0, location.0], |row| {
        Ok(Standing {
            on_hand: level(row, 0)?,
            reserved: level(row, 1)?,
            in_transit: level(row, 2)?,
            unsellable: level(row, 3)?,
        })
    });
    Ok(standing.optional()?)
}
