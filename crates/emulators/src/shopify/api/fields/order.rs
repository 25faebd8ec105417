//! Orders and their lines.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out, Page};
use super::super::page::Cut;
use super::super::search::Search;
use super::{NONE, bag, id, legacy, text, time};
use crate::shopify::ids::Kind;
use crate::shopify::records::Order;
use crate::shopify::shop::{FIRST_ORDER_NUMBER, Shop};

/// One field of an order.
pub(super) fn order(run: &Run<'_>, index: usize, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    let shop = run.shop;
    let order = &shop.orders[index];
    let out = head(shop, index, field).or_else(|| sums(shop, order, field));
    if let Some(out) = out {
        return Ok(out);
    }
    let cut = || Cut::of(arguments, run.everything);
    let first = arguments.int("first").and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    Ok(match field {
        "lineItems" => cut()?.by_index(0..order.lines.len(), |line| Node::Line(index, line)),
        "fulfillments" => {
            let all = (0..order.fulfilments.len()).take(first);
            Out::List(all.map(|number| Out::Node(Node::Fulfilment(index, number))).collect())
        }
        "fulfillmentOrders" => {
            let search = Search::parse(arguments.text("query"));
            let found = (0..order.fulfilment_orders.len()).filter(|&place| {
                let place = &order.fulfilment_orders[place];
                search.finds(|term| match term.field.as_str() {
                    "id" => term.id(place.id),
                    "status" => term.text(place.status()),
                    "updated_at" => term.time(place.updated),
                    _ => true,
                })
            });
            cut()?.by_index(found, |place| Node::FulfilmentOrder(index, place))
        }
        "refunds" => {
            let all = (0..order.refunds.len()).take(first);
            Out::List(all.map(|number| Out::Node(Node::Refund(index, number))).collect())
        }
        "transactions" => {
            let refunds = (0..order.refunds.len()).map(|number| transaction(shop, order, Some(number)));
            let all = std::iter::once(transaction(shop, order, None)).chain(refunds).flatten().take(first);
            Out::List(all.map(Out::Node).collect())
        }
        "returns" | "shippingLines" => {
            cut()?;
            Out::Page(Page::default())
        }
        _ => Out::NULL,
    })
}

/// Plain fields; `None` for the others.
fn head(shop: &Shop, index: usize, field: &str) -> Option<Out> {
    let order = &shop.orders[index];
    let customer = order.customer.map(|customer| &shop.customers[customer]);
    Some(match field {
        "id" => id(Kind::Order, order.id),
        "legacyResourceId" => legacy(order.id),
        "name" => Out::from(order.name()),
        "number" => Out::from(order.number - FIRST_ORDER_NUMBER + 1),
        "createdAt" => time(order.created),
        "updatedAt" => time(order.updated),
        "processedAt" => time(order.processed),
        "cancelledAt" => order.cancelled.map_or(Out::NULL, |(at, _)| time(at)),
        "cancelReason" => order.cancelled.map_or(Out::NULL, |(_, reason)| Out::from(reason)),
        "closed" | "test" => Out::from(false),
        "closedAt" | "billingAddress" | "shippingAddress" => Out::NULL,
        "note" => text(&order.note),
        "confirmed" => Out::from(true),
        "fullyPaid" => Out::from(order.payment.is_some()),
        "edited" => Out::from(order.edited),
        "displayFinancialStatus" => Out::from(order.financial_status().to_uppercase()),
        "displayFulfillmentStatus" => Out::from(display_status(order)),
        "returnStatus" => Out::from(return_status(order)),
        "sourceName" => Out::from(order.source.name()),
        "sourceIdentifier" => text(&order.reference),
        "currencyCode" | "presentmentCurrencyCode" => Out::from(shop.settings.currency.as_str()),
        "taxesIncluded" => Out::from(shop.settings.taxes_included),
        "paymentGatewayNames" => Out::List(order.payment.iter().map(|_| Out::from("shopify_payments")).collect()),
        "discountCodes" | "tags" | "taxLines" => NONE,
        "email" => customer.map_or(Out::NULL, |customer| text(&customer.email)),
        "phone" => customer.map_or(Out::NULL, |customer| text(&customer.phone)),
        "customAttributes" => Out::List(vec![Out::Node(Node::record(
            "Attribute",
            vec![("key", Out::from("reference")), ("value", Out::from(order.reference.as_str()))],
        ))]),
        "customer" => Out::maybe(order.customer.map(Node::Customer)),
        "retailLocation" | "physicalLocation" => Out::maybe(order.till.map(Node::Location)),
        "requiresShipping" => Out::from(order.till.is_none()),
        _ => return None,
    })
}

/// Sums of money and units; `None` for other fields.
fn sums(shop: &Shop, order: &Order, field: &str) -> Option<Out> {
    let minor = match field {
        "totalPriceSet" | "originalTotalPriceSet" | "subtotalPriceSet" => order.total_minor(),
        "totalReceivedSet" => order.received_minor(),
        "totalOutstandingSet" => order.outstanding_minor(),
        "currentTotalPriceSet" | "currentSubtotalPriceSet" => order.current_minor(),
        "totalRefundedSet" => order.refunded_minor(),
        "totalTaxSet" | "totalDiscountsSet" | "totalShippingPriceSet" => 0,
        "subtotalLineItemsQuantity" => {
            return Some(Out::from(order.lines.iter().map(|line| line.quantity).sum::<i64>()));
        }
        "currentSubtotalLineItemsQuantity" => {
            return Some(Out::from(order.lines.iter().map(|line| line.current()).sum::<i64>()));
        }
        _ => return None,
    };
    Some(bag(shop, minor))
}

fn display_status(order: &Order) -> &'static str {
    match (order.fulfilment_status(), order.cancelled.is_some()) {
        (Some("fulfilled"), _) => "FULFILLED",
        (Some(_), _) => "PARTIALLY_FULFILLED",
        (None, true) => "RESTOCKED",
        (None, false) => "UNFULFILLED",
    }
}

fn return_status(order: &Order) -> &'static str {
    if order.lines.iter().any(|line| line.returned > 0) { "RETURNED" } else { "NO_RETURN" }
}

/// The payment of an order, or the money of one of its refunds; `None` when no money moved.
pub(super) fn transaction(shop: &Shop, order: &Order, refund: Option<usize>) -> Option<Node> {
    let refund = refund.map(|number| &order.refunds[number]);
    let payment = || Out::maybe(transaction(shop, order, None));
    let (number, kind, minor, at, parent) = match refund {
        None => (order.payment?, "SALE", order.total_minor(), order.created, Out::NULL),
        Some(refund) => (refund.transaction?, "REFUND", refund.amount_minor, refund.created, payment()),
    };
    Some(Node::record(
        "OrderTransaction",
        vec![
            ("id", id(Kind::OrderTransaction, number)),
            ("kind", Out::from(kind)),
            ("status", Out::from("SUCCESS")),
            ("gateway", Out::from("shopify_payments")),
            ("amountSet", bag(shop, minor)),
            ("createdAt", time(at)),
            ("processedAt", time(at)),
            ("parentTransaction", parent),
        ],
    ))
}

/// One field of an order line.
pub(super) fn line(shop: &Shop, order: usize, line: usize, field: &str) -> Out {
    let line = &shop.orders[order].lines[line];
    let article = &shop.articles[line.article];
    let live = !article.deleted;
    match field {
        "id" => id(Kind::LineItem, line.id),
        "sku" => text(&article.sku),
        "name" => Out::from(article.name()),
        "title" => Out::from(article.title.as_str()),
        "variantTitle" => article.option.as_deref().map_or(Out::NULL, Out::from),
        "quantity" => Out::from(line.quantity),
        "currentQuantity" => Out::from(line.current()),
        "unfulfilledQuantity" => Out::from(line.open()),
        "nonFulfillableQuantity" => Out::from(line.quantity - line.open()),
        "refundableQuantity" => Out::from(line.current()),
        "requiresShipping" => Out::from(article.tracked),
        "taxable" => Out::from(true),
        "isGiftCard" => Out::from(false),
        "vendor" => Out::from(shop.settings.name.as_str()),
        "originalUnitPriceSet" | "discountedUnitPriceSet" => bag(shop, line.price_minor),
        "originalTotalSet" | "discountedTotalSet" => bag(shop, line.price_minor.saturating_mul(line.quantity)),
        "totalDiscountSet" => bag(shop, 0),
        "taxLines" | "customAttributes" => NONE,
        "variant" => Out::maybe(live.then_some(Node::Variant(line.article))),
        "product" => Out::maybe(live.then_some(Node::Product(article.family))),
        _ => Out::NULL,
    }
}
