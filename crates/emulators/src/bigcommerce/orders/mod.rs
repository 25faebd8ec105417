//! Orders: what was bought, what has left, what has come back.
//!
//! Changed by the endpoints and by people; it holds no HTTP and no stock.

mod calls;
mod create;
mod list;
mod render;
mod shipments;
mod status;
mod update;

pub use status::Status;

use super::amount::Amount;
use super::clock::seconds;
use crate::machine::Millis;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

const FIRST_ORDER: u64 = 101;
const FIRST_LINE: u64 = 1_001;
const FIRST_ADDRESS: u64 = 2_001;
const FIRST_SHIPMENT: u64 = 11;

/// One line of an order.
#[derive(Clone, Debug)]
pub struct Line {
    /// The vendor's order product id.
    pub id: u64,
    /// Index of the variant; a custom product has none.
    pub variant: Option<usize>,
    /// As it was when it was bought.
    pub name: Arc<str>,
    /// As it was when it was bought.
    pub sku: Arc<str>,
    /// As it was when it was bought.
    pub upc: Arc<str>,
    /// Zero when it has been taken off.
    pub quantity: i64,
    /// Of one unit.
    pub price_ex: Amount,
    /// Of one unit.
    pub price_inc: Amount,
    /// Units in shipments.
    pub shipped: i64,
    /// Units refunded.
    pub refunded: i64,
    /// Money refunded for them.
    pub refund_amount: Amount,
    /// Units that are off the shelf because of this line.
    pub taken: i64,
    /// Units of these that have left the house.
    pub gone: i64,
}

/// One shipment.
#[derive(Clone, Debug)]
pub struct Shipment {
    /// From 11.
    pub id: u64,
    at: Millis,
    /// Line index, quantity.
    items: Vec<(usize, i64)>,
    tracking: Map<String, Value>,
}

/// One order.
#[derive(Debug)]
pub struct Order {
    /// From 101.
    pub id: u64,
    /// The vendor's status.
    pub status: Status,
    /// Index of the location that it takes its goods from.
    pub location: usize,
    /// True when the customer collects it there.
    pub pickup: bool,
    /// 0 for a guest.
    pub customer: u64,
    /// As it was typed.
    pub billing: Map<String, Value>,
    /// As it was typed; empty when it is collected.
    pub shipping: Map<String, Value>,
    /// In the order in which they were added.
    pub lines: Vec<Line>,
    /// When it was placed.
    pub created_at: Millis,
    /// When it was changed last.
    pub modified_at: Millis,
    /// When the last of it left.
    pub shipped_at: Option<Millis>,
    /// True when it is archived.
    pub deleted: bool,
    /// Indices of its refunds.
    pub refunds: Vec<usize>,
    /// Money given back.
    pub refunded: Amount,
    /// True once money has been taken.
    pub paid: bool,
    /// What it came with and what is only repeated: outside references, notes, source, payment method.
    pub fields: Map<String, Value>,
    shipments: Vec<Shipment>,
}

impl Order {
    /// Price of all lines without tax.
    pub fn total_ex(&self) -> Amount {
        self.lines.iter().map(|line| line.price_ex.times(line.quantity)).sum()
    }

    /// Price of all lines with tax.
    pub fn total_inc(&self) -> Amount {
        self.lines.iter().map(|line| line.price_inc.times(line.quantity)).sum()
    }

    /// The vendor's id of the one address, or of the pick-up.
    pub fn address_id(&self) -> u64 {
        FIRST_ADDRESS + (self.id - FIRST_ORDER)
    }

    /// Units of all lines.
    pub fn units(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// Units in shipments.
    pub fn units_shipped(&self) -> i64 {
        self.lines.iter().map(|line| line.shipped).sum()
    }

    /// A field that is only repeated, as text.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A line that is to be made.
#[derive(Debug)]
pub struct NewLine {
    /// Index of the variant; a custom product has none.
    pub variant: Option<usize>,
    /// For people.
    pub name: Arc<str>,
    /// May be empty.
    pub sku: Arc<str>,
    /// May be empty.
    pub upc: Arc<str>,
    /// Above zero.
    pub quantity: i64,
    /// Of one unit.
    pub price_ex: Amount,
    /// Of one unit.
    pub price_inc: Amount,
}

/// An order that is to be made.
#[derive(Debug)]
pub struct NewOrder {
    /// At least one.
    pub lines: Vec<NewLine>,
    /// Index of the location that it takes its goods from.
    pub location: usize,
    /// True when the customer collects it there.
    pub pickup: bool,
    /// 0 for a guest.
    pub customer: u64,
    /// As typed.
    pub billing: Map<String, Value>,
    /// As typed.
    pub shipping: Map<String, Value>,
    /// As typed.
    pub fields: Map<String, Value>,
}

/// All orders.
#[derive(Debug, Default)]
pub struct Orders {
    all: Vec<Order>,
    /// Second of the last change, order.
    by_modified: BTreeSet<(i64, usize)>,
    by_external: HashMap<String, Vec<usize>>,
    lines_made: u64,
    shipments_made: u64,
}

impl Orders {
    /// The order at this index.
    pub fn get(&self, index: usize) -> &Order {
        &self.all[index]
    }

    /// All orders, oldest first.
    pub fn each(&self) -> &[Order] {
        &self.all
    }

    /// The index of an id; archived orders are found as well.
    pub fn find(&self, id: u64) -> Option<usize> {
        let index = usize::try_from(id.checked_sub(FIRST_ORDER)?).ok()?;
        (index < self.all.len()).then_some(index)
    }

    /// Puts an incomplete order among the others; answers its index.
    pub fn add(&mut self, new: NewOrder, now: Millis) -> usize {
        let index = self.all.len();
        let lines = new.lines.into_iter().map(|line| self.line(line)).collect();
        self.by_modified.insert((seconds(now), index));
        let order = Order {
            id: FIRST_ORDER + index as u64,
            status: Status::Incomplete,
            location: new.location,
            pickup: new.pickup,
            customer: new.customer,
            billing: new.billing,
            shipping: new.shipping,
            lines,
            created_at: now,
            modified_at: now,
            shipped_at: None,
            deleted: false,
            refunds: Vec::new(),
            refunded: Amount::ZERO,
            paid: false,
            fields: new.fields,
            shipments: Vec::new(),
        };
        let outside = order.field("external_order_id").to_owned();
        if !outside.is_empty() {
            self.by_external.entry(outside).or_default().push(index);
        }
        self.all.push(order);
        index
    }

    /// Adds a line to an order; answers the line's index.
    pub fn add_line(&mut self, order: usize, new: NewLine) -> usize {
        let line = self.line(new);
        self.all[order].lines.push(line);
        self.all[order].lines.len() - 1
    }

    /// Changes an order in place and sets the time of its change.
    pub fn change<T>(&mut self, index: usize, now: Millis, change: impl FnOnce(&mut Order) -> T) -> T {
        let order = &mut self.all[index];
        let outside = order.field("external_order_id").to_owned();
        let changed = change(order);
        let outside_now = order.field("external_order_id").to_owned();
        self.by_modified.remove(&(seconds(order.modified_at), index));
        order.modified_at = now;
        self.by_modified.insert((seconds(now), index));
        if outside != outside_now {
            if let Some(known) = self.by_external.get_mut(&outside) {
                known.retain(|known| *known != index);
            }
            self.by_external.entry(outside_now).or_default().push(index);
        }
        changed
    }

    /// Keeps a shipment; answers its id.
    pub fn add_shipment(
        &mut self,
        order: usize,
        items: Vec<(usize, i64)>,
        tracking: Map<String, Value>,
        now: Millis,
    ) -> u64 {
        let id = FIRST_SHIPMENT + self.shipments_made;
        self.shipments_made += 1;
        self.all[order].shipments.push(Shipment { id, at: now, items, tracking });
        id
    }

    fn line(&mut self, new: NewLine) -> Line {
        let id = FIRST_LINE + self.lines_made;
        self.lines_made += 1;
        Line {
            id,
            variant: new.variant,
            name: new.name,
            sku: new.sku,
            upc: new.upc,
            quantity: new.quantity,
            price_ex: new.price_ex,
            price_inc: new.price_inc,
            shipped: 0,
            refunded: 0,
            refund_amount: Amount::ZERO,
            taken: 0,
            gone: 0,
        }
    }
}
