//! A product as the date-version API shows it.
//!
//! Called by `calls`.

use super::Product;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::account::Named;
use crate::lightspeed_x::clock::{iso, iso_or_null};
use serde_json::{Value, json};

impl Product {
    /// Title with the variant: `Mug / Blue`.
    pub fn full_name(&self) -> String {
        let mut name = self.name.clone();
        for (_, value) in &self.options {
            name.push_str(" / ");
            name.push_str(value);
        }
        name
    }

    /// SKU and the other codes as the API lists them.
    fn codes_shown(&self) -> Vec<Value> {
        let own = (!self.sku.is_empty())
            .then(|| json!({"id": format!("{}-sku", self.id), "type": "CUSTOM", "code": self.sku}));
        let others = self.codes.iter().enumerate();
        let others =
            others.map(|(at, (kind, code))| json!({"id": format!("{}-{at}", self.id), "type": kind, "code": code}));
        own.into_iter().chain(others).collect()
    }
}

impl LightspeedX {
    /// The whole product.
    pub(crate) fn render_product(&self, index: usize) -> Value {
        let product = self.goods.get(index);
        let family = self.goods.family(product.parent);
        let is_first = product.parent == index;
        let parent = self.goods.get(product.parent);
        let brand = product.brand.and_then(|id| self.account.brand_of(id));
        let supplier = product.supplier.and_then(|id| self.account.supplier_of(id));
        let apart = self.money.apart(product.price);
        let including = if self.settings.tax_inclusive { product.price.number() } else { Value::Null };
        let options = product.options.iter().enumerate();
        let options = options
            .map(|(at, (name, value))| json!({"id": format!("{}-{at}", parent.id), "name": name, "value": value}));
        let mut shown = json!({
            "id": product.id.to_string(),
            "source_id": product.source_id,
            "source_variant_id": product.source_variant_id,
            "variant_parent_id": if is_first { Value::Null } else { Value::from(parent.id.to_string()) },
            "family_id": parent.id.to_string(),
            "name": product.name,
            "variant_name": product.full_name(),
            "handle": product.handle,
            "sku": product.sku,
            "active": product.active,
            "has_inventory": product.tracked,
            "is_composite": false,
            "description": product.description,
            "image_url": "",
            "image_thumbnail_url": "",
            "created_at": iso(product.created_at),
            "updated_at": iso(product.updated_at),
            "deleted_at": iso_or_null(product.deleted_at),
            "source": product.source,
            "supply_price": product.supply_price.number(),
            "version": product.version,
            "brand": named(brand),
            "brand_id": brand.map(|brand| brand.id.to_string()),
            "supplier": named(supplier),
            "supplier_id": supplier.map(|supplier| supplier.id.to_string()),
            "supplier_code": null,
            "type": null,
            "product_type_id": null,
            "product_category": null,
            "price_including_tax": including,
            "price_excluding_tax": apart.price.number(),
            "loyalty_amount": null,
        });
        let more = json!({
            "has_variants": is_first && family.len() > 1,
            "variant_count": if family.len() > 1 { Value::from(family.len()) } else { Value::Null },
            "variant_options": options.collect::<Vec<_>>(),
            "button_order": 0,
            "categories": [],
            "tag_ids": [],
            "images": [],
            "skuImages": [],
            "attributes": [],
            "product_codes": product.codes_shown(),
            "product_suppliers": [],
            "packaging": {},
            "customizations": [],
            "outlet_taxes": self.outlet_taxes(),
            "account_code": null,
            "account_code_purchase": null,
            "weight": null,
            "weight_unit": null,
        });
        if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
            shown.extend(more);
        }
        shown
    }

    /// The one sales tax at every outlet.
    pub(crate) fn outlet_taxes(&self) -> Vec<Value> {
        let tax = self.account.taxes[0].id.to_string();
        self.account.outlets().iter().map(|outlet| json!({"outlet_id": outlet.id.to_string(), "tax_id": tax})).collect()
    }
}

fn named(one: Option<&Named>) -> Value {
    one.map_or(Value::Null, |one| json!({"id": one.id.to_string(), "name": one.name}))
}
