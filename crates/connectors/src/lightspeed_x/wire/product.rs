//! Products: one per sellable variant.

use serde::Deserialize;

use crate::lightspeed_x::decimal::Decimal;

/// `Product` of 2026-07.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Product {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// The default code.
    pub(in crate::lightspeed_x) sku: Option<String>,
    /// The family's name.
    pub(in crate::lightspeed_x) name: Option<String>,
    /// The family's name with the variant's options.
    pub(in crate::lightspeed_x) variant_name: Option<String>,
    /// Set for a variant of another.
    pub(in crate::lightspeed_x) variant_parent_id: Option<String>,
    /// Whether others are variants of it.
    pub(in crate::lightspeed_x) has_variants: Option<bool>,
    /// Whether its stock is counted.
    pub(in crate::lightspeed_x) has_inventory: Option<bool>,
    /// Whether it is made of others.
    pub(in crate::lightspeed_x) is_composite: Option<bool>,
    /// Null in a store whose prices are kept without tax.
    pub(in crate::lightspeed_x) price_including_tax: Option<Decimal>,
    /// In major units.
    pub(in crate::lightspeed_x) price_excluding_tax: Option<Decimal>,
    /// In the order that the store gave them.
    pub(in crate::lightspeed_x) product_codes: Option<Vec<ProductCode>>,
    /// Empty or null while it is there.
    pub(in crate::lightspeed_x) deleted_at: Option<String>,
}

/// `ProductCode` of 2026-07.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct ProductCode {
    /// As printed or typed.
    pub(in crate::lightspeed_x) code: Option<String>,
    /// `CUSTOM`, `EAN`, `ISBN`, `ITF`, `JAN` or `UPC`.
    #[serde(rename = "type")]
    pub(in crate::lightspeed_x) kind: Option<String>,
}
