//! Stock: one record per tracked product and outlet, which everything that moves goods changes.
//!
//! Sales, adjustments, consignments and product calls move it through [`LightspeedX::move_stock`]; `calls` shows it and
//! `adjustments` holds the documents of changes by hand. It does not know why goods move.

pub mod adjustments;
mod calls;
mod report;

use super::LightspeedX;
use super::decimal::Decimal;
use super::feed::Feed;
use super::ids::Id;
use crate::machine::{Millis, World};

/// The count of a product at an outlet.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: Id,
    /// Index of the product.
    pub product: u32,
    /// Index of the outlet.
    pub outlet: u32,
    /// The count, which may be below zero.
    pub level: Decimal,
    /// Of it, promised to web orders that have not left yet.
    pub promised: Decimal,
    /// Order more below this.
    pub reorder_point: Option<Decimal>,
    /// And so much.
    pub reorder_amount: Option<Decimal>,
    /// Set when the product is deleted or no longer counted.
    pub deleted_at: Option<Millis>,
    /// Its version.
    pub version: u64,
}

/// All records, and all adjustments.
#[derive(Debug, Default)]
pub struct Stock {
    records: Vec<Record>,
    feed: Feed,
    /// Changes by hand.
    pub adjustments: adjustments::Adjustments,
}

/// Goods that move: product, outlet, how many arrive (below zero: leave).
pub type Moved = (usize, usize, Decimal);

impl Stock {
    /// The record of this index.
    pub fn get(&self, index: usize) -> &Record {
        &self.records[index]
    }
}

impl LightspeedX {
    /// The stock record of a product at an outlet; `None` while it is not counted.
    pub(crate) fn record_at(&self, product: usize, outlet: usize) -> Option<usize> {
        let index = self.goods.get(product).records.get(outlet).map(|index| *index as usize)?;
        self.stock.get(index).deleted_at.is_none().then_some(index)
    }

    /// The stock records of a product that is counted.
    pub(crate) fn records_of(&self, product: usize) -> impl Iterator<Item = &Record> {
        let all = self.goods.get(product).records.iter().map(|index| self.stock.get(*index as usize));
        all.filter(|record| record.deleted_at.is_none())
    }

    /// Opens the records that a tracked product lacks, and those that were closed, at zero.
    pub(crate) fn keep_records(&mut self, product: usize, world: &mut World<'_>) {
        let held = self.goods.get(product);
        if !held.tracked || held.deleted_at.is_some() {
            return;
        }
        for index in held.records.clone() {
            let record = &mut self.stock.records[index as usize];
            if record.deleted_at.take().is_some() {
                (record.level, record.promised) = (Decimal::ZERO, Decimal::ZERO);
                self.touch_record(index as usize, world);
            }
        }
        for outlet in self.goods.get(product).records.len()..self.account.outlet_count() {
            let index = self.stock.records.len();
            self.stock.records.push(Record {
                id: Id::draw(world.dice),
                product: product as u32,
                outlet: outlet as u32,
                level: Decimal::ZERO,
                promised: Decimal::ZERO,
                reorder_point: None,
                reorder_amount: None,
                deleted_at: None,
                version: 0,
            });
            self.goods.get_mut(product).records.push(index as u32);
            self.touch_record(index, world);
        }
    }

    /// Marks the records of a product as deleted.
    pub(crate) fn close_records(&mut self, product: usize, world: &mut World<'_>) {
        for index in self.goods.get(product).records.clone() {
            self.stock.records[index as usize].deleted_at = Some(world.now);
            self.touch_record(index as usize, world);
        }
    }

    /// Moves goods: every record that really changes gets a new version and is told once.
    pub(crate) fn move_stock(&mut self, moved: &[Moved], world: &mut World<'_>) {
        for (record, change) in self.gather(moved) {
            let level = self.stock.records[record].level + change;
            self.set_level(record, level, world);
        }
    }

    /// Changes what is promised; nobody is told, since no count changes.
    pub(crate) fn promise(&mut self, moved: &[Moved]) {
        for (record, change) in self.gather(moved) {
            self.stock.records[record].promised += change;
        }
    }

    /// Changes per record in the order in which they first came, without those that come to nothing. Products that
    /// are not counted drop out.
    fn gather(&self, moved: &[Moved]) -> Vec<(usize, Decimal)> {
        let mut changes: Vec<(usize, Decimal)> = Vec::with_capacity(moved.len());
        for (product, outlet, change) in moved {
            let Some(record) = self.record_at(*product, *outlet) else { continue };
            match changes.iter_mut().find(|(known, _)| *known == record) {
                Some((_, sum)) => *sum += *change,
                None => changes.push((record, *change)),
            }
        }
        changes.retain(|(_, change)| !change.is_zero());
        changes
    }

    /// The count becomes this number. An unchanged count is no change.
    pub(crate) fn set_level(&mut self, record: usize, level: Decimal, world: &mut World<'_>) {
        if self.stock.records[record].level == level {
            return;
        }
        self.stock.records[record].level = level;
        self.touch_record(record, world);
        self.tell_record(record, world);
    }

    /// Sets thresholds; −1 clears a reorder point.
    pub(crate) fn set_thresholds(&mut self, record: usize, point: Option<Decimal>, amount: Option<Decimal>) {
        let record = &mut self.stock.records[record];
        if let Some(point) = point {
            record.reorder_point = (!point.is_negative()).then_some(point);
        }
        if let Some(amount) = amount {
            record.reorder_amount = Some(amount);
        }
    }

    /// A new version for a record.
    pub(crate) fn touch_record(&mut self, record: usize, world: &mut World<'_>) {
        let version = self.versions.next(world.dice);
        let old = std::mem::replace(&mut self.stock.records[record].version, version);
        self.stock.feed.file(record, old, version);
    }

    /// Sends `inventory.update`.
    pub(crate) fn tell_record(&mut self, record: usize, world: &mut World<'_>) {
        if self.hooks.wants("inventory.update") {
            let payload = self.old_record(record);
            self.hooks.send("inventory.update", &payload, world);
        }
    }
}
