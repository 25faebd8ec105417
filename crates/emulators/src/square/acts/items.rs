//! Items put and deleted in the back office.
//!
//! Called by the acts. An item has one variation; both are written as the API would write them.

use super::super::Square;
use super::super::hooks::Event;
use super::super::wire::money;
use crate::machine::World;
use serde_json::{Value, json};

/// An item as it was typed.
pub(super) struct Typed<'t> {
    /// May be empty.
    pub sku: &'t str,
    /// The item's name.
    pub title: &'t str,
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
        let known = if force_new { None } else { self.catalog.with_sku(item.sku).ok() };
        let currency = &self.settings.currency;
        let object = match known {
            Some(variation) => self.catalog.changed_item(variation, item, currency),
            None => item.as_object("#item", "#variation", currency),
        };
        let written = self.catalog.write(&[object], &["object".to_owned()], world);
        let (indices, _) = written.map_err(|refused| refused.body().to_string())?;
        self.stock.grow(self.catalog.variation_count(), self.locations.count(), world.now);
        self.announce_catalog(world);
        let variation = known.unwrap_or(self.catalog.variation_count() - 1);
        Ok(json!({
            "item_id": indices.first().map(|index| self.catalog.id_of(*index)),
            "variation_id": self.catalog.variation(variation).id,
        }))
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
    fn as_object(&self, item: &str, variation: &str, currency: &str) -> Value {
        let mut object = json!({
            "type": "ITEM",
            "id": item,
            "present_at_all_locations": true,
            "item_data": {
                "name": self.title,
                "product_type": "REGULAR",
                "variations": [{
                    "type": "ITEM_VARIATION",
                    "id": variation,
                    "present_at_all_locations": true,
                    "item_variation_data": {"item_id": item, "name": "Regular", "sellable": true, "stockable": true},
                }],
            },
        });
        self.write_onto(&mut object["item_data"]["variations"][0]["item_variation_data"], currency);
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
    fn changed_item(&self, variation: usize, typed: &Typed<'_>, currency: &str) -> Value {
        let known = self.variation(variation);
        let Some(item) = known.item else {
            let mut object = self.render(known.object);
            typed.write_onto(&mut object["item_variation_data"], currency);
            return object;
        };
        let mut object = self.render(item);
        object["item_data"]["name"] = json!(typed.title);
        let variations = object["item_data"]["variations"].as_array_mut();
        for one in variations.into_iter().flatten().filter(|one| one["id"] == json!(known.id)) {
            typed.write_onto(&mut one["item_variation_data"], currency);
        }
        object
    }
}
