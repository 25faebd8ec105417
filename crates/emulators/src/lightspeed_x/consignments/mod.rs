//! Consignments: orders from suppliers, transfers between outlets, returns to suppliers, and counts.
//!
//! Acts and `calls` change them through [`LightspeedX::put_consignment`], which works out what the change means for
//! stock. The steps that each kind may take are in `flow`; the goods of one are in `goods_calls`.

mod calls;
mod flow;
mod goods_calls;

pub use flow::{Kind, Status};

use super::LightspeedX;
use super::decimal::Decimal;
use super::feed::Feed;
use super::ids::Id;
use super::stock::Moved;
use crate::machine::{Millis, World};
use std::collections::HashMap;

/// Goods on a consignment.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Index of the product.
    pub product: usize,
    /// How many are expected.
    pub count: Decimal,
    /// How many were seen.
    pub received: Option<Decimal>,
    /// What one costs.
    pub cost: Option<Decimal>,
    /// Of a finished count: by how much the level changed.
    pub corrected: Decimal,
    created_at: Millis,
    updated_at: Millis,
    version: u64,
}

/// A consignment.
#[derive(Clone, Debug)]
pub struct Consignment {
    /// Its id.
    pub id: Id,
    /// Name, or note.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// Index of the outlet that it is for.
    pub outlet: usize,
    /// Index of the outlet that it comes from.
    pub source: Option<usize>,
    /// Supplier.
    pub supplier: Option<Id>,
    /// The supplier's invoice.
    pub supplier_invoice: Option<String>,
    /// The outside's name of it.
    pub reference: Option<String>,
    /// When it was made out.
    pub date: Millis,
    /// When it should arrive.
    pub due_at: Option<Millis>,
    /// When it arrived.
    pub received_at: Option<Millis>,
    /// Its goods.
    pub goods: Vec<Parcel>,
    created_at: Millis,
    updated_at: Millis,
    deleted_at: Option<Millis>,
    version: u64,
}

/// All consignments.
#[derive(Debug, Default)]
pub struct Consignments {
    all: Vec<Consignment>,
    feed: Feed,
    by_id: HashMap<Id, u32>,
}

impl Consignment {
    /// An open consignment without goods.
    pub fn begin(kind: Kind, name: &str, outlet: usize, world: &mut World<'_>) -> Self {
        Self {
            id: Id::draw(world.dice),
            name: name.to_owned(),
            kind,
            status: kind.first(),
            outlet,
            source: None,
            supplier: None,
            supplier_invoice: None,
            reference: None,
            date: world.now,
            due_at: None,
            received_at: None,
            goods: Vec::new(),
            created_at: world.now,
            updated_at: world.now,
            deleted_at: None,
            version: 0,
        }
    }

    /// Its version.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Goods that have moved because of it.
    fn moved(&self) -> Vec<Moved> {
        let mut moved = Vec::new();
        for parcel in &self.goods {
            let arrived = parcel.received.unwrap_or(parcel.count);
            if self.status.has_left(self.kind) {
                let from = if self.kind == Kind::Return { Some(self.outlet) } else { self.source };
                moved.extend(from.map(|from| (parcel.product, from, -parcel.count)));
            }
            if self.status == Status::Received {
                moved.push((parcel.product, self.outlet, arrived));
            }
            if self.status == Status::Complete {
                moved.push((parcel.product, self.outlet, parcel.corrected));
            }
        }
        moved
    }

    /// Adds goods, or changes those of the product that are on it already.
    pub fn put(&mut self, product: usize, world: &World<'_>) -> &mut Parcel {
        let at = self.goods.iter().position(|parcel| parcel.product == product).unwrap_or_else(|| {
            self.goods.push(Parcel {
                product,
                count: Decimal::ZERO,
                received: None,
                cost: None,
                corrected: Decimal::ZERO,
                created_at: world.now,
                updated_at: world.now,
                version: 0,
            });
            self.goods.len() - 1
        });
        self.goods[at].updated_at = world.now;
        // Gets a version when the consignment is put back.
        self.goods[at].version = 0;
        &mut self.goods[at]
    }
}

impl Consignments {
    /// All that were not deleted, oldest first.
    pub fn living(&self) -> impl Iterator<Item = &Consignment> {
        self.all.iter().filter(|one| one.deleted_at.is_none())
    }

    /// The consignment of this index.
    pub fn get(&self, index: usize) -> &Consignment {
        &self.all[index]
    }
}

impl LightspeedX {
    /// Enters a consignment, or puts it in the place of the known one with its id; moves what its change moves, and
    /// tells when it was sent or received.
    pub(crate) fn put_consignment(&mut self, mut changed: Consignment, world: &mut World<'_>) -> usize {
        let known = self.consignments.by_id.get(&changed.id).map(|index| *index as usize);
        let before = known.map(|index| self.consignments.all[index].clone());
        let was = before.as_ref().map(|before| before.status);
        if changed.status == Status::Complete && was != Some(Status::Complete) {
            self.settle_count(&mut changed);
        }
        if changed.status == Status::Received {
            changed.received_at.get_or_insert(world.now);
        }
        let mut moved = changed.moved();
        for (product, outlet, quantity) in before.iter().flat_map(Consignment::moved) {
            moved.push((product, outlet, -quantity));
        }
        for parcel in changed.goods.iter_mut().filter(|parcel| parcel.version == 0) {
            parcel.version = self.versions.next(world.dice);
        }
        let version = self.versions.next(world.dice);
        let old = std::mem::replace(&mut changed.version, version);
        changed.updated_at = world.now;
        let status = changed.status;
        let index = known.unwrap_or(self.consignments.all.len());
        if known.is_some() {
            self.consignments.all[index] = changed;
        } else {
            self.consignments.by_id.insert(changed.id, index as u32);
            self.consignments.all.push(changed);
        }
        self.consignments.feed.file(index, old, version);
        if was != Some(status) {
            self.tell_consignment(index, world);
        }
        self.move_stock(&moved, world);
        index
    }

    /// A count is done: what was seen becomes the level.
    fn settle_count(&self, count: &mut Consignment) {
        let outlet = count.outlet;
        for parcel in &mut count.goods {
            let level =
                self.record_at(parcel.product, outlet).map_or(Decimal::ZERO, |record| self.stock.get(record).level);
            parcel.corrected = parcel.received.map_or(Decimal::ZERO, |seen| seen - level);
        }
    }

    /// `consignment.send` and `consignment.receive`, for what is sent and received.
    fn tell_consignment(&mut self, index: usize, world: &mut World<'_>) {
        let topic = match self.consignments.get(index).status {
            Status::Sent => "consignment.send",
            Status::Received => "consignment.receive",
            _ => return,
        };
        if self.hooks.wants(topic) {
            let payload = self.old_consignment(index);
            self.hooks.send(topic, &payload, world);
        }
    }
}
