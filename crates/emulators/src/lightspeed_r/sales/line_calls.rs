//! `SaleLine` of an open sale: add, change, take off; and laying units away.
//!
//! Sent here by the routes. Lines of a finished sale cannot be touched.

use super::super::LightspeedR;
use super::super::records::missing;
use super::super::resources::{SALE, SALE_LINE};
use super::super::table::Id;
use super::super::wire::{self, Answer, Refused};
use super::{Draft, Line};
use crate::machine::Millis;
use serde_json::Value;

impl LightspeedR {
    /// `POST /SaleLine.json` and `POST /Sale/{id}/SaleLine.json`
    pub(crate) fn create_line(&mut self, sale: Option<Id>, body: &Value, now: Millis) -> Answer {
        let named = wire::id(body, "saleID")?;
        let id = sale.or(named).ok_or_else(|| Refused::rule("saleID is required."))?;
        let draft = self.open_sale(id, now)?;
        let mut line = Line { sale: id, ..self.read_line(body, &draft)? };
        line.is_special_order = wire::flag(body, "isSpecialOrder")?.unwrap_or(false);
        let away = wire::flag(body, "isLayaway")?.unwrap_or(false);
        if away && line.quantity < 0 {
            return Err(Refused::rule("Only what is sold can be laid away."));
        }
        let made = self.sales.lines.add(line);
        self.sales.sales.change(id, |sale| {
            sale.lines.push(made);
            sale.stamp = now;
        });
        if away {
            self.lay_away(made, true, now);
        }
        self.read_line_call(made, &Default::default())
    }

    /// `PUT /SaleLine/{id}.json`: quantity, price, discount, layaway.
    pub(crate) fn update_line(&mut self, id: Id, body: &Value, now: Millis) -> Answer {
        let line = self.sales.lines.get(id).ok_or_else(|| missing(&SALE_LINE, id))?;
        let (sale, was_away) = (line.sale, line.is_layaway);
        self.open_sale(sale, now)?;
        let quantity = wire::whole(body, "unitQuantity")?;
        if quantity == Some(0) {
            return Err(Refused::rule("unitQuantity cannot be 0."));
        }
        let (price, discount) = (wire::amount(body, "unitPrice")?, wire::amount(body, "discountAmount")?);
        let part = wire::amount(body, "discountPercent")?;
        let away = wire::flag(body, "isLayaway")?.unwrap_or(was_away);
        // The units that are laid away follow the line: free the old ones, lay the new ones away.
        self.lay_away(id, false, now);
        self.sales.lines.change(id, |line| {
            line.quantity = quantity.unwrap_or(line.quantity);
            line.price = price.unwrap_or(line.price);
            line.discount = discount.unwrap_or(line.discount);
            line.discount_part = part.unwrap_or(line.discount_part);
            line.stamp = now;
        });
        self.lay_away(id, away, now);
        self.sales.sales.change(sale, |sale| sale.stamp = now);
        self.read_line_call(id, &Default::default())
    }

    /// `DELETE /SaleLine/{id}.json`
    pub(crate) fn delete_line(&mut self, id: Id, now: Millis) -> Answer {
        let sale = self.sales.lines.get(id).ok_or_else(|| missing(&SALE_LINE, id))?.sale;
        self.open_sale(sale, now)?;
        self.lay_away(id, false, now);
        let last = self.read_line_call(id, &Default::default());
        self.sales.lines.remove(id);
        self.sales.sales.change(sale, |sale| {
            sale.lines.retain(|line| *line != id);
            sale.stamp = now;
        });
        last
    }

    /// A draft that stands for an open sale.
    fn open_sale(&self, id: Id, now: Millis) -> Result<Draft, Refused> {
        let sale = self.sales.sales.get(id).ok_or_else(|| missing(&SALE, id))?;
        if sale.completed || sale.archived {
            return Err(Refused::rule("The lines of a completed or archived sale cannot be changed."));
        }
        let mut sale = sale.clone();
        (sale.created, sale.stamp) = (now, now);
        Ok(Draft { sale, lines: Vec::new(), payments: Vec::new() })
    }
}
