//! Bodies about orders: what an order, a refund, a fulfilment and an edit say.

use serde_json::json;

use super::shape::{
    CustomerBody, FulfilmentBody, FulfilmentLineBody, LineBody, NoteAttribute, OrderBody, RefundBody, RefundLineBody,
    RefundedLine, TransactionBody,
};
use super::{amount_set, local, money, some, text};
use crate::machine::Millis;
use crate::shopify::ids::{Kind, gid};
use crate::shopify::records::{Fulfilment, Line, Order, Refund};
use crate::shopify::shop::{FIRST_ORDER_NUMBER, Shop};

/// `orders/*` except `orders/edited`.
pub(in crate::shopify) fn order(shop: &Shop, order: usize) -> String {
    text(&order_body(shop, &shop.orders[order]))
}

/// `refunds/create`.
pub(in crate::shopify) fn refund(shop: &Shop, order: usize, refund: usize) -> String {
    let order = &shop.orders[order];
    text(&refund_body(shop, order, &order.refunds[refund]))
}

/// `fulfillments/create`.
pub(in crate::shopify) fn fulfilment(shop: &Shop, order: usize, fulfilment: usize) -> String {
    let order = &shop.orders[order];
    text(&fulfilment_body(shop, order, fulfilment, &order.fulfilments[fulfilment]))
}

/// `orders/edited`: one line and its signed change.
pub(in crate::shopify) fn order_edited(shop: &Shop, order: usize, line: usize, delta: i64, now: Millis) -> String {
    let order = &shop.orders[order];
    let change = json!([{ "id": order.lines[line].id, "delta": delta.abs() }]);
    let (additions, removals) = if delta > 0 { (change, json!([])) } else { (json!([]), change) };
    json!({"order_edit": {
        "id": order.id + 1,
        "order_id": order.id,
        "committed_at": local(shop, now),
        "line_items": {"additions": additions, "removals": removals},
    }})
    .to_string()
}

fn order_body<'a>(shop: &'a Shop, order: &'a Order) -> OrderBody<'a> {
    let currency = shop.settings.currency.as_str();
    let customer = order.customer.map(|customer| customer_body(shop, customer));
    let total = order.total_minor();
    OrderBody {
        id: order.id,
        admin_graphql_api_id: gid(Kind::Order, order.id),
        name: order.name(),
        number: order.number - FIRST_ORDER_NUMBER + 1,
        order_number: order.number,
        created_at: local(shop, order.created),
        updated_at: local(shop, order.updated),
        processed_at: local(shop, order.processed),
        cancelled_at: order.cancelled.map(|(at, _)| local(shop, at)),
        cancel_reason: order.cancelled.map(|(_, reason)| reason.to_lowercase()),
        closed_at: None,
        currency,
        presentment_currency: currency,
        taxes_included: shop.settings.taxes_included,
        test: false,
        source_name: order.source.name(),
        source_identifier: some(&order.reference),
        location_id: order.till.map(|till| shop.locations[till].id),
        user_id: order.till.map(|_| 7788),
        email: customer.as_ref().and_then(|customer| customer.email),
        phone: customer.as_ref().and_then(|customer| customer.phone),
        financial_status: order.financial_status(),
        fulfillment_status: order.fulfilment_status(),
        subtotal_price: money(shop, total),
        total_tax: "0.00",
        total_discounts: "0.00",
        total_price: money(shop, total),
        total_outstanding: money(shop, order.outstanding_minor()),
        current_total_price: money(shop, order.current_minor()),
        total_price_set: amount_set(shop, total),
        current_total_price_set: amount_set(shop, order.current_minor()),
        discount_codes: [],
        tax_lines: [],
        customer,
        billing_address: None,
        shipping_address: None,
        line_items: order.lines.iter().map(|line| line_body(shop, line)).collect(),
        shipping_lines: [],
        refunds: order.refunds.iter().map(|refund| refund_body(shop, order, refund)).collect(),
        fulfillments: (order.fulfilments.iter().enumerate())
            .map(|(number, fulfilment)| fulfilment_body(shop, order, number, fulfilment))
            .collect(),
        payment_gateway_names: order.payment.iter().map(|_| "shopify_payments").collect(),
        note: some(&order.note),
        note_attributes: [NoteAttribute { name: "reference", value: &order.reference }],
        tags: "",
    }
}

fn customer_body(shop: &Shop, customer: usize) -> CustomerBody<'_> {
    let customer = &shop.customers[customer];
    CustomerBody {
        id: customer.id,
        admin_graphql_api_id: gid(Kind::Customer, customer.id),
        email: some(&customer.email),
        phone: some(&customer.phone),
        first_name: some(&customer.given_name),
        last_name: some(&customer.family_name),
        updated_at: local(shop, customer.updated),
    }
}

fn line_body<'a>(shop: &'a Shop, line: &Line) -> LineBody<'a> {
    let article = &shop.articles[line.article];
    let status = match (line.fulfilled, line.open()) {
        (0, _) => None,
        (_, 0) => Some("fulfilled"),
        _ => Some("partial"),
    };
    LineBody {
        id: line.id,
        admin_graphql_api_id: gid(Kind::LineItem, line.id),
        variant_id: article.variant,
        product_id: article.product,
        sku: some(&article.sku),
        name: article.name(),
        title: &article.title,
        quantity: line.quantity,
        current_quantity: line.current(),
        fulfillable_quantity: line.open(),
        fulfillment_status: status,
        price: money(shop, line.price_minor),
        total_discount: "0.00",
        discount_allocations: [],
        tax_lines: [],
        taxable: true,
        requires_shipping: article.tracked,
        gift_card: false,
        grams: 0,
    }
}

fn fulfilment_body<'a>(shop: &'a Shop, order: &Order, number: usize, fulfilment: &'a Fulfilment) -> FulfilmentBody<'a> {
    let tracking = fulfilment.tracking.as_ref();
    let tracking_number = tracking.and_then(|tracking| tracking.number.as_deref());
    let at = local(shop, fulfilment.created);
    let lines = fulfilment.lines.iter().map(|part| {
        let line = &order.lines[part.line];
        let article = &shop.articles[line.article];
        FulfilmentLineBody {
            id: line.id,
            sku: some(&article.sku),
            variant_id: article.variant,
            quantity: part.quantity,
        }
    });
    FulfilmentBody {
        id: fulfilment.id,
        order_id: order.id,
        name: format!("#{}.{}", order.number, number + 1),
        status: "success",
        location_id: shop.locations[fulfilment.location].id,
        tracking_company: tracking.and_then(|tracking| tracking.company.as_deref()),
        tracking_number,
        tracking_numbers: tracking_number.into_iter().collect(),
        shipment_status: None,
        created_at: at.clone(),
        updated_at: at,
        line_items: lines.collect(),
    }
}

/// The money of a refund, where any went back.
fn refund_money<'a>(shop: &'a Shop, order: &Order, refund: &Refund) -> Vec<TransactionBody<'a>> {
    let (Some(id), Some(parent_id)) = (refund.transaction, order.payment) else { return Vec::new() };
    vec![TransactionBody {
        id,
        order_id: order.id,
        kind: "refund",
        gateway: "shopify_payments",
        status: "success",
        amount: money(shop, refund.amount_minor),
        currency: &shop.settings.currency,
        parent_id,
        created_at: local(shop, refund.created),
    }]
}

fn refund_body<'a>(shop: &'a Shop, order: &Order, refund: &'a Refund) -> RefundBody<'a> {
    let at = local(shop, refund.created);
    let lines = refund.lines.iter().map(|part| {
        let line = &order.lines[part.line];
        let article = &shop.articles[line.article];
        RefundLineBody {
            id: part.id,
            line_item_id: line.id,
            quantity: part.quantity,
            restock_type: part.restock.name(),
            location_id: part.location.map(|location| shop.locations[location].id),
            subtotal: money(shop, part.quantity.saturating_mul(line.price_minor)),
            total_tax: "0.00",
            line_item: RefundedLine { id: line.id, sku: some(&article.sku), variant_id: article.variant },
        }
    });
    RefundBody {
        id: refund.id,
        order_id: order.id,
        admin_graphql_api_id: gid(Kind::Refund, refund.id),
        created_at: at.clone(),
        processed_at: at.clone(),
        note: some(&refund.reference),
        user_id: None,
        restock: refund.lines.iter().any(|part| part.location.is_some()),
        refund_line_items: lines.collect(),
        transactions: refund_money(shop, order, refund),
        order_adjustments: [],
        refund_shipping_lines: [],
    }
}
