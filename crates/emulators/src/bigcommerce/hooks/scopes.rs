//! What can be listened to.
//!
//! Asked when a webhook is made and when a notice is sent.

/// Every scope that can be listened to here. Of these, address, transaction update and exception notices are never
/// caused, since nothing in this store makes them.
pub const SCOPES: [&str; 38] = [
    "store/app/uninstalled",
    "store/channel/*/inventory/product/low_stock_reached",
    "store/channel/*/inventory/product/out_of_stock_reached",
    "store/channel/*/inventory/product/settings_changed",
    "store/channel/*/inventory/product/stock_changed",
    "store/customer/address/created",
    "store/customer/address/deleted",
    "store/customer/address/updated",
    "store/customer/created",
    "store/customer/deleted",
    "store/customer/updated",
    "store/hook/deliveryException",
    "store/inventory/location/created",
    "store/inventory/location/updated",
    "store/order/archived",
    "store/order/created",
    "store/order/refund/created",
    "store/order/statusUpdated",
    "store/order/transaction/created",
    "store/order/transaction/updated",
    "store/order/updated",
    "store/priceList/created",
    "store/priceList/record/created",
    "store/priceList/record/deleted",
    "store/priceList/record/updated",
    "store/product/created",
    "store/product/deleted",
    "store/product/inventory/order/updated",
    "store/product/inventory/updated",
    "store/product/updated",
    "store/shipment/created",
    "store/shipment/deleted",
    "store/shipment/updated",
    "store/sku/created",
    "store/sku/deleted",
    "store/sku/inventory/order/updated",
    "store/sku/inventory/updated",
    "store/sku/updated",
];

const INVENTORY: &str = "store/channel/";

/// Whether a webhook of the scope `heard` hears a notice of the scope `sent`: the same one, a wildcard above it, or
/// the inventory scope of one channel.
pub fn matches(heard: &str, sent: &str) -> bool {
    if heard == sent {
        return true;
    }
    if let Some(above) = heard.strip_suffix('*') {
        return above.ends_with('/') && sent.starts_with(above);
    }
    let behind = |scope: &str| scope.strip_prefix(INVENTORY).and_then(|rest| rest.split_once('/')).map(split);
    match (behind(heard), behind(sent)) {
        (Some((channel, heard)), Some((star, sent))) => star == "*" && channel == "1" && heard == sent,
        _ => false,
    }
}

fn split((channel, rest): (&str, &str)) -> (String, String) {
    (channel.to_owned(), rest.to_owned())
}

/// Whether such a webhook can be made at all.
pub fn is_known(scope: &str) -> bool {
    SCOPES.iter().any(|sent| matches(scope, sent)) && scope.starts_with("store/") && scope != "store/*"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_hears_everything_below_it_and_nothing_beside_it() {
        assert!(matches("store/order/*", "store/order/statusUpdated"));
        assert!(matches("store/order/*", "store/order/refund/created"));
        assert!(!matches("store/order/*", "store/shipment/created"));
        assert!(!matches("store/order", "store/order/created"));
    }

    #[test]
    fn the_star_of_the_channel_scopes_is_literal_and_a_channel_may_be_named_instead() {
        let sent = "store/channel/*/inventory/product/stock_changed";
        assert!(matches(sent, sent));
        assert!(matches("store/channel/1/inventory/product/stock_changed", sent));
        assert!(!matches("store/channel/2/inventory/product/stock_changed", sent));
        assert!(!matches("store/channel/*/inventory/product/out_of_stock_reached", sent));
    }

    #[test]
    fn only_scopes_of_the_vendor_can_be_listened_to() {
        assert!(is_known("store/sku/*") && is_known("store/order/created"));
        assert!(!is_known("store/order/exploded") && !is_known("orders/create") && !is_known("store/*"));
    }
}
