//! What paying and unpaying an order does to stock, and `POST /v2/orders/{id}/pay`.
//!
//! Goods leave the shelf at payment. Called by the routes, by the payments and by the acts.

use super::super::Square;
use super::super::quantity::Quantity;
use super::super::stock::{Source, State, Wanted, What};
use super::super::wire::{self, Answer, Call, Refused};
use super::{Line, OrderState, Origin};
use crate::machine::{Millis, World};
use serde_json::{Value, json};
use std::sync::Arc;

impl Square {
    /// `POST /v2/orders/{id}/pay`: with payments that were made for it, or none when it costs nothing.
    ///
    /// # Errors
    /// Not found, a stale version, an order that is final, too little paid.
    pub(crate) fn pay_order(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let index = self.order_index(id)?;
        let order = self.orders.get(index);
        if order.state.is_final() {
            return Err(Refused::invalid("BAD_REQUEST", "The order is already closed."));
        }
        if call.body["order_version"].as_i64().is_some_and(|version| version != order.version) {
            return Err(Refused::version_mismatch("order_version"));
        }
        let total = order.total();
        let mut payments = order.payments.clone();
        for payment in wire::texts(&call.body, "/payment_ids")? {
            let found = self
                .payments
                .find_payment(&payment)
                .ok_or_else(|| Refused::field("NOT_FOUND", "payment_ids", format!("Payment `{payment}` not found.")))?;
            if !payments.contains(&found) {
                payments.push(found);
            }
        }
        let paid: i64 =
            payments.iter().map(|payment| self.payments.payment(*payment).captured()).fold(0, i64::saturating_add);
        if paid < total {
            let detail = format!("The payments cover {paid} of {total}.");
            return Err(Refused::field("INVALID_VALUE", "payment_ids", detail));
        }
        self.settle_order(index, payments, world);
        Ok(json!({"order": self.show_order(index)}))
    }

    /// The order is paid in full: goods leave, and an order with nothing to hand over is done.
    pub(crate) fn settle_order(&mut self, index: usize, payments: Vec<usize>, world: &mut World<'_>) {
        self.orders.change(index, world.now, |order| {
            order.payments = payments;
            if order.fulfilments.iter().all(|one| one.state == "COMPLETED") {
                order.state = OrderState::Completed;
            } else {
                order.state = OrderState::Open;
            }
        });
        self.announce_order_updated(index, world);
        let at = world.now;
        let told = self.take_goods(index, at, world);
        self.announce_counts(&told, world);
    }

    /// The goods of an order leave stock, once, and what was added to it since; answers the shelves whose level moved.
    pub(crate) fn take_goods(&mut self, index: usize, at: Millis, world: &mut World<'_>) -> Vec<(usize, usize)> {
        let order = self.orders.get(index);
        let leaves = |line: &Line| if order.goods_left { line.owed } else { line.quantity };
        let goods = order.lines.iter().filter_map(|line| Some((line.variation?, leaves(line))));
        let goods: Vec<(usize, Quantity)> = goods.filter(|(_, quantity)| !quantity.is_zero()).collect();
        self.orders.note(index, |order| {
            order.goods_left = true;
            order.lines.iter_mut().for_each(|line| line.owed = Quantity::ZERO);
        });
        self.move_goods(index, &goods, at, world)
    }

    /// What an order still costs, minor units; below zero when too much was paid.
    pub(crate) fn due(&self, index: usize) -> i64 {
        let order = self.orders.get(index);
        let payments = order.payments.iter().map(|payment| self.payments.payment(*payment).captured());
        order.total().saturating_sub(payments.fold(0, i64::saturating_add))
    }

    /// After an edit: what was added to a paid order leaves at once when nothing is due for it.
    pub(crate) fn take_owed(&mut self, index: usize, world: &mut World<'_>) {
        if self.orders.get(index).goods_left && self.due(index) <= 0 {
            let at = world.now;
            let told = self.take_goods(index, at, world);
            self.announce_counts(&told, world);
        }
    }

    /// Goods of an order leave stock (above zero) or come back (below zero), as the order's source moves them;
    /// answers the shelves whose level moved. Services have no shelf.
    pub(crate) fn move_goods(
        &mut self,
        index: usize,
        goods: &[(usize, Quantity)],
        at: Millis,
        world: &mut World<'_>,
    ) -> Vec<(usize, usize)> {
        let order = self.orders.get(index);
        let (location, id, origin) = (order.location, Arc::<str>::from(order.id.as_str()), order.origin);
        let unlinked = order.returned.as_ref().is_some_and(|returned| returned.source.is_none());
        let back = if unlinked { State::UnlinkedReturn } else { State::Sold };
        let source = match origin {
            Origin::Till | Origin::Return => Source::Till,
            Origin::Online => Source::Online,
            Origin::Api => Source::Api,
        };
        let mut moved = Vec::new();
        for &(variation, quantity) in goods {
            if quantity.is_zero() || !self.catalog.variation(variation).tracked {
                continue;
            }
            let leaves = quantity.is_positive();
            let what = if leaves {
                What::Adjustment(State::InStock, State::Sold)
            } else {
                What::Adjustment(back, State::InStock)
            };
            let wanted = Wanted {
                what,
                variation,
                location,
                quantity: quantity.magnitude(),
                occurred_at: at,
                reference: None,
                reason: None,
                source,
                order: Some(Arc::clone(&id)),
            };
            if self.stock.apply(wanted, world).1 {
                moved.push((variation, location));
            }
        }
        moved
    }

    /// An order is cancelled: open fulfilments with it, and its goods go back. Money is the caller's.
    pub(crate) fn cancel_order(&mut self, index: usize, world: &mut World<'_>) {
        let mut moved = Vec::new();
        self.orders.change(index, world.now, |order| {
            order.state = OrderState::Canceled;
            for one in order.fulfilments.iter_mut().filter(|one| one.state != "COMPLETED") {
                moved.push((one.uid.clone(), one.state.clone(), "CANCELED".to_owned()));
                one.state = "CANCELED".into();
            }
        });
        self.announce_order_updated(index, world);
        self.announce_fulfilment(index, &moved, world);
        if self.orders.get(index).goods_left {
            let lines = self.orders.get(index).lines.iter();
            let goods: Vec<(usize, Quantity)> = lines.filter_map(|line| Some((line.variation?, -line.out()))).collect();
            let at = world.now;
            let told = self.move_goods(index, &goods, at, world);
            self.announce_counts(&told, world);
        }
    }

    /// Open fulfilments of an order are done; so is the order, when it is paid.
    pub(crate) fn fulfil_order(&mut self, index: usize, world: &mut World<'_>) {
        let mut moved = Vec::new();
        self.orders.change(index, world.now, |order| {
            for one in order.fulfilments.iter_mut().filter(|one| !is_done(&one.state)) {
                moved.push((one.uid.clone(), one.state.clone(), "COMPLETED".to_owned()));
                one.state = "COMPLETED".into();
            }
            if order.goods_left && order.lines.iter().all(|line| line.owed.is_zero()) {
                order.state = OrderState::Completed;
            }
        });
        self.announce_fulfilment(index, &moved, world);
        self.announce_order_updated(index, world);
    }

    /// The quantity of a line becomes another one. Of an order whose goods have left, more is owed until it is paid, and
    /// less comes back, what was owed first.
    pub(crate) fn edit_line(&mut self, index: usize, line: usize, quantity: Quantity, world: &mut World<'_>) {
        let order = self.orders.get(index);
        let (known, left) = (&order.lines[line], order.goods_left);
        let (variation, raised) = (known.variation, quantity - known.quantity);
        let owed =
            if left && raised > Quantity::ZERO { known.owed + raised } else { known.owed.min(known.owed + raised) };
        let owed = owed.max(Quantity::ZERO);
        let back = (known.quantity - known.owed) - (quantity - owed);
        self.orders.note(index, |order| {
            order.lines[line].quantity = quantity;
            order.lines[line].owed = owed;
        });
        if let Some(variation) = variation.filter(|_| left && back > Quantity::ZERO) {
            let at = world.now;
            let told = self.move_goods(index, &[(variation, -back)], at, world);
            self.announce_counts(&told, world);
        }
    }
}

/// A fulfilment in this state moves no more.
pub(super) fn is_done(state: &str) -> bool {
    matches!(state, "COMPLETED" | "CANCELED" | "FAILED")
}

/// The amount of a money object at `pointer`.
///
/// # Errors
/// Missing, not an integer, another currency than the seller's, not above zero.
pub(crate) fn read_amount(body: &Value, pointer: &str, currency: &str) -> Result<i64, Refused> {
    let field = pointer.trim_start_matches('/').to_owned();
    let amount = body.pointer(&format!("{pointer}/amount")).and_then(Value::as_i64);
    let amount = amount.ok_or_else(|| Refused::missing(&format!("{field}.amount")))?;
    if wire::text(body, &format!("{pointer}/currency")) != Some(currency) {
        return Err(Refused::field("INVALID_VALUE", format!("{field}.currency"), format!("Expected {currency}.")));
    }
    if amount <= 0 {
        return Err(Refused::field("VALUE_TOO_LOW", format!("{field}.amount"), "More than nothing."));
    }
    Ok(amount)
}
