//! Deliveries: <https://developer.bigcommerce.com/docs/integrations/webhooks/events>.

use serde::Deserialize;

use super::Id;

/// The frame of every delivery.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    /// What happened.
    pub(crate) scope: String,
    /// `stores/` and the store's hash.
    pub(crate) producer: String,
    /// Fingerprint of the content, the same on a repetition.
    pub(crate) hash: Option<String>,
    /// Seconds since 1970.
    pub(crate) created_at: Option<u64>,
    /// What it is about.
    #[serde(default)]
    pub(crate) data: News,
}

/// The fields that name what changed, over all scopes.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct News {
    /// Order, product, SKU, customer or address, by scope.
    pub(crate) id: Option<Id>,
    /// With transactions; a text there.
    pub(crate) order_id: Option<Id>,
    /// With shipments, in camel case there.
    #[serde(rename = "orderId")]
    pub(crate) shipped_order: Option<Id>,
    /// With stock per location.
    pub(crate) variant_id: Option<Id>,
    /// With stock per location.
    pub(crate) location_id: Option<Id>,
    /// With stock.
    pub(crate) inventory: Option<Inventory>,
    /// With addresses.
    pub(crate) address: Option<AddressOwner>,
    /// With variants.
    pub(crate) sku: Option<Named>,
}

/// Which stock changed.
#[derive(Debug, Deserialize)]
pub(crate) struct Inventory {
    /// Always.
    pub(crate) product_id: Option<Id>,
    /// When the product has variants.
    pub(crate) variant_id: Option<Id>,
}

/// Which variant it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    /// `data.id` is another number, that of its SKU.
    pub(crate) variant_id: Option<Id>,
}

/// Whose address it is.
#[derive(Debug, Deserialize)]
pub(crate) struct AddressOwner {
    /// The customer.
    pub(crate) customer_id: Option<Id>,
}
