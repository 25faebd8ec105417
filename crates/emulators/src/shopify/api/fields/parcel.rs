//! What becomes of an order's goods: fulfilment orders, fulfilments, refunds.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out, Page};
use super::super::page::Cut;
use super::{bag, id, legacy, order::transaction, text, time};
use crate::shopify::ids::{Kind, gid};
use crate::shopify::records::Tracking;
use crate::shopify::shop::Shop;

/// One field of a fulfilment order.
pub(super) fn fulfilment_order(
    run: &Run<'_>,
    index: usize,
    place: usize,
    field: &str,
    arguments: &Arguments,
) -> Result<Out, Value> {
    let shop = run.shop;
    let order = &shop.orders[index];
    let number = place;
    let place = &order.fulfilment_orders[number];
    Ok(match field {
        "id" => id(Kind::FulfillmentOrder, place.id),
        "status" => Out::from(place.status()),
        "requestStatus" => Out::from("UNSUBMITTED"),
        "createdAt" => time(order.created),
        "updatedAt" => time(place.updated),
        "order" => Out::Node(Node::Order(index)),
        "orderId" => id(Kind::Order, order.id),
        "orderName" => Out::from(order.name()),
        "deliveryMethod" => Out::NULL,
        "assignedLocation" => Out::Node(Node::record(
            "FulfillmentOrderAssignedLocation",
            vec![
                ("name", Out::from(shop.locations[place.location].name.as_str())),
                ("location", Out::Node(Node::Location(place.location))),
            ],
        )),
        "lineItems" => Cut::of(arguments, run.everything)?
            .by_index(0..place.lines.len(), |row| Node::FulfilmentOrderLine(index, number, row)),
        _ => Out::NULL,
    })
}

/// One field of a line of a fulfilment order, named by order, fulfilment order and row.
pub(super) fn fulfilment_order_line(shop: &Shop, (order, place, row): (usize, usize, usize), field: &str) -> Out {
    let part = &shop.orders[order].fulfilment_orders[place].lines[row];
    let index = shop.orders[order].lines[part.line].article;
    let article = &shop.articles[index];
    match field {
        "id" => id(Kind::FulfillmentOrderLineItem, part.id),
        "sku" => text(&article.sku),
        "totalQuantity" => Out::from(part.total),
        "remainingQuantity" => Out::from(part.remaining),
        "inventoryItemId" => Out::from(gid(Kind::InventoryItem, article.item)),
        "requiresShipping" => Out::from(article.tracked),
        "lineItem" => Out::Node(Node::Line(order, part.line)),
        "variant" => Out::maybe((!article.deleted).then_some(Node::Variant(index))),
        _ => Out::NULL,
    }
}

/// One field of a fulfilment.
pub(super) fn fulfilment(
    run: &Run<'_>,
    index: usize,
    number: usize,
    field: &str,
    arguments: &Arguments,
) -> Result<Out, Value> {
    let order = &run.shop.orders[index];
    let fulfilment = &order.fulfilments[number];
    Ok(match field {
        "id" => id(Kind::Fulfillment, fulfilment.id),
        "legacyResourceId" => legacy(fulfilment.id),
        "name" => Out::from(format!("#{}.{}", order.number, number + 1)),
        "status" => Out::from("SUCCESS"),
        "createdAt" | "updatedAt" => time(fulfilment.created),
        "totalQuantity" => Out::from(fulfilment.lines.iter().map(|line| line.quantity).sum::<i64>()),
        "location" => Out::Node(Node::Location(fulfilment.location)),
        "order" => Out::Node(Node::Order(index)),
        "trackingInfo" => Out::List(fulfilment.tracking.iter().map(tracking).collect()),
        "fulfillmentLineItems" => {
            let record = |row: usize| {
                let part = &fulfilment.lines[row];
                Node::record(
                    "FulfillmentLineItem",
                    vec![
                        ("id", id(Kind::FulfillmentLineItem, part.id)),
                        ("quantity", Out::from(part.quantity)),
                        ("lineItem", Out::Node(Node::Line(index, part.line))),
                    ],
                )
            };
            Cut::of(arguments, run.everything)?.by_index(0..fulfilment.lines.len(), record)
        }
        _ => Out::NULL,
    })
}

fn tracking(tracking: &Tracking) -> Out {
    let or_null = |text: &Option<String>| text.as_deref().map_or(Out::NULL, Out::from);
    Out::Node(Node::record(
        "FulfillmentTrackingInfo",
        vec![
            ("company", or_null(&tracking.company)),
            ("number", or_null(&tracking.number)),
            ("url", or_null(&tracking.url)),
        ],
    ))
}

/// One field of a refund.
pub(super) fn refund(
    run: &Run<'_>,
    index: usize,
    number: usize,
    field: &str,
    arguments: &Arguments,
) -> Result<Out, Value> {
    let order = &run.shop.orders[index];
    let refund = &order.refunds[number];
    Ok(match field {
        "id" => id(Kind::Refund, refund.id),
        "legacyResourceId" => legacy(refund.id),
        "createdAt" | "processedAt" | "updatedAt" => time(refund.created),
        "note" => text(&refund.reference),
        "totalRefundedSet" => bag(run.shop, refund.amount_minor),
        "order" => Out::Node(Node::Order(index)),
        "refundLineItems" => Cut::of(arguments, run.everything)?
            .by_index(0..refund.lines.len(), |row| Node::RefundLine(index, number, row)),
        "transactions" => {
            Cut::of(arguments, run.everything)?;
            let nodes: Vec<Node> = transaction(run.shop, order, Some(number)).into_iter().collect();
            Out::Page(Page { keys: vec![(0, 0); nodes.len()], nodes, ..Page::default() })
        }
        _ => Out::NULL,
    })
}

/// One field of a line of a refund, named by order, refund and row.
pub(super) fn refund_line(shop: &Shop, (order, refund, row): (usize, usize, usize), field: &str) -> Out {
    let part = &shop.orders[order].refunds[refund].lines[row];
    let price_minor = shop.orders[order].lines[part.line].price_minor;
    match field {
        "id" => id(Kind::RefundLineItem, part.id),
        "quantity" => Out::from(part.quantity),
        "restockType" => Out::from(part.restock.name().to_uppercase()),
        "restocked" => Out::from(part.location.is_some()),
        "location" => Out::maybe(part.location.map(Node::Location)),
        "lineItem" => Out::Node(Node::Line(order, part.line)),
        "priceSet" => bag(shop, price_minor),
        "subtotalSet" => bag(shop, price_minor.saturating_mul(part.quantity)),
        "totalTaxSet" => bag(shop, 0),
        _ => Out::NULL,
    }
}
