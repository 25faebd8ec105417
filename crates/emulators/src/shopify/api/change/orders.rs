//! Orders changed by the hub: cancelled, fulfilled.

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::ids::{Kind, gid};
use crate::shopify::records::Tracking;
use crate::shopify::shop::{FulfilPart, Shop};

/// `orderCancel`. The vendor does it in the background and gives a job; here it is done when the answer leaves.
pub(super) fn cancel(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let text = arguments.text("orderId").unwrap_or("");
    let Some([order, ..]) = change.shop.ids.home_of_gid(Kind::Order, text) else {
        return Err(UserError::new(&["orderId"], "NOT_FOUND", "Order does not exist").into());
    };
    let reason = match arguments.text("reason") {
        Some("CUSTOMER") => "CUSTOMER",
        Some("DECLINED") => "DECLINED",
        Some("FRAUD") => "FRAUD",
        Some("INVENTORY") => "INVENTORY",
        Some("STAFF") => "STAFF",
        Some(_) | None => "OTHER",
    };
    change
        .shop
        .cancel(order, reason, arguments.is_true("restock"), change.now, change.happened)
        .map_err(|why| UserError::new(&["orderId"], "INVALID", why))?;
    let id = change.shop.ids.give(Kind::Job, [order, 0, 0]);
    let job = vec![("id", Out::from(gid(Kind::Job, id))), ("done", Out::from(true))];
    Ok(vec![("job", Out::Node(Node::record("Job", job)))])
}

/// `fulfillmentCreate`, for one fulfilment order at a time.
pub(super) fn fulfil(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("fulfillment").unwrap_or(&Value::Null);
    let wrong = |why: &str| Refused::from(UserError::new(&["fulfillment"], "", why));
    let [group] = rows(input, "lineItemsByFulfillmentOrder")? else {
        return Err(wrong("All fulfillment orders must be assigned to the same location."));
    };
    let home = change.shop.ids.home_of_gid(Kind::FulfillmentOrder, text_of(group, "fulfillmentOrderId"));
    let Some([order, place, _]) = home else {
        return Err(wrong("Fulfillment order does not exist."));
    };
    let parts = fulfil_parts(change.shop, order, place, rows(group, "fulfillmentOrderLineItems")?);
    let parts = parts.ok_or_else(|| wrong("Fulfillment order line item does not exist."))?;
    let tracking = input.get("trackingInfo").filter(|info| info.is_object()).map(|info| {
        let word = |name| info.get(name).and_then(Value::as_str).map(str::to_owned);
        Tracking { company: word("company"), number: word("number"), url: word("url") }
    });
    let fulfilment =
        change.shop.fulfil(order, place, &parts, tracking, change.now, change.happened).map_err(|why| wrong(&why))?;
    Ok(vec![("fulfillment", Out::Node(Node::Fulfilment(order, fulfilment)))])
}

/// The named lines, or everything that remains when none is named.
fn fulfil_parts(shop: &Shop, order: usize, place: usize, lines: &[Value]) -> Option<Vec<FulfilPart>> {
    let all = &shop.orders[order].fulfilment_orders[place].lines;
    if lines.is_empty() {
        let open = all.iter().enumerate().filter(|(_, line)| line.remaining > 0);
        return Some(open.map(|(row, line)| FulfilPart { row, quantity: line.remaining }).collect());
    }
    let mut parts: Vec<FulfilPart> = Vec::new();
    for line in lines {
        let home = shop.ids.home_of_gid(Kind::FulfillmentOrderLineItem, text_of(line, "id"))?;
        let quantity = line.get("quantity").and_then(Value::as_i64).unwrap_or(0);
        if home[..2] != [order, place] || parts.iter().any(|part| part.row == home[2]) {
            return None;
        }
        parts.push(FulfilPart { row: home[2], quantity });
    }
    Some(parts)
}
