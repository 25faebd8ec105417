//! The catalogue: <https://developer.bigcommerce.com/docs/rest-catalog/products>.

use serde::Deserialize;

use super::{Amount, Id};

/// A product with its variants; every product has at least one.
#[derive(Debug, Deserialize)]
pub(crate) struct Product {
    /// Unique in the store.
    pub(crate) id: Id,
    /// For people.
    pub(crate) name: Option<String>,
    /// The price of variants that have none of their own.
    pub(crate) price: Option<Amount>,
    /// The product's own barcode.
    pub(crate) upc: Option<String>,
    /// none, product, variant.
    pub(crate) inventory_tracking: Option<String>,
    /// ISO 8601.
    pub(crate) date_modified: Option<String>,
    /// Asked for with the products.
    #[serde(default)]
    pub(crate) variants: Vec<Variant>,
}

/// What can be sold.
#[derive(Debug, Deserialize)]
pub(crate) struct Variant {
    /// Unique in the store.
    pub(crate) id: Id,
    /// May be empty.
    pub(crate) sku: Option<String>,
    /// Barcode.
    pub(crate) upc: Option<String>,
    /// `null` when it is the product's.
    pub(crate) price: Option<Amount>,
    /// What tells it from the others.
    #[serde(default)]
    pub(crate) option_values: Vec<OptionValue>,
}

/// For example "Red".
#[derive(Debug, Deserialize)]
pub(crate) struct OptionValue {
    /// For people.
    pub(crate) label: Option<String>,
}
