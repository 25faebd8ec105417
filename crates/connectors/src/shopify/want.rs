//! One thing that is still wanted of an order, what it costs and how it is asked.
//!
//! Found by `detail`, asked by `requests`. Several wants go into one query, each under an alias of its own.

use serde_json::{Map, Value};

use super::queries;

/// Something still wanted of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Want {
    /// Which draft.
    pub(super) draft: usize,
    /// Which object is asked.
    pub(super) of: String,
    /// What of it.
    pub(super) kind: Kind,
    /// How many elements.
    pub(super) first: u32,
    /// After which cursor.
    pub(super) after: Option<String>,
}

/// What is wanted; the number is the place of the part in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Lines,
    FulfillmentOrders,
    Fulfillments,
    Refunds,
    FulfillmentOrderLines(usize),
    FulfillmentLines(usize),
    RefundLines(usize),
}

impl Want {
    /// Points it takes.
    pub(super) fn cost(&self) -> u32 {
        match self.kind {
            Kind::Lines => 3 + 4 * self.first,
            Kind::FulfillmentOrders | Kind::RefundLines(_) => 3 + 3 * self.first,
            Kind::FulfillmentOrderLines(_) | Kind::FulfillmentLines(_) => 3 + 2 * self.first,
            Kind::Fulfillments => 1 + 2 * self.first,
            Kind::Refunds => 1 + self.first,
        }
    }

    fn on(&self) -> &'static str {
        match self.kind {
            Kind::Lines | Kind::FulfillmentOrders | Kind::Fulfillments | Kind::Refunds => "Order",
            Kind::FulfillmentOrderLines(_) => "FulfillmentOrder",
            Kind::FulfillmentLines(_) => "Fulfillment",
            Kind::RefundLines(_) => "Refund",
        }
    }

    fn selection(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Lines => ("lineItems", queries::order_line!()),
            Kind::FulfillmentOrders => ("fulfillmentOrders", queries::fulfillment_order!()),
            Kind::Fulfillments => ("fulfillments", queries::fulfillment!()),
            Kind::Refunds => ("refunds", queries::refund!()),
            Kind::FulfillmentOrderLines(_) => ("lineItems", "remainingQuantity lineItem { id }"),
            Kind::FulfillmentLines(_) => ("fulfillmentLineItems", "quantity lineItem { id }"),
            Kind::RefundLines(_) => ("refundLineItems", "id quantity restockType lineItem { id } location { id }"),
        }
    }
}

/// The query for some wants: an alias `p0`, `p1`, … for each, and the values of its variables.
pub(super) fn query(wants: &[Want]) -> (String, Map<String, Value>) {
    let mut declared = Vec::new();
    let mut fields = Vec::new();
    let mut variables = Map::new();
    for (index, want) in wants.iter().enumerate() {
        declared.push(format!("$i{index}: ID!, $n{index}: Int!"));
        variables.insert(format!("i{index}"), Value::from(want.of.as_str()));
        variables.insert(format!("n{index}"), Value::from(want.first));
        let (name, selection) = want.selection();
        let list = matches!(want.kind, Kind::Fulfillments | Kind::Refunds);
        let inner = if list {
            format!("{name}(first: $n{index}) {{ {selection} }}")
        } else {
            declared.push(format!("$a{index}: String"));
            variables.insert(format!("a{index}"), Value::from(want.after.clone()));
            format!(
                "{name}(first: $n{index}, after: $a{index}) {{ nodes {{ {selection} }} {} }}",
                queries::page_info!()
            )
        };
        fields.push(format!("p{index}: node(id: $i{index}) {{ ... on {} {{ {inner} }} }}", want.on()));
    }
    (format!("query Detail({}) {{ {} }}", declared.join(", "), fields.join(" ")), variables)
}
