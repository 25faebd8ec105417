//! Finishing a sale and undoing it: the two moments at which goods move.
//!
//! Called by the calls and the acts, after the rules have been asked. The time of the platform goes on every row that
//! changes; the time of the till only into `completeTime`.

use super::super::LightspeedR;
use super::super::resources::SALE_VOID;
use super::super::stock::{Cause, reason};
use super::super::table::Id;
use crate::machine::Millis;

impl LightspeedR {
    /// Finishes a sale that balances; its goods leave, or come back where a line is negative. Answers for each line
    /// the row of the inventory log, when it moved stock.
    pub(crate) fn complete_sale(&mut self, id: Id, at: Millis, now: Millis) -> Vec<Option<Id>> {
        let Some((lines, customer)) = self.sales.sales.get(id).map(|sale| (sale.lines.clone(), sale.customer)) else {
            return Vec::new();
        };
        let mut moved = Vec::with_capacity(lines.len());
        for line in lines {
            let Some(sold) = self.sales.lines.get(line) else { continue };
            let (item, shop, quantity, parent) = (sold.item, sold.shop, sold.quantity, sold.parent);
            if sold.is_layaway {
                self.lay_away(line, false, now);
            }
            let reason = if quantity > 0 { reason::SOLD } else { reason::REFUNDED };
            let cause = Cause { reason, automated: true, sale: id, customer, ..Cause::default() };
            let tracked = self.items.is_tracked(item);
            moved.push(tracked.then(|| self.stock.shift(item, shop, -quantity, &cause, now)).flatten());
            self.sales.lines.change(parent, |parent| parent.returned -= quantity);
            self.sales.lines.change(line, |line| line.stamp = now);
        }
        self.sales.sales.change(id, |sale| {
            sale.completed = true;
            sale.completed_at = Some(at);
            sale.stamp = now;
        });
        moved
    }

    /// Undoes a finished sale: it counts no more, and its goods are where they were.
    pub(crate) fn void_sale(&mut self, id: Id, why: &str, now: Millis) -> Id {
        let Some(sale) = self.sales.sales.get(id).cloned() else { return 0 };
        for line in &sale.lines {
            let Some(sold) = self.sales.lines.get(*line) else { continue };
            let (item, shop, quantity, parent) = (sold.item, sold.shop, sold.quantity, sold.parent);
            let reason = if quantity > 0 { reason::PUT_BACK } else { reason::REFUND_VOIDED };
            let cause = Cause { reason, automated: true, sale: id, customer: sale.customer, ..Cause::default() };
            if self.items.is_tracked(item) {
                self.stock.shift(item, shop, quantity, &cause, now);
            }
            self.sales.lines.change(parent, |parent| parent.returned += quantity);
        }
        self.sales.sales.change(id, |sale| {
            sale.voided = true;
            sale.stamp = now;
        });
        let (sale_id, employee, shop) = (id.to_string(), sale.employee.to_string(), sale.shop.to_string());
        let members = [("reason", why), ("saleID", &sale_id), ("employeeID", &employee), ("shopID", &shop)];
        self.records.add(&SALE_VOID, &members, now)
    }

    /// Lays the units of a line away for its customer, or sets them free.
    pub(crate) fn lay_away(&mut self, line: Id, away: bool, now: Millis) {
        let Some(known) = self.sales.lines.get(line).filter(|known| known.is_layaway != away) else { return };
        let (item, shop, units) = (known.item, known.shop, known.quantity);
        self.sales.lines.change(line, |line| line.is_layaway = away);
        if self.items.is_tracked(item) {
            let units = if away { units } else { -units };
            self.stock.change_both(item, shop, now, |row| row.on_layaway += units);
        }
    }
}
