//! Levels and adjustments of them.

use serde::Deserialize;

use crate::lightspeed_x::decimal::Decimal;

/// `Inventory` of 2026-07: a product at an outlet.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Inventory {
    /// UUID.
    pub(in crate::lightspeed_x) product_id: Option<String>,
    /// UUID.
    pub(in crate::lightspeed_x) outlet_id: Option<String>,
    /// What lies there, below zero too.
    pub(in crate::lightspeed_x) current_inventory_level: Option<Decimal>,
    /// Empty or null while the product is there.
    pub(in crate::lightspeed_x) deleted_at: Option<String>,
    /// Rises with every change.
    pub(in crate::lightspeed_x) version: Option<u64>,
}

/// `InventoryLevel` of 2026-07: the same as a row of a report, which names outlets otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Level {
    /// UUID.
    pub(in crate::lightspeed_x) product_id: Option<String>,
    /// UUID of the outlet.
    pub(in crate::lightspeed_x) location_id: Option<String>,
    /// What lies there, below zero too.
    pub(in crate::lightspeed_x) current_inventory_level: Option<Decimal>,
}

/// `StockAdjustment` of 2026-07.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Adjustment {
    /// UUID.
    pub(in crate::lightspeed_x) product_id: Option<String>,
    /// UUID.
    pub(in crate::lightspeed_x) outlet_id: Option<String>,
    /// With its sign.
    pub(in crate::lightspeed_x) quantity: Option<Decimal>,
    /// One of eight words.
    pub(in crate::lightspeed_x) reason: Option<String>,
    /// With an offset.
    pub(in crate::lightspeed_x) created_at: Option<String>,
    /// With an offset.
    pub(in crate::lightspeed_x) updated_at: Option<String>,
    /// Rises with every change.
    pub(in crate::lightspeed_x) version: Option<u64>,
}
