//! An order with everything under it: lines, fulfilment orders, fulfilments, refunds.

use crate::machine::Millis;

/// Where an order came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shopify) enum Source {
    Pos,
    Web,
    /// Made by a program.
    App,
}

impl Source {
    /// The vendor's `source_name`.
    pub(in crate::shopify) fn name(self) -> &'static str {
        match self {
            Self::Pos => "pos",
            Self::Web => "web",
            // The vendor writes the number of the app.
            Self::App => "580111",
        }
    }
}

/// A sale or web order.
#[derive(Debug)]
pub(in crate::shopify) struct Order {
    pub(in crate::shopify) id: u64,
    pub(in crate::shopify) number: u64,
    /// The tester's name for it, or the `sourceIdentifier` that a program gave.
    pub(in crate::shopify) reference: String,
    pub(in crate::shopify) source: Source,
    /// For the people there; empty when there is none.
    pub(in crate::shopify) note: String,
    /// Location index of the till; `None` for a web order.
    pub(in crate::shopify) till: Option<usize>,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) updated: Millis,
    /// When it was rung up, which is earlier than `created` for a till that was offline.
    pub(in crate::shopify) processed: Millis,
    pub(in crate::shopify) cancelled: Option<(Millis, &'static str)>,
    pub(in crate::shopify) customer: Option<usize>,
    pub(in crate::shopify) edited: bool,
    /// Whether its open units are taken from the levels. A program may make an order that leaves them alone.
    pub(in crate::shopify) claims: bool,
    /// The payment of the whole; `None` while nobody has paid.
    pub(in crate::shopify) payment: Option<u64>,
    pub(in crate::shopify) lines: Vec<Line>,
    pub(in crate::shopify) fulfilment_orders: Vec<FulfilmentOrder>,
    pub(in crate::shopify) fulfilments: Vec<Fulfilment>,
    pub(in crate::shopify) refunds: Vec<Refund>,
}

/// One line of an order.
#[derive(Debug)]
pub(in crate::shopify) struct Line {
    pub(in crate::shopify) id: u64,
    /// Index of the article.
    pub(in crate::shopify) article: usize,
    /// Ordered, raised by edits, never lowered.
    pub(in crate::shopify) quantity: i64,
    /// Taken off by edits and cancellation.
    pub(in crate::shopify) removed: i64,
    pub(in crate::shopify) fulfilled: i64,
    pub(in crate::shopify) returned: i64,
    pub(in crate::shopify) price_minor: i64,
}

impl Line {
    /// What the customer keeps.
    pub(in crate::shopify) fn current(&self) -> i64 {
        self.quantity - self.removed - self.returned
    }

    /// What is still to be handed over.
    pub(in crate::shopify) fn open(&self) -> i64 {
        self.quantity - self.removed - self.fulfilled
    }
}

/// What one location has to hand over for an order.
#[derive(Debug)]
pub(in crate::shopify) struct FulfilmentOrder {
    pub(in crate::shopify) id: u64,
    /// Location index.
    pub(in crate::shopify) location: usize,
    pub(in crate::shopify) cancelled: bool,
    pub(in crate::shopify) updated: Millis,
    pub(in crate::shopify) lines: Vec<FulfilmentOrderLine>,
}

impl FulfilmentOrder {
    /// The vendor's status word.
    pub(in crate::shopify) fn status(&self) -> &'static str {
        match (self.cancelled, self.remaining() > 0) {
            (true, _) => "CANCELLED",
            (false, true) => "OPEN",
            (false, false) => "CLOSED",
        }
    }

    /// Units still to be handed over.
    pub(in crate::shopify) fn remaining(&self) -> i64 {
        self.lines.iter().map(|line| line.remaining).sum()
    }
}

/// A part of an order line, at one location.
#[derive(Debug)]
pub(in crate::shopify) struct FulfilmentOrderLine {
    pub(in crate::shopify) id: u64,
    /// Index of the order's line.
    pub(in crate::shopify) line: usize,
    /// What it stands for after edits and cancellation.
    pub(in crate::shopify) total: i64,
    pub(in crate::shopify) remaining: i64,
}

/// Goods that left.
#[derive(Debug)]
pub(in crate::shopify) struct Fulfilment {
    pub(in crate::shopify) id: u64,
    /// Location index.
    pub(in crate::shopify) location: usize,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) lines: Vec<FulfilmentLine>,
    pub(in crate::shopify) tracking: Option<Tracking>,
}

/// Who carries a parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::shopify) struct Tracking {
    pub(in crate::shopify) company: Option<String>,
    pub(in crate::shopify) number: Option<String>,
    pub(in crate::shopify) url: Option<String>,
}

/// One line of a fulfilment.
#[derive(Debug)]
pub(in crate::shopify) struct FulfilmentLine {
    pub(in crate::shopify) id: u64,
    /// Index of the order's line.
    pub(in crate::shopify) line: usize,
    pub(in crate::shopify) quantity: i64,
}

/// Whether goods of a refund went back on a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shopify) enum Restock {
    Return,
    Cancel,
    Nowhere,
}

impl Restock {
    /// The word of the REST bodies; the GraphQL enum is the same in capitals.
    pub(in crate::shopify) fn name(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Cancel => "cancel",
            Self::Nowhere => "no_restock",
        }
    }
}

/// Why something was refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shopify) enum RefundCause {
    /// The order was cancelled before the goods left.
    Cancelled,
    /// The goods came back, to this location index where that is known.
    Returned(Option<usize>),
}

/// Money and goods that went back.
#[derive(Debug)]
pub(in crate::shopify) struct Refund {
    pub(in crate::shopify) id: u64,
    /// The money that went back; `None` when it was goods only.
    pub(in crate::shopify) transaction: Option<u64>,
    pub(in crate::shopify) amount_minor: i64,
    /// The tester's name for it, or the API's note.
    pub(in crate::shopify) reference: String,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) cause: RefundCause,
    pub(in crate::shopify) lines: Vec<RefundLine>,
}

/// One line of a refund.
#[derive(Debug)]
pub(in crate::shopify) struct RefundLine {
    pub(in crate::shopify) id: u64,
    /// Index of the order's line.
    pub(in crate::shopify) line: usize,
    pub(in crate::shopify) quantity: i64,
    pub(in crate::shopify) restock: Restock,
    /// Location index; `None` when the goods are not restocked.
    pub(in crate::shopify) location: Option<usize>,
    /// Whether these units had not been handed over yet.
    pub(in crate::shopify) was_open: bool,
}

impl Order {
    /// The name customers see.
    pub(in crate::shopify) fn name(&self) -> String {
        format!("#{}", self.number)
    }

    /// What all lines cost as ordered.
    pub(in crate::shopify) fn total_minor(&self) -> i64 {
        sum_minor(self.lines.iter().map(|line| (line.quantity, line.price_minor)))
    }

    /// What the remaining units cost.
    pub(in crate::shopify) fn current_minor(&self) -> i64 {
        sum_minor(self.lines.iter().map(|line| (line.current(), line.price_minor)))
    }

    /// What was paid.
    pub(in crate::shopify) fn received_minor(&self) -> i64 {
        if self.payment.is_some() { self.total_minor() } else { 0 }
    }

    /// What is still to be paid.
    pub(in crate::shopify) fn outstanding_minor(&self) -> i64 {
        if self.payment.is_some() || self.cancelled.is_some() { 0 } else { self.current_minor() }
    }

    /// What all refunds gave back.
    pub(in crate::shopify) fn refunded_minor(&self) -> i64 {
        self.refunds.iter().fold(0, |sum, refund| sum.saturating_add(refund.amount_minor))
    }

    /// `pending`, `voided`, `paid`, `partially_refunded` or `refunded`.
    pub(in crate::shopify) fn financial_status(&self) -> &'static str {
        if self.payment.is_none() {
            return if self.cancelled.is_some() { "voided" } else { "pending" };
        }
        let refunded: i64 = self.refunds.iter().flat_map(|r| &r.lines).map(|l| l.quantity).sum();
        let ordered: i64 = self.lines.iter().map(|line| line.quantity).sum();
        match (refunded, self.refunded_minor()) {
            (0, 0) => "paid",
            (units, _) if units >= ordered => "refunded",
            (_, minor) if minor > 0 && minor >= self.total_minor() => "refunded",
            _ => "partially_refunded",
        }
    }

    /// `None`, `partial` or `fulfilled`, as the REST bodies say it.
    pub(in crate::shopify) fn fulfilment_status(&self) -> Option<&'static str> {
        let fulfilled: i64 = self.lines.iter().map(|line| line.fulfilled).sum();
        let open: i64 = self.lines.iter().map(Line::open).sum();
        match (fulfilled, open) {
            (0, _) => None,
            (_, 0) => Some("fulfilled"),
            _ => Some("partial"),
        }
    }
}

/// Quantity times price, over all lines. A tester may ask for absurd prices; the sum then stops at the end of the
/// scale, where any check against it fails plainly.
fn sum_minor(lines: impl Iterator<Item = (i64, i64)>) -> i64 {
    lines.fold(0, |sum, (quantity, price)| sum.saturating_add(quantity.saturating_mul(price)))
}
