//! Payments and refunds, and their full events.
//!
//! `calls` serves the API; orders and acts make payments and refunds here. A refund is PENDING until the tick that
//! completes it. Lists see a record only some time after it changed, as the vendor's do.

pub mod calls;
pub mod refunds;

use super::clock::rfc3339;
use super::hooks::Event;
use super::{Square, draw};
use crate::machine::{Millis, World};
use refunds::Refund;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// One payment.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The vendor's id.
    pub id: String,
    /// Id of the order.
    pub order: Option<String>,
    /// Index of the location.
    pub location: usize,
    /// The customer's id.
    pub customer: Option<String>,
    /// `CARD`, `CASH` or `EXTERNAL`.
    pub source_type: &'static str,
    /// `source` of external details.
    pub external_source: Option<String>,
    /// Minor units.
    pub amount: i64,
    /// Minor units given back or about to be.
    pub refunded: i64,
    /// Ids of its refunds.
    pub refund_ids: Vec<String>,
    /// False while it is only APPROVED.
    pub completed: bool,
    /// Taken by a till without a network.
    pub offline: bool,
    /// The caller's name for it.
    pub reference: Option<String>,
    version: String,
    created_at: Millis,
    updated_at: Millis,
    listed_at: Millis,
}

/// All payments and refunds.
#[derive(Debug, Default)]
pub struct Payments {
    payments: Vec<Payment>,
    refunds: Vec<Refund>,
    payment_ids: HashMap<String, usize>,
    refund_ids: HashMap<String, usize>,
    payments_created: BTreeSet<(Millis, usize)>,
    payments_updated: BTreeSet<(Millis, usize)>,
    refunds_created: BTreeSet<(Millis, usize)>,
    refunds_updated: BTreeSet<(Millis, usize)>,
    /// Refunds that will complete, in the order in which they will.
    pending: VecDeque<(Millis, usize)>,
}

/// What is needed to take a payment.
#[derive(Debug)]
pub struct NewPayment {
    /// Index of the order.
    pub order: Option<usize>,
    /// Index of the location.
    pub location: usize,
    /// The customer's id.
    pub customer: Option<String>,
    /// `CARD`, `CASH` or `EXTERNAL`.
    pub source_type: &'static str,
    /// `source` of external details.
    pub external_source: Option<String>,
    /// Minor units, above zero.
    pub amount: i64,
    /// When it was taken.
    pub at: Millis,
    /// The caller's name for it.
    pub reference: Option<String>,
}

impl Payments {
    /// The payment at an index of this table.
    pub fn payment(&self, index: usize) -> &Payment {
        &self.payments[index]
    }

    /// Every refund, oldest first.
    pub fn refunds(&self) -> &[Refund] {
        &self.refunds
    }

    /// The refund at an index of this table.
    pub fn refund(&self, index: usize) -> &Refund {
        &self.refunds[index]
    }

    /// By the vendor's id.
    pub fn find_payment(&self, id: &str) -> Option<usize> {
        self.payment_ids.get(id).copied()
    }

    /// When the next refund completes.
    pub fn next_due(&self) -> Option<Millis> {
        self.pending.front().map(|(at, _)| *at)
    }

    fn change_payment(
        &mut self,
        index: usize,
        listed_at: Millis,
        world: &mut World<'_>,
        change: impl FnOnce(&mut Payment),
    ) {
        let payment = &mut self.payments[index];
        change(payment);
        payment.version = draw::id(world.dice, 44);
        payment.listed_at = listed_at;
        self.payments_updated.remove(&(payment.updated_at, index));
        payment.updated_at = world.now;
        self.payments_updated.insert((world.now, index));
    }
}

impl Payment {
    /// Minor units that count towards its order.
    pub fn captured(&self) -> i64 {
        self.amount
    }

    /// Minor units that can still be given back.
    pub fn left(&self) -> i64 {
        self.amount - self.refunded
    }

    /// As a tender of its order.
    pub fn tender(&self, location: &str, square: &Square) -> Value {
        let mut shown = json!({
            "id": self.id,
            "location_id": location,
            "transaction_id": self.order,
            "created_at": rfc3339(self.created_at),
            "amount_money": square.money(self.amount),
            "type": if self.source_type == "EXTERNAL" { "OTHER" } else { self.source_type },
            "payment_id": self.id,
        });
        if let Some(customer) = &self.customer {
            shown["customer_id"] = json!(customer);
        }
        shown
    }
}

impl Square {
    /// Takes a payment and puts it on its order; answers its index. `payment.created` says APPROVED and
    /// `payment.updated` COMPLETED, as the vendor's two steps do.
    pub(crate) fn take_payment(&mut self, new: NewPayment, world: &mut World<'_>) -> usize {
        let index = self.payments.payments.len();
        let order = new.order.map(|order| self.orders.get(order).id.clone());
        let listed_at = self.listed_at(world);
        let payment = Payment {
            id: draw::id(world.dice, 30),
            order,
            location: new.location,
            customer: new.customer,
            source_type: new.source_type,
            external_source: new.external_source,
            amount: new.amount,
            refunded: 0,
            refund_ids: Vec::new(),
            completed: false,
            offline: new.at < world.now,
            reference: new.reference,
            version: draw::id(world.dice, 44),
            created_at: new.at,
            updated_at: world.now,
            listed_at,
        };
        self.payments.payment_ids.insert(payment.id.clone(), index);
        self.payments.payments_created.insert((payment.created_at, index));
        self.payments.payments_updated.insert((payment.updated_at, index));
        self.payments.payments.push(payment);
        self.announce_payment(index, "payment.created", world);
        self.payments.change_payment(index, listed_at, world, |payment| payment.completed = true);
        self.announce_payment(index, "payment.updated", world);
        index
    }

    /// When something that changes now will show in lists and searches.
    pub(crate) fn listed_at(&self, world: &mut World<'_>) -> Millis {
        let lag = u64::try_from(self.settings.search_lag_ms).unwrap_or(0);
        world.now + world.dice.below(lag + 1).cast_signed()
    }

    /// `payment.created` or `payment.updated`, full.
    pub(super) fn announce_payment(&mut self, index: usize, topic: &'static str, world: &mut World<'_>) {
        let id = self.payments.payment(index).id.clone();
        let data = json!({"type": "payment", "id": id, "object": {"payment": self.show_payment(index)}});
        self.hooks.emit(world, Event { topic, location: None, data });
    }

    /// The whole payment.
    pub(crate) fn show_payment(&self, index: usize) -> Value {
        let payment = self.payments.payment(index);
        let receipt: String = payment.id.chars().take(4).collect();
        let mut shown = json!({
            "id": payment.id,
            "created_at": rfc3339(payment.created_at),
            "updated_at": rfc3339(payment.updated_at),
            "amount_money": self.money(payment.amount),
            "total_money": self.money(payment.amount),
            "approved_money": self.money(payment.amount),
            "refunded_money": self.money(payment.refunded),
            "refund_ids": payment.refund_ids,
            "status": if payment.completed { "COMPLETED" } else { "APPROVED" },
            "source_type": payment.source_type,
            "location_id": self.locations.get(payment.location).id,
            "receipt_number": receipt,
            "receipt_url": format!("{}/receipt/preview/{}", self.settings.api_base, payment.id),
            "is_offline_payment": payment.offline,
            "version_token": payment.version,
        });
        let optional =
            [("order_id", &payment.order), ("customer_id", &payment.customer), ("reference_id", &payment.reference)];
        for (name, value) in optional {
            if let Some(value) = value {
                shown[name] = json!(value);
            }
        }
        if let Some(source) = &payment.external_source {
            shown["external_details"] = json!({"type": "OTHER", "source": source});
        }
        shown
    }
}
