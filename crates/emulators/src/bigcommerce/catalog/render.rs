//! How products and variants look in v3.
//!
//! Called by the catalogue's endpoints. `inventory_level` is what can be sold of it, all locations together.

use super::super::Store;
use super::super::amount::Amount;
use super::super::clock::iso;
use super::super::wire::{Query, merge};
use super::Tracking;
use serde_json::{Map, Value, json};

const FIRST_OPTION: u64 = 200_001;
const FIRST_VALUE: u64 = 700_001;

impl Store {
    /// A product with what `include` asks for.
    pub(in super::super) fn render_product(&self, index: usize, query: &Query) -> Value {
        let product = self.catalog.product(index);
        let first = product.variants.first().map(|variant| self.catalog.variant(*variant));
        let base = first.filter(|_| product.option.is_none());
        let level: i64 = match product.tracking {
            Tracking::None => 0,
            Tracking::Product => product.variants.first().map_or(0, |variant| self.stock.total(*variant)),
            Tracking::Variant => product.variants.iter().map(|variant| self.stock.total(*variant)).sum(),
        };
        let mut shown = json!({
            "id": product.id, "name": &*product.name, "type": "physical",
            "sku": base.map_or("", |variant| &variant.sku), "upc": base.map_or("", |variant| &variant.upc),
            "price": product.price.number(), "calculated_price": product.price.number(),
            "inventory_level": level, "inventory_tracking": product.tracking.word(),
            "custom_url": {"url": format!("/product-{}/", product.id), "is_customized": false},
            "date_created": iso(product.created_at), "date_modified": iso(product.modified_at),
            "base_variant_id": base.map(|variant| variant.id),
        });
        merge(&mut shown, unused_fields());
        overlay(&mut shown, &product.extra);
        for include in query.list("include").unwrap_or_default() {
            match include {
                "variants" => {
                    let variants: Vec<Value> = product.variants.iter().map(|one| self.render_variant(*one)).collect();
                    shown["variants"] = Value::Array(variants);
                }
                "options" => shown["options"] = Value::Array(self.render_options(index)),
                "images" | "custom_fields" | "bulk_pricing_rules" | "modifiers" | "videos" => {
                    shown[include] = json!([]);
                }
                _ => {}
            }
        }
        pick_fields(shown, query)
    }

    /// A variant.
    pub(in super::super) fn render_variant(&self, index: usize) -> Value {
        let variant = self.catalog.variant(index);
        let product = self.catalog.product(variant.product);
        let level = self.catalog.shelf(index).map_or(0, |shelf| self.stock.total(shelf));
        let values = product.option.as_ref().map(|option| {
            json!([{
                "id": FIRST_VALUE + index as u64, "label": variant.label,
                "option_id": FIRST_OPTION + variant.product as u64, "option_display_name": option,
            }])
        });
        let mut shown = json!({
            "id": variant.id, "product_id": product.id, "sku": &*variant.sku, "sku_id": variant.sku_id,
            "price": variant.price.map(Amount::number), "calculated_price": self.catalog.price(index).number(),
            "sale_price": variant.sale_price.map(Amount::number), "retail_price": null, "map_price": null,
            "cost_price": null, "weight": null, "calculated_weight": 0, "width": null, "height": null,
            "depth": null, "is_free_shipping": false, "fixed_cost_shipping_price": null,
            "purchasing_disabled": false, "purchasing_disabled_message": "", "image_url": "",
            "upc": if variant.upc.is_empty() { Value::Null } else { json!(&*variant.upc) },
            "mpn": "", "gtin": "", "inventory_level": level, "inventory_warning_level": 0,
            "bin_picking_number": "", "option_values": values.unwrap_or_else(|| json!([])),
        });
        overlay(&mut shown, &variant.extra);
        shown
    }

    fn render_options(&self, index: usize) -> Vec<Value> {
        let product = self.catalog.product(index);
        let Some(option) = &product.option else { return Vec::new() };
        let values: Vec<Value> = product
            .variants
            .iter()
            .enumerate()
            .map(|(order, variant)| {
                json!({
                    "id": FIRST_VALUE + *variant as u64, "label": self.catalog.variant(*variant).label,
                    "sort_order": order, "value_data": null, "is_default": false,
                })
            })
            .collect();
        vec![json!({
            "id": FIRST_OPTION + index as u64, "product_id": product.id, "display_name": option,
            "type": "dropdown", "config": {}, "sort_order": 0, "option_values": values,
        })]
    }

    /// The variant whose option value has this id.
    pub(in super::super) fn variant_with_value(&self, product: usize, value: u64) -> Option<usize> {
        let index = usize::try_from(value.checked_sub(FIRST_VALUE)?).ok()?;
        self.catalog.product(product).variants.iter().copied().find(|variant| *variant == index)
    }

    /// Id of the option of a product, and of the value that a variant stands for.
    pub(in super::super) fn option_ids(&self, variant: usize) -> (u64, u64) {
        (FIRST_OPTION + self.catalog.variant(variant).product as u64, FIRST_VALUE + variant as u64)
    }
}

/// Fields of a product that nothing in this store changes.
fn unused_fields() -> Value {
    let mut shown = json!({
            "description": "", "weight": 0, "width": 0, "depth": 0, "height": 0,
            "cost_price": 0, "retail_price": 0, "sale_price": 0, "map_price": 0, "tax_class_id": 0,
            "product_tax_code": "", "categories": [], "brand_id": 0,
            "inventory_warning_level": 0,
            "reviews_rating_sum": 0, "reviews_count": 0, "total_sold": 0, "fixed_cost_shipping_price": 0,
            "is_free_shipping": false, "is_visible": true, "is_featured": false, "related_products": [-1],
            "warranty": "", "bin_picking_number": "", "layout_file": "", "mpn": "", "gtin": "",
            "search_keywords": "", "availability": "available", "availability_description": "",
    });
    merge(
        &mut shown,
        json!({
                "gift_wrapping_options_type": "any", "gift_wrapping_options_list": [], "sort_order": 0,
                "condition": "New", "is_condition_shown": false, "order_quantity_minimum": 0,
                "order_quantity_maximum": 0, "page_title": "", "meta_keywords": [], "meta_description": "",
                "view_count": 0, "preorder_release_date": null, "preorder_message": "", "is_preorder_only": false,
                "is_price_hidden": false, "price_hidden_label": "",
        }),
    );
    shown
}

fn overlay(shown: &mut Value, extra: &Map<String, Value>) {
    for (name, value) in extra {
        shown[name] = value.clone();
    }
}

/// `include_fields` and `exclude_fields`; the id is always there.
pub(super) fn pick_fields(mut shown: Value, query: &Query) -> Value {
    if let Some(fields) = shown.as_object_mut() {
        if let Some(wanted) = query.list("include_fields") {
            let included = query.list("include").unwrap_or_default();
            fields
                .retain(|name, _| name == "id" || wanted.contains(&name.as_str()) || included.contains(&name.as_str()));
        }
        if let Some(unwanted) = query.list("exclude_fields") {
            fields.retain(|name, _| name == "id" || !unwanted.contains(&name.as_str()));
        }
    }
    shown
}
