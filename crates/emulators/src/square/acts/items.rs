//! Items put and deleted in the back office.
//!
//! Called by the acts. An item has one variation, unless a product is named: then it is one of that product's. Both are
//! written as the API would write them.

use super::super::Square;
use super::super::hooks::Event;
use super::super::wire::money;
use crate::machine::World;
use serde_json::{Value, json};

/// An item as it was typed.
pub(super) struct Typed<'t> {
    /// May be empty.
    pub sku: &'t str,
    /// The item's name, where no product is named.
    pub title: &'t str,
    /// The name of an item with several variations.
    pub product: Option<&'t str>,
    /// The variation's own name.
    pub option: Option<&'t str>,
    /// GTIN.
    pub barcode: Option<&'t str>,
    /// Minor units of the seller's currency.
    pub price_minor: i64,
    /// False for services.
    pub tracked: bool,
}

impl Square {
    /// Creates an item, or changes the one with this SKU.
    ///
    /// # Errors
    /// The catalogue's refusal, as JSON; none is known.
    pub(super) fn put_item(
        &mut self,
        item: &Typed<'_>,
        force_new: bool,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let taxes = self.taxes_of_new_items(world)?;
        let known = if force_new { None } else { self.catalog.with_sku(item.sku).ok() };
        let currency = &self.settings.currency;
        let family = item.product.and_then(|product| self.catalog.item_named(product));
        let object = match (known, &family) {
            (Some(variation), _) => self.catalog.changed_item(variation, item, currency)?,
            (None, Some(family)) => item.as_variation(family, "#variation", currency),
            (None, None) => item.as_object("#item", "#variation", currency, &taxes),
        };
        let written = self.catalog.write(&[object], &["object".to_owned()], world);
        let written = written.map_err(|refused| refused.body().to_string())?;
        self.stock.grow(self.catalog.variation_count(), self.locations.count(), world.now);
        self.announce_catalog(world);
        let made = written.0.first().map_or("", |object| self.catalog.id_of(*object)).to_owned();
        let variation = self.catalog.variation(known.unwrap_or(self.catalog.variation_count() - 1));
        let (variation_id, item_id) = (variation.id.clone(), variation.item.map(|item| self.catalog.id_of(item)));
        let item_id = item_id.map_or(made, str::to_owned);
        if let Some(product) = item.product.filter(|_| known.is_none() && family.is_none()) {
            self.catalog.name_item(product, &item_id);
        }
        Ok(json!({ "item_id": item_id, "variation_id": variation_id }))
    }

    /// Deletes the variation with this SKU, and its item when it was the last one.
    ///
    /// # Errors
    /// No such SKU.
    pub(super) fn delete_item(&mut self, sku: &str, world: &mut World<'_>) -> Result<Value, String> {
        let variation = self.catalog.with_sku(sku)?;
        let id = self.catalog.variation(variation).id.clone();
        let gone = self.catalog.remove(&[id], world.now);
        self.announce_catalog(world);
        Ok(json!({"deleted_object_ids": gone}))
    }

    /// `catalog.version.updated`, after every write.
    pub(crate) fn announce_catalog(&mut self, world: &mut World<'_>) {
        let data = self.catalog.version_event();
        self.hooks.emit(world, Event { topic: "catalog.version.updated", location: None, data });
    }
}

impl Typed<'_> {
    fn as_object(&self, item: &str, variation: &str, currency: &str, taxes: &[String]) -> Value {
        let mut object = json!({
            "type": "ITEM",
            "id": item,
            "present_at_all_locations": true,
            "item_data": {
                "name": self.product.unwrap_or(self.title),
                "product_type": "REGULAR",
                "variations": [self.as_variation(item, variation, currency)],
            },
        });
        if !taxes.is_empty() {
            object["item_data"]["tax_ids"] = json!(taxes);
        }
        object
    }

    fn as_variation(&self, item: &str, variation: &str, currency: &str) -> Value {
        // Variations of one item differ by their own name; without an option the title has to do.
        let name = self.option.or(self.product.map(|_| self.title)).unwrap_or("Regular");
        let mut object = json!({
            "type": "ITEM_VARIATION",
            "id": variation,
            "present_at_all_locations": true,
            "item_variation_data": {"item_id": item, "name": name, "sellable": true, "stockable": true},
        });
        self.write_onto(&mut object["item_variation_data"], currency);
        object
    }

    fn write_onto(&self, data: &mut Value, currency: &str) {
        data["sku"] = json!(self.sku);
        data["pricing_type"] = json!("FIXED_PRICING");
        data["price_money"] = money(self.price_minor, currency);
        data["track_inventory"] = json!(self.tracked);
        if let Some(barcode) = self.barcode {
            data["upc"] = json!(barcode);
        }
    }
}

impl super::super::catalog::Catalog {
    /// The item of a variation as it is, with what was typed over it.
    ///
    /// # Errors
    /// The variation is one of several of another item than the product that was named.
    fn changed_item(&self, variation: usize, typed: &Typed<'_>, currency: &str) -> Result<Value, String> {
        let known = self.variation(variation);
        let Some(item) = known.item else {
            let mut object = self.render(known.object);
            typed.write_onto(&mut object["item_variation_data"], currency);
            return Ok(object);
        };
        let mut object = self.render(item);
        let alone = object["item_data"]["variations"].as_array().is_some_and(|all| all.len() == 1);
        let name = object["item_data"]["name"].as_str().unwrap_or_default().to_owned();
        let wanted = typed.product.unwrap_or(if alone { typed.title } else { &name });
        if !alone && wanted != name {
            return Err(format!("{} is a variation of {name}, which has others", typed.sku));
        }
        object["item_data"]["name"] = json!(wanted);
        let variations = object["item_data"]["variations"].as_array_mut();
        for one in variations.into_iter().flatten().filter(|one| one["id"] == json!(known.id)) {
            typed.write_onto(&mut one["item_variation_data"], currency);
            if let Some(option) = typed.option {
                one["item_variation_data"]["name"] = json!(option);
            }
        }
        Ok(object)
    }
}
