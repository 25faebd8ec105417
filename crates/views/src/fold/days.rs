//! What was sold, came back and moved per item, location, local day and channel. Summed per batch.

use std::collections::HashMap;

use model::{ChannelId, ItemId, LocationId};
use rusqlite::{Connection, params};

use super::NONE;
use crate::{Day, ViewsError};

/// Key of a row: item, location (−1 for nowhere), day, channel (−1 for none).
type Key = (u32, i64, i32, i64);

/// Changes of one row, in hundred-thousandths of a unit.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) sold: i64,
    pub(super) returned: i64,
    pub(super) on_hand: i64,
}

/// The days a batch touched.
#[derive(Default)]
pub(super) struct Days(HashMap<Key, Sums>);

impl Days {
    pub(super) fn add(
        &mut self,
        item: ItemId,
        location: Option<LocationId>,
        day: Day,
        channel: Option<ChannelId>,
        sums: Sums,
    ) {
        let location = location.map_or(NONE, |id| i64::from(id.0));
        let channel = channel.map_or(NONE, |id| i64::from(id.0));
        let row = self.0.entry((item.0, location, day.0, channel)).or_default();
        row.sold = row.sold.saturating_add(sums.sold);
        row.returned = row.returned.saturating_add(sums.returned);
        row.on_hand = row.on_hand.saturating_add(sums.on_hand);
    }

    pub(super) fn write(self, tables: &Connection) -> Result<(), ViewsError> {
        let mut touched: Vec<_> = self.0.into_iter().collect();
        touched.sort_unstable_by_key(|(key, _)| *key);
        // The casts hold a sum that left 64 bits at the largest number instead of failing.
        let sql = "INSERT INTO days VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET \
                   sold = CAST(sold + excluded.sold AS INTEGER), \
                   returned = CAST(returned + excluded.returned AS INTEGER), \
                   on_hand = CAST(on_hand + excluded.on_hand AS INTEGER)";
        let mut statement = tables.prepare_cached(sql)?;
        for ((item, location, day, channel), sums) in touched {
            statement.execute(params![item, location, day, channel, sums.sold, sums.returned, sums.on_hand])?;
        }
        Ok(())
    }
}
