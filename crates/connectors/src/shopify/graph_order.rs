//! Shopify's answers about orders: the GraphQL shapes of Admin API 2026-10 that `queries` and `want` select.
//!
//! Read by `learn` and `detail`, given to `order_graph`. They can be written again, because an order that does not fit
//! into one answer travels in the cursor until it is complete.
//! Reference: <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Order>.

use serde::{Deserialize, Serialize};

use super::graph::{Connection, Named};
use super::scalar::{Amount, Count, Gid, Stamp, present};

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Order>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) id: Gid,
    pub(super) name: String,
    pub(super) created_at: Stamp,
    /// When it was rung up; a till that was offline uploads it later.
    pub(super) processed_at: Stamp,
    pub(super) updated_at: Stamp,
    #[serde(deserialize_with = "present")]
    pub(super) cancelled_at: Option<Stamp>,
    #[serde(deserialize_with = "present")]
    pub(super) source_name: Option<String>,
    pub(super) source_identifier: Option<String>,
    pub(super) taxes_included: bool,
    pub(super) currency_code: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    #[serde(deserialize_with = "present")]
    pub(super) customer: Option<Named>,
    #[serde(deserialize_with = "present")]
    pub(super) retail_location: Option<Named>,
    pub(super) current_total_price_set: MoneyBag,
    pub(super) line_items: Connection<Line>,
    pub(super) fulfillment_orders: Connection<FulfillmentOrder>,
    pub(super) fulfillments: Vec<Fulfillment>,
    pub(super) refunds: Vec<Refund>,
}

/// A mention of an order that changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    pub(super) id: Gid,
    pub(super) updated_at: Stamp,
    /// Units as ordered.
    pub(super) subtotal_line_items_quantity: u32,
    /// Units after removals and refunds.
    pub(super) current_subtotal_line_items_quantity: u32,
    /// `FULFILLED` when everything was handed over.
    pub(super) display_fulfillment_status: String,
}

impl Changed {
    /// The least progress (`tally`) the order can have made: what was ordered, what was handed over when it was
    /// everything, and what was taken out. Refunds are not counted here. More than the order's own version would have
    /// it fetched at every poll.
    pub(super) fn progress_at_least(&self) -> u64 {
        let removed = self.subtotal_line_items_quantity.saturating_sub(self.current_subtotal_line_items_quantity);
        // Units may have been taken out before the rest was handed over.
        let all_gone = self.display_fulfillment_status == "FULFILLED";
        let gone = if all_gone { self.current_subtotal_line_items_quantity } else { 0 };
        u64::from(self.subtotal_line_items_quantity) + u64::from(gone) + u64::from(removed)
    }
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/MoneyBag>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MoneyBag {
    /// In the shop's currency.
    pub(super) shop_money: ShopMoney,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/MoneyV2>
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShopMoney {
    pub(super) amount: Amount,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/LineItem>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) id: Gid,
    pub(super) sku: Option<String>,
    pub(super) quantity: Count,
    pub(super) current_quantity: Count,
    pub(super) unfulfilled_quantity: Count,
    /// Null for a line typed by hand and for a deleted variant.
    #[serde(deserialize_with = "present")]
    pub(super) variant: Option<Named>,
    pub(super) original_unit_price_set: MoneyBag,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/FulfillmentOrder>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FulfillmentOrder {
    pub(super) id: Gid,
    /// `OPEN`, `IN_PROGRESS`, `SCHEDULED`, `ON_HOLD`, `INCOMPLETE`, `CLOSED`, `CANCELLED`.
    pub(super) status: String,
    pub(super) assigned_location: AssignedLocation,
    /// Only fetched when it matters which lines are where.
    #[serde(default)]
    pub(super) line_items: Option<Connection<FulfillmentOrderLine>>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/FulfillmentOrderAssignedLocation>
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AssignedLocation {
    #[serde(deserialize_with = "present")]
    pub(super) location: Option<Named>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/FulfillmentOrderLineItem>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FulfillmentOrderLine {
    pub(super) remaining_quantity: Count,
    pub(super) line_item: Named,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Fulfillment>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fulfillment {
    pub(super) id: Gid,
    pub(super) status: String,
    #[serde(deserialize_with = "present")]
    pub(super) location: Option<Named>,
    /// Only fetched when it matters which lines left where.
    #[serde(default)]
    pub(super) fulfillment_line_items: Option<Connection<FulfillmentLine>>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/FulfillmentLineItem>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FulfillmentLine {
    pub(super) quantity: Option<Count>,
    pub(super) line_item: Named,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Refund>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refund {
    pub(super) id: Gid,
    pub(super) processed_at: Stamp,
    /// Fetched after the head.
    #[serde(default)]
    pub(super) refund_line_items: Option<Connection<RefundLine>>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/RefundLineItem>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundLine {
    /// Nullable in the schema, for refunds that are only suggested; a refund that was made has it, and by it the same
    /// line is known when a webhook tells of it.
    pub(super) id: Gid,
    pub(super) quantity: Count,
    pub(super) restock_type: String,
    pub(super) line_item: Named,
    #[serde(deserialize_with = "present")]
    pub(super) location: Option<Named>,
}
