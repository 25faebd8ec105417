//! The catalogue: <https://developer.squareup.com/reference/square/objects/CatalogObject>.

use serde::Deserialize;

use super::Money;

/// Reply of `catalog/search`.
#[derive(Debug, Deserialize)]
pub(crate) struct CatalogPage {
    /// What was asked for.
    #[serde(default)]
    pub(crate) objects: Vec<CatalogObject>,
    /// What those name: the item of a variation, the taxes of an item.
    #[serde(default)]
    pub(crate) related_objects: Vec<CatalogObject>,
    /// Absent at the end.
    pub(crate) cursor: Option<String>,
}

/// Reply of `catalog/batch-retrieve`, of objects that will be sent back: kept as they are.
#[derive(Debug, Deserialize)]
pub(crate) struct RawCatalog {
    /// What was asked for.
    #[serde(default)]
    pub(crate) objects: Vec<serde_json::Value>,
    /// The items of variations.
    #[serde(default)]
    pub(crate) related_objects: Vec<serde_json::Value>,
}

/// One object; the data that go with its type are filled.
#[derive(Debug, Deserialize)]
pub(crate) struct CatalogObject {
    /// ITEM, ITEM_VARIATION, TAX and others.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Opaque.
    pub(crate) id: String,
    /// True when it is gone.
    #[serde(default)]
    pub(crate) is_deleted: Option<bool>,
    /// With ITEM.
    pub(crate) item_data: Option<Item>,
    /// With ITEM_VARIATION.
    pub(crate) item_variation_data: Option<Variation>,
    /// With TAX.
    pub(crate) tax_data: Option<Tax>,
}

/// An item: what its variations have in common.
#[derive(Debug, Deserialize)]
pub(crate) struct Item {
    /// For people.
    pub(crate) name: Option<String>,
    /// REGULAR and others.
    pub(crate) product_type: Option<String>,
    /// Ids of the taxes on it.
    pub(crate) tax_ids: Option<Vec<String>>,
    /// Objects of type ITEM_VARIATION.
    pub(crate) variations: Option<Vec<CatalogObject>>,
}

/// A variation: <https://developer.squareup.com/reference/square/objects/CatalogItemVariation>.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Variation {
    /// Its item.
    pub(crate) item_id: Option<String>,
    /// For people.
    pub(crate) name: Option<String>,
    /// The merchant's.
    pub(crate) sku: Option<String>,
    /// Barcode.
    pub(crate) upc: Option<String>,
    /// Absent when the price is typed at the till.
    pub(crate) price_money: Option<Money>,
    /// Whether stock is counted, where no location says otherwise.
    pub(crate) track_inventory: Option<bool>,
    /// False when stock is counted only on the parts it is made of.
    pub(crate) stockable: Option<bool>,
    /// By location.
    pub(crate) location_overrides: Option<Vec<Override>>,
}

/// What a location has otherwise.
#[derive(Debug, Deserialize)]
pub(crate) struct Override {
    /// Whether stock is counted there.
    pub(crate) track_inventory: Option<bool>,
}

/// A tax.
#[derive(Debug, Deserialize)]
pub(crate) struct Tax {
    /// ADDITIVE or INCLUSIVE.
    pub(crate) inclusion_type: Option<String>,
}
