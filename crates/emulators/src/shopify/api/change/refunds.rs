//! Money and goods of an order that go back by program.

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::body::parse_money;
use crate::shopify::ids::Kind;
use crate::shopify::records::Restock;
use crate::shopify::shop::{Giving, RefundPart, Shop};

/// `refundCreate`. Without transactions only goods go back.
pub(super) fn make(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("input").unwrap_or(&Value::Null);
    let home = change.shop.ids.home_of_gid(Kind::Order, text_of(input, "orderId"));
    let Some([order, ..]) = home else {
        return Err(UserError::new(&["orderId"], "", "Order does not exist").into());
    };
    let mut parts = Vec::new();
    for (number, row) in rows(input, "refundLineItems")?.iter().enumerate() {
        parts.extend(refund_parts(change.shop, order, &parts, number, row)?);
    }
    let amount_minor = money(change.shop, order, input)?;
    if parts.is_empty() && amount_minor == 0 {
        return Err(UserError::new(&["refundLineItems"], "", "Refund must have line items or transactions").into());
    }
    let handed_in = parts.iter().find_map(|part| part.location);
    let giving = Giving { reference: text_of(input, "note").to_owned(), amount_minor, handed_in };
    let refund = change
        .shop
        .refund_of(order, giving, &parts, change.now, change.happened)
        .map_err(|why| UserError::new(&["refundLineItems"], "", why))?;
    Ok(vec![("order", Out::Node(Node::Order(order))), ("refund", Out::Node(Node::Refund(order, refund)))])
}

/// What goes back to the customer: every transaction names the payment that it takes from, and all together take no more
/// than is left of it, unless the caller insists.
fn money(shop: &Shop, order: usize, input: &Value) -> Result<i64, Refused> {
    let known = &shop.orders[order];
    let currency = text_of(input, "currency");
    if !currency.is_empty() && currency != shop.settings.currency {
        return Err(
            UserError::new(&["currency"], "", "Currency does not match the order's presentment currency").into()
        );
    }
    let mut sum = 0_i64;
    for (number, row) in rows(input, "transactions")?.iter().enumerate() {
        let wrong = |field: &str, why: &str| {
            Refused::from(UserError::new(&["transactions", &number.to_string(), field], "", why))
        };
        let parent = shop.ids.home_of_gid(Kind::OrderTransaction, text_of(row, "parentId"));
        match (known.payment, parent) {
            (Some(_), Some([found, 0, _])) if found == order => {}
            _ => return Err(wrong("parentId", "Parent transaction does not exist")),
        }
        if text_of(row, "kind") != "REFUND" {
            return Err(wrong("kind", "Kind must be refund"));
        }
        match parse_money(shop, text_of(row, "amount")) {
            Some(minor) if minor > 0 => sum = sum.saturating_add(minor),
            Some(_) | None => return Err(wrong("amount", "Amount must be greater than zero")),
        }
    }
    let left = known.received_minor().saturating_sub(known.refunded_minor());
    if sum > left && input.get("allowOverRefunding") != Some(&Value::Bool(true)) {
        let why = "Refund amount cannot be greater than the amount left to refund";
        return Err(UserError::new(&["transactions"], "", why).into());
    }
    Ok(sum)
}

/// A row's units. Those that were handed out and those that were not have different words for being put back; without
/// being put back they have the same, and those that were handed out come first.
fn refund_parts(
    shop: &Shop,
    order: usize,
    before: &[RefundPart],
    number: usize,
    row: &Value,
) -> Result<Vec<RefundPart>, Refused> {
    let wrong = |field: &str, why: &str| {
        Refused::from(UserError::new(&["refundLineItems", &number.to_string(), field], "", why))
    };
    let line = match shop.ids.home_of_gid(Kind::LineItem, text_of(row, "lineItemId")) {
        Some([found, line, _]) if found == order => line,
        Some(_) | None => return Err(wrong("lineItemId", "Line item does not exist")),
    };
    let location = shop.ids.home_of_gid(Kind::Location, text_of(row, "locationId"));
    let location = location.map(|[index, ..]| index);
    let quantity = row.get("quantity").and_then(Value::as_i64).unwrap_or(0);
    let part = |restock, open, quantity| RefundPart { line, quantity, restock, location, open };
    let restock = match text_of(row, "restockType") {
        "RETURN" => Restock::Return,
        "CANCEL" => Restock::Cancel,
        _ => {
            let known = &shop.orders[order].lines[line];
            let taken: i64 = before.iter().filter(|it| it.line == line && !it.open).map(|it| it.quantity).sum();
            let handed_out = (known.fulfilled - known.returned - taken).clamp(0, quantity.max(0));
            let rows = [part(Restock::Nowhere, false, handed_out), part(Restock::Nowhere, true, quantity - handed_out)];
            return Ok(rows.into_iter().filter(|it| it.quantity != 0).collect());
        }
    };
    if location.is_none() {
        return Err(wrong("locationId", "Location is required to restock"));
    }
    Ok(vec![part(restock, restock == Restock::Cancel, quantity)])
}
