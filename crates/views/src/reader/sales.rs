//! How fast an item sells, day by day, and on which days there was nothing to sell.

use std::collections::BTreeMap;

use model::{Change, ChannelId, ItemId, Level, LocationId};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::{PAGE_MAX, ViewsReader, kept};
use crate::{Day, ViewsError};

/// Which sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SalesFilter {
    /// Of this item.
    pub item: ItemId,
    /// At this location only.
    pub location: Option<LocationId>,
    /// Through this channel only. Stock-outs are the location's, whoever sold.
    pub channel: Option<ChannelId>,
    /// First day.
    pub from: Day,
    /// Last day, at most 500 days in all.
    pub to: Day,
}

/// One of the location's own days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DaySales {
    /// Which.
    pub day: Day,
    /// Units sold, less those whose sale was taken back.
    pub sold: Change,
    /// Units that customers returned, put back or not.
    pub returned: Change,
    /// Whether no location asked about had a unit on hand at the end of the day. Days before a location's first
    /// movement count as having none known and are not marked.
    pub stock_out: bool,
}

#[derive(Default)]
struct Known {
    /// What happened on each day.
    days: BTreeMap<Day, Sums>,
    /// Per location: the first day it is known from, on hand now, and the changes of each day.
    places: BTreeMap<i64, Place>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    sold: i64,
    returned: i64,
}

#[derive(Default)]
struct Place {
    since: Day,
    on_hand: i64,
    changes: BTreeMap<Day, i64>,
}

impl ViewsReader {
    /// Every day from `from` to `to`, oldest first, days without sales included.
    ///
    /// # Errors
    /// SQLite's.
    pub fn sales_by_day(&self, filter: &SalesFilter) -> Result<Vec<DaySales>, ViewsError> {
        let days_max = i32::try_from(PAGE_MAX).unwrap_or(i32::MAX);
        let last = filter.to.0.min(filter.from.0.saturating_add(days_max - 1));
        let known = self.read(|tables, _| load(tables, filter))?;
        Ok((filter.from.0..=last).map(|day| known.on(Day(day))).collect())
    }
}

/// Units sold over all channels and locations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoldSince {
    /// By item; items of which nothing was sold are not in it.
    pub by_item: BTreeMap<ItemId, Change>,
    /// The first day of which any sale is known.
    pub first_day: Option<Day>,
}

impl ViewsReader {
    /// What was sold from a day on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn sold_since(&self, day: Day) -> Result<SoldSince, ViewsError> {
        self.read(|tables, _| {
            let sql = "SELECT item, SUM(sold) FROM days WHERE day >= ?1 AND sold > 0 GROUP BY item";
            let by_item = kept::rows(tables, sql, params![day.0], |row| {
                Ok(Some((ItemId(row.get(0)?), Change::from_parts(row.get(1)?))))
            })?;
            let sql = "SELECT MIN(day) FROM days WHERE sold > 0";
            let first: Option<i32> = tables.query_row(sql, [], |row| row.get(0))?;
            Ok(SoldSince { by_item: by_item.into_iter().collect(), first_day: first.map(Day) })
        })
    }
}

impl Known {
    fn on(&self, day: Day) -> DaySales {
        let sums = self.days.get(&day).copied().unwrap_or_default();
        let mut open = self.places.values().filter(|place| place.since <= day).peekable();
        let stock_out = open.peek().is_some() && open.all(|place| place.at_end_of(day) <= 0);
        DaySales { day, sold: Change::from_parts(sums.sold), returned: Change::from_parts(sums.returned), stock_out }
    }
}

impl Place {
    /// What is there now, less what came since.
    fn at_end_of(&self, day: Day) -> i64 {
        let later = self.changes.range((std::ops::Bound::Excluded(day), std::ops::Bound::Unbounded));
        later
            .fold(Level::from_parts(self.on_hand), |level, (_, change)| level.after(Change::from_parts(*change).undo()))
            .parts()
    }
}

fn load(tables: &Connection, filter: &SalesFilter) -> Result<Known, ViewsError> {
    let mut known = Known::default();
    let location = filter.location.map(|id| id.0);
    let sql = "SELECT location, day, channel, sold, returned, on_hand FROM days \
               WHERE item = ?1 AND (?2 IS NULL OR location = ?2) AND day >= ?3";
    let mut statement = tables.prepare_cached(sql)?;
    let mut rows = statement.query(params![filter.item.0, location, filter.from.0])?;
    while let Some(row) = rows.next()? {
        let (place, day, on_hand): (i64, _, i64) = (row.get(0)?, Day(row.get(1)?), row.get(5)?);
        let sold_by: i64 = row.get(2)?;
        if filter.channel.is_none_or(|channel| sold_by == i64::from(channel.0)) {
            let sums = known.days.entry(day).or_default();
            sums.sold = sums.sold.saturating_add(row.get(3)?);
            sums.returned = sums.returned.saturating_add(row.get(4)?);
        }
        let change = known.places.entry(place).or_default().changes.entry(day).or_default();
        *change = change.saturating_add(on_hand);
    }
    let places = std::mem::take(&mut known.places);
    known.places = standing(tables, filter.item, location, places)?;
    Ok(known)
}

/// The places that hold the item, with what lies there now and since when it is known.
fn standing(
    tables: &Connection,
    item: ItemId,
    location: Option<u32>,
    mut changes: BTreeMap<i64, Place>,
) -> Result<BTreeMap<i64, Place>, ViewsError> {
    let sql = "SELECT p.location, p.on_hand, (SELECT MIN(d.day) FROM days d WHERE d.item = p.item \
               AND d.location = p.location) FROM positions p WHERE p.item = ?1 AND (?2 IS NULL OR p.location = ?2)";
    let places = kept::rows(tables, sql, params![item.0, location], |row| {
        let (location, on_hand, since): (i64, i64, Option<i32>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(since) = since else { return Ok(None) };
        let changes = changes.remove(&location).unwrap_or_default().changes;
        Ok(Some((location, Place { since: Day(since), on_hand, changes })))
    })?;
    Ok(places.into_iter().collect())
}
