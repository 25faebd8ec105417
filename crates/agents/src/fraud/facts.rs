//! What the mind takes from the journal: orders, as payments. Outcomes (chargebacks) and devices are not among the facts
//! yet; the follower that hears of them calls [`Fraud::tell_fraud`].

use model::{Entry, Fact, OrderKind, OrderPut, OrderState, Seq};

use super::Fraud;
use super::payment::{Deed, Key, Payment};
use crate::Mind;

impl Mind for Fraud {
    fn apply(&mut self, _seq: Seq, entry: &Entry) {
        // Order numbers are dense and rise: a smaller one is news of an order that was paid for already.
        if let Fact::OrderPut(order) = &entry.fact
            && order.order.0 >= self.next_order
        {
            self.next_order = order.order.0.saturating_add(1);
            if order.state != OrderState::Cancelled {
                self.pay(&payment_of(order));
            }
        }
    }
}

/// An order as a payment. Its terminal is the channel it was made in.
pub fn payment_of(order: &OrderPut) -> Payment {
    let decimals = stats::num::pow(10.0, f64::from(order.total.currency.decimals()));
    let kind = match order.kind {
        OrderKind::Till => "till",
        OrderKind::Web => "web",
    };
    Payment {
        id: u64::from(order.order.0),
        at: order.placed_at,
        amount: order.total.minor.unsigned_abs() as f64 / decimals,
        customer: order.customer.as_ref().and_then(|customer| Key::within(order.channel, customer.as_str())),
        terminal: Key::within(order.channel, kind),
        device: None,
        since: None,
        deed: if order.total.minor < 0 { Deed::Refund } else { Deed::Sale },
    }
}
