//! Sales: of tills, of the web shop, of applications; a return is a sale with negative quantities.
//!
//! Acts and `calls` make and change them through [`LightspeedX::put_sale`]; it works out what the change means for
//! stock: a closed sale has moved its goods, a pending one that waits to be handed over has only promised them.

mod calls;
mod read;
mod render;
mod returns;

use super::LightspeedX;
use super::decimal::Decimal;
use super::feed::Feed;
use super::ids::{Id, short_code};
use super::stock::Moved;
use crate::machine::{Millis, World};
use std::collections::HashMap;

/// Where a sale stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Put aside.
    Parked,
    /// Paid or promised, not handed over.
    Pending,
    /// Called off.
    Voided,
    /// Done; the goods have moved.
    Closed,
}

/// How a sale leaves the store when it is not carried out at the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulfilment {
    /// Shipped.
    Dispatch,
    /// Fetched.
    Pickup,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: Id,
    /// Index of the product.
    pub product: u32,
    /// Below zero when it comes back.
    pub quantity: Decimal,
    /// Of one unit, without tax.
    pub price: Decimal,
    /// Of one unit, already taken off the price.
    pub discount: Decimal,
    /// Index of the tax.
    pub tax: u8,
    /// Of one unit.
    pub tax_amount: Decimal,
    /// Comes back from an earlier sale.
    pub is_return: bool,
    /// How many of this line came back so far.
    pub returned: Decimal,
}

/// One payment; below zero when money is given back.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its id.
    pub id: Id,
    /// Index of the payment type.
    pub kind: u8,
    /// How much.
    pub amount: Decimal,
    /// When.
    pub date: Millis,
}

/// A sale.
#[derive(Clone, Debug)]
pub struct Sale {
    /// Its id.
    pub id: Id,
    /// Where it stands.
    pub state: State,
    /// How it leaves, when not at the till.
    pub fulfilment: Option<Fulfilment>,
    /// Words that a caller gave it, for example `layby`.
    pub attributes: Vec<String>,
    /// `USER` at the tills, `ECOMMERCE` in the web shop, or an application's own word.
    pub source: String,
    /// The outside's name of it.
    pub source_id: String,
    /// Index of the outlet.
    pub outlet: usize,
    /// Index of the customer.
    pub customer: Option<u32>,
    /// When it was made, for people.
    pub date: Millis,
    /// When it was entered.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
    /// Number on the receipt.
    pub invoice: String,
    /// Short name on the receipt.
    pub short_code: String,
    /// Note.
    pub note: String,
    /// What is sold.
    pub lines: Vec<Line>,
    /// What is paid.
    pub payments: Vec<Payment>,
    /// Index of the sale that this one returns.
    pub return_for: Option<u32>,
    /// Indexes of the sales that return this one.
    pub returns: Vec<u32>,
    /// Its version.
    pub version: u64,
}

/// All sales.
#[derive(Debug, Default)]
pub struct Sales {
    all: Vec<Sale>,
    feed: Feed,
    by_id: HashMap<Id, u32>,
}

impl Sale {
    /// A sale without lines, parked at an outlet now.
    pub fn begin(outlet: usize, invoice: String, world: &mut World<'_>) -> Self {
        Self {
            id: Id::draw(world.dice),
            state: State::Parked,
            fulfilment: None,
            attributes: Vec::new(),
            source: "USER".into(),
            source_id: String::new(),
            outlet,
            customer: None,
            date: world.now,
            created_at: world.now,
            updated_at: world.now,
            invoice,
            short_code: short_code(world.dice),
            note: String::new(),
            lines: Vec::new(),
            payments: Vec::new(),
            return_for: None,
            returns: Vec::new(),
            version: 0,
        }
    }

    /// Goods that have moved because of it.
    pub fn moved(&self) -> Vec<Moved> {
        if self.state == State::Closed { self.goods(-1) } else { Vec::new() }
    }

    /// Goods that are promised because of it.
    pub fn promised(&self) -> Vec<Moved> {
        if self.state == State::Pending && self.fulfilment.is_some() { self.goods(1) } else { Vec::new() }
    }

    fn goods(&self, sign: i64) -> Vec<Moved> {
        let quantity = |line: &Line| if sign < 0 { -line.quantity } else { line.quantity };
        self.lines.iter().map(|line| (line.product as usize, self.outlet, quantity(line))).collect()
    }

    /// All lines without tax.
    pub fn price(&self) -> Decimal {
        self.lines.iter().map(Line::total).sum()
    }

    /// The tax of all lines.
    pub fn tax(&self) -> Decimal {
        self.lines.iter().map(Line::tax_total).sum()
    }

    /// All payments.
    pub fn paid(&self) -> Decimal {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// What the customer has bought by it, with tax.
    fn bought(&self) -> Decimal {
        if self.state == State::Closed { self.price() + self.tax() } else { Decimal::ZERO }
    }
}

impl Line {
    /// Quantity times price.
    pub fn total(&self) -> Decimal {
        self.price.times(self.quantity)
    }

    /// Quantity times tax.
    pub fn tax_total(&self) -> Decimal {
        self.tax_amount.times(self.quantity)
    }
}

impl State {
    /// The date version's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Pending => "pending",
            Self::Voided => "voided",
            Self::Closed => "closed",
        }
    }

    /// Reads the date version's word.
    pub fn read(text: &str) -> Option<Self> {
        [Self::Parked, Self::Pending, Self::Voided, Self::Closed].into_iter().find(|state| state.name() == text)
    }

    /// Whether a sale may go from here to there. What is voided stays so, and what is closed is not opened again.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Parked | Self::Pending => true,
            Self::Closed => matches!(next, Self::Closed | Self::Voided),
            Self::Voided => next == Self::Voided,
        }
    }
}

impl Sales {
    /// All sales, oldest first.
    pub fn each(&self) -> &[Sale] {
        &self.all
    }

    /// The sale of this index.
    pub fn get(&self, index: usize) -> &Sale {
        &self.all[index]
    }

    /// The sale with this id.
    pub fn find(&self, id: Id) -> Option<usize> {
        self.by_id.get(&id).map(|index| *index as usize)
    }

    /// Notes that so many units of a line came back.
    pub fn note_returned(&mut self, sale: usize, line: usize, quantity: Decimal) {
        self.all[sale].lines[line].returned += quantity;
    }
}

impl LightspeedX {
    /// Enters a sale, or puts it in the place of the known one with its id; tells, and moves what its change of state
    /// moves. Answers its index.
    pub(crate) fn put_sale(&mut self, mut sale: Sale, world: &mut World<'_>) -> usize {
        let known = self.sales.find(sale.id);
        let before = known.map(|index| &self.sales.all[index]);
        let mut moved = sale.moved();
        let mut promised = sale.promised();
        let mut bought = sale.bought();
        if let Some(before) = before {
            let back = |(product, outlet, quantity): Moved| (product, outlet, -quantity);
            moved.extend(before.moved().into_iter().map(back));
            promised.extend(before.promised().into_iter().map(back));
            bought = bought - before.bought();
            sale.version = before.version;
        }
        let customer = sale.customer;
        let index = match known {
            Some(index) => {
                self.sales.all[index] = sale;
                index
            }
            None => {
                let index = self.sales.all.len();
                self.sales.by_id.insert(sale.id, index as u32);
                self.sales.all.push(sale);
                index
            }
        };
        self.touch_sale(index, world);
        self.promise(&promised);
        self.move_stock(&moved, world);
        if let Some(customer) = customer.filter(|_| !bought.is_zero()) {
            self.credit_customer(customer as usize, bought, world);
        }
        index
    }

    /// The sale `back` returns `of`: the earlier sale lists it, and changes by that.
    pub(crate) fn link_return(&mut self, of: usize, back: usize, world: &mut World<'_>) {
        let back = back as u32;
        if !self.sales.all[of].returns.contains(&back) {
            self.sales.all[of].returns.push(back);
            self.touch_sale(of, world);
        }
    }

    /// A new version, and `sale.update`.
    fn touch_sale(&mut self, index: usize, world: &mut World<'_>) {
        let version = self.versions.next(world.dice);
        let sale = &mut self.sales.all[index];
        let old = std::mem::replace(&mut sale.version, version);
        sale.updated_at = world.now;
        self.sales.feed.file(index, old, version);
        if self.hooks.wants("sale.update") {
            let payload = self.old_sale(index);
            self.hooks.send("sale.update", &payload, world);
        }
    }
}
