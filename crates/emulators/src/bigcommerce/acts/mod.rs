//! What people do inside the store: shoppers on its pages, the owner in its control panel.
//!
//! Called by the machine for every [`Act`]; one file per kind. The API is not used on the way: an act is judged only
//! by what the pages and the control panel would refuse.

mod items;
mod orders;
mod returns;

use super::Store;
use super::books::Entry;
use super::stock::{Adjustment, Change};
use crate::machine::{Act, ActCustomer, World};
use serde_json::{Value, json};

const NO_TILL: &str = "BigCommerce is no till: nothing is rung up in it";

impl Store {
    /// Carries an act out.
    ///
    /// # Errors
    /// A sentence that says why it cannot be done; then nothing was.
    pub(super) fn carry_out(&mut self, act: &Act, world: &mut World<'_>) -> Result<Value, String> {
        match act {
            Act::PutLocation { name, zone } => self.put_location(name, zone.as_deref(), world),
            Act::PutItem { sku, title, barcode, price_minor, tracked, force_new, product, option } => {
                let typed = items::Typed {
                    sku,
                    title,
                    barcode: barcode.as_deref(),
                    price_minor: *price_minor,
                    tracked: *tracked,
                    product: product.as_deref(),
                    option: option.as_deref(),
                };
                self.put_item(&typed, *force_new, world)
            }
            Act::DeleteItem { sku } => self.delete_item(sku, world),
            Act::Count { sku, location, quantity } => self.count_by_hand(sku, location, quantity, world),
            Act::Adjust { sku, location, delta, reason: _, reference } => {
                self.adjust_by_hand(sku, location, delta, reference, world)
            }
            Act::WebOrder { .. } | Act::Fulfil { .. } | Act::Cancel { .. } | Act::Edit { .. } | Act::Return { .. } => {
                self.carry_out_order(act, world)
            }
            Act::TillSale { .. } | Act::Void { .. } | Act::Exchange { .. } => Err(NO_TILL.into()),
            Act::Transfer { .. } => Err("BigCommerce knows no transfers between locations".into()),
            Act::MergeCustomers { .. } => Err("BigCommerce cannot merge customers".into()),
            Act::PutCustomer { customer } => Ok(json!({"customer_id": self.put_customer(customer, world)})),
            Act::EraseCustomer { reference } => {
                let index = self.customers.with_reference(reference);
                let index = index.ok_or_else(|| format!("there is no customer {reference}"))?;
                self.erase_customer(index, world);
                Ok(json!({"customer_id": self.customers.get(index).id}))
            }
            Act::RevokeToken {} => {
                self.access.revoke();
                Ok(json!({"revoked": true}))
            }
            Act::Uninstall {} => {
                self.uninstall(world);
                Ok(json!({"uninstalled": true}))
            }
        }
    }

    fn carry_out_order(&mut self, act: &Act, world: &mut World<'_>) -> Result<Value, String> {
        match act {
            Act::WebOrder { reference, lines, customer, force, pickup } => {
                let placed = orders::Placed {
                    reference,
                    lines,
                    customer: customer.as_ref(),
                    force: *force,
                    pickup: pickup.as_deref(),
                };
                self.place_order(&placed, world)
            }
            Act::Fulfil { reference } => self.fulfil(reference, world),
            Act::Cancel { reference } => self.cancel(reference, world),
            Act::Edit { reference, line, quantity } => self.edit(reference, *line, quantity, world),
            Act::Return { reference, of, location, lines, restock } => {
                let handed_in = returns::HandedIn { reference, location, lines, restock: *restock };
                self.take_back(&handed_in, of.as_deref(), world)
            }
            _ => Err("this is no act upon an order".into()),
        }
    }

    fn put_location(&mut self, name: &str, zone: Option<&str>, world: &mut World<'_>) -> Result<Value, String> {
        if name.is_empty() {
            return Err("a location needs a name".into());
        }
        let (index, what) = self.locations.put(name, zone, world.now);
        self.grow_stock();
        if let Some(what) = what {
            self.told_location(index, what, world);
        }
        Ok(json!({"location_id": self.locations.get(index).id}))
    }

    fn count_by_hand(&mut self, sku: &str, place: &str, text: &str, world: &mut World<'_>) -> Result<Value, String> {
        let (variant, shelf) = self.counted(sku)?;
        let location = self.locations.named(place)?;
        let quantity = whole(text)?;
        if quantity < 0 {
            return Err("BigCommerce takes no count below zero".into());
        }
        self.apply(Adjustment { shelf, location, change: Change::Absolute(quantity) }, world);
        Ok(self.note_change("count", "", (variant, location), quantity, world))
    }

    fn adjust_by_hand(
        &mut self,
        sku: &str,
        place: &str,
        text: &str,
        reference: &str,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let (variant, shelf) = self.counted(sku)?;
        let location = self.locations.named(place)?;
        let delta = whole(text)?;
        let on_hand = self.stock.get(shelf, location).on_hand;
        if delta == 0 {
            return Err("a change of nothing is not a change".into());
        }
        if delta < 0 && on_hand + delta < 0 {
            return Err(format!("only {on_hand} of {sku} are on hand at {place}"));
        }
        self.apply(Adjustment { shelf, location, change: Change::Relative(delta) }, world);
        Ok(self.note_change("adjust", reference, (variant, location), delta, world))
    }

    /// Writes a change by hand into the books.
    fn note_change(
        &mut self,
        kind: &'static str,
        reference: &str,
        (variant, location): (usize, usize),
        quantity: i64,
        world: &mut World<'_>,
    ) -> Value {
        self.changes_noted += 1;
        let number = self.changes_noted;
        let reference = if reference.is_empty() { format!("{kind}-{number}") } else { reference.to_owned() };
        self.log.push(Entry::Change { kind, reference, number, variant, location, quantity, at: world.now });
        let shelf = self.catalog.shelf(variant).unwrap_or(variant);
        json!({"number": number, "quantity": self.stock.get(shelf, location).available()})
    }

    /// A person as typed; answers the customer's id.
    fn put_customer(&mut self, typed: &ActCustomer, world: &mut World<'_>) -> u64 {
        use super::customers::Put;
        let (index, put) = self.customers.put(typed, world.now);
        match put {
            Put::Created => self.tell_customer(index, "created", world),
            Put::Updated => self.tell_customer(index, "updated", world),
            Put::Same => {}
        }
        self.customers.get(index).id
    }

    /// The variant with this SKU and the shelf that it is counted on.
    fn counted(&self, sku: &str) -> Result<(usize, usize), String> {
        let variant = self.catalog.with_sku(sku)?;
        let shelf = self.catalog.shelf(variant).ok_or_else(|| format!("the stock of {sku} is not tracked"))?;
        Ok((variant, shelf))
    }
}

/// A whole number, which may be written with zeros behind a point.
fn whole(text: &str) -> Result<i64, String> {
    let (number, part) = text.split_once('.').unwrap_or((text, ""));
    let number = number.parse::<i64>().ok().filter(|_| part.bytes().all(|digit| digit == b'0'));
    number
        .filter(|number| number.abs() <= super::stock::QUANTITY_MAX)
        .ok_or_else(|| format!("{text} is not a whole number, and BigCommerce counts no others"))
}
