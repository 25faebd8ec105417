//! What people do inside the account: at its registers and in its back office.
//!
//! Called by the machine for every [`Act`]; one file per kind. The API is not used on the way: an act is judged only
//! by what a register or the back office would refuse. There is no web shop, and there are no webhooks.

mod goods;
mod returns;
mod sales;

use super::LightspeedR;
use super::resources::SHOP;
use super::table::Id;
use crate::machine::{Act, ActLine, World};
use serde_json::{Value, json};

impl LightspeedR {
    /// Carries an act out.
    ///
    /// # Errors
    /// A sentence that says why it cannot be done; then nothing was.
    pub(crate) fn carry_out_act(&mut self, act: &Act, world: &World<'_>) -> Result<Value, String> {
        let now = world.now;
        self.tokens.hear(now);
        match act {
            Act::PutLocation { name, zone } => self.put_location(name, zone.as_deref(), now),
            Act::PutItem { sku, title, barcode, price_minor, tracked, force_new, product, option } => {
                let typed = goods::Typed {
                    sku,
                    title,
                    barcode: barcode.as_deref(),
                    price_minor: *price_minor,
                    tracked: *tracked,
                    product: product.as_deref(),
                    option: option.as_deref(),
                };
                self.put_item(&typed, *force_new, now)
            }
            Act::DeleteItem { sku } => self.delete_item(sku, now),
            Act::Count { sku, location, quantity } => self.count_by_hand(sku, location, quantity, now),
            Act::Adjust { sku, location, delta, reason: _, reference } => {
                self.adjust_by_hand(sku, location, delta, reference, now)
            }
            Act::TillSale { reference, location, lines, customer, offline_ms } => {
                self.ring_up(reference, location, lines, customer.as_ref(), now - (*offline_ms).max(0), now)
            }
            Act::Return { reference, of, location, lines, restock } => {
                let back = returns::Back { reference, location, lines, restock: *restock };
                self.take_back(&back, of.as_deref(), now)
            }
            Act::Void { reference } => self.void(reference, now),
            Act::Exchange { reference, of, location, back, out } => {
                let back = returns::Back { reference, location, lines: back, restock: true };
                self.exchange(&back, of, out, now)
            }
            Act::Transfer { reference, from, to, lines } => self.transfer_by_hand(reference, from, to, lines, now),
            Act::PutCustomer { customer } => Ok(json!({"customer_id": self.customers.put(customer, now).to_string()})),
            Act::EraseCustomer { reference } => {
                let id = self.customers.named(reference).ok_or_else(|| format!("there is no customer {reference}"))?;
                self.customers.anonymize(id, now);
                Ok(json!({"customer_id": id.to_string(), "archived": true}))
            }
            Act::RevokeToken {} => {
                self.tokens.revoke_access();
                Ok(json!({"revoked": true}))
            }
            Act::Uninstall {} => {
                self.tokens.revoke();
                Ok(json!({"revoked": true}))
            }
            Act::WebOrder { .. } => {
                Err("Retail R-Series has no web shop: orders of other systems come by its API".into())
            }
            Act::Fulfil { .. } => Err("Retail R-Series has nothing to fulfil: goods leave with the sale".into()),
            Act::Cancel { .. } => Err("Retail R-Series has no order to cancel: a finished sale is voided".into()),
            Act::Edit { .. } => Err("Retail R-Series lets nobody edit the lines of a finished sale".into()),
            Act::MergeCustomers { .. } => Err("Retail R-Series has no merge of customers in its contract".into()),
        }
    }

    /// The shop of this name.
    fn shop(&self, name: &str) -> Result<Id, String> {
        let found = self.records.table(&SHOP).all().find(|(_, shop)| shop.get("name") == name);
        found.map(|(id, _)| id).ok_or_else(|| format!("there is no location {name}"))
    }

    /// The live item with this SKU.
    fn item(&self, sku: &str) -> Result<Id, String> {
        self.items.live(sku).ok_or_else(|| format!("there is no item {sku}"))
    }

    /// The live item with this SKU, when it has stock at all.
    fn stocked(&self, sku: &str) -> Result<Id, String> {
        let item = self.item(sku)?;
        if self.items.is_tracked(item) { Ok(item) } else { Err(format!("the stock of {sku} is not tracked")) }
    }

    /// Items and units of the lines of an act.
    ///
    /// # Errors
    /// No lines, an unknown SKU, a quantity that is not a whole number above zero.
    fn read_goods(&self, lines: &[ActLine]) -> Result<Vec<(Id, i64)>, String> {
        if lines.is_empty() {
            return Err("a document needs a line".into());
        }
        let read = |line: &ActLine| {
            let units = units_above_zero(&line.quantity)?;
            Ok((self.item(&line.sku)?, units))
        };
        lines.iter().map(read).collect()
    }

    /// The sale of an act's reference.
    fn document(&self, reference: &str) -> Result<Id, String> {
        self.documents.get(reference).copied().ok_or_else(|| format!("there is no document {reference}"))
    }

    fn new_document(&self, reference: &str) -> Result<(), String> {
        if self.documents.contains_key(reference) {
            return Err(format!("there is already a document {reference}"));
        }
        Ok(())
    }
}

/// The units of a document's line.
fn units_above_zero(text: &str) -> Result<i64, String> {
    let units = units(text)?;
    if units > 0 { Ok(units) } else { Err(format!("{text} is not a quantity above zero")) }
}

/// Whole units: the platform counts nothing finer. `2.000` is two.
fn units(text: &str) -> Result<i64, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let units = whole.parse().ok().filter(|_| part.bytes().all(|byte| byte == b'0'));
    units.ok_or_else(|| format!("{text} is not a quantity of Retail R-Series, which counts whole units"))
}
