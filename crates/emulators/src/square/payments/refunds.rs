//! Refunds: made PENDING, completed by the tick.
//!
//! Called by the acts, by the API and by the seller's tick. A refund moves no goods.

use super::super::clock::rfc3339;
use super::super::hooks::Event;
use super::super::{Square, draw};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

/// One refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The vendor's id.
    pub id: String,
    /// Index of the payment; `None` for an unlinked refund.
    pub payment: Option<usize>,
    /// Index of the order that was made for the return, or of the order itself.
    pub order: Option<usize>,
    /// Index of the location.
    pub location: usize,
    /// Minor units.
    pub amount: i64,
    /// In a few words.
    pub reason: String,
    /// False while it is PENDING.
    pub completed: bool,
    /// When it was begun.
    pub(super) created_at: Millis,
    /// When it last changed.
    pub(super) updated_at: Millis,
    /// When lists begin to show its last change.
    pub(super) listed_at: Millis,
}

/// What is needed to give money back.
#[derive(Debug)]
pub struct NewRefund {
    /// Index of the payment; `None` for an unlinked refund.
    pub payment: Option<usize>,
    /// Index of the order that was made for the return, or of the order itself.
    pub order: Option<usize>,
    /// Index of the location.
    pub location: usize,
    /// Minor units, above zero.
    pub amount: i64,
    /// In a few words.
    pub reason: String,
}

impl Refund {
    /// As one of the refunds of its order.
    pub fn in_order(&self, location: &str, square: &Square) -> Value {
        json!({
            "id": self.id,
            "location_id": location,
            "created_at": rfc3339(self.created_at),
            "reason": self.reason,
            "amount_money": square.money(self.amount),
            "status": if self.completed { "APPROVED" } else { "PENDING" },
        })
    }
}

impl Square {
    /// Begins to give money back; answers the refund's index.
    pub(crate) fn begin_refund(&mut self, new: NewRefund, world: &mut World<'_>) -> usize {
        let index = self.payments.refunds.len();
        let listed_at = self.listed_at(world);
        let refund = Refund {
            id: draw::id(world.dice, 30),
            payment: new.payment,
            order: new.order,
            location: new.location,
            amount: new.amount,
            reason: new.reason,
            completed: false,
            created_at: world.now,
            updated_at: world.now,
            listed_at,
        };
        let id = refund.id.clone();
        self.payments.refund_ids.insert(id.clone(), index);
        self.payments.refunds_created.insert((world.now, index));
        self.payments.refunds_updated.insert((world.now, index));
        self.payments.pending.push_back((world.now + self.settings.refund_ms, index));
        self.payments.refunds.push(refund);
        if let Some(order) = new.order {
            self.orders.note(order, |order| order.refunds.push(index));
        }
        self.announce_refund(index, "refund.created", world);
        if let Some(payment) = new.payment {
            self.payments.change_payment(payment, listed_at, world, |payment| {
                payment.refunded += new.amount;
                payment.refund_ids.push(id);
            });
            self.announce_payment(payment, "payment.updated", world);
        }
        index
    }

    /// Completes every refund that is due by now.
    pub(crate) fn complete_refunds(&mut self, world: &mut World<'_>) {
        while let Some(&(due, index)) = self.payments.pending.front()
            && due <= world.now
        {
            self.payments.pending.pop_front();
            self.complete_refund(index, world);
        }
    }

    fn complete_refund(&mut self, index: usize, world: &mut World<'_>) {
        let listed_at = self.listed_at(world);
        let refund = &mut self.payments.refunds[index];
        refund.completed = true;
        refund.listed_at = listed_at;
        self.payments.refunds_updated.remove(&(refund.updated_at, index));
        refund.updated_at = world.now;
        self.payments.refunds_updated.insert((world.now, index));
        let order = refund.order;
        self.announce_refund(index, "refund.updated", world);
        if let Some(order) = order {
            self.orders.change(order, world.now, |_| {});
            self.announce_order_updated(order, world);
        }
    }

    fn announce_refund(&mut self, index: usize, topic: &'static str, world: &mut World<'_>) {
        let id = self.payments.refund(index).id.clone();
        let data = json!({"type": "refund", "id": id, "object": {"refund": self.show_refund(index)}});
        self.hooks.emit(world, Event { topic, location: None, data });
    }

    /// The whole refund.
    pub(crate) fn show_refund(&self, index: usize) -> Value {
        let refund = self.payments.refund(index);
        let payment = refund.payment.map(|payment| self.payments.payment(payment));
        let mut shown = json!({
            "id": refund.id,
            "status": if refund.completed { "COMPLETED" } else { "PENDING" },
            "location_id": self.locations.get(refund.location).id,
            "unlinked": payment.is_none(),
            "destination_type": payment.map_or("CASH", |payment| payment.source_type),
            "amount_money": self.money(refund.amount),
            "reason": refund.reason,
            "created_at": rfc3339(refund.created_at),
            "updated_at": rfc3339(refund.updated_at),
        });
        if let Some(payment) = payment {
            shown["payment_id"] = json!(payment.id);
        }
        if let Some(order) = refund.order {
            shown["order_id"] = json!(self.orders.get(order).id);
        }
        shown
    }
}
