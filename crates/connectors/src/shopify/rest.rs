//! Shopify's webhook bodies: the REST shapes of API version 2026-10, only the fields the hub reads.
//!
//! Read by `webhook` and given to `translate`. Unknown fields are passed over, since Shopify adds some in every
//! version; the fields named here must be what they say. Field lists: <https://shopify.dev/docs/api/admin-rest> and
//! <https://shopify.dev/docs/api/webhooks>, as of 2026-10.

use serde::Deserialize;

use super::scalar::{Amount, Count, Gid, Id, Stamp, Units, present};

/// Something of which only the id is read.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    /// Its number.
    pub(super) id: Id,
}

/// Topics `orders/create`, `/updated`, `/paid`, `/cancelled`, `/fulfilled`, `/partially_fulfilled`.
/// <https://shopify.dev/docs/api/admin-rest/latest/resources/order#resource-object>
#[derive(Debug, Deserialize)]
pub(super) struct Order {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) created_at: Stamp,
    /// When it was rung up; a till that was offline uploads it later.
    pub(super) processed_at: Option<Stamp>,
    pub(super) updated_at: Stamp,
    #[serde(deserialize_with = "present")]
    pub(super) cancelled_at: Option<Stamp>,
    /// `pos` for a till, `web`, a number for another application.
    #[serde(deserialize_with = "present")]
    pub(super) source_name: Option<String>,
    /// The reference that the maker of the order gave it.
    pub(super) source_identifier: Option<String>,
    /// The till's location; null for a web order.
    #[serde(deserialize_with = "present")]
    pub(super) location_id: Option<Id>,
    pub(super) currency: String,
    pub(super) taxes_included: bool,
    /// After edits and refunds.
    pub(super) current_total_price: Option<Amount>,
    pub(super) total_price: Amount,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) customer: Option<Named>,
    pub(super) line_items: Vec<Line>,
    #[serde(default)]
    pub(super) fulfillments: Vec<Fulfillment>,
    #[serde(default)]
    pub(super) refunds: Vec<Refund>,
}

/// `line_items[]` of an order.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) id: Id,
    /// Null for a line typed by hand and for a deleted variant.
    #[serde(deserialize_with = "present")]
    pub(super) variant_id: Option<Id>,
    pub(super) sku: Option<String>,
    /// As ordered, with what was removed since.
    pub(super) quantity: Count,
    /// Without what was refunded or removed since.
    pub(super) current_quantity: Option<Count>,
    /// Still to be handed over.
    pub(super) fulfillable_quantity: Count,
    pub(super) price: Amount,
}

/// `fulfillments[]` of an order.
/// <https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment#resource-object>
#[derive(Debug, Deserialize)]
pub(super) struct Fulfillment {
    /// `success`, `cancelled`, `error`, `failure`, `pending`, `open`.
    pub(super) status: String,
    #[serde(deserialize_with = "present")]
    pub(super) location_id: Option<Id>,
    #[serde(default)]
    pub(super) line_items: Vec<FulfillmentLine>,
}

/// `fulfillments[].line_items[]`.
#[derive(Debug, Deserialize)]
pub(super) struct FulfillmentLine {
    /// Id of the order's line.
    pub(super) id: Id,
    pub(super) quantity: Count,
}

/// Topic `inventory_items/delete`: only the id is left of the item.
#[derive(Debug, Deserialize)]
pub(super) struct Removed {
    pub(super) id: Id,
    /// Something that is still there has one.
    pub(super) updated_at: Option<Stamp>,
}

/// Topic `refunds/create`, and `refunds[]` of an order.
/// <https://shopify.dev/docs/api/admin-rest/latest/resources/refund#resource-object>
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) id: Id,
    pub(super) order_id: Id,
    pub(super) created_at: Stamp,
    pub(super) processed_at: Option<Stamp>,
    pub(super) refund_line_items: Vec<RefundLine>,
    #[serde(default)]
    pub(super) transactions: Vec<Transaction>,
}

/// `refund_line_items[]`.
#[derive(Debug, Deserialize)]
pub(super) struct RefundLine {
    pub(super) id: Id,
    pub(super) line_item_id: Id,
    pub(super) quantity: Count,
    /// `return`, `cancel`, `no_restock`, `legacy_restock`.
    pub(super) restock_type: String,
    /// Where it was put back.
    #[serde(deserialize_with = "present")]
    pub(super) location_id: Option<Id>,
    /// The order's line again.
    pub(super) line_item: Option<RefundedLine>,
}

/// `refund_line_items[].line_item`.
#[derive(Debug, Deserialize)]
pub(super) struct RefundedLine {
    #[serde(deserialize_with = "present")]
    pub(super) variant_id: Option<Id>,
    pub(super) sku: Option<String>,
}

/// `transactions[]` of a refund.
#[derive(Debug, Deserialize)]
pub(super) struct Transaction {
    pub(super) currency: Option<String>,
}

/// Topic `orders/edited`.
#[derive(Debug, Deserialize)]
pub(super) struct Edited {
    pub(super) order_edit: OrderEdit,
}

/// `order_edit`.
#[derive(Debug, Deserialize)]
pub(super) struct OrderEdit {
    pub(super) order_id: Id,
}

/// Topics `fulfillments/create`, `fulfillments/update`, of which only the order is read.
#[derive(Debug, Deserialize)]
pub(super) struct OfOrder {
    pub(super) order_id: Id,
}

/// Topics `inventory_levels/connect`, `/disconnect`: an item is stocked at a location from now on, or no longer.
#[derive(Debug, Deserialize)]
pub(super) struct Stocked {
    pub(super) inventory_item_id: Id,
    pub(super) location_id: Id,
}

/// Topic `inventory_levels/update`.
/// <https://shopify.dev/docs/api/admin-rest/latest/resources/inventorylevel#resource-object>
#[derive(Debug, Deserialize)]
pub(super) struct Level {
    pub(super) inventory_item_id: Id,
    pub(super) location_id: Id,
    /// State `available`; null for an item that is not counted.
    #[serde(deserialize_with = "present")]
    pub(super) available: Option<Units>,
}

/// Topics `customers/create`, `/update`.
/// <https://shopify.dev/docs/api/admin-rest/latest/resources/customer#resource-object>
#[derive(Debug, Deserialize)]
pub(super) struct Customer {
    pub(super) id: Id,
    pub(super) updated_at: Stamp,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) default_address: Option<Address>,
}

/// Topic `customers/merge`; the names of its fields are not in a reference, only in samples.
#[derive(Debug, Deserialize)]
pub(super) struct Merged {
    pub(super) admin_graphql_api_customer_kept_id: Gid,
    pub(super) admin_graphql_api_customer_deleted_id: Gid,
}

/// Topic `customers/redact`, which comes by the app's configuration, not by a subscription.
/// <https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance>
#[derive(Debug, Deserialize)]
pub(super) struct Redact {
    pub(super) shop_domain: String,
    pub(super) customer: Named,
    /// Asked for, since no other body has it: the topic stands in a header that nobody signed.
    pub(super) orders_to_redact: Vec<Id>,
}

/// Topic `customers/data_request`: a person asks what is kept of them. Told from [`Redact`] by the request's number.
/// <https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance>
#[derive(Debug, Deserialize)]
pub(super) struct DataRequest {
    pub(super) shop_domain: String,
    pub(super) customer: Named,
    #[expect(dead_code, reason = "that it is there tells this body from others")]
    pub(super) data_request: Named,
}

/// Topic `shop/redact`: the shop took the app away two days ago. Strict, because every other privacy body has these
/// fields too, and the topic stands in a header that nobody signed.
/// <https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance>
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShopRedact {
    #[expect(dead_code, reason = "that it is there, alone with the other, tells this body from others")]
    pub(super) shop_id: Id,
    pub(super) shop_domain: String,
}

/// `default_address` of a customer.
#[derive(Debug, Deserialize)]
pub(super) struct Address {
    pub(super) address1: Option<String>,
    pub(super) address2: Option<String>,
    pub(super) zip: Option<String>,
    pub(super) city: Option<String>,
    pub(super) country_code: Option<String>,
}

/// Topic `app/uninstalled`: the shop.
/// <https://shopify.dev/docs/api/admin-rest/latest/resources/shop#resource-object>
#[derive(Debug, Deserialize)]
pub(super) struct Shop {
    pub(super) myshopify_domain: String,
}
