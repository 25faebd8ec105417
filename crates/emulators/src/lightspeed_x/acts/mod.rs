//! What people do inside the retailer's account: at tills, in eCom, in the back office.
//!
//! Called by the machine for every [`Act`]; one file per kind. The API is not used on the way: an act is judged only by
//! what a till, a shop or a back office would refuse.

mod items;
mod moves;
mod persons;
mod returns;
mod sales;

use super::LightspeedX;
use super::decimal::Decimal;
use crate::machine::{Act, ActLine, World};
use serde_json::{Value, json};

impl LightspeedX {
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
                    barcode: barcode.as_deref(),
                    price_minor: *price_minor,
                    tracked: *tracked,
                    product: product.as_deref(),
                    option: option.as_deref(),
                };
                self.put_item(&item, *force_new, world)
            }
            Act::DeleteItem { sku } => self.delete_item(sku, world),
            Act::Count { sku, location, quantity } => self.count_by_hand(sku, location, quantity, world),
            Act::Adjust { sku, location, delta, reason, reference } => {
                let change = moves::ByHand { sku, location, delta, reason, reference };
                self.adjust_by_hand(&change, world)
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
            Act::Cancel { reference } => self.call_off(reference, world),
            Act::Edit { .. } => Err("a paid order is not edited here: cancel it and place another".into()),
            Act::Return { reference, of, location, lines, restock } => {
                let handed_in = returns::HandedIn { reference, location, lines, restock: *restock };
                self.take_back(&handed_in, of.as_deref(), world)
            }
            Act::Void { reference } => self.void(reference, world),
            Act::Exchange { reference, of, location, back, out } => {
                let handed_in = returns::HandedIn { reference, location, lines: back, restock: true };
                self.exchange(&handed_in, of, out, world)
            }
            Act::Transfer { reference, from, to, lines } => self.transfer(reference, from, to, lines, world),
            Act::MergeCustomers { .. } => Err("customers cannot be merged here".into()),
            Act::EraseCustomer { reference } => self.erase_customer(reference, world),
            Act::PutCustomer { customer } => {
                let index = self.put_customer(customer, world);
                Ok(json!({"customer_id": self.people.get(index).id.to_string()}))
            }
            Act::RevokeToken {} => {
                self.grants.revoke();
                Ok(json!({"revoked": true}))
            }
            Act::Uninstall {} => {
                self.grants.clear();
                self.hooks.clear();
                Ok(json!({"uninstalled": true}))
            }
        }
    }

    fn put_location(&mut self, name: &str, zone: Option<&str>, world: &mut World<'_>) -> Result<Value, String> {
        if name.is_empty() {
            return Err("an outlet needs a name".into());
        }
        let zone = zone.unwrap_or(&self.settings.zone).to_owned();
        let index = self.account.open_outlet(name, &zone, &mut self.versions, world);
        for product in 0..self.goods.count() {
            self.keep_records(product, world);
        }
        let outlet = self.account.outlet(index);
        Ok(json!({"outlet_id": outlet.id.to_string(), "register_id": outlet.register.id.to_string()}))
    }

    /// Products and quantities of the lines of an act.
    ///
    /// # Errors
    /// No lines, an unknown SKU, a quantity that is not above zero.
    fn read_goods(&self, lines: &[ActLine]) -> Result<Vec<(usize, Decimal)>, String> {
        if lines.is_empty() {
            return Err("a document needs a line".into());
        }
        let read = |line: &ActLine| {
            let quantity = Decimal::parse(&line.quantity).filter(|quantity| quantity.is_positive());
            let quantity = quantity.ok_or_else(|| format!("{} is not a quantity above zero", line.quantity))?;
            Ok((self.goods.sold_as(&line.sku)?, quantity))
        };
        lines.iter().map(read).collect()
    }

    /// The sale of an act's reference.
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
