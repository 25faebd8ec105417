//! Sales at a till, orders of the web shop, and what becomes of them.
//!
//! Called by the acts. A till never refuses for want of stock; the web shop does.

use super::super::Square;
use super::super::books::Entry;
use super::super::draw;
use super::super::orders::{Fulfilment, Line, Order, OrderState, Origin};
use super::super::payments::NewPayment;
use super::super::payments::refunds::NewRefund;
use super::super::quantity::Quantity;
use crate::machine::{ActCustomer, ActLine, Millis, World};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A sale as it was typed.
pub(super) struct Document<'d> {
    /// The tester's name of it, new.
    pub reference: &'d str,
    /// At least one.
    pub lines: &'d [ActLine],
    /// Who bought, when known.
    pub customer: Option<&'d ActCustomer>,
}

impl Square {
    /// A sale at a till, `offline_ms` milliseconds ago; the goods left then.
    ///
    /// # Errors
    /// A name that is taken, an unknown location or SKU, a bad quantity.
    pub(super) fn ring_up(
        &mut self,
        document: &Document<'_>,
        place: &str,
        offline_ms: Millis,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(document.reference)?;
        let location = self.locations.named(place)?;
        let at = world.now - offline_ms.max(0);
        let mut order = self.new_order(document, location, Origin::Till, world)?;
        order.created_at = at;
        order.source = "Point of Sale".into();
        let index = self.keep_document(document.reference, "sale", order, world);
        let payments = self.pay_document(index, "CARD", at, world);
        self.orders.change(index, world.now, |order| {
            order.payments = payments;
            order.state = OrderState::Completed;
            order.closed_at = Some(at);
        });
        self.announce_order_updated(index, world);
        let told = self.take_goods(index, at, world);
        self.announce_counts(&told, world);
        Ok(self.receipt(index))
    }

    /// An order of the web shop, paid at once; its goods leave at once.
    ///
    /// # Errors
    /// As at a till, and when no location has everything and it is not forced.
    pub(super) fn place_web_order(
        &mut self,
        document: &Document<'_>,
        force: bool,
        pickup: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(document.reference)?;
        let goods = self.read_goods(document.lines)?;
        let location = self.web_location(&goods, force, pickup)?;
        let mut order = self.new_order(document, location, Origin::Online, world)?;
        order.source = "Square Online".into();
        order.fulfilments = vec![Fulfilment {
            uid: draw::id(world.dice, 22),
            kind: if pickup.is_some() { "PICKUP" } else { "SHIPMENT" }.into(),
            state: "PROPOSED".into(),
            fields: Map::new(),
        }];
        let index = self.keep_document(document.reference, "web_order", order, world);
        let at = world.now;
        let payments = self.pay_document(index, "CARD", at, world);
        self.settle_order(index, payments, world);
        Ok(self.receipt(index))
    }

    /// Where a web order goes: the pick-up location, or the first one that has everything.
    fn web_location(&self, goods: &[(usize, Quantity)], force: bool, pickup: Option<&str>) -> Result<usize, String> {
        let mut wanted: BTreeMap<usize, Quantity> = BTreeMap::new();
        for (variation, quantity) in goods.iter().filter(|(index, _)| self.catalog.variation(*index).tracked) {
            *wanted.entry(*variation).or_default() += *quantity;
        }
        let has = |location: &usize| {
            wanted.iter().all(|(variation, quantity)| self.stock.level(*variation, *location) >= *quantity)
        };
        let candidates = match pickup {
            Some(name) => vec![self.locations.named(name)?],
            None => (0..self.locations.count()).collect(),
        };
        let short = || "out of stock: no location has all lines".to_owned();
        let found = candidates.iter().copied().find(has);
        found.or_else(|| candidates.first().copied().filter(|_| force)).ok_or_else(short)
    }

    /// An open order that nobody knows yet.
    pub(super) fn new_order(
        &mut self,
        document: &Document<'_>,
        location: usize,
        origin: Origin,
        world: &mut World<'_>,
    ) -> Result<Order, String> {
        let goods = self.read_goods(document.lines)?;
        let mut lines = Vec::with_capacity(goods.len());
        for ((variation, quantity), typed) in goods.into_iter().zip(document.lines) {
            lines.push(Line {
                uid: draw::id(world.dice, 22),
                variation: Some(variation),
                name: String::new(),
                quantity,
                price_minor: typed.unit_price_minor,
                returned: Quantity::ZERO,
                owed: Quantity::ZERO,
            });
        }
        let customer = document.customer.map(|person| self.put_customer(person, world));
        Ok(Order {
            id: draw::id(world.dice, 27),
            location,
            reference: document.reference.to_owned(),
            source: String::new(),
            origin,
            customer,
            state: OrderState::Open,
            version: 1,
            lines,
            fulfilments: Vec::new(),
            returned: None,
            payments: Vec::new(),
            refunds: Vec::new(),
            goods_left: false,
            created_at: world.now,
            updated_at: world.now,
            closed_at: None,
            extra: Map::new(),
        })
    }

    /// Puts a document's order among the orders and into the books, and tells of it.
    pub(super) fn keep_document(
        &mut self,
        reference: &str,
        kind: &'static str,
        order: Order,
        world: &mut World<'_>,
    ) -> usize {
        let index = self.orders.add(order);
        self.documents.insert(reference.to_owned(), index);
        self.log.push(Entry::Order { kind, order: index });
        self.announce_order_created(index, world);
        index
    }

    /// Takes what the order costs; nothing when it costs nothing.
    fn pay_document(
        &mut self,
        index: usize,
        source_type: &'static str,
        at: Millis,
        world: &mut World<'_>,
    ) -> Vec<usize> {
        let order = self.orders.get(index);
        let amount = order.total();
        if amount <= 0 {
            return Vec::new();
        }
        let new = NewPayment {
            order: Some(index),
            location: order.location,
            customer: order.customer.clone(),
            source_type,
            external_source: None,
            amount,
            at,
            reference: None,
        };
        vec![self.take_payment(new, world)]
    }

    /// What an act that made an order answers.
    pub(super) fn receipt(&self, index: usize) -> Value {
        let order = self.orders.get(index);
        let payments: Vec<&str> =
            order.payments.iter().map(|payment| self.payments.payment(*payment).id.as_str()).collect();
        let lines: Vec<&str> = order.lines.iter().map(|line| line.uid.as_str()).collect();
        json!({
            "order_id": order.id,
            "location": self.locations.get(order.location).name,
            "payment_ids": payments,
            "line_uids": lines,
        })
    }

    /// What was added to a paid order is paid before it is handed over.
    fn collect(&mut self, index: usize, world: &mut World<'_>) {
        let due = self.due(index);
        let order = self.orders.get(index);
        if !order.goods_left || due <= 0 {
            return;
        }
        let new = NewPayment {
            order: Some(index),
            location: order.location,
            customer: order.customer.clone(),
            source_type: "CASH",
            external_source: None,
            amount: due,
            at: world.now,
            reference: None,
        };
        let mut payments = order.payments.clone();
        payments.push(self.take_payment(new, world));
        self.settle_order(index, payments, world);
    }

    /// The open fulfilments of an order are completed, and the order with them. What is due is collected first.
    ///
    /// # Errors
    /// No such document, or one that is final.
    pub(super) fn hand_over(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.open_document(reference)?;
        self.collect(index, world);
        self.fulfil_order(index, world);
        Ok(self.receipt(index))
    }

    /// Money goes back with the goods.
    ///
    /// # Errors
    /// No such document, or one that is final.
    pub(super) fn cancel(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.open_document(reference)?;
        self.log.push(Entry::Cancel { order: index, reference: reference.to_owned(), at: world.now });
        self.cancel_order(index, world);
        let (location, payments) = (self.orders.get(index).location, self.orders.get(index).payments.clone());
        for payment in payments {
            let amount = self.payments.payment(payment).left();
            if amount > 0 {
                let reason = "Canceled order".to_owned();
                let new = NewRefund { payment: Some(payment), order: Some(index), location, amount, reason };
                self.begin_refund(new, world);
            }
        }
        Ok(self.receipt(index))
    }

    /// One line of an open order gets another quantity; zero takes it off. Money that is owed or over shows in
    /// `net_amount_due_money`, and goods that are not paid for stay on the shelf.
    ///
    /// # Errors
    /// No such document or line, a final one, less than has already come back.
    pub(super) fn edit(
        &mut self,
        reference: &str,
        line: usize,
        text: &str,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let index = self.open_document(reference)?;
        let quantity = Quantity::parse(text).filter(|quantity| *quantity >= Quantity::ZERO);
        let quantity = quantity.ok_or_else(|| format!("{text} is not a quantity"))?;
        let known = self.orders.get(index).lines.get(line).ok_or_else(|| format!("{reference} has no line {line}"))?;
        if quantity < known.returned {
            return Err(format!("more than {quantity} of line {line} has already come back"));
        }
        self.edit_line(index, line, quantity, world);
        self.take_owed(index, world);
        self.orders.change(index, world.now, |_| {});
        self.announce_order_updated(index, world);
        Ok(self.receipt(index))
    }

    fn open_document(&self, reference: &str) -> Result<usize, String> {
        let index = self.document(reference)?;
        match self.orders.get(index).state {
            OrderState::Open | OrderState::Draft => Ok(index),
            state @ (OrderState::Completed | OrderState::Canceled) => {
                Err(format!("{reference} is {} and cannot be changed", state.word()))
            }
        }
    }
}
