//! Sales at a till, and sales that are voided.
//!
//! Called by the acts. A till never refuses for want of stock.

use super::super::Clover;
use super::super::books::Entry;
use super::super::hooks::Kind;
use super::super::id::Id;
use super::super::orders::{Goods, Order, lines_of};
use super::super::payments::Payment;
use super::super::quantity::Quantity;
use super::super::staff::CASH;
use crate::machine::{ActCustomer, ActLine, Millis, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Clover {
    /// A sale for cash, begun `offline_ms` milliseconds ago and uploaded now; stock moves now.
    ///
    /// # Errors
    /// A name that is taken, an unknown SKU, a quantity that a till cannot ring up.
    pub(super) fn ring_up(
        &mut self,
        reference: &str,
        typed: &[ActLine],
        customer: Option<&ActCustomer>,
        offline_ms: Millis,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(reference)?;
        let goods = Goods::read(typed, &self.catalog)?;
        let lines = lines_of(&goods, &self.catalog, world.dice, world.now)?;
        let mut order = Order::new(Id::draw(world.dice), world.now);
        order.reference = reference.to_owned();
        order.client_created = world.now - offline_ms.max(0);
        order.customer = customer.map(|person| self.put_customer(person, world));
        order.lines = lines;
        order.total = self.settings.total_of(order.sum());
        Ok(self.sell(reference, order, world))
    }

    /// Keeps an order as the document of this name, takes what it costs and lets its goods go.
    pub(super) fn sell(&mut self, reference: &str, order: Order, world: &mut World<'_>) -> Value {
        let (sum, total, begun) = (order.sum(), order.total, order.client_created);
        let index = self.keep_order(order);
        self.documents.insert(reference.to_owned(), Some(index));
        self.log.push(Entry::Sale { order: index, reference: reference.to_owned() });
        if total > 0 {
            let mut payment = Payment::new(index, total, CASH, world);
            payment.tax = self.settings.tax_of(sum);
            payment.client_created = begun;
            payment.offline = begun < world.now;
            self.take_payment(payment, world.now);
        } else {
            self.close_order(index, world.now);
        }
        self.receipt(index)
    }

    /// What an act that made an order answers.
    pub(super) fn receipt(&self, index: usize) -> Value {
        let order = self.orders.get(index);
        let lines: Vec<&str> = order.lines.iter().map(|line| line.id.as_str()).collect();
        let payments: Vec<&str> =
            order.payments.iter().map(|payment| self.payments.payment(*payment).id.as_str()).collect();
        json!({"order_id": order.id.as_str(), "line_ids": lines, "payment_ids": payments})
    }

    /// A sale is voided: its payments stand no more, the order is open again, and somebody puts its goods back on the
    /// shelf and corrects the stock by hand, which the vendor does not do by itself.
    ///
    /// # Errors
    /// No such sale, one that is not paid, or one of which something was given back already.
    pub(super) fn void(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.document(reference)?;
        let order = self.orders.get(index);
        if !order.refunds.is_empty() || order.lines.iter().any(|line| line.refunded) {
            return Err(format!("{reference} was refunded, and a refunded sale cannot be voided"));
        }
        if order.voided || !order.lines.iter().any(|line| line.gone) {
            return Err(format!("{reference} is not a finished sale"));
        }
        for payment in order.payments.clone() {
            self.payments.void(payment, world.now);
            self.hooks.note("P", self.payments.payment(payment).id, Kind::Update);
        }
        let ids: Vec<Id> = self.orders.get(index).lines.iter().map(|line| line.id).collect();
        self.change_order(index, world.now, |order| (order.state, order.voided) = (Some("open".into()), true));
        self.put_back(index, &ids, world);
        self.log.push(Entry::Cancel { order: index, reference: reference.to_owned(), at: world.now });
        Ok(self.receipt(index))
    }

    /// The goods of these lines are on the shelf again: stock edits upward, one per item.
    pub(super) fn put_back(&mut self, index: usize, ids: &[Id], world: &World<'_>) {
        let mut back: BTreeMap<usize, Quantity> = BTreeMap::new();
        self.change_order(index, world.now, |order| {
            for line in order.lines.iter_mut().filter(|line| line.gone && ids.contains(&line.id)) {
                line.gone = false;
                if let Some(item) = line.item {
                    *back.entry(item).or_default() += line.quantity();
                }
            }
        });
        for (item, quantity) in back {
            if self.catalog.item(item).auto_manage {
                self.move_stock(item, quantity, world.now);
            }
        }
    }
}
