//! New orders: a sale at the till, which is never refused for want of stock, and a web order, which is promised
//! only what the shop shows.

use std::collections::BTreeMap;

use super::{FIRST_ORDER_NUMBER, Movement, Shop};
use crate::machine::{ActCustomer, Millis};
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::{Fulfilment, FulfilmentLine, FulfilmentOrder, FulfilmentOrderLine, Line, Order, Source};

/// What is bought, with articles already found.
#[derive(Clone, Debug)]
pub(in crate::shopify) struct Basket<'a> {
    pub(in crate::shopify) reference: &'a str,
    pub(in crate::shopify) lines: Vec<BasketLine>,
    pub(in crate::shopify) customer: Option<&'a ActCustomer>,
}

/// One line of a basket.
#[derive(Clone, Copy, Debug)]
pub(in crate::shopify) struct BasketLine {
    /// Index of the article.
    pub(in crate::shopify) article: usize,
    /// Above zero.
    pub(in crate::shopify) quantity: i64,
    pub(in crate::shopify) price_minor: i64,
}

/// Line index, location index, quantity.
pub(super) type Part = (usize, usize, i64);

/// What an order says besides its lines.
pub(super) struct Head<'a> {
    pub(super) source: Source,
    pub(super) till: Option<usize>,
    pub(super) customer: Option<usize>,
    pub(super) processed: Millis,
    pub(super) note: &'a str,
    pub(super) paid: bool,
    pub(super) claims: bool,
}

impl Shop {
    /// A sale at a till: the goods leave at once, and the level may go below zero.
    pub(in crate::shopify) fn till_sale(
        &mut self,
        basket: &Basket<'_>,
        till: usize,
        processed: Millis,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let order = self.open_order(basket, Some(till), processed, now, happened)?;
        let parts: Vec<Part> = basket.lines.iter().enumerate().map(|(line, l)| (line, till, l.quantity)).collect();
        for &(line, _, quantity) in &parts {
            let article = self.orders[order].lines[line].article;
            let by = Movement { available: -quantity, committed: 0 };
            self.move_stock((article, till), by, now, happened);
            self.orders[order].lines[line].fulfilled = quantity;
        }
        self.hand_out(order, &parts, 0, now);
        self.record_fulfilment(order, till, &parts, now);
        happened.note(Event::Order {
            order,
            topics: &["ORDERS_CREATE", "ORDERS_PAID", "ORDERS_FULFILLED", "ORDERS_UPDATED"],
        });
        happened.note(Event::Fulfilment { order, fulfilment: 0 });
        Ok(order)
    }

    /// A web order: refused when the serving locations together have too little, unless `force`.
    pub(in crate::shopify) fn web_order(
        &mut self,
        basket: &Basket<'_>,
        pickup: Option<usize>,
        force: bool,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let serving = pickup.map_or_else(|| self.web_locations(), |location| vec![location]);
        let parts = self.allocate(basket, &serving, force)?;
        let order = self.open_order(basket, None, now, now, happened)?;
        for &(line, location, quantity) in &parts {
            let article = self.orders[order].lines[line].article;
            let by = Movement { available: -quantity, committed: quantity };
            self.move_stock((article, location), by, now, happened);
        }
        self.hand_out(order, &parts, 1, now);
        happened.note(Event::Order { order, topics: &["ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED"] });
        Ok(order)
    }

    /// Decides which location hands over what: the first that has everything, else line by line the first that has
    /// the line, else what there is, place by place.
    pub(super) fn allocate(&self, basket: &Basket<'_>, serving: &[usize], force: bool) -> Result<Vec<Part>, String> {
        let first = *serving.first().ok_or("no location serves web orders")?;
        self.check_stock(basket, serving, force)?;
        let has_all = |location: usize| {
            needs(basket).iter().all(|(&article, &quantity)| self.shows(article, location) >= quantity)
        };
        if let Some(&whole) = serving.iter().find(|&&location| has_all(location)) {
            return Ok(basket.lines.iter().enumerate().map(|(n, l)| (n, whole, l.quantity)).collect());
        }
        let mut taken: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        let mut parts = Vec::new();
        for (number, line) in basket.lines.iter().enumerate() {
            for (location, quantity) in self.split_line(line, serving, first, &taken) {
                *taken.entry((line.article, location)).or_default() += quantity;
                parts.push((number, location, quantity));
            }
        }
        Ok(parts)
    }

    fn check_stock(&self, basket: &Basket<'_>, serving: &[usize], force: bool) -> Result<(), String> {
        for (article, quantity) in needs(basket) {
            let shown: i64 = serving.iter().fold(0, |sum: i64, &l| sum.saturating_add(self.shows(article, l).max(0)));
            if shown < quantity && !force {
                let sku = &self.articles[article].sku;
                return Err(format!("not enough stock of '{sku}': {quantity} wanted, {shown} shown"));
            }
        }
        Ok(())
    }

    fn split_line(
        &self,
        line: &BasketLine,
        serving: &[usize],
        first: usize,
        taken: &BTreeMap<(usize, usize), i64>,
    ) -> Vec<(usize, i64)> {
        let left = |location: usize| {
            let gone = taken.get(&(line.article, location)).copied().unwrap_or(0);
            (self.shows(line.article, location) - gone).max(0)
        };
        if let Some(&whole) = serving.iter().find(|&&location| left(location) >= line.quantity) {
            return vec![(whole, line.quantity)];
        }
        let mut wanted = line.quantity;
        let mut split = Vec::new();
        for &location in serving {
            let here = left(location).min(wanted);
            if here > 0 {
                split.push((location, here));
                wanted -= here;
            }
        }
        match split.iter_mut().find(|(location, _)| *location == first) {
            // Sold beyond what is there: the first choice has to answer for the rest.
            Some((_, quantity)) => *quantity += wanted,
            None if wanted > 0 => split.push((first, wanted)),
            None => {}
        }
        split
    }

    /// What the shop may promise from a location; without end for an article that is not tracked.
    fn shows(&self, article: usize, location: usize) -> i64 {
        if !self.articles[article].tracked {
            return i64::MAX;
        }
        self.level(article, location).map_or(0, |level| level.available)
    }

    fn open_order(
        &mut self,
        basket: &Basket<'_>,
        till: Option<usize>,
        processed: Millis,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        if basket.lines.is_empty() {
            return Err("an order has at least one line".to_owned());
        }
        if self.orders_by_reference.contains_key(basket.reference) {
            return Err(format!("there is already an order '{}'", basket.reference));
        }
        let customer = basket.customer.map(|form| self.put_customer(form, now, happened));
        if let Some(customer) = customer {
            self.customers[customer].orders += 1;
        }
        let source = if till.is_some() { Source::Pos } else { Source::Web };
        let head = Head { source, till, customer, processed, note: "", paid: true, claims: true };
        Ok(self.write_order(basket, &head, now))
    }

    /// Writes a new order down. Of several with one reference the first is the one that is meant by it.
    pub(super) fn write_order(&mut self, basket: &Basket<'_>, head: &Head<'_>, now: Millis) -> usize {
        let index = self.orders.len();
        let id = self.give(Kind::Order, [index, 0, 0]);
        let payment = head.paid.then(|| self.give(Kind::OrderTransaction, [index, 0, 0]));
        let lines = self.open_lines(index, 0, basket);
        self.orders.push(Order {
            id,
            number: FIRST_ORDER_NUMBER + index as u64,
            reference: basket.reference.to_owned(),
            source: head.source,
            note: head.note.to_owned(),
            till: head.till,
            created: now,
            updated: now,
            processed: head.processed,
            cancelled: None,
            customer: head.customer,
            edited: false,
            claims: head.claims,
            payment,
            lines,
            fulfilment_orders: Vec::new(),
            fulfilments: Vec::new(),
            refunds: Vec::new(),
        });
        if !basket.reference.is_empty() {
            self.orders_by_reference.entry(basket.reference.to_owned()).or_insert(index);
        }
        self.orders_by_updated.insert((now, index));
        self.orders_by_processed.insert((head.processed, index));
        index
    }

    /// Lines for what is bought, the first of them at place `first` of the order.
    pub(super) fn open_lines(&mut self, order: usize, first: usize, basket: &Basket<'_>) -> Vec<Line> {
        let mut lines = Vec::with_capacity(basket.lines.len());
        for (number, line) in basket.lines.iter().enumerate() {
            lines.push(Line {
                id: self.give(Kind::LineItem, [order, first + number, 0]),
                article: line.article,
                quantity: line.quantity,
                removed: 0,
                fulfilled: 0,
                returned: 0,
                price_minor: line.price_minor,
            });
        }
        lines
    }

    /// Makes one fulfilment order per location. `open` is 1 when everything is still to be handed over, 0 when it
    /// has been.
    pub(super) fn hand_out(&mut self, order: usize, parts: &[Part], open: i64, now: Millis) {
        for &(line, location, quantity) in parts {
            let known = self.orders[order].fulfilment_orders.iter().position(|f| f.location == location);
            let place = known.unwrap_or_else(|| {
                let place = self.orders[order].fulfilment_orders.len();
                let id = self.give(Kind::FulfillmentOrder, [order, place, 0]);
                self.orders[order].fulfilment_orders.push(FulfilmentOrder {
                    id,
                    location,
                    cancelled: false,
                    updated: now,
                    lines: Vec::new(),
                });
                place
            });
            let row = self.orders[order].fulfilment_orders[place].lines.len();
            let id = self.give(Kind::FulfillmentOrderLineItem, [order, place, row]);
            self.orders[order].fulfilment_orders[place].lines.push(FulfilmentOrderLine {
                id,
                line,
                total: quantity,
                remaining: quantity * open,
            });
        }
    }

    /// Writes down that these parts left `location`.
    pub(super) fn record_fulfilment(&mut self, order: usize, location: usize, parts: &[Part], now: Millis) -> usize {
        let number = self.orders[order].fulfilments.len();
        let id = self.give(Kind::Fulfillment, [order, number, 0]);
        let mut lines = Vec::with_capacity(parts.len());
        for (row, &(line, _, quantity)) in parts.iter().enumerate() {
            let id = self.give(Kind::FulfillmentLineItem, [order, number, row]);
            lines.push(FulfilmentLine { id, line, quantity });
        }
        self.orders[order].fulfilments.push(Fulfilment { id, location, created: now, lines, tracking: None });
        number
    }
}

/// Units per article: a basket may name an article twice.
fn needs(basket: &Basket<'_>) -> BTreeMap<usize, i64> {
    let mut needs = BTreeMap::new();
    for line in &basket.lines {
        *needs.entry(line.article).or_default() += line.quantity;
    }
    needs
}
