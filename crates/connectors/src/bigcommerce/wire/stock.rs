//! Stock: <https://developer.bigcommerce.com/docs/rest-management/inventory/items>.

use serde::Deserialize;

use super::{Count, Id};

/// An item's stock at all its locations.
#[derive(Debug, Deserialize)]
pub(crate) struct StockItem {
    /// Which item.
    pub(crate) identity: Identity,
    /// Where it lies.
    #[serde(default)]
    pub(crate) locations: Vec<StockLocation>,
}

/// Which item.
#[derive(Debug, Deserialize)]
pub(crate) struct Identity {
    /// What stock is counted of; a product without variants may go by its own id alone.
    pub(crate) variant_id: Option<Id>,
    /// What it is a variant of.
    pub(crate) product_id: Option<Id>,
}

/// Stock at one location.
#[derive(Debug, Deserialize)]
pub(crate) struct StockLocation {
    /// Where.
    pub(crate) location_id: Id,
    /// On hand less safety stock and what is promised.
    pub(crate) available_to_sell: Count,
}
