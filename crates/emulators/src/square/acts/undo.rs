//! What becomes of a finished sale at a till: voided, or exchanged for other goods.
//!
//! Called by the acts. A payment that is completed cannot be cancelled, so a void is a return of all that is left.

use super::super::Square;
use super::super::orders::{OrderState, Origin};
use super::super::payments::NewPayment;
use super::super::quantity::Quantity;
use super::returns::HandedIn;
use super::sales::Document;
use crate::machine::{ActLine, World};
use serde_json::{Value, json};

/// An exchange as it was typed.
pub(super) struct Exchange<'x> {
    /// The tester's name of it, new.
    pub reference: &'x str,
    /// The document that is exchanged.
    pub of: &'x str,
    /// Name of the location of the till.
    pub location: &'x str,
    /// What comes back.
    pub back: &'x [ActLine],
    /// What leaves.
    pub out: &'x [ActLine],
}

impl Square {
    /// Takes a whole sale back, under the name `void:` and its own.
    ///
    /// # Errors
    /// No such document, one that no till made, nothing left of it.
    pub(super) fn void(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let order = self.orders.get(self.document(reference)?);
        if order.origin != Origin::Till || order.state != OrderState::Completed {
            return Err(format!("{reference} is no finished sale of a till"));
        }
        let lines = order.lines.iter().enumerate().filter(|(_, line)| line.out().is_positive());
        let lines = lines.filter_map(|(at, line)| {
            let sku = self.catalog.variation(line.variation?).sku.clone();
            Some(ActLine { sku, quantity: line.out().to_string(), unit_price_minor: 0, of_line: Some(at) })
        });
        let lines: Vec<ActLine> = lines.collect();
        let (location, name) = (self.locations.get(order.location).name.clone(), format!("void:{reference}"));
        let handed_in = HandedIn { reference: &name, location: &location, lines: &lines, restock: true };
        self.take_back(&handed_in, Some(reference), world)
    }

    /// One order with lines that leave and returns that come back. The difference is paid or refunded.
    ///
    /// # Errors
    /// A name that is taken, an unknown location, SKU or document, more than is left of a line.
    pub(super) fn exchange(&mut self, exchange: &Exchange<'_>, world: &mut World<'_>) -> Result<Value, String> {
        self.new_document(exchange.reference)?;
        let (location, source) = (self.locations.named(exchange.location)?, self.document(exchange.of)?);
        let goods = self.read_goods(exchange.back)?;
        let ties = self.tie(source, exchange.back, &goods)?;
        let document = Document { reference: exchange.reference, lines: exchange.out, customer: None };
        let mut order = self.new_order(&document, location, Origin::Till, world)?;
        order.source = "Point of Sale".into();
        order.customer.clone_from(&self.orders.get(source).customer);
        order.returned = Some(self.return_of(Some(source), exchange.back, &goods, &ties, world));
        self.orders.note(source, |order| ties.iter().for_each(|tie| order.lines[tie.line].returned += tie.quantity));
        let index = self.keep_document(exchange.reference, "sale", order, world);
        let refunds = self.settle_difference(source, index, world);
        self.orders.change(index, world.now, |order| order.state = OrderState::Completed);
        self.announce_order_updated(index, world);
        let at = world.now;
        let mut told = self.take_goods(index, at, world);
        let back: Vec<(usize, Quantity)> = goods.iter().map(|(variation, quantity)| (*variation, -*quantity)).collect();
        told.extend(self.move_goods(index, &back, at, world));
        self.announce_counts(&told, world);
        let mut answer = self.receipt(index);
        answer["refund_ids"] = json!(refunds);
        Ok(answer)
    }

    /// Answers the ids of refunds; a payment is put on the order.
    fn settle_difference(&mut self, source: usize, index: usize, world: &mut World<'_>) -> Vec<String> {
        let order = self.orders.get(index);
        let due = order.total().saturating_sub(order.return_total());
        if due < 0 {
            return self.refund_for(Some(source), index, due.saturating_neg(), world);
        }
        if due > 0 {
            let new = NewPayment {
                order: Some(index),
                location: order.location,
                customer: order.customer.clone(),
                source_type: "CARD",
                external_source: None,
                amount: due,
                at: world.now,
                reference: None,
            };
            let payment = self.take_payment(new, world);
            self.orders.note(index, |order| order.payments = vec![payment]);
        }
        Vec::new()
    }
}
