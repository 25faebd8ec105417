//! The webhook scopes: what is subscribed to, and what each delivered scope is about. One place, so that neither has
//! what the other lacks. Used by `requests`, `learn` and `webhook`.
//!
//! <https://developer.bigcommerce.com/docs/integrations/webhooks/events>. A star subscribes to all scopes below it and
//! saves some of the ten hooks that an app may have per scope.

/// What the hub subscribes to. The star of the stock scope stands for all channels; that scope is described in prose
/// only, so it comes last: should a store refuse it, the others are there already.
pub(super) const WANTED: [&str; 9] = [
    "store/order/*",
    "store/shipment/*",
    "store/product/*",
    "store/sku/*",
    "store/customer/*",
    "store/inventory/location/created",
    "store/inventory/location/updated",
    "store/app/uninstalled",
    "store/channel/*/inventory/product/stock_changed",
];

/// What a delivered scope is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// `data.id` is an order.
    Order,
    /// `data.order_id` is an order.
    Transaction,
    /// `data.orderId` is an order.
    Shipment,
    /// `data.inventory` names the variant, or the product when that has no variants.
    Inventory,
    /// `data` names variant and location.
    Stock,
    /// Something in the catalogue.
    Catalogue,
    /// `data.id` is a product that is deleted.
    ProductGone,
    /// `data.sku.variant_id` is a variant that is deleted.
    VariantGone,
    /// `data.id` is a customer.
    Customer,
    /// `data.id` is a customer who is deleted.
    CustomerGone,
    /// `data.address.customer_id` is a customer.
    CustomerAddress,
    /// Something about locations.
    Location,
    /// The app was taken out of the store.
    Uninstalled,
    /// Comes with a star, but tells nothing that the hub keeps: messages, payment instruments, fields of other apps.
    Other,
}

/// `None` for a scope that nothing we subscribe to brings.
pub(super) fn topic(scope: &str) -> Option<Topic> {
    let parts: Vec<&str> = scope.strip_prefix("store/")?.split('/').collect();
    match parts.as_slice() {
        ["order" | "product" | "customer" | "shipment" | "sku", rest @ ..] if rest.contains(&"metafield") => {
            Some(Topic::Other)
        }
        ["order", "message", ..] => Some(Topic::Other),
        ["order", "transaction", _] => Some(Topic::Transaction),
        ["order", _, ..] => Some(Topic::Order),
        ["shipment", _] => Some(Topic::Shipment),
        ["sku" | "product", "inventory", _, ..] => Some(Topic::Inventory),
        ["product", "deleted"] => Some(Topic::ProductGone),
        ["sku", "deleted"] => Some(Topic::VariantGone),
        ["sku" | "product", _, ..] => Some(Topic::Catalogue),
        ["customer", "address", _] => Some(Topic::CustomerAddress),
        ["customer", "deleted"] => Some(Topic::CustomerGone),
        ["customer", "created" | "updated"] => Some(Topic::Customer),
        ["customer", _, ..] => Some(Topic::Other),
        ["channel", _, "inventory", "product", _] => Some(Topic::Stock),
        ["inventory", "location", _] => Some(Topic::Location),
        ["app", "uninstalled"] => Some(Topic::Uninstalled),
        _ => None,
    }
}

/// The first that is not there yet.
pub(super) fn missing(present: &[String]) -> Option<&'static str> {
    WANTED.into_iter().find(|scope| !present.iter().any(|there| there == scope))
}
