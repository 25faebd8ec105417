//! What becomes of a finished sale at the till: voided, or exchanged for other goods.

use super::{Basket, Movement, RefundPart, Shop};
use crate::machine::Millis;
use crate::shopify::happened::{Event, Happened};
use crate::shopify::records::Restock;

impl Shop {
    /// Takes a whole sale back: everything that is left of it is refunded and stands on the till's shelf again. An order
    /// whose goods were handed over cannot be cancelled, so this is how a till undoes a sale.
    pub(in crate::shopify) fn void(
        &mut self,
        order: usize,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let till = self.orders[order].till.ok_or("only a sale at the till can be voided")?;
        let part = |(line, known): (usize, &crate::shopify::records::Line)| {
            let quantity = known.fulfilled - known.returned;
            let back = RefundPart { line, quantity, restock: Restock::Return, location: Some(till), open: false };
            (quantity > 0).then_some(back)
        };
        let parts: Vec<RefundPart> = self.orders[order].lines.iter().enumerate().filter_map(part).collect();
        if parts.is_empty() {
            return Err("nothing of the sale is left".to_owned());
        }
        let reference = self.orders[order].reference.clone();
        self.refund(order, reference, &parts, Some(till), now, happened)
    }

    /// Goods come back and others leave. Both stand in the order that is exchanged: a refund takes lines back, and lines
    /// that are handed over at once are added, as the vendor's exchanges do. The exchange's name leads to the same order.
    pub(in crate::shopify) fn exchange(
        &mut self,
        order: usize,
        back: &[RefundPart],
        out: &Basket<'_>,
        till: usize,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        if self.orders[order].till.is_none() {
            return Err("only a sale at the till can be exchanged there".to_owned());
        }
        if out.lines.is_empty() {
            return Err("an exchange gives at least one line out".to_owned());
        }
        if self.orders_by_reference.contains_key(out.reference) {
            return Err(format!("there is already an order '{}'", out.reference));
        }
        let refund = self.refund(order, out.reference.to_owned(), back, Some(till), now, happened)?;
        let first = self.orders[order].lines.len();
        let lines = self.open_lines(order, first, out);
        self.orders[order].lines.extend(lines);
        let parts: Vec<_> =
            out.lines.iter().enumerate().map(|(row, line)| (first + row, till, line.quantity)).collect();
        for &(line, _, quantity) in &parts {
            let article = self.orders[order].lines[line].article;
            self.move_stock((article, till), Movement { available: -quantity, committed: 0 }, now, happened);
            self.orders[order].lines[line].fulfilled = quantity;
            happened.note(Event::OrderEdited { order, line, delta: quantity });
        }
        self.hand_out(order, &parts, 0, now);
        let fulfilment = self.record_fulfilment(order, till, &parts, now);
        self.orders[order].edited = true;
        self.orders_by_reference.insert(out.reference.to_owned(), order);
        self.touch_order(order, now);
        happened.note(Event::Fulfilment { order, fulfilment });
        happened.note(Event::Order { order, topics: &["ORDERS_UPDATED"] });
        Ok(refund)
    }
}
