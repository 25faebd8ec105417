//! Money against orders: what is paid, what is left, and the goods that leave with the last payment.
//!
//! Called by the API and by the acts.

use super::super::Clover;
use super::super::hooks::Kind;
use super::super::payments::Payment;
use super::super::quantity::Quantity;
use super::super::wire::{Answer, Call, Refused, whole};
use super::Order;
use crate::machine::{Millis, World};
use std::collections::BTreeMap;

impl Clover {
    /// `POST orders/{id}/payments`: a payment that was taken elsewhere, logged.
    pub(in super::super) fn create_payment(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let amount = whole(&call.body, "amount")?.filter(|amount| *amount > 0);
        let amount = amount.ok_or_else(|| Refused::invalid("amount must be positive"))?;
        let tender = self.staff.tender(call.body["tender"]["id"].as_str().unwrap_or_default());
        let tender = tender.filter(|tender| self.staff.may_be_logged(*tender));
        let tender = tender.ok_or_else(|| Refused::invalid("A valid tender id is required"))?;
        let mut payment = Payment::new(index, amount, tender, world);
        payment.tax = match whole(&call.body, "taxAmount")? {
            Some(tax) => tax,
            None => self.settings.tax_in(amount),
        };
        payment.tip = whole(&call.body, "tipAmount")?.unwrap_or(0);
        payment.offline = call.body["offline"].as_bool().unwrap_or(false);
        payment.external_id = call.body["externalPaymentId"].as_str().unwrap_or_default().to_owned();
        let payment = self.take_payment(payment, world.now);
        Ok(self.render_payment(self.payments.payment(payment), &Default::default()))
    }

    /// Books a payment; when it is the last one, the order is locked and its goods leave.
    pub(in super::super) fn take_payment(&mut self, payment: Payment, now: Millis) -> usize {
        let order = payment.order;
        self.hooks.note("P", payment.id, Kind::Create);
        let index = self.payments.add(payment);
        self.change_order(order, now, |order| order.payments.push(index));
        if self.paid(self.orders.get(order)) >= self.orders.get(order).total {
            self.close_order(order, now);
        }
        index
    }

    /// The order is paid: locked, and its goods leave at the server's time.
    pub(in super::super) fn close_order(&mut self, index: usize, now: Millis) {
        let mut leaving: BTreeMap<usize, Quantity> = BTreeMap::new();
        self.change_order(index, now, |order| {
            (order.state, order.voided) = (Some("locked".into()), false);
            for line in order.lines.iter_mut().filter(|line| !line.gone) {
                line.gone = true;
                if let Some(item) = line.item {
                    *leaving.entry(item).or_default() += line.quantity();
                }
            }
        });
        for (item, quantity) in leaving {
            if self.catalog.item(item).auto_manage {
                self.move_stock(item, -quantity, now);
            }
        }
    }

    /// Minor units that were paid and not voided.
    pub(in super::super) fn paid(&self, order: &Order) -> i64 {
        let all = order.payments.iter().map(|index| self.payments.payment(*index));
        all.filter(|payment| !payment.voided()).fold(0, |sum, payment| sum.saturating_add(payment.amount))
    }

    /// The vendor's `paymentState`.
    pub(super) fn payment_state(&self, order: &Order) -> &'static str {
        let paid = self.paid(order);
        let back =
            order.refunds.iter().fold(0_i64, |sum, index| sum.saturating_add(self.payments.refund(*index).amount));
        let locked = order.state.as_deref() == Some("locked");
        match () {
            () if !order.credits.is_empty() => "CREDITED",
            () if paid == 0 && !(order.total == 0 && locked) => "OPEN",
            () if paid < order.total => "PARTIALLY_PAID",
            () if back > 0 && back >= paid => "REFUNDED",
            () if back > 0 => "PARTIALLY_REFUNDED",
            () => "PAID",
        }
    }
}
