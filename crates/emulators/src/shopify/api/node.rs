//! Objects of the API while a query runs: references into the shop, small ready-made records, and pages.

use std::sync::Arc;

use serde_json::Value;

/// An object whose fields can be asked for. Numbers are indices into the shop.
#[derive(Clone, Debug)]
pub(in crate::shopify) enum Node {
    Root,
    Shop,
    Location(usize),
    Product(usize),
    Variant(usize),
    Item(usize),
    /// Article and location.
    Level(usize, usize),
    Customer(usize),
    Order(usize),
    /// Order and line.
    Line(usize, usize),
    /// Order and fulfilment order.
    FulfilmentOrder(usize, usize),
    /// Order, fulfilment order and line.
    FulfilmentOrderLine(usize, usize, usize),
    /// Order and fulfilment.
    Fulfilment(usize, usize),
    /// Order and refund.
    Refund(usize, usize),
    /// Order, refund and line.
    RefundLine(usize, usize, usize),
    Transfer(usize),
    /// A subscription by its number.
    Subscription(u64),
    /// A bulk operation by its number.
    Bulk(u64),
    /// A ready-made object: its type name and fields.
    Record(&'static str, Arc<Vec<(&'static str, Out)>>),
}

impl Node {
    /// A ready-made object.
    pub(super) fn record(ty: &'static str, fields: Vec<(&'static str, Out)>) -> Self {
        Self::Record(ty, Arc::new(fields))
    }

    /// The vendor's type name.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Root => "QueryRoot",
            Self::Shop => "Shop",
            Self::Location(_) => "Location",
            Self::Product(_) => "Product",
            Self::Variant(_) => "ProductVariant",
            Self::Item(_) => "InventoryItem",
            Self::Level(..) => "InventoryLevel",
            Self::Customer(_) => "Customer",
            Self::Order(_) => "Order",
            Self::Line(..) => "LineItem",
            Self::FulfilmentOrder(..) => "FulfillmentOrder",
            Self::FulfilmentOrderLine(..) => "FulfillmentOrderLineItem",
            Self::Fulfilment(..) => "Fulfillment",
            Self::Refund(..) => "Refund",
            Self::RefundLine(..) => "RefundLineItem",
            Self::Transfer(_) => "InventoryTransfer",
            Self::Subscription(_) => "WebhookSubscription",
            Self::Bulk(_) => "BulkOperation",
            Self::Record(ty, _) => ty,
        }
    }
}

/// What a field gives.
#[derive(Clone, Debug)]
pub(in crate::shopify) enum Out {
    Value(Value),
    Node(Node),
    List(Vec<Out>),
    Page(Page),
}

impl Out {
    /// Null.
    pub(super) const NULL: Self = Self::Value(Value::Null);

    /// A node, or null.
    pub(super) fn maybe(node: Option<Node>) -> Self {
        node.map_or(Self::NULL, Self::Node)
    }
}

impl<T: Into<Value>> From<T> for Out {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

/// One page of a connection.
#[derive(Clone, Debug, Default)]
pub(in crate::shopify) struct Page {
    /// Sort key and index of each node, which make its cursor.
    pub(super) keys: Vec<(i64, usize)>,
    /// The nodes, as many as there are keys.
    pub(super) nodes: Vec<Node>,
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
}
