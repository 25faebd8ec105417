//! What people do inside the merchant's account: at the tills and in the back office.
//!
//! Called by the machine for every [`Act`]; one file per kind. The API is not used on the way: an act is judged only
//! by what a till or a back office would refuse.

mod items;
mod open_orders;
mod returns;
mod sales;

use super::Clover;
use super::books::Entry;
use super::hooks::Kind;
use super::quantity::Quantity;
use crate::machine::{Act, World};
use serde_json::{Value, json};

impl Clover {
    /// Carries an act out.
    ///
    /// # Errors
    /// A sentence that says why it cannot be done; then nothing was.
    pub(super) fn carry_out_act(&mut self, act: &Act, world: &mut World<'_>) -> Result<Value, String> {
        match act {
            Act::PutLocation { name, zone } => self.put_location(name, zone.as_deref(), world.now),
            Act::PutItem { .. } | Act::DeleteItem { .. } | Act::Count { .. } | Act::Adjust { .. } => {
                self.act_in_back_office(act, world)
            }
            Act::TillSale { reference, location, lines, customer, offline_ms } => {
                self.here(location)?;
                self.ring_up(reference, lines, customer.as_ref(), *offline_ms, world)
            }
            Act::WebOrder { .. } => {
                Err("Clover has no web shop here: its own online ordering is not documented".into())
            }
            Act::Fulfil { .. } => Err("Clover knows no fulfilment: goods leave when an order is paid".into()),
            Act::Cancel { reference } => self.cancel(reference, world),
            Act::Edit { reference, line, quantity } => self.edit(reference, *line, quantity, world),
            Act::Return { reference, of, location, lines, restock } => {
                self.here(location)?;
                match of {
                    Some(of) => self.take_back(reference, of, lines, *restock, world),
                    None => self.give_credit(reference, lines, *restock, world),
                }
            }
            Act::Void { reference } => self.void(reference, world),
            Act::Exchange { reference, of, location, back, out } => {
                self.here(location)?;
                self.exchange(reference, of, back, out, world)
            }
            Act::Transfer { .. } => {
                Err("a Clover merchant is one location, and merchants move nothing between them".into())
            }
            Act::MergeCustomers { .. } => Err("Clover cannot merge customers".into()),
            Act::EraseCustomer { reference } => {
                Ok(json!({"customer_id": self.erase_customer(reference, world.now)?.as_str()}))
            }
            Act::PutCustomer { customer } => {
                let index = self.put_customer(customer, world);
                Ok(json!({"customer_id": self.customers.id(index).as_str()}))
            }
            Act::RevokeToken {} => {
                self.tokens.revoke_access();
                Ok(json!({"revoked": true}))
            }
            Act::Uninstall {} => Ok(self.uninstall(world)),
        }
    }

    fn act_in_back_office(&mut self, act: &Act, world: &mut World<'_>) -> Result<Value, String> {
        match act {
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
                Ok(self.put_item(&typed, *force_new, world))
            }
            Act::DeleteItem { sku } => {
                let item = self.catalog.with_sku(sku)?;
                self.delete_item(item, world);
                Ok(json!({"item_id": self.catalog.item(item).id.as_str()}))
            }
            Act::Count { sku, location, quantity } => {
                self.here(location)?;
                let item = self.managed(sku)?;
                let counted = Quantity::parse(quantity).ok_or_else(|| format!("{quantity} is not a quantity"))?;
                self.set_stock(item, counted, world.now);
                Ok(self.edited("count", "", item, counted, world))
            }
            Act::Adjust { sku, location, delta, reference, .. } => {
                self.here(location)?;
                let item = self.managed(sku)?;
                let moved = Quantity::parse(delta).filter(|moved| *moved != Quantity::ZERO);
                let moved = moved.ok_or_else(|| format!("{delta} is not a change of stock"))?;
                self.move_stock(item, moved, world.now);
                Ok(self.edited("adjust", reference, item, moved, world))
            }
            _ => Err("this is nothing that a back office does".into()),
        }
    }

    /// Writes a stock edit into the books. It has no id of its own in the API: it is named by its item.
    fn edited(
        &mut self,
        kind: &'static str,
        reference: &str,
        item: usize,
        quantity: Quantity,
        world: &World<'_>,
    ) -> Value {
        let document = self.catalog.item(item).id.to_string();
        let reference =
            if reference.is_empty() { format!("{kind}-{}", self.log.len() + 1) } else { reference.to_owned() };
        let answer = json!({"item_id": document, "quantity": self.catalog.item(item).quantity.to_string()});
        self.log.push(Entry::Stock { kind, reference, document, item, quantity, at: world.now });
        answer
    }

    /// The item with this SKU, when its stock is kept at all.
    fn managed(&self, sku: &str) -> Result<usize, String> {
        let item = self.catalog.with_sku(sku)?;
        if self.catalog.item(item).auto_manage { Ok(item) } else { Err(format!("the stock of {sku} is not managed")) }
    }

    fn uninstall(&mut self, world: &mut World<'_>) -> Value {
        if self.installed {
            self.hooks.note("A", &self.settings.app_id, Kind::Delete);
            self.hooks.flush(world);
        }
        self.installed = false;
        self.tokens.clear();
        json!({"uninstalled": true})
    }

    /// A name that no document has.
    fn new_document(&self, reference: &str) -> Result<(), String> {
        if reference.is_empty() {
            return Err("a document needs a reference".into());
        }
        if self.documents.contains_key(reference) {
            return Err(format!("there is already a document {reference}"));
        }
        Ok(())
    }

    /// The order of a till's document, or the one that a client made with this outside reference.
    fn document(&self, reference: &str) -> Result<usize, String> {
        let of_client = || self.orders.with_reference(reference).next();
        let found = self.documents.get(reference).copied().unwrap_or_else(of_client);
        let found = found.filter(|index| self.orders.get(*index).deleted.is_none());
        found.ok_or_else(|| format!("there is no document {reference}"))
    }
}
