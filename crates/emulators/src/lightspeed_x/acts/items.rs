//! The catalogue as the back office changes it.
//!
//! Called by the acts.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::goods::Draft;
use crate::machine::World;
use serde_json::{Value, json};

/// An item as it is typed.
#[derive(Debug)]
pub struct Typed<'a> {
    /// SKU.
    pub sku: &'a str,
    /// Title.
    pub title: &'a str,
    /// GTIN.
    pub barcode: Option<&'a str>,
    /// Price in minor units, as prices are set in this store.
    pub price_minor: i64,
    /// False for services.
    pub tracked: bool,
    /// Name of the product with variants that it belongs to.
    pub product: Option<&'a str>,
    /// The variant's option.
    pub option: Option<&'a str>,
}

impl Typed<'_> {
    fn name(&self) -> String {
        self.product.unwrap_or(self.title).to_owned()
    }

    /// A variant without an option is told apart by its title.
    fn options(&self) -> Vec<(String, String)> {
        let value = self.option.or(self.product.map(|_| self.title));
        value.map(|value| ("Option".to_owned(), value.to_owned())).into_iter().collect()
    }

    /// The vendor keeps a kind beside each code; it follows from the length.
    fn codes(&self) -> Vec<(String, String)> {
        let kind = |code: &str| match code.len() {
            8 | 13 => "EAN",
            12 => "UPC",
            14 => "ITF",
            _ => "CUSTOM",
        };
        let code = self.barcode.filter(|code| !code.is_empty());
        code.map(|code| (kind(code).to_owned(), code.to_owned())).into_iter().collect()
    }
}

impl LightspeedX {
    /// Creates an item, or changes the oldest one with its SKU.
    pub(super) fn put_item(
        &mut self,
        item: &Typed<'_>,
        force_new: bool,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        if item.title.is_empty() && item.product.is_none() {
            return Err("a product needs a name".into());
        }
        if item.price_minor < 0 {
            return Err("a price below zero is not a price".into());
        }
        let known = self.goods.with_sku(item.sku).next().filter(|_| !force_new && !item.sku.is_empty());
        let index = match known {
            Some(index) => {
                self.retype(index, item, world);
                index
            }
            None => self.enter(item, world),
        };
        self.tell_product(index, world);
        Ok(json!({"product_id": self.goods.get(index).id.to_string()}))
    }

    fn enter(&mut self, item: &Typed<'_>, world: &mut World<'_>) -> usize {
        let parent = item.product.and_then(|name| self.families.get(name).copied());
        let draft = Draft {
            name: item.name(),
            options: item.options(),
            sku: item.sku.to_owned(),
            codes: item.codes(),
            price: self.money.of_minor(item.price_minor),
            service: !item.tracked,
            parent,
            ..Draft::default()
        };
        let index = self.add_product(draft, world);
        if let Some(name) = item.product {
            self.families.entry(name.to_owned()).or_insert(index);
        }
        index
    }

    fn retype(&mut self, index: usize, item: &Typed<'_>, world: &mut World<'_>) {
        let price = self.money.of_minor(item.price_minor);
        let product = self.goods.get_mut(index);
        product.name = item.name();
        product.options = item.options();
        product.price = price;
        self.goods.set_codes(index, item.codes());
        self.track(index, item.tracked, world);
        self.touch_product(index, world);
    }

    /// Deletes the oldest item with this SKU.
    pub(super) fn delete_item(&mut self, sku: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.goods.sold_as(sku)?;
        self.remove_product(index, world);
        Ok(json!({"product_id": self.goods.get(index).id.to_string()}))
    }
}
