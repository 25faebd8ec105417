//! Shopify's answers: the GraphQL shapes of Admin API 2026-10, only the fields that `queries` selects.
//!
//! Read by `learn`, `bulk`, `subscribe` and `write`, and given to `translate`. An order's shapes are in `graph_order`.
//! Reference: <https://shopify.dev/docs/api/admin-graphql/2026-10>.

use serde::{Deserialize, Serialize};

use super::scalar::{Amount, Gid, Stamp, Units, present};

/// Something of which only the id is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Named {
    /// Global id.
    pub(super) id: Gid,
}

/// A page of a connection. <https://shopify.dev/docs/api/usage/pagination-graphql>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection<T> {
    pub(super) nodes: Vec<T>,
    pub(super) page_info: PageInfo,
}

/// `pageInfo`. <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/PageInfo>
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the next page begins, if there is one.
    pub(super) fn next(&self) -> Option<&str> {
        if self.has_next_page { self.end_cursor.as_deref() } else { None }
    }
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Location>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) id: Gid,
    pub(super) name: String,
    pub(super) is_active: bool,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/ProductVariant>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variant {
    pub(super) id: Gid,
    pub(super) sku: Option<String>,
    pub(super) barcode: Option<String>,
    pub(super) price: Amount,
    /// Product and variant in one.
    pub(super) display_name: String,
    pub(super) inventory_item: InventoryItem,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/InventoryItem>
#[derive(Debug, Deserialize)]
pub(super) struct InventoryItem {
    pub(super) id: Gid,
    pub(super) tracked: bool,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Shop>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shop {
    pub(super) taxes_included: bool,
    pub(super) currency_code: String,
}

/// Answer to the catalogue question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Catalogue {
    pub(super) shop: Shop,
    pub(super) product_variants: Connection<Variant>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Customer>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer {
    pub(super) id: Gid,
    pub(super) updated_at: Stamp,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) default_email_address: Option<EmailAddress>,
    pub(super) default_phone_number: Option<PhoneNumber>,
    pub(super) default_address: Option<Address>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/CustomerEmailAddress>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailAddress {
    pub(super) email_address: String,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/CustomerPhoneNumber>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhoneNumber {
    pub(super) phone_number: String,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/MailingAddress>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address {
    pub(super) address1: Option<String>,
    pub(super) address2: Option<String>,
    pub(super) zip: Option<String>,
    pub(super) city: Option<String>,
    pub(super) country_code_v2: Option<String>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/WebhookSubscription>
#[derive(Debug, Deserialize)]
pub(super) struct Subscription {
    pub(super) id: Gid,
    pub(super) topic: String,
    pub(super) uri: String,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/BulkOperation>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BulkOperation {
    pub(super) id: Gid,
    pub(super) status: String,
    pub(super) error_code: Option<String>,
    pub(super) url: Option<String>,
}

/// A mutation's own complaint: `BulkOperationUserError`, `UserError`, `Inventory…UserError`.
#[derive(Debug, Deserialize)]
pub(super) struct UserError {
    #[serde(default)]
    pub(super) code: Option<String>,
    #[serde(default)]
    pub(super) field: Option<Vec<String>>,
    pub(super) message: String,
}

/// One item at one location, as asked for by `LevelsOf`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemLevel {
    pub(super) tracked: bool,
    /// Null when the item is not stocked there.
    #[serde(deserialize_with = "present")]
    pub(super) inventory_level: Option<Quantities>,
}

/// The selected quantities of an inventory level.
#[derive(Debug, Deserialize)]
pub(super) struct Quantities {
    pub(super) quantities: Vec<NamedQuantity>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/InventoryQuantity>
#[derive(Debug, Deserialize)]
pub(super) struct NamedQuantity {
    pub(super) name: String,
    pub(super) quantity: Units,
}

/// One line of the file that the bulk operation over levels leaves: an item or, with a parent, a level.
/// <https://shopify.dev/docs/api/usage/bulk-operations/queries#the-jsonl-data-format>
#[derive(Debug, Deserialize)]
pub(super) struct BulkLine {
    /// Every line has one: what has none is no such file.
    #[serde(rename = "id")]
    _id: Gid,
    #[serde(rename = "__parentId")]
    pub(super) parent: Option<Gid>,
    #[serde(default)]
    pub(super) location: Option<Named>,
    #[serde(default)]
    pub(super) quantities: Option<Vec<NamedQuantity>>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/InventoryAdjustmentGroup>
#[derive(Debug, Deserialize)]
pub(super) struct AdjustmentGroup {
    pub(super) changes: Vec<LevelChange>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/InventoryChange>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LevelChange {
    pub(super) name: String,
    pub(super) quantity_after_change: Option<Units>,
    pub(super) item: Option<Named>,
    pub(super) location: Option<Named>,
}
