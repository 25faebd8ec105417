//! What people do inside the seller's account: at tills, in the web shop, in the back office.
//!
//! Called by the machine for every [`Act`]; one file per kind. The API is not used on the way: an act is judged only
//! by what a till, a shop or a back office would refuse.

mod items;
mod returns;
mod sales;
mod undo;

use super::Square;
use super::books::Entry;
use super::quantity::Quantity;
use super::stock::{Source, State, Wanted, What, reason};
use crate::machine::{Act, ActLine, World};
use serde_json::{Value, json};

impl Square {
    /// Carries an act out.
    ///
    /// # Errors
    /// A sentence that says why it cannot be done; then nothing was.
    pub(crate) fn carry_out_act(&mut self, act: &Act, world: &mut World<'_>) -> Result<Value, String> {
        match act {
            Act::PutLocation { name, zone } => self.put_location(name, zone.as_deref(), world),
            Act::PutItem { sku, title, barcode, price_minor, tracked, force_new, product, option } => {
                let item = items::Typed {
                    sku,
                    title,
                    product: product.as_deref(),
                    option: option.as_deref(),
                    barcode: barcode.as_deref(),
                    price_minor: *price_minor,
                    tracked: *tracked,
                };
                self.put_item(&item, *force_new, world)
            }
            Act::DeleteItem { sku } => self.delete_item(sku, world),
            Act::Count { sku, location, quantity } => self.count_by_hand(sku, location, quantity, world),
            Act::Adjust { sku, location, delta, reason, reference } => {
                self.adjust_by_hand(sku, location, delta, reason, reference, world)
            }
            Act::TillSale { reference, location, lines, customer, offline_ms } => {
                let document = sales::Document { reference, lines, customer: customer.as_ref() };
                self.ring_up(&document, location, *offline_ms, world)
            }
            Act::WebOrder { reference, lines, customer, force, pickup } => {
                let document = sales::Document { reference, lines, customer: customer.as_ref() };
                self.place_web_order(&document, *force, pickup.as_deref(), world)
            }
            Act::Fulfil { reference } => self.hand_over(reference, world),
            Act::Cancel { reference } => self.cancel(reference, world),
            Act::Edit { reference, line, quantity } => self.edit(reference, *line, quantity, world),
            Act::Return { reference, of, location, lines, restock } => {
                let handed_in = returns::HandedIn { reference, location, lines, restock: *restock };
                self.take_back(&handed_in, of.as_deref(), world)
            }
            Act::Void { reference } => self.void(reference, world),
            Act::Exchange { reference, of, location, back, out } => {
                self.exchange(&undo::Exchange { reference, of, location, back, out }, world)
            }
            Act::Transfer { reference, from, to, lines } => self.carry_over(reference, from, to, lines, world),
            Act::MergeCustomers { into, from } => Ok(json!({"customer_id": self.merge_customers(into, from, world)?})),
            Act::EraseCustomer { reference } => Ok(json!({"customer_id": self.erase_customer(reference, world)?})),
            Act::RevokeToken {} => {
                self.tokens.revoke_access();
                Ok(json!({"revoked": true}))
            }
            Act::PutCustomer { customer } => Ok(json!({"customer_id": self.put_customer(customer, world)})),
            Act::Uninstall {} => Ok(self.revoke("MERCHANT", world)),
        }
    }

    fn put_location(&mut self, name: &str, zone: Option<&str>, world: &mut World<'_>) -> Result<Value, String> {
        if name.is_empty() {
            return Err("a location needs a name".into());
        }
        let (index, event) = self.locations.put(name, zone, world);
        self.stock.grow(self.catalog.variation_count(), self.locations.count(), world.now);
        if let Some(event) = event {
            self.hooks.emit(world, event);
        }
        Ok(json!({"location_id": self.locations.get(index).id}))
    }

    fn count_by_hand(&mut self, sku: &str, place: &str, text: &str, world: &mut World<'_>) -> Result<Value, String> {
        let quantity = Quantity::parse(text).ok_or_else(|| format!("{text} is not a quantity"))?;
        let (variation, location) = (self.stocked(sku)?, self.locations.named(place)?);
        let wanted = Wanted {
            what: What::Count(State::InStock),
            variation,
            location,
            quantity,
            occurred_at: world.now,
            reference: None,
            reason: None,
            source: Source::Dashboard,
            order: None,
        };
        Ok(self.change_by_hand(wanted, "count", quantity, "", world))
    }

    fn adjust_by_hand(
        &mut self,
        sku: &str,
        place: &str,
        text: &str,
        reason: &str,
        reference: &str,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let delta = Quantity::parse(text).ok_or_else(|| format!("{text} is not a quantity"))?;
        if delta.is_zero() {
            return Err("a change of nothing is not a change".into());
        }
        let (variation, location) = (self.stocked(sku)?, self.locations.named(place)?);
        let what = if delta.is_positive() {
            What::Adjustment(State::None, State::InStock)
        } else {
            What::Adjustment(State::InStock, State::Waste)
        };
        let wanted = Wanted {
            what,
            variation,
            location,
            quantity: delta.magnitude(),
            occurred_at: world.now,
            reference: (!reference.is_empty()).then(|| reference.to_owned()),
            reason: reason::typed(reason),
            source: Source::Dashboard,
            order: None,
        };
        Ok(self.change_by_hand(wanted, "adjust", delta, reference, world))
    }

    /// Goods are carried to another location: since 2026 no change of its own, but two adjustments for the reason
    /// TRANSFER. The transfer order that a seller may write beside them is not emulated.
    fn carry_over(
        &mut self,
        reference: &str,
        from: &str,
        to: &str,
        lines: &[ActLine],
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let (from, to) = (self.locations.named(from)?, self.locations.named(to)?);
        if from == to {
            return Err("goods that stay where they are move nowhere".into());
        }
        let goods = self.read_goods(lines)?;
        for line in lines {
            self.stocked(&line.sku)?;
        }
        let mut changes = Vec::with_capacity(goods.len() * 2);
        for (variation, quantity) in goods {
            let ends = [
                (from, What::Adjustment(State::InStock, State::None), -quantity),
                (to, What::Adjustment(State::None, State::InStock), quantity),
            ];
            for (location, what, signed) in ends {
                let wanted = Wanted {
                    what,
                    variation,
                    location,
                    quantity,
                    occurred_at: world.now,
                    reference: Some(reference.to_owned()),
                    reason: Some(Box::new(json!({"type": "TRANSFER"}))),
                    source: Source::Dashboard,
                    order: None,
                };
                changes.push(self.change_by_hand(wanted, "adjust", signed, reference, world));
            }
        }
        Ok(json!({ "changes": changes }))
    }

    /// Makes a change of the back office, writes it into the books and tells the new count when it has moved.
    fn change_by_hand(
        &mut self,
        wanted: Wanted,
        kind: &'static str,
        quantity: Quantity,
        reference: &str,
        world: &mut World<'_>,
    ) -> Value {
        let (variation, location) = (wanted.variation, wanted.location);
        let (index, moved) = self.stock.apply(wanted, world);
        let id = self.stock.change(index).id.clone();
        let reference = if reference.is_empty() { id.clone() } else { reference.to_owned() };
        self.log.push(Entry::Change { kind, reference, id: id.clone(), variation, location, quantity, at: world.now });
        if moved {
            self.announce_counts(&[(variation, location)], world);
        }
        json!({"change_id": id, "quantity": self.stock.level(variation, location).to_string()})
    }

    /// The variation with this SKU, when it has stock at all.
    fn stocked(&self, sku: &str) -> Result<usize, String> {
        let variation = self.catalog.with_sku(sku)?;
        if self.catalog.variation(variation).tracked {
            Ok(variation)
        } else {
            Err(format!("the stock of {sku} is not tracked"))
        }
    }

    /// Variations and quantities of the lines of an act.
    ///
    /// # Errors
    /// No lines, an unknown SKU, a quantity that is not above zero.
    fn read_goods(&self, lines: &[ActLine]) -> Result<Vec<(usize, Quantity)>, String> {
        if lines.is_empty() {
            return Err("a document needs a line".into());
        }
        let read = |line: &ActLine| {
            let quantity = Quantity::parse(&line.quantity).filter(|quantity| quantity.is_positive());
            let quantity = quantity.ok_or_else(|| format!("{} is not a quantity above zero", line.quantity))?;
            Ok((self.catalog.with_sku(&line.sku)?, quantity))
        };
        lines.iter().map(read).collect()
    }

    /// The order of an act's reference.
    fn document(&self, reference: &str) -> Result<usize, String> {
        self.documents.get(reference).copied().ok_or_else(|| format!("there is no document {reference}"))
    }

    fn new_document(&self, reference: &str) -> Result<(), String> {
        if self.documents.contains_key(reference) {
            return Err(format!("there is already a document {reference}"));
        }
        Ok(())
    }
}
