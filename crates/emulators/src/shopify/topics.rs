//! The topics that can be heard of the shop, in both of the vendor's spellings. Read by `hooks` and the machine.

/// Topics the emulator sends: the vendor's enum name and the name in the header.
pub(super) const TOPICS: [(&str, &str); 23] = [
    ("ORDERS_CREATE", "orders/create"),
    ("ORDERS_UPDATED", "orders/updated"),
    ("ORDERS_PAID", "orders/paid"),
    ("ORDERS_CANCELLED", "orders/cancelled"),
    ("ORDERS_FULFILLED", "orders/fulfilled"),
    ("ORDERS_PARTIALLY_FULFILLED", "orders/partially_fulfilled"),
    ("ORDERS_EDITED", "orders/edited"),
    ("REFUNDS_CREATE", "refunds/create"),
    ("FULFILLMENTS_CREATE", "fulfillments/create"),
    ("INVENTORY_LEVELS_UPDATE", "inventory_levels/update"),
    ("INVENTORY_ITEMS_CREATE", "inventory_items/create"),
    ("INVENTORY_ITEMS_UPDATE", "inventory_items/update"),
    ("INVENTORY_ITEMS_DELETE", "inventory_items/delete"),
    ("PRODUCTS_CREATE", "products/create"),
    ("PRODUCTS_UPDATE", "products/update"),
    ("PRODUCTS_DELETE", "products/delete"),
    ("CUSTOMERS_CREATE", "customers/create"),
    ("CUSTOMERS_UPDATE", "customers/update"),
    ("CUSTOMERS_MERGE", "customers/merge"),
    ("LOCATIONS_CREATE", "locations/create"),
    ("LOCATIONS_UPDATE", "locations/update"),
    ("BULK_OPERATIONS_FINISH", "bulk_operations/finish"),
    ("APP_UNINSTALLED", "app/uninstalled"),
];

/// The topic as the header spells it.
pub(super) fn header_topic(topic: &str) -> String {
    match TOPICS.iter().find(|(name, _)| *name == topic) {
        Some((_, path)) => (*path).to_owned(),
        // Not sent by the emulator, though it may be subscribed to.
        None => topic.to_lowercase(),
    }
}
