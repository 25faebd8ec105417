//! `/v3/inventory/items` and `/v3/inventory/locations/{id}/items`: what the store shows of its stock.
//!
//! Called by the routes. There is no filter by change: a reader sweeps all pages.

use super::super::Store;
use super::super::wire::{Answer, Call, Page, Query, Refused, path_id};
use super::Shelf;
use crate::machine::World;
use serde_json::{Value, json};

const LIMIT_MAX: usize = 1_000;

impl Store {
    /// `inventory/…` but for the locations themselves.
    pub(in super::super) fn route_inventory(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", ["items"]) => self.list_stock(call),
            (_, ["adjustments", kind]) => self.route_adjustments(method, kind, call, world),
            (_, ["locations"]) => self.route_locations(method, call, world),
            (_, ["locations", id, "items"]) => {
                let location = self.locations.with_id(path_id(id)?);
                let location = location.ok_or_else(|| Refused { problem: true, ..Refused::not_found() })?;
                match method {
                    "GET" => self.list_stock_at(location, call),
                    "PUT" => self.put_settings(location, call, world),
                    _ => Err(Refused::not_found()),
                }
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn list_stock(&self, call: &Call) -> Answer {
        let query = &call.query;
        let page = Page::read(query, LIMIT_MAX)?;
        let (ids, codes) = (query.numbers("location_id:in")?, query.list("location_code:in"));
        let places: Vec<usize> = (0..self.locations.count())
            .filter(|place| ids.as_ref().is_none_or(|ids| ids.contains(&self.locations.get(*place).id)))
            .filter(|place| codes.as_ref().is_none_or(|codes| codes.contains(&&*self.locations.get(*place).code)))
            .collect();
        let found = self.find_stock(query)?;
        let show = |variant: usize| {
            let locations: Vec<Value> = places.iter().map(|place| self.render_place(variant, *place)).collect();
            let mut identity = self.render_identity(variant);
            identity["sku_id"] = json!(self.catalog.variant(variant).sku_id);
            json!({"identity": identity, "locations": locations})
        };
        let data = page.cut(&found).into_iter().map(show).collect();
        Ok(page.reply(data, found.len(), query))
    }

    fn list_stock_at(&self, location: usize, call: &Call) -> Answer {
        let page = Page::read(&call.query, LIMIT_MAX)?;
        let found = self.find_stock(&call.query)?;
        let show = |variant: usize| {
            let shelf = self.stock.get(self.shelf_or_self(variant), location);
            json!({
                "identity": self.render_identity(variant),
                "available_to_sell": shelf.available(),
                "total_inventory_onhand": shelf.on_hand,
                "settings": settings(shelf),
            })
        };
        let data = page.cut(&found).into_iter().map(show).collect();
        Ok(page.reply(data, found.len(), &call.query))
    }

    /// The counted variants that a query asks for.
    fn find_stock(&self, query: &Query) -> Result<Vec<usize>, Refused> {
        let skus = query.list("sku:in");
        let (variants, products) = (query.numbers("variant_id:in")?, query.numbers("product_id:in")?);
        let counted = |variant: &usize| self.catalog.shelf(*variant).is_some();
        let wanted = |variant: &usize| {
            let known = self.catalog.variant(*variant);
            skus.as_ref().is_none_or(|skus| skus.contains(&&*known.sku))
                && variants.as_ref().is_none_or(|ids| ids.contains(&known.id))
                && products.as_ref().is_none_or(|ids| ids.contains(&self.catalog.product(known.product).id))
        };
        // A short list of SKUs or ids is looked up instead of sought among all.
        let mut named: Vec<usize> = match (&skus, &variants) {
            (Some(skus), _) => skus.iter().filter_map(|sku| self.catalog.find_sku(sku)).collect(),
            (None, Some(ids)) => ids.iter().filter_map(|id| self.catalog.find_variant(*id)).collect(),
            (None, None) => self.catalog.live_variants().collect(),
        };
        named.sort_unstable();
        named.dedup();
        named.retain(|variant| counted(variant) && wanted(variant));
        Ok(named)
    }

    fn render_identity(&self, variant: usize) -> Value {
        let known = self.catalog.variant(variant);
        let product_id = self.catalog.product(known.product).id;
        json!({"sku": &*known.sku, "variant_id": known.id, "product_id": product_id})
    }

    fn render_place(&self, variant: usize, place: usize) -> Value {
        let location = self.locations.get(place);
        let shelf = self.stock.get(self.shelf_or_self(variant), place);
        json!({
            "location_id": location.id,
            "location_code": location.code,
            "location_name": location.name,
            "available_to_sell": shelf.available(),
            "total_inventory_onhand": shelf.on_hand,
            "location_enabled": location.enabled,
            "settings": settings(shelf),
        })
    }

    fn shelf_or_self(&self, variant: usize) -> usize {
        self.catalog.shelf(variant).unwrap_or(variant)
    }
}

fn settings(shelf: &Shelf) -> Value {
    json!({
        "safety_stock": shelf.safety,
        "is_in_stock": shelf.in_stock,
        "warning_level": shelf.warning,
        "bin_picking_number": shelf.bin.as_deref().unwrap_or(""),
    })
}
