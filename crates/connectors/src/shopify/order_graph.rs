//! Orders of answers (GraphQL shapes) to what is known of them.
//!
//! Called by `learn` with orders that `detail` found complete: where it matters, the lines of fulfilments, fulfilment
//! orders and refunds have been fetched.

use std::collections::BTreeMap;

use model::{Currency, CustomerKey, ExternalLocation};

use super::graph::Named;
use super::graph_order::{self as graph, Fulfillment, FulfillmentOrder};
use super::known::{KnownLine, KnownOrder, KnownRefund, KnownRefundLine, RefundKind};
use super::scalar::{self, unreadable};
use super::tally::Placed;
use super::translate::{Counted, counted, placed_at, variant_key};
use crate::Unreadable;

/// An order as an answer tells it.
///
/// # Errors
/// When an amount or a status is not what is documented.
pub(super) fn known(order: &graph::Order) -> Result<KnownOrder, Unreadable> {
    let currency = scalar::currency(&order.currency_code, "currencyCode")?;
    let total = &order.current_total_price_set.shop_money.amount;
    let till = order.source_name.as_deref() == Some("pos");
    let retail = place(order.retail_location.as_ref());
    let refunds = refunds(&order.refunds)?;
    Ok(KnownOrder {
        document: order.id.number().to_owned(),
        name: order.name.clone(),
        source_identifier: order.source_identifier.clone(),
        placed_at: placed_at(order.created_at, Some(order.processed_at)),
        updated_at: order.updated_at.0,
        cancelled: order.cancelled_at.is_some(),
        till,
        till_at: retail.clone().filter(|_| till),
        lies_at: lies_at(order, retail),
        customer: order.customer.as_ref().map(|customer| CustomerKey::new(customer.id.number())),
        email: order.email.clone(),
        phone: order.phone.clone(),
        currency,
        tax_inclusive: order.taxes_included,
        total: total.money(currency, || "currentTotalPriceSet.shopMoney.amount".to_owned())?,
        lines: lines(order, currency)?,
        refunds,
    })
}

/// The fulfilments that took units off a shelf.
///
/// # Errors
/// When a status is not documented.
pub(super) fn handed_over(order: &graph::Order) -> Result<Vec<&Fulfillment>, Unreadable> {
    let mut found = Vec::new();
    for (index, fulfillment) in order.fulfillments.iter().enumerate() {
        match counted(&fulfillment.status) {
            Some(Counted::Yes) => found.push(fulfillment),
            Some(Counted::No) => {}
            None => {
                return Err(unreadable(format!("fulfillments[{index}].status"), "not a documented status".to_owned()));
            }
        }
    }
    Ok(found)
}

/// The fulfilment orders that may still promise units.
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/FulfillmentOrderStatus>
pub(super) fn still_open(order: &graph::Order) -> Vec<&FulfillmentOrder> {
    let nodes = order.fulfillment_orders.nodes.iter();
    nodes.filter(|it| !matches!(it.status.as_str(), "CLOSED" | "CANCELLED")).collect()
}

/// Where a named location is, in our words.
pub(super) fn place(location: Option<&Named>) -> Option<ExternalLocation> {
    location.map(|location| ExternalLocation::new(location.id.number()))
}

/// Where a fulfilment order's units are promised.
pub(super) fn assigned(order: &FulfillmentOrder) -> Option<ExternalLocation> {
    place(order.assigned_location.location.as_ref())
}

fn lines(order: &graph::Order, currency: Currency) -> Result<Vec<KnownLine>, Unreadable> {
    let gone = gone(order)?;
    let open = open(order);
    let line = |(index, line): (usize, &graph::Line)| {
        let id = line.id.number();
        let price = &line.original_unit_price_set.shop_money.amount;
        let field = || format!("lineItems.nodes[{index}].originalUnitPriceSet.shopMoney.amount");
        Ok(KnownLine {
            line: id.to_owned(),
            item: line.variant.as_ref().map(|variant| variant_key(variant.id.number())),
            sku: line.sku.clone().unwrap_or_default(),
            ordered: line.quantity.0,
            current: line.current_quantity.0,
            price: Some(price.money(currency, field)?),
            gone: gone.of(id, line.current_quantity.0.saturating_sub(line.unfulfilled_quantity.0)),
            open: open.of(id, line.unfulfilled_quantity.0),
        })
    };
    order.line_items.nodes.iter().enumerate().map(line).collect()
}

/// Where the units of lines are.
enum Whereabouts {
    /// All that there are, at one place.
    Together(Option<ExternalLocation>),
    /// By line.
    Apart(BTreeMap<String, Vec<Placed>>),
}

impl Whereabouts {
    fn of(&self, line: &str, units: u32) -> Vec<Placed> {
        match self {
            Self::Together(location) => vec![(location.clone(), units)],
            Self::Apart(lines) => lines.get(line).cloned().unwrap_or_default(),
        }
    }
}

fn gone(order: &graph::Order) -> Result<Whereabouts, Unreadable> {
    let fulfillments = handed_over(order)?;
    if let Some(first) = fulfillments.first().filter(|first| first.fulfillment_line_items.is_none()) {
        return Ok(Whereabouts::Together(place(first.location.as_ref())));
    }
    let mut lines: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
    for fulfillment in fulfillments {
        for line in fulfillment.fulfillment_line_items.iter().flat_map(|lines| &lines.nodes) {
            let units = line.quantity.unwrap_or_default().0;
            let placed = (place(fulfillment.location.as_ref()), units);
            lines.entry(line.line_item.id.number().to_owned()).or_default().push(placed);
        }
    }
    Ok(Whereabouts::Apart(lines))
}

fn open(order: &graph::Order) -> Whereabouts {
    let open = still_open(order);
    if open.iter().all(|it| it.line_items.is_none()) {
        return Whereabouts::Together(open.first().and_then(|first| assigned(first)));
    }
    let mut lines: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
    for part in open {
        for line in part.line_items.iter().flat_map(|lines| &lines.nodes) {
            let placed = (assigned(part), line.remaining_quantity.0);
            lines.entry(line.line_item.id.number().to_owned()).or_default().push(placed);
        }
    }
    Whereabouts::Apart(lines)
}

/// Units that were neither handed over nor put back lie where the order was to be fulfilled from, as well as known.
fn lies_at(order: &graph::Order, retail: Option<ExternalLocation>) -> Option<ExternalLocation> {
    let assigned = order.fulfillment_orders.nodes.iter().find_map(assigned);
    assigned.or(retail).or_else(|| order.fulfillments.iter().find_map(|it| place(it.location.as_ref())))
}

fn refunds(refunds: &[graph::Refund]) -> Result<Vec<KnownRefund>, Unreadable> {
    let one = |(index, refund): (usize, &graph::Refund)| {
        let line = |(row, line): (usize, &graph::RefundLine)| {
            let field = || format!("refunds[{index}].refundLineItems.nodes[{row}].restockType");
            let kind = RefundKind::parse(&line.restock_type)
                .ok_or_else(|| unreadable(field(), "not a documented kind of restocking".to_owned()))?;
            Ok(KnownRefundLine {
                id: line.id.number().to_owned(),
                line: line.line_item.id.number().to_owned(),
                units: line.quantity.0,
                kind,
                location: place(line.location.as_ref()),
            })
        };
        let lines = refund.refund_line_items.iter().flat_map(|lines| &lines.nodes);
        Ok(KnownRefund {
            document: refund.id.number().to_owned(),
            at: refund.processed_at.0,
            lines: lines.enumerate().map(line).collect::<Result<_, _>>()?,
        })
    };
    refunds.iter().enumerate().map(one).collect()
}
