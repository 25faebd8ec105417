//! Goods that come back: refunds, exchanges, voided sales.
//!
//! Called by the acts. What comes back is on hand again at once; what is not put on the shelf is written off after.

use super::super::LightspeedR;
use super::super::amount::Amount;
use super::super::sales::{Draft, Line};
use super::super::stock::Cause;
use super::super::table::Id;
use super::units_above_zero;
use crate::machine::{ActLine, Millis};
use serde_json::{Value, json};

/// Goods as they are handed in.
pub(super) struct Back<'b> {
    /// The document's own name, new.
    pub reference: &'b str,
    /// Where.
    pub location: &'b str,
    /// What.
    pub lines: &'b [ActLine],
    /// Whether it goes back on the shelf.
    pub restock: bool,
}

impl LightspeedR {
    /// A refund, tied to a sale or to none.
    ///
    /// # Errors
    /// A name that is taken, an unknown location, SKU or document, more than was sold.
    pub(super) fn take_back(&mut self, back: &Back<'_>, of: Option<&str>, now: Millis) -> Result<Value, String> {
        let mut draft = self.begin(back.reference, back.location, now, now)?;
        draft.lines = match of {
            Some(of) => self.tied_lines(&mut draft, back, self.document(of)?)?,
            None => self.untied_lines(&draft, back)?,
        };
        let gone: Vec<(Id, i64)> = draft.lines.iter().map(|line| (line.item, line.quantity)).collect();
        let shop = draft.sale.shop;
        let sale = self.finish(draft, back.reference, now, now)?;
        if !back.restock {
            self.write_off(back.reference, shop, &gone, now);
        }
        Ok(self.receipt(sale))
    }

    /// Goods come back and others leave in one sale.
    ///
    /// # Errors
    /// As for a refund and a sale.
    pub(super) fn exchange(
        &mut self,
        back: &Back<'_>,
        of: &str,
        out: &[ActLine],
        now: Millis,
    ) -> Result<Value, String> {
        let mut draft = self.begin(back.reference, back.location, now, now)?;
        draft.lines = self.tied_lines(&mut draft, back, self.document(of)?)?;
        for ((item, units), typed) in self.read_goods(out)?.into_iter().zip(out) {
            let price = Amount::from_minor(typed.unit_price_minor, &self.settings.currency);
            let line = self.typed_line(&draft, item, units, price);
            draft.lines.push(line);
        }
        let sale = self.finish(draft, back.reference, now, now)?;
        Ok(self.receipt(sale))
    }

    /// Undoes a finished sale.
    ///
    /// # Errors
    /// An unknown document, one that is voided already, one of which something has come back.
    pub(super) fn void(&mut self, reference: &str, now: Millis) -> Result<Value, String> {
        let id = self.document(reference)?;
        let sale = self.sales.sales.get(id).ok_or_else(|| format!("there is no document {reference}"))?;
        if sale.voided {
            return Err(format!("{reference} is voided already"));
        }
        if self.sales.lines_of(sale).any(|(_, line)| line.returned > 0) {
            return Err(format!("something of {reference} has come back: the refund must be voided first"));
        }
        let void = self.void_sale(id, "Voided at the register", now);
        Ok(json!({"sale_id": id.to_string(), "sale_void_id": void.to_string()}))
    }

    /// Lines that take units of a sale back, at what they cost.
    fn tied_lines(&self, draft: &mut Draft, back: &Back<'_>, of: Id) -> Result<Vec<Line>, String> {
        let sale = self.sales.sales.get(of).ok_or_else(|| "there is no such sale".to_owned())?;
        draft.sale.customer = sale.customer;
        if back.lines.is_empty() {
            return Err("a document needs a line".into());
        }
        let mut lines: Vec<Line> = Vec::new();
        for typed in back.lines {
            let units = units_above_zero(&typed.quantity)?;
            let taken =
                |id: Id| -> i64 { lines.iter().filter(|line| line.parent == id).map(|line| -line.quantity).sum() };
            // By SKU rather than by item: what has been archived since comes back all the same.
            let is_it = |line: &Line| self.sku(line.item) == typed.sku;
            let left = |id: Id, line: &Line| line.quantity - line.returned - taken(id) >= units;
            let parent = match typed.of_line {
                Some(index) => sale.lines.get(index).copied(),
                None => self.sales.lines_of(sale).find(|(id, line)| is_it(line) && left(*id, line)).map(|(id, _)| id),
            };
            let parent = parent.filter(|id| self.sales.lines.get(*id).is_some_and(is_it));
            let parent = parent.ok_or_else(|| format!("there is no line with {units} of {} left", typed.sku))?;
            let line = self.back_line(draft, parent, units);
            lines.push(line.ok_or_else(|| "there is no such line".to_owned())?);
        }
        Ok(lines)
    }

    fn untied_lines(&self, draft: &Draft, back: &Back<'_>) -> Result<Vec<Line>, String> {
        let goods = self.read_goods(back.lines)?;
        let line = |((item, units), typed): ((Id, i64), &ActLine)| {
            let price = Amount::from_minor(typed.unit_price_minor, &self.settings.currency);
            self.typed_line(draft, item, -units, price)
        };
        Ok(goods.into_iter().zip(back.lines).map(line).collect())
    }

    /// What came back and is not fit for the shelf leaves again by hand. `gone` has units below zero, as refunds do.
    fn write_off(&mut self, reference: &str, shop: Id, gone: &[(Id, i64)], now: Millis) {
        for (item, units) in gone.iter().filter(|(item, _)| self.items.is_tracked(*item)).copied().collect::<Vec<_>>() {
            if let Some(logged) = self.stock.shift(item, shop, units, &Cause::by_hand(), now) {
                self.note_change(&format!("{reference} write-off"), logged, (item, shop, units), now);
            }
        }
    }
}
