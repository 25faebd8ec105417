//! The old shapes of products and stock records.
//!
//! Made for `product.update` and `inventory.update`.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::account::Named;
use crate::lightspeed_x::clock::{old, old_or_empty};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::stock::Record;
use serde::Serialize;
use serde_json::{Value, json};

impl LightspeedX {
    /// The body of `product.update`.
    pub(crate) fn old_product(&self, index: usize) -> Value {
        let product = self.goods.get(index);
        let parent = self.goods.get(product.parent);
        let apart = self.money.apart(product.price);
        let options = product.options.iter().enumerate();
        let options = options
            .map(|(at, (name, value))| json!({"id": format!("{}-{at}", parent.id), "name": name, "value": value}));
        let records = self.records_of(index);
        json!({
            "id": product.id.to_string(),
            "retailer_id": self.account.retailer_id.to_string(),
            "handle": product.handle,
            "sku": product.sku,
            "name": product.full_name(),
            "base_name": product.name,
            "active": product.active,
            "description": product.description,
            "supply_price": product.supply_price.money(),
            "attributed_cost": product.supply_price.money(),
            "brand": named(product.brand.and_then(|id| self.account.brand_of(id))),
            "supplier": named(product.supplier.and_then(|id| self.account.supplier_of(id))),
            "product_type": {},
            "variant_parent_id": if product.parent == index { String::new() } else { parent.id.to_string() },
            "variant_options": options.collect::<Vec<_>>(),
            "inventory": records.map(|record| self.old_count(record)).collect::<Vec<_>>(),
            "price_book_entries": [{
                "id": format!("{}-base", product.id),
                "product_id": product.id.to_string(),
                "price": apart.price.number(),
                "type": "BASE",
                "customer_group_id": self.account.customer_group_id.to_string(),
                "min_units": "",
                "max_units": "",
                "valid_from": "",
                "valid_to": "",
            }],
            "taxes": self.outlet_taxes(),
            "source": product.source,
            "source_id": product.source_id.clone().unwrap_or_default(),
            "source_variant_id": product.source_variant_id.clone().unwrap_or_default(),
            "updated_at": old(product.updated_at),
            "deleted_at": old_or_empty(product.deleted_at),
            "version": product.version,
        })
    }

    /// The body of `inventory.update`.
    pub(crate) fn old_record(&self, index: usize) -> OldCount<'_> {
        let record = self.stock.get(index);
        let (product, outlet) = (self.goods.get(record.product as usize), self.account.outlet(record.outlet as usize));
        OldCount {
            version: Some(record.version),
            product: Some(OldItem { id: product.id, sku: &product.sku, name: product.full_name() }),
            outlet: Some(OldPlace { id: outlet.id, name: &outlet.name }),
            ..self.old_count(record)
        }
    }

    fn old_count(&self, record: &Record) -> OldCount<'_> {
        let product = self.goods.get(record.product as usize);
        let text = |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
        OldCount {
            id: record.id,
            outlet_id: self.account.outlet(record.outlet as usize).id,
            product_id: product.id,
            count: record.level.fixed(),
            reorder_point: text(record.reorder_point),
            restock_level: text(record.reorder_amount),
            attributed_cost: product.supply_price.money(),
            version: None,
            product: None,
            outlet: None,
        }
    }
}

/// A stock record: alone with what it counts and where, inside a product without.
#[derive(Debug, Serialize)]
pub struct OldCount<'a> {
    id: Id,
    outlet_id: Id,
    product_id: Id,
    count: String,
    reorder_point: String,
    restock_level: String,
    attributed_cost: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<OldItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<OldPlace<'a>>,
}

#[derive(Debug, Serialize)]
struct OldItem<'a> {
    id: Id,
    sku: &'a str,
    name: String,
}

#[derive(Debug, Serialize)]
struct OldPlace<'a> {
    id: Id,
    name: &'a str,
}

fn named(one: Option<&Named>) -> Value {
    one.map_or_else(|| json!({}), |one| json!({"id": one.id.to_string(), "name": one.name}))
}
