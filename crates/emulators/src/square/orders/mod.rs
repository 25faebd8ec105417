//! Orders: sales of the tills, web orders, returns and the hub's own, with their indices.
//!
//! `calls`, `search` and `update` serve the API, `render` shows an order, the acts make and change them. Every change
//! bumps the version; stock and money are moved by the callers.

pub mod calls;
pub mod pay;
pub mod render;
pub mod search;
pub mod update;

use super::hooks::Event;
use super::quantity::Quantity;
use super::{Square, clock::rfc3339};
use crate::machine::{Millis, World};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Not yet placed.
    Draft,
    /// Placed.
    Open,
    /// Paid and handed over.
    Completed,
    /// Cancelled.
    Canceled,
}

impl OrderState {
    /// The vendor's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Open => "OPEN",
            Self::Completed => "COMPLETED",
            Self::Canceled => "CANCELED",
        }
    }

    /// No more changes.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Canceled)
    }
}

/// How an order came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Rung up at a till.
    Till,
    /// Square Online.
    Online,
    /// Goods handed in at a till.
    Return,
    /// The API.
    Api,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Unique in the order.
    pub uid: String,
    /// Index of the variation; `None` for lines that are only a name and a price.
    pub variation: Option<usize>,
    /// The name of a line without a variation.
    pub name: String,
    /// Zero once the line has been taken off.
    pub quantity: Quantity,
    /// Of one unit, minor units.
    pub price_minor: i64,
    /// How much of it has come back.
    pub returned: Quantity,
    /// How much was added after the order was paid and is not paid for: it has not left.
    pub owed: Quantity,
}

/// One line of a return.
#[derive(Clone, Debug)]
pub struct ReturnLine {
    /// Unique in the order.
    pub uid: String,
    /// The line of the source order, when the return is tied to one.
    pub source_uid: Option<String>,
    /// Index of the variation.
    pub variation: usize,
    /// How much came back.
    pub quantity: Quantity,
    /// Of one unit, minor units.
    pub price_minor: i64,
}

/// What came back with an order.
#[derive(Clone, Debug)]
pub struct Return {
    /// Unique in the order.
    pub uid: String,
    /// The order that is returned.
    pub source: Option<String>,
    /// What came back.
    pub lines: Vec<ReturnLine>,
}

/// How an order reaches its buyer.
#[derive(Clone, Debug)]
pub struct Fulfilment {
    /// Unique in the order.
    pub uid: String,
    /// `PICKUP`, `SHIPMENT` or `DELIVERY`.
    pub kind: String,
    /// `PROPOSED`, `RESERVED`, `PREPARED`, `COMPLETED`, `CANCELED` or `FAILED`.
    pub state: String,
    /// The details as they were sent, and whatever else.
    pub fields: Map<String, Value>,
}

/// One order.
#[derive(Clone, Debug)]
pub struct Order {
    /// The vendor's id.
    pub id: String,
    /// Index of the location.
    pub location: usize,
    /// The tester's or the hub's name for it; may be empty.
    pub reference: String,
    /// `source.name`.
    pub source: String,
    /// How it came to be.
    pub origin: Origin,
    /// The customer's id.
    pub customer: Option<String>,
    /// Where it stands.
    pub state: OrderState,
    /// Grows with every change.
    pub version: i64,
    /// Lines, those taken off among them.
    pub lines: Vec<Line>,
    /// How it reaches the buyer.
    pub fulfilments: Vec<Fulfilment>,
    /// What came back.
    pub returned: Option<Return>,
    /// Indices of payments.
    pub payments: Vec<usize>,
    /// Indices of refunds that were made for this order.
    pub refunds: Vec<usize>,
    /// Its goods have left stock, but for what is owed: they do when it is paid.
    pub goods_left: bool,
    /// When it was rung up.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// When it became final.
    pub closed_at: Option<Millis>,
    /// `metadata`, `ticket_name`, and the other fields that are only kept.
    pub extra: Map<String, Value>,
}

impl Line {
    /// What has left and not come back, once the order is paid.
    pub fn out(&self) -> Quantity {
        self.quantity - self.returned - self.owed
    }
}

impl Order {
    /// What the lines cost, minor units.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity.price(line.price_minor)).fold(0, i64::saturating_add)
    }

    /// What the goods that came back are worth, minor units.
    pub fn return_total(&self) -> i64 {
        let lines = self.returned.iter().flat_map(|returned| &returned.lines);
        lines.map(|line| line.quantity.price(line.price_minor)).fold(0, i64::saturating_add)
    }
}

/// All orders, and the two orders of time in which they can be searched.
#[derive(Debug, Default)]
pub struct Orders {
    all: Vec<Order>,
    by_id: HashMap<String, usize>,
    by_updated: BTreeSet<(Millis, usize)>,
    by_created: BTreeSet<(Millis, usize)>,
}

impl Orders {
    /// Every order, oldest first.
    pub fn all(&self) -> &[Order] {
        &self.all
    }

    /// The order at an index of this table.
    pub fn get(&self, index: usize) -> &Order {
        &self.all[index]
    }

    /// By the vendor's id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Adds an order; answers its index.
    pub fn add(&mut self, order: Order) -> usize {
        let index = self.all.len();
        self.by_id.insert(order.id.clone(), index);
        self.by_updated.insert((order.updated_at, index));
        self.by_created.insert((order.created_at, index));
        self.all.push(order);
        index
    }

    /// Changes an order: its version and time of change move with it.
    pub fn change(&mut self, index: usize, now: Millis, change: impl FnOnce(&mut Order)) {
        let order = &mut self.all[index];
        change(order);
        order.version += 1;
        if order.state.is_final() && order.closed_at.is_none() {
            order.closed_at = Some(now);
        }
        self.by_updated.remove(&(order.updated_at, index));
        order.updated_at = now;
        self.by_updated.insert((now, index));
    }

    /// Changes what no reader of the order sees: no new version.
    pub fn note(&mut self, index: usize, change: impl FnOnce(&mut Order)) {
        change(&mut self.all[index]);
    }
}

impl Square {
    /// `order.created`, thin.
    pub(crate) fn announce_order_created(&mut self, index: usize, world: &mut World<'_>) {
        self.announce_order(index, "order.created", "order_created", world, |_| {});
    }

    /// `order.updated`, thin.
    pub(crate) fn announce_order_updated(&mut self, index: usize, world: &mut World<'_>) {
        let updated_at = rfc3339(self.orders.get(index).updated_at);
        self.announce_order(index, "order.updated", "order_updated", world, |thin| {
            thin["updated_at"] = json!(updated_at);
        });
    }

    /// `order.fulfillment.updated`, thin, with `(uid, old state, new state)` of every fulfilment that moved.
    pub(crate) fn announce_fulfilment(
        &mut self,
        index: usize,
        moved: &[(String, String, String)],
        world: &mut World<'_>,
    ) {
        if moved.is_empty() {
            return;
        }
        let updated_at = rfc3339(self.orders.get(index).updated_at);
        let moved: Vec<Value> = moved
            .iter()
            .map(|(uid, old, new)| json!({"fulfillment_uid": uid, "old_state": old, "new_state": new}))
            .collect();
        self.announce_order(index, "order.fulfillment.updated", "order_fulfillment_updated", world, |thin| {
            thin["updated_at"] = json!(updated_at);
            thin["fulfillment_update"] = json!(moved);
        });
    }

    fn announce_order(
        &mut self,
        index: usize,
        topic: &'static str,
        noun: &str,
        world: &mut World<'_>,
        more: impl FnOnce(&mut Value),
    ) {
        let order = self.orders.get(index);
        let location = self.locations.get(order.location).id.clone();
        let mut thin = json!({
            "order_id": order.id,
            "version": order.version,
            "location_id": location,
            "state": order.state.word(),
            "created_at": rfc3339(order.created_at),
        });
        more(&mut thin);
        let data = json!({"type": noun, "id": order.id, "object": {noun: thin}});
        self.hooks.emit(world, Event { topic, location: Some(location), data });
    }
}
