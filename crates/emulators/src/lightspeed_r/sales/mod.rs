//! Sales with their lines and payments. A refund is a sale whose lines are negative.
//!
//! Made by calls and by the tills through the same drafts, so that both are judged by the same rules. Stock is not
//! moved here but by `complete`.

mod calls;
mod complete;
mod draft;
mod line_calls;
mod refund;
mod show;

pub use draft::Draft;

use super::amount::Amount;
use super::table::Row;
use super::table::{Id, Table};
use super::wire::Fields;
use crate::machine::Millis;
use std::collections::HashMap;

/// A sale.
#[derive(Clone, Debug)]
pub struct Sale {
    /// Shop.
    pub shop: Id,
    /// Register.
    pub register: Id,
    /// Who served.
    pub employee: Id,
    /// Who bought, 0 when unknown.
    pub customer: Id,
    /// Whether it is finished: paid, and its goods gone.
    pub completed: bool,
    /// Whether it was given up before it was finished.
    pub archived: bool,
    /// Whether it was undone afterwards.
    pub voided: bool,
    /// Whether promotions run on its lines.
    pub promotions: bool,
    /// When it was begun.
    pub created: Millis,
    /// When it was finished, by the till's clock.
    pub completed_at: Option<Millis>,
    /// Last change, by the platform's clock.
    pub stamp: Millis,
    /// Number in another system.
    pub reference: String,
    /// Name of that system.
    pub reference_source: String,
    /// `printed`, `email` …
    pub receipt: String,
    /// Ids of its lines.
    pub lines: Vec<Id>,
    /// Ids of its payments.
    pub payments: Vec<Id>,
}

/// One line of a sale.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its sale.
    pub sale: Id,
    /// Item, 0 for a line that is only words and a price.
    pub item: Id,
    /// Where it was added.
    pub shop: Id,
    /// Who is responsible for it.
    pub employee: Id,
    /// Units, below zero when they come back.
    pub quantity: i64,
    /// Price of one.
    pub price: Amount,
    /// Price of one before rules, zero when it is the same.
    pub normal_price: Amount,
    /// Money off the whole line.
    pub discount: Amount,
    /// Part off, 0.05 for five per cent.
    pub discount_part: Amount,
    /// Whether it is taxed.
    pub tax: bool,
    /// Class of tax.
    pub tax_class: Id,
    /// The line that comes back by this one, 0 when it is tied to none.
    pub parent: Id,
    /// Units that have come back by other lines.
    pub returned: i64,
    /// Whether it is laid away.
    pub is_layaway: bool,
    /// Whether it was ordered for the customer.
    pub is_special_order: bool,
    /// When it was added.
    pub created: Millis,
    /// Last change.
    pub stamp: Millis,
}

/// One payment of a sale.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its sale.
    pub sale: Id,
    /// Below zero when it is paid back.
    pub amount: Amount,
    /// Type of payment.
    pub kind: Id,
    /// Register.
    pub register: Id,
    /// Who took it.
    pub employee: Id,
    /// When, by the till's clock.
    pub created: Millis,
    /// Last change, by the platform's clock.
    pub stamp: Millis,
}

/// How lines are taxed.
#[derive(Clone, Copy, Debug)]
pub struct Taxing {
    /// 0.19 for nineteen per cent.
    pub rate: Amount,
    /// Whether prices contain it.
    pub inclusive: bool,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineMoney {
    /// Units times price.
    pub subtotal: Amount,
    /// What is taken off.
    pub discount: Amount,
    /// Tax on top of, or within, the rest.
    pub tax: Amount,
    /// What is to be paid.
    pub total: Amount,
}

impl Line {
    /// What it comes to.
    pub fn money(&self, taxing: Taxing) -> LineMoney {
        let subtotal = self.price.times(self.quantity);
        let discount = subtotal.part(self.discount_part) + self.discount;
        let rest = subtotal - discount;
        match (self.tax, taxing.inclusive) {
            (false, _) => LineMoney { subtotal, discount, tax: Amount::ZERO, total: rest },
            (true, true) => LineMoney { subtotal, discount, tax: rest.contained(taxing.rate), total: rest },
            (true, false) => {
                let tax = rest.part(taxing.rate);
                LineMoney { subtotal, discount, tax, total: rest + tax }
            }
        }
    }
}

impl Row for Sale {
    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn archived(&self) -> bool {
        self.archived
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        show::fill_sale(self, id, fields);
    }
}

impl Row for Line {
    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn archived(&self) -> bool {
        false
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        show::fill_line(self, id, fields);
    }
}

impl Row for Payment {
    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn archived(&self) -> bool {
        false
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        show::fill_payment(self, id, fields);
    }
}

/// All sales, lines and payments.
#[derive(Debug, Default)]
pub struct Sales {
    /// Sales.
    pub sales: Table<Sale>,
    /// Lines of all sales.
    pub lines: Table<Line>,
    /// Payments of all sales.
    pub payments: Table<Payment>,
    by_reference: HashMap<String, Vec<Id>>,
}

impl Sales {
    /// Keeps a draft: the sale, its lines and its payments get their ids.
    pub fn keep(&mut self, draft: Draft) -> Id {
        let id = self.sales.next_id();
        let mut sale = draft.sale;
        sale.lines = draft.lines.into_iter().map(|line| self.lines.add(Line { sale: id, ..line })).collect();
        let payments = draft.payments.into_iter();
        sale.payments = payments.map(|payment| self.payments.add(Payment { sale: id, ..payment })).collect();
        if !sale.reference.is_empty() {
            self.by_reference.entry(sale.reference.clone()).or_default().push(id);
        }
        self.sales.add(sale)
    }

    /// Gives a sale another number in another system.
    pub fn refer(&mut self, id: Id, reference: String) {
        let Some(sale) = self.sales.get(id) else { return };
        if let Some(ids) = self.by_reference.get_mut(&sale.reference) {
            ids.retain(|known| *known != id);
        }
        self.by_reference.entry(reference.clone()).or_default().push(id);
        self.sales.change(id, |sale| sale.reference = reference);
    }

    /// Sales with this number in another system.
    pub fn of_reference(&self, reference: &str) -> Vec<Id> {
        self.by_reference.get(reference).cloned().unwrap_or_default()
    }

    /// Whether a line is on a sale.
    pub fn holds(&self, sale: Id, line: Id) -> bool {
        self.sales.get(sale).is_some_and(|sale| sale.lines.contains(&line))
    }

    /// Lines of a sale.
    pub fn lines_of<'s>(&'s self, sale: &'s Sale) -> impl Iterator<Item = (Id, &'s Line)> {
        sale.lines.iter().filter_map(|id| Some((*id, self.lines.get(*id)?)))
    }

    /// Payments of a sale.
    pub fn payments_of<'s>(&'s self, sale: &'s Sale) -> impl Iterator<Item = (Id, &'s Payment)> {
        sale.payments.iter().filter_map(|id| Some((*id, self.payments.get(*id)?)))
    }

    /// What a sale comes to, rounded to the coin of the currency.
    pub fn total(&self, sale: &Sale, taxing: Taxing, currency: &str) -> Amount {
        self.lines_of(sale).map(|(_, line)| line.money(taxing).total).sum::<Amount>().rounded(currency)
    }

    /// What has been paid.
    pub fn paid(&self, sale: &Sale) -> Amount {
        self.payments_of(sale).map(|(_, payment)| payment.amount).sum()
    }
}
