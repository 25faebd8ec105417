//! What becomes of an order later: handed over, cancelled, edited, refunded.

use super::{Movement, Shop};
use crate::machine::Millis;
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::{Refund, RefundCause, RefundLine, Restock, Tracking};

/// Units of one line of a fulfilment order that are handed over.
#[derive(Clone, Copy, Debug)]
pub(in crate::shopify) struct FulfilPart {
    /// Index of the line within its fulfilment order.
    pub(in crate::shopify) row: usize,
    pub(in crate::shopify) quantity: i64,
}

/// Units of one order line that go back.
#[derive(Clone, Copy, Debug)]
pub(in crate::shopify) struct RefundPart {
    /// Index of the order's line.
    pub(in crate::shopify) line: usize,
    pub(in crate::shopify) quantity: i64,
    pub(in crate::shopify) restock: Restock,
    /// Location index where the goods are handed in.
    pub(in crate::shopify) location: Option<usize>,
    /// Whether they had not been handed over yet.
    pub(in crate::shopify) open: bool,
}

impl RefundPart {
    fn was_open(&self) -> bool {
        self.open || self.restock == Restock::Cancel
    }
}

/// What a refund says besides its parts.
#[derive(Clone, Debug)]
pub(in crate::shopify) struct Giving {
    /// The tester's name for it, or the program's note.
    pub(in crate::shopify) reference: String,
    /// Money that goes back.
    pub(in crate::shopify) amount_minor: i64,
    /// Location index where goods are handed in.
    pub(in crate::shopify) handed_in: Option<usize>,
}

impl Shop {
    /// Hands over everything that is open, one fulfilment per location.
    pub(in crate::shopify) fn fulfil_all(
        &mut self,
        order: usize,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<(), String> {
        let mut any = false;
        for place in 0..self.orders[order].fulfilment_orders.len() {
            let parts: Vec<FulfilPart> = self.orders[order].fulfilment_orders[place]
                .lines
                .iter()
                .enumerate()
                .filter(|(_, line)| line.remaining > 0)
                .map(|(row, line)| FulfilPart { row, quantity: line.remaining })
                .collect();
            if !parts.is_empty() {
                any = true;
                self.fulfil(order, place, &parts, None, now, happened)?;
            }
        }
        if any { Ok(()) } else { Err("nothing of the order is open".to_owned()) }
    }

    /// Hands over parts of one fulfilment order. Nothing changes when one part asks for too much.
    pub(in crate::shopify) fn fulfil(
        &mut self,
        order: usize,
        place: usize,
        parts: &[FulfilPart],
        tracking: Option<Tracking>,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let location = self.orders[order].fulfilment_orders[place].location;
        let mut left = Vec::with_capacity(parts.len());
        for part in parts {
            let row = &self.orders[order].fulfilment_orders[place].lines[part.row];
            if part.quantity <= 0 || part.quantity > row.remaining {
                return Err(format!("{} cannot be fulfilled, {} remain", part.quantity, row.remaining));
            }
            left.push((row.line, location, part.quantity));
        }
        for (part, &(line, _, quantity)) in parts.iter().zip(&left) {
            self.orders[order].fulfilment_orders[place].lines[part.row].remaining -= quantity;
            self.orders[order].lines[line].fulfilled += quantity;
            let article = self.orders[order].lines[line].article;
            let by = Movement { available: 0, committed: -quantity };
            self.move_promised(order, (article, location), by, now, happened);
        }
        self.orders[order].fulfilment_orders[place].updated = now;
        let fulfilment = self.record_fulfilment(order, location, &left, now);
        self.orders[order].fulfilments[fulfilment].tracking = tracking;
        self.touch_order(order, now);
        let done = self.orders[order].fulfilment_status() == Some("fulfilled");
        let topics: &'static [&'static str] = if done {
            &["ORDERS_FULFILLED", "ORDERS_UPDATED"]
        } else {
            &["ORDERS_PARTIALLY_FULFILLED", "ORDERS_UPDATED"]
        };
        happened.note(Event::Order { order, topics });
        happened.note(Event::Fulfilment { order, fulfilment });
        Ok(fulfilment)
    }

    /// Cancels what is open. With `restock` it goes back to where it was committed.
    pub(in crate::shopify) fn cancel(
        &mut self,
        order: usize,
        reason: &'static str,
        restock: bool,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<(), String> {
        if self.orders[order].cancelled.is_some() {
            return Err("the order has already been cancelled".to_owned());
        }
        if self.orders[order].lines.iter().all(|line| line.open() == 0) {
            return Err("the order has been fulfilled and cannot be cancelled".to_owned());
        }
        let mut parts = Vec::new();
        for place in 0..self.orders[order].fulfilment_orders.len() {
            parts.extend(self.release(order, place, restock, now, happened));
        }
        self.orders[order].cancelled = Some((now, reason));
        let reference = self.orders[order].reference.clone();
        // Nobody gets back what nobody paid.
        let paid = self.orders[order].payment.is_some();
        let amount_minor = if paid { self.price_of(order, &parts) } else { 0 };
        self.write_refund(order, (reference, amount_minor), &parts, RefundCause::Cancelled, now, happened);
        happened.note(Event::Order { order, topics: &["ORDERS_CANCELLED", "ORDERS_UPDATED"] });
        Ok(())
    }

    /// Takes the open units of one fulfilment order off the order; answers what has to be refunded.
    fn release(
        &mut self,
        order: usize,
        place: usize,
        restock: bool,
        now: Millis,
        happened: &mut Happened,
    ) -> Vec<RefundPart> {
        let location = self.orders[order].fulfilment_orders[place].location;
        let mut parts = Vec::new();
        for row in 0..self.orders[order].fulfilment_orders[place].lines.len() {
            let part = &mut self.orders[order].fulfilment_orders[place].lines[row];
            let (line, quantity) = (part.line, part.remaining);
            if quantity == 0 {
                continue;
            }
            part.remaining = 0;
            part.total -= quantity;
            self.orders[order].lines[line].removed += quantity;
            let article = self.orders[order].lines[line].article;
            let available = if restock { quantity } else { 0 };
            let by = Movement { available, committed: -quantity };
            self.move_promised(order, (article, location), by, now, happened);
            let restock = if restock { Restock::Cancel } else { Restock::Nowhere };
            parts.push(RefundPart { line, quantity, restock, location: Some(location), open: true });
        }
        if !parts.is_empty() {
            self.orders[order].fulfilment_orders[place].cancelled = true;
            self.orders[order].fulfilment_orders[place].updated = now;
        }
        parts
    }

    /// Changes the quantity of a line within what is open.
    pub(in crate::shopify) fn edit(
        &mut self,
        order: usize,
        line: usize,
        quantity: i64,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<(), String> {
        let row = self.orders[order].lines.get(line).ok_or("the order has no such line")?;
        let delta = quantity - row.current();
        if quantity < 0 || row.open() + delta < 0 {
            return Err(format!("only {} of the line are open", row.open()));
        }
        if self.orders[order].cancelled.is_some() {
            return Err("the order has been cancelled".to_owned());
        }
        if self.orders[order].till.is_some() {
            return Err("a sale at the till cannot be edited".to_owned());
        }
        if delta > 0 {
            self.raise(order, line, delta, now, happened);
            self.orders[order].lines[line].quantity += delta;
        } else {
            self.lower(order, line, -delta, now, happened);
            self.orders[order].lines[line].removed -= delta;
        }
        self.orders[order].edited = true;
        self.touch_order(order, now);
        happened.note(Event::OrderEdited { order, line, delta });
        happened.note(Event::Order { order, topics: &["ORDERS_UPDATED"] });
        Ok(())
    }

    /// More of a line is committed where the line is already; staff may promise more than is there.
    fn raise(&mut self, order: usize, line: usize, by: i64, now: Millis, happened: &mut Happened) {
        let article = self.orders[order].lines[line].article;
        let home = self.orders[order].fulfilment_orders.iter_mut().find_map(|place| {
            let location = place.location;
            let row = place.lines.iter_mut().find(|row| row.line == line)?;
            row.total += by;
            row.remaining += by;
            place.updated = now;
            Some(location)
        });
        if let Some(location) = home {
            let movement = Movement { available: -by, committed: by };
            self.move_promised(order, (article, location), movement, now, happened);
        }
    }

    /// Less of a line is committed, last location first.
    fn lower(&mut self, order: usize, line: usize, by: i64, now: Millis, happened: &mut Happened) {
        let article = self.orders[order].lines[line].article;
        let mut left = by;
        for place in (0..self.orders[order].fulfilment_orders.len()).rev() {
            let place = &mut self.orders[order].fulfilment_orders[place];
            let location = place.location;
            let mut freed = 0;
            for row in place.lines.iter_mut().filter(|row| row.line == line) {
                let here = row.remaining.min(left - freed);
                row.remaining -= here;
                row.total -= here;
                freed += here;
            }
            place.updated = now;
            left -= freed;
            let movement = Movement { available: freed, committed: -freed };
            self.move_promised(order, (article, location), movement, now, happened);
        }
    }

    /// Gives the price of goods back that left, and puts them on a shelf where that is asked for. Nothing changes when
    /// one part asks for too much.
    pub(in crate::shopify) fn refund(
        &mut self,
        order: usize,
        reference: String,
        parts: &[RefundPart],
        handed_in: Option<usize>,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let amount_minor = self.price_of(order, parts);
        self.refund_of(order, Giving { reference, amount_minor, handed_in }, parts, now, happened)
    }

    /// Gives an amount back, for goods that left, for open ones, or for none.
    pub(in crate::shopify) fn refund_of(
        &mut self,
        order: usize,
        giving: Giving,
        parts: &[RefundPart],
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        self.check_back(order, parts)?;
        for part in parts {
            if part.was_open() {
                self.take_off(order, part, now, happened);
                continue;
            }
            self.orders[order].lines[part.line].returned += part.quantity;
            let article = self.orders[order].lines[part.line].article;
            if let (Restock::Return, Some(location)) = (part.restock, part.location) {
                let by = Movement { available: part.quantity, committed: 0 };
                self.move_stock((article, location), by, now, happened);
            }
        }
        let Giving { reference, amount_minor, handed_in } = giving;
        let cause = RefundCause::Returned(handed_in);
        let refund = self.write_refund(order, (reference, amount_minor), parts, cause, now, happened);
        happened.note(Event::Order { order, topics: &["ORDERS_UPDATED"] });
        Ok(refund)
    }

    fn check_back(&self, order: usize, parts: &[RefundPart]) -> Result<(), String> {
        let mut back = vec![(0, 0); self.orders[order].lines.len()];
        for part in parts {
            let line = self.orders[order].lines.get(part.line).ok_or("the order has no such line")?;
            let (wanted, left) = match part.was_open() {
                true => (&mut back[part.line].1, line.open()),
                false => (&mut back[part.line].0, line.fulfilled - line.returned),
            };
            *wanted += part.quantity;
            if part.quantity <= 0 || *wanted > left {
                return Err(format!("{wanted} cannot be refunded, {left} remain"));
            }
        }
        Ok(())
    }

    /// Open units leave the order, last location first; where they are restocked they are available at the place that is
    /// named.
    fn take_off(&mut self, order: usize, part: &RefundPart, now: Millis, happened: &mut Happened) {
        let article = self.orders[order].lines[part.line].article;
        let mut left = part.quantity;
        for place in (0..self.orders[order].fulfilment_orders.len()).rev() {
            let place = &mut self.orders[order].fulfilment_orders[place];
            let mut freed = 0;
            for row in place.lines.iter_mut().filter(|row| row.line == part.line) {
                let here = row.remaining.min(left - freed);
                row.remaining -= here;
                row.total -= here;
                freed += here;
            }
            if freed == 0 {
                continue;
            }
            place.updated = now;
            place.cancelled = place.lines.iter().all(|row| row.total == 0);
            left -= freed;
            let location = place.location;
            self.move_promised(order, (article, location), Movement { available: 0, committed: -freed }, now, happened);
            if part.restock == Restock::Cancel {
                let back = part.location.unwrap_or(location);
                self.move_promised(order, (article, back), Movement { available: freed, committed: 0 }, now, happened);
            }
        }
        self.orders[order].lines[part.line].removed += part.quantity;
    }

    /// Moves stock for an order's open units, where they are taken from the levels at all.
    pub(super) fn move_promised(
        &mut self,
        order: usize,
        place: (usize, usize),
        by: Movement,
        now: Millis,
        happened: &mut Happened,
    ) {
        if self.orders[order].claims {
            self.move_stock(place, by, now, happened);
        }
    }

    /// What parts of an order cost.
    fn price_of(&self, order: usize, parts: &[RefundPart]) -> i64 {
        parts.iter().fold(0, |sum: i64, part| {
            let price = self.orders[order].lines.get(part.line).map_or(0, |line| line.price_minor);
            sum.saturating_add(part.quantity.saturating_mul(price))
        })
    }

    fn write_refund(
        &mut self,
        order: usize,
        (reference, amount_minor): (String, i64),
        parts: &[RefundPart],
        cause: RefundCause,
        now: Millis,
        happened: &mut Happened,
    ) -> usize {
        let number = self.orders[order].refunds.len();
        let mut lines = Vec::with_capacity(parts.len());
        for (row, part) in parts.iter().enumerate() {
            let id = self.give(Kind::RefundLineItem, [order, number, row]);
            let location = part.location.filter(|_| part.restock != Restock::Nowhere);
            let RefundPart { line, quantity, restock, .. } = *part;
            lines.push(RefundLine { id, line, quantity, restock, location, was_open: part.was_open() });
        }
        let refund = Refund {
            id: self.give(Kind::Refund, [order, number, 0]),
            transaction: (amount_minor > 0).then(|| self.give(Kind::OrderTransaction, [order, number + 1, 0])),
            amount_minor,
            reference,
            created: now,
            cause,
            lines,
        };
        self.orders[order].refunds.push(refund);
        self.touch_order(order, now);
        happened.note(Event::Refund { order, refund: number });
        number
    }
}
