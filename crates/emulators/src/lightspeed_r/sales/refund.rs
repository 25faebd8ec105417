//! `POST /Sale/{id}/refund.json`: the whole of a sale, or the lines that are named, comes back.
//!
//! Sent here by the routes. It finds out what is left to give back and what that costs; the rest is a sale like any.

use super::super::LightspeedR;
use super::super::records::missing;
use super::super::resources::SALE;
use super::super::table::Id;
use super::super::wire::{self, Answer, Refused};
use super::calls::written;
use super::{Draft, Line, Sale};
use crate::machine::Millis;
use serde_json::Value;

/// Ticket numbers of sales begin at this one; the id follows.
const TICKET: Id = 220_000_000_000;

impl LightspeedR {
    /// `POST /Sale/{saleID or ticketNumber}/refund.json`
    pub(crate) fn refund_call(&mut self, number: Id, body: &Value, now: Millis) -> Answer {
        let id = if number > TICKET { number - TICKET } else { number };
        let sale = self.sales.sales.get(id).ok_or_else(|| missing(&SALE, number))?.clone();
        if !sale.completed || sale.voided {
            return Err(Refused::rule("Only a completed sale can be refunded."));
        }
        let mut draft = self.read_head(body, now)?;
        if draft.sale.customer == 0 {
            draft.sale.customer = sale.customer;
        }
        draft.lines = self.read_back(&sale, body, &draft)?;
        if draft.lines.is_empty() {
            return Err(Refused::rule("There is nothing left to refund."));
        }
        self.read_paid_back(body, &mut draft)?;
        let completes = wire::flag(body, "completed")?.unwrap_or(true);
        self.judge_draft(&draft, completes)?;
        let made = self.sales.keep(draft);
        if completes {
            self.complete_sale(made, now, now);
        }
        self.read_sale(made, &written())
    }

    /// The named lines, or everything that has not come back yet.
    fn read_back(&self, sale: &Sale, body: &Value, draft: &Draft) -> Result<Vec<Line>, Refused> {
        let named = wire::rows(body, "SaleLines", "SaleLine");
        if named.is_empty() {
            let left = self.sales.lines_of(sale).filter(|(_, line)| line.quantity > line.returned);
            return Ok(left.map(|(id, line)| back(draft, id, line, line.quantity - line.returned)).collect());
        }
        let read = |row: &Value| {
            let parent = wire::id(row, "parentSaleLineID")?.unwrap_or(0);
            let known = sale.lines.contains(&parent).then(|| self.sales.lines.get(parent)).flatten();
            let known = known.ok_or_else(|| Refused::rule(format!("Line {parent} is not on the sale.")))?;
            let units = wire::whole(row, "unitQuantity")?.unwrap_or(known.returned - known.quantity);
            if units >= 0 {
                return Err(Refused::rule("unitQuantity of a refund must be negative."));
            }
            Ok(back(draft, parent, known, -units))
        };
        named.into_iter().map(read).collect()
    }

    /// At least one payment must name a type; the only one that names no amount gets all of it.
    fn read_paid_back(&self, body: &Value, draft: &mut Draft) -> Result<(), Refused> {
        let rows = wire::rows(body, "SalePayments", "SalePayment");
        if rows.is_empty() {
            return Err(Refused::rule("At least one SalePayment with a paymentTypeID is required."));
        }
        let total = draft.total(self.taxing(), &self.settings.currency);
        for row in &rows {
            let kind = self.read_payment_type(row)?;
            let amount = wire::amount(row, "amount")?;
            let amount = amount.or_else(|| (rows.len() == 1).then_some(total));
            let amount = amount.ok_or_else(|| Refused::rule("amount is required when there are several payments."))?;
            draft.payments.push(draft.payment(amount, kind));
        }
        Ok(())
    }

    /// A line that takes units of another one back at what they cost.
    pub(crate) fn back_line(&self, draft: &Draft, parent: Id, units: i64) -> Option<Line> {
        self.sales.lines.get(parent).map(|line| back(draft, parent, line, units))
    }
}

fn back(draft: &Draft, id: Id, parent: &Line, units: i64) -> Line {
    let mut line = draft.line(parent.item, -units, parent.price);
    // Money off the whole line comes back with the last of its units.
    let whole = units == parent.quantity;
    line.discount = if whole { -parent.discount } else { super::Amount::ZERO };
    line.discount_part = parent.discount_part;
    line.tax = parent.tax;
    line.tax_class = parent.tax_class;
    line.parent = id;
    line
}
