//! The GraphQL texts of Admin API 2026-10 and what each costs.
//!
//! Used by `requests`, `detail` and `write`. Shopify counts an object as 1 point, a scalar as 0, a connection by its
//! `first`, a mutation as 10, and takes the whole requested cost before it runs a query; one query may cost at most
//! 1000. <https://shopify.dev/docs/api/usage/limits#rate-limits-for-graphql-admin-apis>

/// What a query may cost at most here; the platform's own limit is 1000.
pub(super) const COST_MAX: u32 = 900;
/// Orders asked for by id at once: with five lines each they fit.
pub(super) const DOCUMENTS: usize = 21;
/// Fulfilment orders, fulfilments and refunds that come with an order's head.
pub(super) const HEAD_LISTS: u32 = 2;
/// Elements of a page of anything that costs at most three points each.
pub(super) const PAGE: u32 = 250;
/// Elements of a page of news: a whole page is paid before it is known how short it is, and news is short.
pub(super) const NEWS: u32 = 50;
/// A mutation, whatever it selects.
pub(super) const MUTATION_COST: u32 = 10;

/// An order of the head fragment with that many lines.
pub(super) const fn head_cost(lines: u32) -> u32 {
    // The order, customer, till location, total (2), lines and their page info (2); fulfilment orders (3 each), their
    // connection and page info (2), fulfilments (2 each), refunds.
    1 + 1 + 1 + 2 + 2 + (2 + 3 * HEAD_LISTS) + 2 * HEAD_LISTS + HEAD_LISTS + 4 * lines
}

/// Lines fetched at once with each of `orders` orders: as many as fit, at most 50. Most orders have fewer.
pub(super) fn head_lines(orders: u32) -> u32 {
    // Half of what is possible: the whole is taken first and mostly given back, and a full bucket is rare.
    let each = COST_MAX / 2 / orders.max(1);
    (each.saturating_sub(head_cost(0)) / 4).clamp(5, 50)
}

/// The page of customers: each with e-mail, telephone and address.
pub(super) const CUSTOMERS_COST: u32 = 2 + NEWS * 4;
/// A page of so many variants, each with its inventory item; and the shop.
pub(super) const fn catalogue_cost(page: u32) -> u32 {
    3 + page * 2
}
/// A page of single objects.
pub(super) const SINGLES_COST: u32 = 2 + PAGE;

/// Selection of an order line, 4 points: line, variant, price (2).
macro_rules! order_line {
    () => {
        "id sku quantity currentQuantity unfulfilledQuantity variant { id } \
         originalUnitPriceSet { shopMoney { amount } }"
    };
}
/// Selection of a fulfilment order, 3 points.
macro_rules! fulfillment_order {
    () => {
        "id status assignedLocation { location { id } }"
    };
}
/// Selection of a fulfilment, 2 points.
macro_rules! fulfillment {
    () => {
        "id status location { id }"
    };
}
/// Selection of a refund, 1 point.
macro_rules! refund {
    () => {
        "id processedAt"
    };
}
/// Selection that says whether there is more.
macro_rules! page_info {
    () => {
        "pageInfo { hasNextPage endCursor }"
    };
}
pub(super) use {fulfillment, fulfillment_order, order_line, page_info, refund};

/// What every order is first read with. Enough for an order whose units are all at one place; see `detail` for others.
macro_rules! head {
    () => {
        concat!(
            "fragment Head on Order { id name createdAt processedAt updatedAt cancelledAt sourceName \
             sourceIdentifier taxesIncluded currencyCode email phone customer { id } retailLocation { id } \
             currentTotalPriceSet { shopMoney { amount } } lineItems(first: $lines) { nodes { ",
            order_line!(),
            " } ",
            page_info!(),
            " } fulfillmentOrders(first: 2) { nodes { ",
            fulfillment_order!(),
            " } ",
            page_info!(),
            " } fulfillments(first: 2) { ",
            fulfillment!(),
            " } refunds(first: 2) { ",
            refund!(),
            " } }"
        )
    };
}

/// Which orders changed since a time, oldest change first. Listed, not told: most changes are known from webhooks
/// already, and an order costs forty times its mention. The plain fields cost nothing.
pub(super) const ORDERS_QUERY: &str = concat!(
    "query Orders($query: String!, $after: String, $first: Int!) { orders(first: $first, after: $after, \
     query: $query, sortKey: UPDATED_AT) { nodes { id updatedAt subtotalLineItemsQuantity \
     currentSubtotalLineItemsQuantity displayFulfillmentStatus } ",
    page_info!(),
    " } }"
);
/// Orders by id.
pub(super) const ORDERS_OF_QUERY: &str =
    concat!("query OrdersOf($ids: [ID!]!, $lines: Int!) { nodes(ids: $ids) { ... on Order { ...Head } } } ", head!());
/// Locations, closed ones too.
pub(super) const LOCATIONS_QUERY: &str = concat!(
    "query Locations($after: String, $first: Int!) { locations(first: $first, after: $after, includeInactive: true) \
     { nodes { id name isActive } ",
    page_info!(),
    " } }"
);
/// Variants with their inventory items.
pub(super) const CATALOGUE_QUERY: &str = concat!(
    "query Catalogue($query: String, $after: String, $first: Int!) { shop { taxesIncluded currencyCode } \
     productVariants(first: $first, after: $after, query: $query, sortKey: ID) { nodes { id sku barcode price \
     displayName inventoryItem { id tracked } } ",
    page_info!(),
    " } }"
);
/// Selection of a customer, 4 points.
macro_rules! customer {
    () => {
        "id updatedAt firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } \
         defaultAddress { address1 address2 zip city countryCodeV2 }"
    };
}
/// Customers, oldest change first.
pub(super) const CUSTOMERS_QUERY: &str = concat!(
    "query Customers($query: String, $after: String, $first: Int!) { customers(first: $first, after: $after, \
     query: $query, sortKey: UPDATED_AT) { nodes { ",
    customer!(),
    " } ",
    page_info!(),
    " } }"
);
/// Customers by id.
pub(super) const CUSTOMERS_OF_QUERY: &str =
    concat!("query CustomersOf($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { ", customer!(), " } } }");
/// Webhook subscriptions of this application.
pub(super) const SUBSCRIPTIONS_QUERY: &str = concat!(
    "query Subscriptions($after: String, $first: Int!) { webhookSubscriptions(first: $first, after: $after) \
     { nodes { id topic uri } ",
    page_info!(),
    " } }"
);
/// One webhook subscription.
pub(super) const SUBSCRIBE_QUERY: &str = "mutation Subscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) { \
     webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) { webhookSubscription { id topic \
     uri } userErrors { field message } } }";
/// What is asked when every topic is subscribed already: something cheap.
pub(super) const NOTHING_QUERY: &str = "query Nothing { shop { id } }";
/// Starts the reading of all levels.
pub(super) const BULK_RUN_QUERY: &str = "mutation BulkRun($query: String!) { bulkOperationRunQuery(query: $query) { \
     bulkOperation { id status } userErrors { code field message } } }";
/// How far it is.
pub(super) const BULK_POLL_QUERY: &str =
    "query BulkPoll($id: ID!) { bulkOperation(id: $id) { id status errorCode url } }";
/// What the bulk operation reads. Connections in it need no `first`.
/// <https://shopify.dev/docs/api/usage/bulk-operations/queries#operation-restrictions>
pub(super) const BULK_LEVELS_QUERY: &str = "{ inventoryItems { edges { node { id inventoryLevels { edges { node { id \
     location { id } quantities(names: [\"available\"]) { name quantity } } } } } } } }";

/// Levels one by one: an alias for each of `rows`.
pub(super) fn levels_of(rows: usize) -> String {
    let variables: Vec<String> = (0..rows).map(|row| format!("$i{row}: ID!, $l{row}: ID!")).collect();
    let fields: Vec<String> = (0..rows)
        .map(|row| {
            format!(
                "r{row}: inventoryItem(id: $i{row}) {{ tracked inventoryLevel(locationId: $l{row}) \
                 {{ quantities(names: [\"available\"]) {{ name quantity }} }} }}"
            )
        })
        .collect();
    format!("query LevelsOf({}) {{ {} }}", variables.join(", "), fields.join(" "))
}

/// Cost of one of them: item, level, quantity.
pub(super) const LEVEL_COST: u32 = 3;

/// Relative changes of levels. The directive is required since 2026-04, the key makes a repeat harmless.
/// <https://shopify.dev/docs/api/usage/idempotent-requests>
pub(super) const ADJUST_QUERY: &str = "mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) { \
     inventoryAdjustQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { \
     changes(quantityNames: [\"available\"]) { name quantityAfterChange item { id } location { id } } } userErrors { \
     code field message } } }";
/// Absolute levels.
pub(super) const SET_QUERY: &str = "mutation Set($input: InventorySetQuantitiesInput!, $key: String!) { \
     inventorySetQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { \
     changes(quantityNames: [\"available\"]) { name quantityAfterChange item { id } location { id } } } userErrors { \
     code field message } } }";

/// Who we are there and what the token opens.
pub(super) const ACCESS_QUERY: &str =
    "query Access { currentAppInstallation { accessScopes { handle } } shop { name myshopifyDomain } }";
/// The installation, its list of scopes, the shop.
pub(super) const ACCESS_COST: u32 = 3;

/// What variants list, and what else their products have.
pub(super) const LISTINGS_QUERY: &str = "query Listings($ids: [ID!]!) { shop { taxesIncluded currencyCode } \
     nodes(ids: $ids) { ... on ProductVariant { id price barcode displayName inventoryItem { id } product { id title \
     variantsCount { count } } } } }";
/// The shop; and for each variant itself, its inventory item, its product and that one's count.
pub(super) fn listings_cost(variants: usize) -> u32 {
    u32::try_from(variants).unwrap_or(u32::MAX).saturating_mul(4).saturating_add(1)
}
/// Fields of variants of one product. There is no key: values are absolute, and written again they are the same.
pub(super) const VARIANTS_QUERY: &str = "mutation Variants($product: ID!, $variants: [ProductVariantsBulkInput!]!) { \
     productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: true) { userErrors { \
     code field message } } }";
/// The title of a product.
pub(super) const TITLE_QUERY: &str = "mutation Title($product: ProductUpdateInput!) { productUpdate(product: $product) \
     { userErrors { field message } } }";

/// The webhook topics the hub needs, as the schema names them. Paid and fulfilled orders come as updated ones too.
pub(super) const TOPICS: [&str; 22] = [
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_CANCELLED",
    "ORDERS_EDITED",
    "ORDERS_DELETE",
    "REFUNDS_CREATE",
    "INVENTORY_LEVELS_UPDATE",
    "INVENTORY_LEVELS_CONNECT",
    "INVENTORY_LEVELS_DISCONNECT",
    "INVENTORY_ITEMS_DELETE",
    "PRODUCTS_CREATE",
    "PRODUCTS_UPDATE",
    "PRODUCTS_DELETE",
    "CUSTOMERS_CREATE",
    "CUSTOMERS_UPDATE",
    "CUSTOMERS_DELETE",
    "CUSTOMERS_MERGE",
    "LOCATIONS_CREATE",
    "LOCATIONS_UPDATE",
    "LOCATIONS_ACTIVATE",
    "LOCATIONS_DEACTIVATE",
    "APP_UNINSTALLED",
];
