//! The one tax of a seller whose prices include it: a catalogue object, named by every item, and taken apart on orders.
//!
//! `acts` puts it on items, orders are shown with it. Orders that are made through the API bring their own taxes, and so
//! bear none of it. It moves no total: an inclusive tax is inside the price already.

use super::Square;
use super::orders::{Line, Order, Origin};
use super::quantity::Quantity;
use crate::machine::World;
use serde_json::{Value, json};

/// Its `uid` on an order.
const UID: &str = "vat";
/// What people read.
const NAME: &str = "VAT";

impl Square {
    /// The ids of the taxes that a new item bears; the tax is put into the catalogue when it is first needed.
    ///
    /// # Errors
    /// The catalogue's refusal, as JSON; none is known.
    pub(super) fn taxes_of_new_items(&mut self, world: &mut World<'_>) -> Result<Vec<String>, String> {
        if !self.settings.tax_inclusive {
            return Ok(Vec::new());
        }
        if let Some(known) = self.catalog.tax() {
            return Ok(vec![known.to_owned()]);
        }
        let tax = json!({
            "type": "TAX",
            "id": "#tax",
            "present_at_all_locations": true,
            "tax_data": {
                "name": NAME,
                "calculation_phase": "TAX_SUBTOTAL_PHASE",
                "inclusion_type": "INCLUSIVE",
                "percentage": self.settings.tax_percent.to_string(),
                "applies_to_custom_amounts": true,
                "enabled": true,
            },
        });
        let written = self.catalog.write(&[tax], &["object".to_owned()], world);
        let (indices, _) = written.map_err(|refused| refused.body().to_string())?;
        Ok(indices.into_iter().map(|index| self.catalog.id_of(index).to_owned()).collect())
    }

    /// The tax inside so many of a variation at a price, minor units, halves rounded up.
    pub(super) fn tax_inside(&self, variation: Option<usize>, quantity: Quantity, price_minor: i64) -> i64 {
        if !variation.is_some_and(|variation| self.catalog.is_taxed(variation)) {
            return 0;
        }
        let (gross, percent) = (i128::from(quantity.price(price_minor)), i128::from(self.settings.tax_percent));
        let whole = 100 + percent;
        i64::try_from((gross * percent + whole / 2) / whole).unwrap_or(0)
    }

    /// The tax inside a line of an order.
    pub(super) fn tax_of_line(&self, order: &Order, line: &Line) -> i64 {
        let variation = line.variation.filter(|_| order.origin != Origin::Api);
        self.tax_inside(variation, line.quantity, line.price_minor)
    }

    /// The tax inside all lines of an order.
    pub(super) fn tax_of_order(&self, order: &Order) -> i64 {
        order.lines.iter().map(|line| self.tax_of_line(order, line)).fold(0, i64::saturating_add)
    }

    /// The tax inside what came back with an order.
    pub(super) fn tax_of_return(&self, order: &Order) -> i64 {
        let lines = order.returned.iter().flat_map(|returned| &returned.lines);
        let taxes = lines.map(|line| self.tax_inside(Some(line.variation), line.quantity, line.price_minor));
        taxes.fold(0, i64::saturating_add)
    }

    /// `taxes` of an order; `None` when no line bears any.
    pub(super) fn show_taxes(&self, order: &Order) -> Option<Value> {
        let applied = self.tax_of_order(order);
        let tax = self.catalog.tax().filter(|_| applied != 0)?;
        Some(json!([{
            "uid": UID,
            "catalog_object_id": tax,
            "name": NAME,
            "type": "INCLUSIVE",
            "percentage": self.settings.tax_percent.to_string(),
            "scope": "LINE_ITEM",
            "applied_money": self.money(applied),
        }]))
    }

    /// `applied_taxes` of a line that bears so much; `None` when it bears none.
    pub(super) fn show_applied_tax(&self, line: &Line, applied: i64) -> Option<Value> {
        let shown =
            || json!([{"uid": format!("{}-vat", line.uid), "tax_uid": UID, "applied_money": self.money(applied)}]);
        (applied != 0).then(shown)
    }
}
