//! Items put and deleted in the control panel.
//!
//! Called by the acts. Product names and SKUs are unique here: a title that is taken gets its SKU behind it, a SKU
//! that is taken is refused.

use super::super::Store;
use super::super::amount::Amount;
use super::super::catalog::{NewProduct, NewVariant, Tracking};
use crate::machine::World;
use serde_json::{Map, Value, json};

/// An item as it was typed.
pub(super) struct Typed<'t> {
    /// May be empty.
    pub sku: &'t str,
    /// For people.
    pub title: &'t str,
    /// GTIN.
    pub barcode: Option<&'t str>,
    /// Minor units.
    pub price_minor: i64,
    /// False for services.
    pub tracked: bool,
    /// The product that it is a variant of.
    pub product: Option<&'t str>,
    /// The variant's value.
    pub option: Option<&'t str>,
}

impl Store {
    /// Creates an item, or changes the one with this SKU.
    ///
    /// # Errors
    /// A SKU that is taken, a price below zero, a variant of a product that has no options.
    pub(super) fn put_item(
        &mut self,
        typed: &Typed<'_>,
        force_new: bool,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        if typed.price_minor < 0 {
            return Err("a price is not below zero".into());
        }
        let known = self.catalog.find_sku(typed.sku);
        if force_new && known.is_some() {
            return Err(format!("BigCommerce keeps SKUs unique, and {} is taken", typed.sku));
        }
        let variant = match known {
            Some(variant) => {
                self.change_item(variant, typed, world);
                variant
            }
            None => self.add_item(typed, world)?,
        };
        let known = self.catalog.variant(variant);
        Ok(json!({
            "product_id": self.catalog.product_of(variant).id, "variant_id": known.id, "sku_id": known.sku_id,
        }))
    }

    fn add_item(&mut self, typed: &Typed<'_>, world: &mut World<'_>) -> Result<usize, String> {
        let group = typed.product.and_then(|name| self.catalog.with_name(name));
        let price = Amount::from_minor(typed.price_minor, self.settings.places());
        let label = typed.option.unwrap_or(typed.sku);
        let (product, fresh) = match group {
            Some(product) if self.catalog.product(product).option.is_some() => (product, false),
            Some(product) => {
                let name = &self.catalog.product(product).name;
                return Err(format!("{name} has no options: its first item must have one too"));
            }
            None => (self.add_group(typed, price, world), true),
        };
        let has_options = self.catalog.product(product).option.is_some();
        let new = NewVariant {
            sku: typed.sku,
            upc: typed.barcode.unwrap_or_default(),
            price: has_options.then_some(price),
            label: if has_options { label } else { "" },
            extra: Map::new(),
        };
        let variant = self.catalog.add_variant(product, new, world.now);
        self.grow_stock();
        self.tell_product(product, if fresh { "created" } else { "updated" }, world);
        self.tell_variant(variant, "created", world);
        Ok(variant)
    }

    fn add_group(&mut self, typed: &Typed<'_>, price: Amount, world: &mut World<'_>) -> usize {
        // Its first item may come without a value; its SKU stands in for one then, so that others can follow.
        let has_options = typed.product.is_some();
        let name = self.free_name(typed.product.unwrap_or(typed.title), typed.sku);
        let tracking = match (typed.tracked, has_options) {
            (false, _) => Tracking::None,
            (true, true) => Tracking::Variant,
            (true, false) => Tracking::Product,
        };
        let option = has_options.then(|| "Option".to_owned());
        self.catalog.add_product(NewProduct { name: &name, price, tracking, option, extra: Map::new() }, world.now)
    }

    /// The name itself, or with something behind it that makes it unique.
    fn free_name(&self, wished: &str, sku: &str) -> String {
        let wished = if wished.is_empty() { "Item" } else { wished };
        let taken = |name: &str| self.catalog.with_name(name).is_some();
        if !taken(wished) {
            return wished.to_owned();
        }
        let with_sku = format!("{wished} [{sku}]");
        if !sku.is_empty() && !taken(&with_sku) {
            return with_sku;
        }
        let numbered = (2_u64..).map(|number| format!("{wished} [{number}]")).find(|name| !taken(name));
        numbered.expect("there are more numbers than products")
    }

    fn change_item(&mut self, variant: usize, typed: &Typed<'_>, world: &mut World<'_>) {
        let price = Amount::from_minor(typed.price_minor, self.settings.places());
        let product = self.catalog.variant(variant).product;
        let known = self.catalog.product(product);
        let (has_options, old_name) = (known.option.is_some(), known.name.clone());
        let tracking = match (typed.tracked, has_options) {
            (false, _) => Tracking::None,
            (true, true) => Tracking::Variant,
            (true, false) => Tracking::Product,
        };
        let same_name = *old_name == *typed.title || *old_name == *format!("{} [{}]", typed.title, typed.sku);
        if !has_options && !same_name {
            let name = self.free_name(typed.title, typed.sku);
            self.catalog.rename(product, &name);
        }
        self.catalog.change_product(product, world.now, |product| {
            product.tracking = tracking;
            if !has_options {
                product.price = price;
            }
        });
        self.catalog.change_variant(variant, world.now, |known| {
            known.price = has_options.then_some(price);
            if let Some(barcode) = typed.barcode {
                known.upc = barcode.into();
            }
        });
        self.tell_variant(variant, "updated", world);
        self.tell_product(product, "updated", world);
    }

    /// Deletes the variant with this SKU, and its product when it was the last one.
    ///
    /// # Errors
    /// No such SKU.
    pub(super) fn delete_item(&mut self, sku: &str, world: &mut World<'_>) -> Result<Value, String> {
        let variant = self.catalog.with_sku(sku)?;
        let product = self.catalog.variant(variant).product;
        if self.catalog.product(product).variants.len() == 1 {
            self.take_product_away(product, world);
        } else {
            self.catalog.remove_variant(variant, world.now);
            self.tell_variant(variant, "deleted", world);
            self.tell_product(product, "updated", world);
        }
        Ok(json!({"product_id": self.catalog.product(product).id}))
    }
}
