//! Items as the API writes them.
//!
//! Used by `calls` and `stock`. It decides nothing.

use super::super::Clover;
use super::super::filter::Field;
use super::super::query::Expand;
use super::super::wire::{by_id, elements};
use super::{Catalog, Item, PriceType};
use serde_json::{Value, json};

/// The fields by which items can be filtered and ordered.
pub const FIELDS: [&str; 18] = [
    "modifiedTime",
    "createdTime",
    "deletedTime",
    "deleted",
    "hidden",
    "itemCode",
    "code",
    "available",
    "autoManage",
    "price",
    "id",
    "sku",
    "defaultTaxRates",
    "alternateName",
    "isRevenue",
    "name",
    "itemStock.quantity",
    "itemGroup.id",
];

impl PriceType {
    /// The vendor's word.
    pub fn text(self) -> &'static str {
        match self {
            Self::Fixed => "FIXED",
            Self::Variable => "VARIABLE",
            Self::PerUnit => "PER_UNIT",
        }
    }

    /// `None` when it is not one of the vendor's words.
    pub fn read(text: &str) -> Option<Self> {
        [Self::Fixed, Self::Variable, Self::PerUnit].into_iter().find(|kind| kind.text() == text)
    }
}

impl Clover {
    /// One item; stock, categories, taxes and options only when expanded.
    pub(super) fn render_item(&self, item: &Item, expand: &Expand) -> Value {
        let mut shown = json!({
            "id": item.id.as_str(), "hidden": item.hidden, "available": item.available,
            "autoManage": item.auto_manage, "name": &*item.name, "alternateName": item.alternate_name,
            "code": item.code, "sku": item.sku, "price": item.price, "priceType": item.price_type.text(),
            "defaultTaxRates": item.default_tax_rates, "cost": item.cost, "isRevenue": item.is_revenue,
            "modifiedTime": item.modified,
        });
        if item.price_type == PriceType::PerUnit {
            shown["unitName"] = json!(item.unit_name);
        }
        // Only merchants who pay VAT have it; their price includes it.
        if self.settings.tax_inclusive {
            shown["priceWithoutVat"] = json!(item.price - self.settings.tax_of(item.price));
        }
        if let Some(at) = item.deleted {
            shown["deletedTime"] = json!(at);
        }
        if let Some(group) = item.group {
            shown["itemGroup"] = by_id(self.catalog.groups.get(group).id);
        }
        self.render_parts(item, expand, &mut shown);
        shown
    }

    fn render_parts(&self, item: &Item, expand: &Expand, shown: &mut Value) {
        if expand.has("itemStock") {
            shown["itemStock"] = render_stock(item);
        }
        if expand.has("categories") {
            let live = item.categories.iter().map(|index| self.catalog.categories.get(*index));
            let live = live.filter(|category| category.deleted.is_none());
            shown["categories"] = elements(live.map(|category| category.render(None)).collect());
        }
        if expand.has("tags") {
            shown["tags"] = elements(Vec::new());
        }
        if expand.has("taxRates") {
            let rates = if item.default_tax_rates { vec![self.render_tax_rate()] } else { Vec::new() };
            shown["taxRates"] = elements(rates);
        }
        if expand.has("modifierGroups") {
            shown["modifierGroups"] = elements(Vec::new());
        }
        if expand.has("options") {
            let options = if item.option.is_empty() { Vec::new() } else { vec![json!({"name": item.option})] };
            shown["options"] = elements(options);
        }
    }
}

impl Catalog {
    /// The value of one of [`FIELDS`].
    pub(super) fn item_field(&self, item: &Item, name: &str) -> Field {
        match name {
            "modifiedTime" => Field::Whole(item.modified),
            "createdTime" => Field::Whole(item.created),
            "deletedTime" => item.deleted.map_or(Field::None, Field::Whole),
            "deleted" => Field::Flag(item.deleted.is_some()),
            "hidden" => Field::Flag(item.hidden),
            "itemCode" | "code" => Field::Text(item.code.clone()),
            "available" => Field::Flag(item.available),
            "autoManage" => Field::Flag(item.auto_manage),
            "price" => Field::Whole(item.price),
            "id" => Field::Text(item.id.to_string()),
            "sku" => Field::Text(item.sku.clone()),
            "defaultTaxRates" => Field::Flag(item.default_tax_rates),
            "alternateName" => Field::Text(item.alternate_name.clone()),
            "isRevenue" => Field::Flag(item.is_revenue),
            "name" => Field::Text(item.name.to_string()),
            "itemStock.quantity" => Field::Decimal(item.quantity),
            "itemGroup.id" => {
                item.group.map_or(Field::None, |group| Field::Text(self.groups.get(group).id.to_string()))
            }
            _ => Field::None,
        }
    }
}

/// The stock of an item: exact, and rounded under the old name.
pub fn render_stock(item: &Item) -> Value {
    json!({"item": by_id(item.id), "stockCount": item.quantity.rounded(), "quantity": item.quantity.json()})
}
