//! What of an order has left the shelf, by what of it is paid. Called by `order`.
//!
//! Square moves stock when an order is paid. An order that was paid and then got more lines or units owes money again,
//! and its document does not say for which: the rest was paid before, and its goods stay gone. Only an order that waits
//! to be handed over can come to that: one that is taken at once is completed, and final, when it is paid, so what it
//! owes is a payment in several parts that is not over.

use model::{Money, OrderState, Quantity};

use super::item;
use crate::square::wire;

/// What of an order has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// Every line, whole.
    All,
    /// Nothing, or nothing any more.
    Nothing,
    /// Every line, and of this one only so much.
    AllBut { line: usize, gone: Quantity },
}

impl Moved {
    /// Of the line at this place, which stands for `quantity`.
    pub(super) fn of(self, line: usize, quantity: Quantity) -> Quantity {
        match self {
            Self::All => quantity,
            Self::Nothing => Quantity::ZERO,
            Self::AllBut { line: raised, gone } => {
                if raised == line {
                    gone
                } else {
                    quantity
                }
            }
        }
    }
}

/// Completed orders are paid by definition; an open one when nothing is due any more for something that had a price or a
/// payment.
pub(super) fn moved(order: &wire::Order, state: OrderState, total: Money) -> Moved {
    match state {
        OrderState::Completed => Moved::All,
        OrderState::Cancelled => Moved::Nothing,
        OrderState::Open => {
            let waits = order.fulfillments.as_ref().is_some_and(|waiting| !waiting.is_empty());
            let paid = order.tenders.as_ref().is_some_and(|tenders| !tenders.is_empty());
            match order.net_amount_due_money.as_ref().and_then(|due| due.amount) {
                Some(due) if due <= 0 && (paid || total.minor > 0) => Moved::All,
                Some(due) if paid && waits && due > 0 && due < total.minor => raised(order, due),
                Some(_) => Moved::Nothing,
                None if paid => Moved::All,
                None => Moved::Nothing,
            }
        }
    }
}

/// The one line whose growth explains what is due: a line that was added whole if there is one, else the last that may
/// have grown. When no line explains what is due, nobody knows what was paid for, and nothing has left.
fn raised(order: &wire::Order, due: i64) -> Moved {
    let lines = order.line_items.iter().flatten().enumerate();
    let grown = lines.filter_map(|(line, known)| {
        let quantity = Quantity::parse(&known.quantity).ok()?;
        let gone = quantity.minus(growth(known, quantity, due)?);
        Some(Moved::AllBut { line, gone })
    });
    let grown: Vec<Moved> = grown.collect();
    let added = |moved: &&Moved| matches!(moved, Moved::AllBut { gone, .. } if gone.is_zero());
    grown.iter().rev().find(added).or(grown.last()).copied().unwrap_or(Moved::Nothing)
}

/// How much of a line costs exactly what is due.
fn growth(line: &wire::Line, quantity: Quantity, due: i64) -> Option<Quantity> {
    item(line.catalog_object_id.as_deref(), line.item_type.as_deref())?;
    let cost = line.total_money.as_ref().and_then(|money| money.amount).filter(|cost| *cost > 0)?;
    let parts = i128::from(due) * i128::from(quantity.parts());
    let exact = parts % i128::from(cost) == 0 && due <= cost;
    exact.then(|| i64::try_from(parts / i128::from(cost)).ok().map(Quantity::from_parts)).flatten()
}
