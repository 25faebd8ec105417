//! Payments, refunds and credits: money that came in, money that went back, money that went out for no sale.
//!
//! `calls` serves the API. Orders and acts book in here.

mod calls;
mod render;

use super::id::Id;
use super::shelf::{Kept, Shelf};
use crate::machine::{Millis, World};

/// One payment of an order.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Id.
    pub id: Id,
    /// Index of its order.
    pub order: usize,
    /// Minor units, tax inside, tip not.
    pub amount: i64,
    /// Minor units of tax in `amount`.
    pub tax: i64,
    /// Minor units on top.
    pub tip: i64,
    /// Index of the tender.
    pub tender: usize,
    /// Taken while the till was offline.
    pub offline: bool,
    /// The outside system's id; empty when there is none.
    pub external_id: String,
    /// Why it was voided; `None` when it stands.
    pub void_reason: Option<&'static str>,
    /// Indices of its refunds.
    pub refunds: Vec<usize>,
    /// When the server first saw it.
    pub created: Millis,
    /// When it was taken at the till.
    pub client_created: Millis,
    /// When it last changed.
    pub modified: Millis,
}

impl Payment {
    /// A payment that is taken now.
    pub fn new(order: usize, amount: i64, tender: usize, world: &mut World<'_>) -> Self {
        Self {
            id: Id::draw(world.dice),
            order,
            amount,
            tax: 0,
            tip: 0,
            tender,
            offline: false,
            external_id: String::new(),
            void_reason: None,
            refunds: Vec::new(),
            created: world.now,
            client_created: world.now,
            modified: world.now,
        }
    }

    /// Whether it was taken back as if it had never been.
    pub fn voided(&self) -> bool {
        self.void_reason.is_some()
    }
}

/// Money given back for lines of an order.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Id.
    pub id: Id,
    /// Index of the order.
    pub order: usize,
    /// Index of the payment; `None` when nothing had been paid.
    pub payment: Option<usize>,
    /// Minor units, tax inside.
    pub amount: i64,
    /// Minor units of tax in `amount`.
    pub tax: i64,
    /// The lines that came back.
    pub lines: Vec<Id>,
    /// When.
    pub created: Millis,
}

/// Money given out that is tied to no payment: a manual refund. It has no lines.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Id.
    pub id: Id,
    /// Index of the order that was made for it.
    pub order: usize,
    /// Minor units, tax inside.
    pub amount: i64,
    /// Minor units of tax in `amount`.
    pub tax: i64,
    /// When.
    pub created: Millis,
}

impl Kept for Payment {
    fn id(&self) -> Id {
        self.id
    }
    fn made(&self) -> Millis {
        self.created
    }
    fn changed(&self) -> Millis {
        self.modified
    }
    fn touch(&mut self, now: Millis) {
        self.modified = now;
    }
}

macro_rules! kept_unchanged {
    ($($kind:ty),+) => {$(
        impl Kept for $kind {
            fn id(&self) -> Id {
                self.id
            }
            fn made(&self) -> Millis {
                self.created
            }
            fn changed(&self) -> Millis {
                self.created
            }
            fn touch(&mut self, _now: Millis) {}
        }
    )+};
}
kept_unchanged!(Refund, Credit);

/// All of them.
#[derive(Debug, Default)]
pub struct Payments {
    payments: Shelf<Payment>,
    refunds: Shelf<Refund>,
    credits: Shelf<Credit>,
}

impl Payments {
    /// The payment at an index.
    pub fn payment(&self, index: usize) -> &Payment {
        self.payments.get(index)
    }

    /// The refund at an index.
    pub fn refund(&self, index: usize) -> &Refund {
        self.refunds.get(index)
    }

    /// The credit at an index.
    pub fn credit(&self, index: usize) -> &Credit {
        self.credits.get(index)
    }

    /// Books a payment.
    pub fn add(&mut self, payment: Payment) -> usize {
        self.payments.add(payment)
    }

    /// Books a refund, on its payment as well.
    pub fn add_refund(&mut self, refund: Refund, now: Millis) -> usize {
        let payment = refund.payment;
        let index = self.refunds.add(refund);
        if let Some(payment) = payment {
            self.payments.change(payment, now, |payment| payment.refunds.push(index));
        }
        index
    }

    /// Books a credit.
    pub fn add_credit(&mut self, credit: Credit) -> usize {
        self.credits.add(credit)
    }

    /// Takes a payment back as if it had never been.
    pub fn void(&mut self, index: usize, now: Millis) {
        self.payments.change(index, now, |payment| payment.void_reason = Some("USER_CANCEL"));
    }

    /// Minor units of a payment that can still be given back.
    pub fn left(&self, index: usize) -> i64 {
        let payment = self.payment(index);
        let back = payment.refunds.iter().fold(0_i64, |sum, index| sum.saturating_add(self.refund(*index).amount));
        if payment.voided() { 0 } else { payment.amount.saturating_sub(back) }
    }
}
