//! Orders that programs make, and their parts that programs bring to another location.

use super::sell::{Head, Part};
use super::{Basket, BasketLine, Movement, Shop};
use crate::machine::Millis;
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::{FulfilmentOrder, FulfilmentOrderLine, Source};

/// What an order does to the levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shopify) enum Claim {
    /// Nothing: what programs get that do not ask for more.
    Bypass,
    /// It is promised its goods, even beyond what is there.
    Ignoring,
    /// It is promised its goods, and refused beyond what is there.
    Obeying,
}

/// What a program orders.
#[derive(Clone, Debug)]
pub(in crate::shopify) struct OrderForm<'a> {
    /// Empty when the program names none; several orders may have the same.
    pub(in crate::shopify) reference: &'a str,
    pub(in crate::shopify) note: &'a str,
    pub(in crate::shopify) lines: Vec<BasketLine>,
    /// Index of the customer.
    pub(in crate::shopify) customer: Option<usize>,
    pub(in crate::shopify) paid: bool,
    pub(in crate::shopify) claim: Claim,
}

impl Shop {
    /// Makes an order as the web shop does: the shop's own rules choose who hands it out.
    pub(in crate::shopify) fn place(
        &mut self,
        form: &OrderForm<'_>,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let basket = Basket { reference: form.reference, lines: form.lines.clone(), customer: None };
        let parts = self.allocate(&basket, &self.web_locations(), form.claim != Claim::Obeying)?;
        if let Some(customer) = form.customer {
            self.customers[customer].orders += 1;
        }
        let head = Head {
            source: Source::App,
            till: None,
            customer: form.customer,
            processed: now,
            note: form.note,
            paid: form.paid,
            claims: form.claim != Claim::Bypass,
        };
        let order = self.write_order(&basket, &head, now);
        self.promise(order, &parts, now, happened);
        self.hand_out(order, &parts, 1, now);
        let topics: &'static [&'static str] = match form.paid {
            true => &["ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED"],
            false => &["ORDERS_CREATE", "ORDERS_UPDATED"],
        };
        happened.note(Event::Order { order, topics });
        Ok(order)
    }

    fn promise(&mut self, order: usize, parts: &[Part], now: Millis, happened: &mut Happened) {
        for &(line, location, quantity) in parts {
            let article = self.orders[order].lines[line].article;
            let by = Movement { available: -quantity, committed: quantity };
            self.move_promised(order, (article, location), by, now, happened);
        }
    }

    /// What is still to be handed out of one part of an order goes to another location, with its promise. A part of which
    /// nothing was handed out yet is moved itself; otherwise its rest becomes a part of its own. Answers which part is
    /// there now. The vendor does not say whether the order counts as changed; here it does.
    pub(in crate::shopify) fn move_part(
        &mut self,
        order: usize,
        place: usize,
        to: usize,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let part = &self.orders[order].fulfilment_orders[place];
        let from = part.location;
        if part.status() != "OPEN" {
            return Err("Fulfillment order is not in a state in which it can be moved".to_owned());
        }
        if from == to {
            return Err("Fulfillment order is already assigned to this location".to_owned());
        }
        let whole = part.lines.iter().all(|row| row.remaining == row.total);
        let rest: Vec<(usize, i64)> = part.lines.iter().map(|row| (row.line, row.remaining)).collect();
        for &(line, units) in &rest {
            let article = self.orders[order].lines[line].article;
            for (location, by) in [(from, -units), (to, units)] {
                let by = Movement { available: -by, committed: by };
                self.move_promised(order, (article, location), by, now, happened);
            }
        }
        let moved = if whole { place } else { self.split(order, place, &rest, now) };
        let part = &mut self.orders[order].fulfilment_orders[moved];
        part.location = to;
        part.updated = now;
        self.touch_order(order, now);
        happened.note(Event::Order { order, topics: &["ORDERS_UPDATED"] });
        Ok(moved)
    }

    /// The rest of a part becomes a part of its own.
    fn split(&mut self, order: usize, place: usize, rest: &[(usize, i64)], now: Millis) -> usize {
        let new = self.orders[order].fulfilment_orders.len();
        let id = self.give(Kind::FulfillmentOrder, [order, new, 0]);
        let mut lines = Vec::with_capacity(rest.len());
        for &(line, units) in rest.iter().filter(|(_, units)| *units > 0) {
            let id = self.give(Kind::FulfillmentOrderLineItem, [order, new, lines.len()]);
            lines.push(FulfilmentOrderLine { id, line, total: units, remaining: units });
        }
        let old = &mut self.orders[order].fulfilment_orders[place];
        for row in &mut old.lines {
            row.total -= row.remaining;
            row.remaining = 0;
        }
        old.updated = now;
        let location = old.location;
        let part = FulfilmentOrder { id, location, cancelled: false, updated: now, lines };
        self.orders[order].fulfilment_orders.push(part);
        new
    }
}
