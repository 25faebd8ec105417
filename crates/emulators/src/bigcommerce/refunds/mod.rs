//! Refunds and the money rows of orders. A refund moves money and never stock.
//!
//! Changed by the endpoints and by people; it holds no HTTP.

mod calls;
mod quote;
mod render;

pub use quote::{Item, Kind, Quote};

use super::amount::Amount;
use crate::machine::Millis;

/// One refund.
#[derive(Debug)]
pub struct Refund {
    /// From 77.
    pub id: u64,
    /// Index of its order.
    pub order: usize,
    /// What is refunded.
    pub items: Vec<Item>,
    /// Money with tax.
    pub total: Amount,
    /// Tax in it.
    pub tax: Amount,
    /// When.
    pub at: Millis,
    provider: String,
    offline: bool,
    merchant_override: bool,
}

/// What a money row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Money was taken.
    Purchase,
    /// Money went back.
    Refund,
}

/// One money row of an order.
#[derive(Debug)]
pub struct Transaction {
    /// From 501.
    pub id: u64,
    /// What it stands for.
    pub event: Event,
    /// With tax.
    pub amount: Amount,
    /// When.
    pub at: Millis,
    gateway_id: String,
    /// The purchase that a refund belongs to.
    of: Option<u64>,
}

/// All refunds and money rows.
#[derive(Debug, Default)]
pub struct Refunds {
    all: Vec<Refund>,
    transactions: std::collections::HashMap<usize, Vec<Transaction>>,
    transactions_made: u64,
}

const FIRST_REFUND: u64 = 77;
const FIRST_TRANSACTION: u64 = 501;

impl Refunds {
    /// The refund at this index.
    pub fn get(&self, index: usize) -> &Refund {
        &self.all[index]
    }

    /// All refunds, oldest first.
    pub fn each(&self) -> &[Refund] {
        &self.all
    }

    /// The money rows of an order, oldest first.
    pub fn transactions(&self, order: usize) -> &[Transaction] {
        self.transactions.get(&order).map_or(&[], Vec::as_slice)
    }
}
