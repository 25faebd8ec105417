//! Orders and their lines: one line for every piece, one line with `unitQty` for what is weighed.
//!
//! `calls` and `cart` serve the API, `render` and `lists` write orders out, `pay` takes money and lets the goods go. The
//! acts ring up through here as well.

mod calls;
mod cart;
mod lines;
mod lists;
mod pay;
mod render;

pub use lines::{Goods, lines_of};

use super::id::Id;
use super::quantity::Quantity;
use super::shelf::{Kept, Shelf};
use crate::machine::Millis;
use std::collections::HashMap;
use std::sync::Arc;

/// The vendor allows no more lines in an order.
pub const LINES_MAX: usize = 3_000;

/// One piece, or one weighed quantity.
#[derive(Clone, Debug)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Index of the item; `None` for a line that was typed in.
    pub item: Option<usize>,
    /// The item's name when it was rung up.
    pub name: Arc<str>,
    /// Minor units for one piece or one unit.
    pub price: i64,
    /// Thousandths of a unit; `None` for one piece.
    pub unit_qty: Option<i64>,
    /// Which line of the act it is a piece of; 0 for the API's.
    pub typed: usize,
    /// Free text.
    pub note: String,
    /// When the server first saw it.
    pub created: Millis,
    /// Its money was given back.
    pub refunded: bool,
    /// It came back in an exchange.
    pub exchanged: bool,
    /// Its goods have been taken from stock and not been put back.
    pub gone: bool,
}

impl Line {
    /// What leaves the shelf with it.
    pub fn quantity(&self) -> Quantity {
        self.unit_qty.map_or(Quantity::ONE, Quantity::of_thousandths)
    }

    /// What it costs, before tax that is on top.
    pub fn amount(&self) -> i64 {
        self.quantity().price(self.price)
    }
}

/// A reduction of a whole order.
#[derive(Clone, Debug)]
pub struct Discount {
    /// Id.
    pub id: Id,
    /// Name on the receipt.
    pub name: String,
    /// Minor units, zero or below; `None` when it is a percentage.
    pub amount: Option<i64>,
    /// Whole percent.
    pub percentage: Option<i64>,
}

/// One order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Id.
    pub id: Id,
    /// `externalReferenceId`; empty when there is none.
    pub reference: String,
    /// Title on the register.
    pub title: String,
    /// Free text.
    pub note: String,
    /// `open`, `locked` or whatever a client writes; `None` for a draft.
    pub state: Option<String>,
    /// Minor units. The sum of the lines, or what a client wrote for an order of its own making.
    pub total: i64,
    /// Whether a client owns `total`: then it is never recomputed.
    pub own_total: bool,
    /// No tax is on it.
    pub tax_removed: bool,
    /// A payment or refund without lines.
    pub manual: bool,
    /// Everything that was paid was taken back.
    pub voided: bool,
    /// Equal lines are shown as one.
    pub group_lines: bool,
    /// Not counted in reports.
    pub test_mode: bool,
    /// Id of the order type.
    pub order_type: Option<String>,
    /// Index of the customer.
    pub customer: Option<usize>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its discounts.
    pub discounts: Vec<Discount>,
    /// Indices of its payments, voided ones among them.
    pub payments: Vec<usize>,
    /// Indices of its refunds.
    pub refunds: Vec<usize>,
    /// Indices of its credits.
    pub credits: Vec<usize>,
    /// When the server first saw it.
    pub created: Millis,
    /// When it was begun at the till.
    pub client_created: Millis,
    /// When it last changed.
    pub modified: Millis,
    /// When it was deleted.
    pub deleted: Option<Millis>,
}

impl Order {
    /// An empty open order.
    pub fn new(id: Id, now: Millis) -> Self {
        Self {
            id,
            reference: String::new(),
            title: String::new(),
            note: String::new(),
            state: Some("open".into()),
            total: 0,
            own_total: false,
            tax_removed: false,
            manual: false,
            voided: false,
            group_lines: true,
            test_mode: false,
            order_type: None,
            customer: None,
            lines: Vec::new(),
            discounts: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            credits: Vec::new(),
            created: now,
            client_created: now,
            modified: now,
            deleted: None,
        }
    }

    /// What the lines cost less the discounts; never below zero.
    pub fn sum(&self) -> i64 {
        let lines = self.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount()));
        let off = self.discounts.iter().fold(0_i64, |off, discount| match (discount.amount, discount.percentage) {
            (Some(amount), _) => off.saturating_sub(amount.saturating_abs()),
            (None, Some(percentage)) => off.saturating_sub(Quantity::of_thousandths(percentage * 10).price(lines)),
            (None, None) => off,
        });
        lines.saturating_add(off).max(0)
    }
}

impl Kept for Order {
    fn id(&self) -> Id {
        self.id
    }
    fn made(&self) -> Millis {
        self.created
    }
    fn changed(&self) -> Millis {
        self.modified
    }
    fn touch(&mut self, now: Millis) {
        self.modified = now;
    }
}

/// All orders.
#[derive(Debug, Default)]
pub struct Orders {
    shelf: Shelf<Order>,
    /// Orders that have or had an outside reference, oldest first.
    by_reference: HashMap<String, Vec<usize>>,
}

impl Orders {
    /// Every order, deleted ones too, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Order> {
        self.shelf.all().iter()
    }

    /// The order at an index.
    pub fn get(&self, index: usize) -> &Order {
        self.shelf.get(index)
    }

    /// The index of an order that is not deleted.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.shelf.find(id).filter(|index| self.get(*index).deleted.is_none())
    }

    /// The orders with this outside reference, newest first; nothing keeps a client from using one twice.
    pub fn with_reference(&self, reference: &str) -> impl Iterator<Item = usize> {
        let all = self.by_reference.get(reference).into_iter().flatten().rev().copied();
        all.filter(move |index| self.get(*index).reference == reference)
    }

    /// Puts an order there.
    pub fn add(&mut self, order: Order) -> usize {
        let reference = order.reference.clone();
        let index = self.shelf.add(order);
        self.refer(reference, index);
        index
    }

    /// Changes an order now.
    pub fn change<R>(&mut self, index: usize, now: Millis, change: impl FnOnce(&mut Order) -> R) -> R {
        let answer = self.shelf.change(index, now, change);
        let reference = &self.get(index).reference;
        if !reference.is_empty() && !self.by_reference.get(reference).is_some_and(|all| all.contains(&index)) {
            self.refer(reference.clone(), index);
        }
        answer
    }

    fn refer(&mut self, reference: String, index: usize) {
        if !reference.is_empty() {
            self.by_reference.entry(reference).or_default().push(index);
        }
    }
}
