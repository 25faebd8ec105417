//! The GraphQL texts by which documents are made and looked for, and what the looking costs.
//!
//! Every mutation names its document and its complaints alike, so that `answer` reads them all.

use super::super::queries::page_info;

/// Newest orders that are looked through besides the search, whose index runs seconds behind.
pub(super) const RECENT: u32 = 50;

macro_rules! sought {
    () => {
        "{ nodes { id sourceIdentifier cancelledAt } }"
    };
}

/// An order of ours, by its reference.
pub(super) const ORDER_LOOK: &str = concat!(
    "query OrderLook($query: String!, $recent: Int!) { found: orders(first: 2, query: $query) ",
    sought!(),
    " recent: orders(first: $recent, sortKey: CREATED_AT, reverse: true) ",
    sought!(),
    " }"
);
/// Both lists.
pub(super) const ORDER_LOOK_COST: u32 = 3 + 1 + RECENT;
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/orderCreate>
pub(super) const ORDER_MAKE: &str = "mutation OrderMake($order: OrderCreateOrderInput!, $options: \
     OrderCreateOptionsInput) { made: orderCreate(order: $order, options: $options) { document: order { id } \
     errors: userErrors { code field message } } }";
/// Which locations an order was assigned to.
pub(super) const ORDER_WHERE: &str = concat!(
    "query OrderWhere($id: ID!) { order(id: $id) { cancelledAt fulfillmentOrders(first: 50) { nodes { id status \
     assignedLocation { location { id } } } ",
    page_info!(),
    " } } }"
);
/// The order, the list with its page info, and three for each of its elements.
pub(super) const ORDER_WHERE_COST: u32 = 1 + 2 + 50 * 3;
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/fulfillmentOrderMove>
pub(super) const ORDER_MOVE: &str = "mutation OrderMove($id: ID!, $location: ID!) { made: fulfillmentOrderMove(id: \
     $id, newLocationId: $location) { document: movedFulfillmentOrder { id } errors: userErrors { code field message \
     } } }";
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/orderCancel>
pub(super) const ORDER_CANCEL: &str = "mutation OrderCancel($id: ID!, $why: String!) { made: orderCancel(orderId: $id, \
     reason: OTHER, restock: true, notifyCustomer: false, staffNote: $why) { document: job { id } errors: \
     orderCancelUserErrors { code field message } } }";

/// What was paid and given back for an order, and what of its lines can still be given back.
pub(super) const REFUND_LOOK: &str = "query RefundLook($id: ID!, $ids: [ID!]!) { order(id: $id) { refunds(first: 100) { \
     id note } transactions(first: 50) { id kind status gateway amountSet { presentmentMoney { amount currencyCode } } \
     parentTransaction { id } } } nodes(ids: $ids) { ... on LineItem { id unfulfilledQuantity refundableQuantity } } }";
/// The order, its refunds, its payments (each with two of money and its parent), and the lines.
pub(super) fn refund_look_cost(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1 + 100 + 50 * 4)
}
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/refundCreate>
pub(super) const REFUND_MAKE: &str = "mutation RefundMake($input: RefundInput!, $key: String!) { made: \
     refundCreate(input: $input) @idempotent(key: $key) { document: refund { id } errors: userErrors { field message } \
     } }";

/// A customer by e-mail address or telephone, of which a shop has each only once.
pub(super) const CUSTOMER_LOOK: &str = "query CustomerLook($identifier: CustomerIdentifierInput!) { known: \
     customerByIdentifier(identifier: $identifier) { id tags } }";
/// Customers with our tag, where there is neither.
pub(super) const CUSTOMERS_TAGGED: &str =
    "query CustomersTagged($query: String!) { tagged: customers(first: 1, query: $query) { nodes { id tags } } }";
/// One list of one.
pub(super) const CUSTOMERS_TAGGED_COST: u32 = 2;
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/customerCreate>
pub(super) const CUSTOMER_MAKE: &str = "mutation CustomerMake($input: CustomerInput!) { made: customerCreate(input: \
     $input) { document: customer { id } errors: userErrors { field message } } }";
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/customerUpdate>
pub(super) const CUSTOMER_CHANGE: &str = "mutation CustomerChange($input: CustomerInput!) { made: \
     customerUpdate(input: $input) { document: customer { id } errors: userErrors { field message } } }";
/// Where a customer lives.
pub(super) const ADDRESS_LOOK: &str = "query AddressLook($id: ID!) { customer(id: $id) { defaultAddress { address1 \
     address2 zip city countryCodeV2 } } }";
/// Customer and address.
pub(super) const ADDRESS_LOOK_COST: u32 = 2;
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/customerAddressCreate>
pub(super) const ADDRESS_MAKE: &str = "mutation AddressMake($id: ID!, $address: MailingAddressInput!) { made: \
     customerAddressCreate(customerId: $id, address: $address, setAsDefault: true) { document: address { id } errors: \
     userErrors { field message } } }";

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/inventoryTransferCreate>
pub(super) const TRANSFER_MAKE: &str = "mutation TransferMake($input: InventoryTransferCreateInput!, $key: String!) { \
     made: inventoryTransferCreate(input: $input) @idempotent(key: $key) { document: inventoryTransfer { id } errors: \
     userErrors { code field message } } }";
