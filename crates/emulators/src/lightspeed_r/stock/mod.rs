//! Stock of every item in every shop, and the log of every change of it.
//!
//! Sales, counts, transfers and calls move it through [`Stock::shift`], and through nothing else, so that a level is
//! the sum of its log. Row 0 of an item is the sum over the shops. It asks no rule whether a move is allowed.

mod calls;
mod log;

pub use log::{Cause, Logged, reason};

use super::clock;
use super::table::{Id, Row, Table};
use super::wire::Fields;
use crate::machine::Millis;

/// Stock of one item in one shop; shop 0 is all shops together.
#[derive(Clone, Debug)]
pub struct ItemShop {
    /// Item.
    pub item: Id,
    /// Shop, 0 for the sum.
    pub shop: Id,
    /// Units on hand; below zero when more was sold than was known to be there.
    pub qoh: i64,
    /// Units laid away for customers.
    pub on_layaway: i64,
    /// Units sent away and not yet received.
    pub on_transfer_out: i64,
    /// Units on their way here.
    pub on_transfer_in: i64,
    /// At which level to order.
    pub reorder_point: i64,
    /// Up to which level.
    pub reorder_level: i64,
    /// Last change.
    pub stamp: Millis,
}

impl ItemShop {
    fn empty(item: Id, shop: Id, now: Millis) -> Self {
        Self {
            item,
            shop,
            qoh: 0,
            on_layaway: 0,
            on_transfer_out: 0,
            on_transfer_in: 0,
            reorder_point: 0,
            reorder_level: 0,
            stamp: now,
        }
    }

    /// What can be sold: on hand less what is laid away, never below zero. What was sent to another shop has left
    /// `qoh` already.
    fn sellable(&self) -> i64 {
        (self.qoh - self.on_layaway).max(0)
    }
}

impl Row for ItemShop {
    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn archived(&self) -> bool {
        false
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        let mut put = |name: &str, value: i64| {
            fields.insert(name.into(), value.to_string().into());
        };
        put("qoh", self.qoh);
        put("sellable", self.sellable());
        put("onLayaway", self.on_layaway);
        put("onTransferOut", self.on_transfer_out);
        put("onTransferIn", self.on_transfer_in);
        put("reorderPoint", self.reorder_point);
        put("reorderLevel", self.reorder_level);
        for name in ALWAYS_ZERO {
            put(name, 0);
        }
        for (name, id) in [("itemShopID", id), ("itemID", self.item), ("shopID", self.shop)] {
            fields.insert(name.into(), id.to_string().into());
        }
        fields.insert("timeStamp".into(), clock::iso(self.stamp).into());
    }
}

/// Nothing here is ordered, built of components or given a cost.
const ALWAYS_ZERO: [&str; 13] = [
    "backorder",
    "componentQoh",
    "componentBackorder",
    "onSpecialOrder",
    "onWorkorder",
    "averageCost",
    "nextFifoLotID",
    "nextFifoLotCost",
    "lastReceivedLotID",
    "lastReceivedCost",
    "totalValueFifo",
    "totalValueAvgCost",
    "totalValueNegativeInventory",
];

/// All stock rows and the log.
#[derive(Debug, Default)]
pub struct Stock {
    rows: Table<ItemShop>,
    log: Table<Logged>,
    /// By item, then by shop from 0: the id of its row.
    of_item: Vec<Vec<Id>>,
}

impl Stock {
    /// Stock rows by id.
    pub fn rows(&self) -> &Table<ItemShop> {
        &self.rows
    }

    /// Changes of stock by id.
    pub fn log(&self) -> &Table<Logged> {
        &self.log
    }

    /// Makes the rows that are still missing for this many items and shops.
    pub fn grow(&mut self, items: usize, shops: usize, now: Millis) {
        let known = self.of_item.len();
        // Old items lack rows only when a shop is new.
        let from = if self.of_item.first().is_some_and(|rows| rows.len() > shops) { known } else { 0 };
        self.of_item.resize_with(items.max(known), Vec::new);
        for (position, rows) in self.of_item.iter_mut().enumerate().skip(from) {
            while rows.len() <= shops {
                let (item, shop) = (position as Id + 1, rows.len() as Id);
                rows.push(self.rows.add(ItemShop::empty(item, shop, now)));
            }
        }
    }

    /// Ids of the rows of an item, shop 0 first; empty for an item that does not exist.
    pub fn of_item(&self, item: Id) -> &[Id] {
        let position = item.checked_sub(1).and_then(|position| usize::try_from(position).ok());
        position.and_then(|position| self.of_item.get(position)).map_or(&[], Vec::as_slice)
    }

    /// Id of the row of an item in a shop; 0 when there is none.
    pub fn row_id(&self, item: Id, shop: Id) -> Id {
        usize::try_from(shop).ok().and_then(|shop| self.of_item(item).get(shop)).copied().unwrap_or(0)
    }

    /// Units on hand of an item in a shop.
    pub fn level(&self, item: Id, shop: Id) -> i64 {
        self.rows.get(self.row_id(item, shop)).map_or(0, |row| row.qoh)
    }

    /// Moves stock and logs it; answers the id of the log row. Nothing moved is nothing logged.
    pub fn shift(&mut self, item: Id, shop: Id, delta: i64, cause: &Cause, now: Millis) -> Option<Id> {
        if delta == 0 {
            return None;
        }
        let before = self.level(item, shop);
        self.change_both(item, shop, now, |row| row.qoh = row.qoh.saturating_add(delta));
        let caused_negative = before >= 0 && before.saturating_add(delta) < 0;
        // The account has one person who does everything.
        let employee = 1;
        Some(self.log.add(Logged { item, shop, delta, caused_negative, employee, cause: cause.clone(), at: now }))
    }

    /// Brings a level to this number, whatever it was; answers the id of the log row.
    pub fn set(&mut self, item: Id, shop: Id, qoh: i64, cause: &Cause, now: Millis) -> Option<Id> {
        self.shift(item, shop, qoh.saturating_sub(self.level(item, shop)), cause, now)
    }

    /// Changes what is laid away or on its way, in the shop and in the sum.
    pub fn change_both(&mut self, item: Id, shop: Id, now: Millis, change: impl Fn(&mut ItemShop)) {
        for id in [self.row_id(item, shop), self.row_id(item, 0)] {
            self.rows.change(id, |row| {
                change(row);
                row.stamp = now;
            });
        }
    }

    /// Changes one row only.
    pub fn change_row(&mut self, id: Id, now: Millis, change: impl FnOnce(&mut ItemShop)) {
        self.rows.change(id, |row| {
            change(row);
            row.stamp = now;
        });
    }

    /// Levels that differ from the sum of their log, as `(item, shop, level, sum)`; there should never be one.
    pub fn unbalanced(&self) -> Vec<(Id, Id, i64, i64)> {
        let mut sums = std::collections::HashMap::<(Id, Id), i64>::new();
        for (_, logged) in self.log.all() {
            for shop in [logged.shop, 0] {
                *sums.entry((logged.item, shop)).or_default() += logged.delta;
            }
        }
        let sum = |row: &ItemShop| sums.get(&(row.item, row.shop)).copied().unwrap_or(0);
        let all = self.rows.all().map(|(_, row)| (row.item, row.shop, row.qoh, sum(row)));
        all.filter(|(_, _, level, sum)| level != sum).collect()
    }
}
