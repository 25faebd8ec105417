//! Orders made by the hub, and brought to the location that is to hand them out.

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::body::parse_money;
use crate::shopify::ids::Kind;
use crate::shopify::shop::{BasketLine, Claim, OrderForm, Shop};

/// `orderCreate`, for variants of the shop. There is no key: the same call makes another order.
pub(super) fn make(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("order").unwrap_or(&Value::Null);
    let options = arguments.0.get("options").unwrap_or(&Value::Null);
    let mut lines = Vec::new();
    for (number, row) in rows(input, "lineItems")?.iter().enumerate() {
        lines.push(line(change.shop, number, row)?);
    }
    if lines.is_empty() {
        return Err(UserError::new(&["order", "lineItems"], "INVALID", "Line items can't be blank").into());
    }
    let claim = match text_of(options, "inventoryBehaviour") {
        "DECREMENT_OBEYING_POLICY" => Claim::Obeying,
        "DECREMENT_IGNORING_POLICY" => Claim::Ignoring,
        _ => Claim::Bypass,
    };
    let form = OrderForm {
        reference: text_of(input, "sourceIdentifier"),
        note: text_of(input, "note"),
        lines,
        customer: customer(change.shop, input)?,
        // Orders for which nothing is said count as paid.
        paid: !matches!(text_of(input, "financialStatus"), "PENDING" | "AUTHORIZED"),
        claim,
    };
    let order = change
        .shop
        .place(&form, change.now, change.happened)
        .map_err(|why| UserError::new(&["order", "lineItems"], "INVENTORY_CLAIM_FAILED", why))?;
    Ok(vec![("order", Out::Node(Node::Order(order)))])
}

fn line(shop: &Shop, number: usize, row: &Value) -> Result<BasketLine, Refused> {
    let wrong = |field: &str, why: &str| {
        Refused::from(UserError::new(&["order", "lineItems", &number.to_string(), field], "INVALID", why))
    };
    let home = shop.ids.home_of_gid(Kind::ProductVariant, text_of(row, "variantId"));
    let article = home.map(|[index, ..]| index).filter(|index| !shop.articles[*index].deleted);
    let article = article.ok_or_else(|| wrong("variantId", "Product variant does not exist"))?;
    let quantity = row.get("quantity").and_then(Value::as_i64).filter(|quantity| *quantity > 0);
    let quantity = quantity.ok_or_else(|| wrong("quantity", "Quantity must be greater than zero"))?;
    let Some(money) = row.pointer("/priceSet/shopMoney") else {
        return Ok(BasketLine { article, quantity, price_minor: shop.articles[article].price_minor });
    };
    let amount = parse_money(shop, text_of(money, "amount")).filter(|minor| *minor >= 0);
    match amount.filter(|_| text_of(money, "currencyCode") == shop.settings.currency) {
        Some(price_minor) => Ok(BasketLine { article, quantity, price_minor }),
        None => Err(wrong("priceSet", "Price is not an amount in the shop's currency")),
    }
}

fn customer(shop: &Shop, input: &Value) -> Result<Option<usize>, Refused> {
    let Some(id) = input.pointer("/customer/toAssociate/id").and_then(Value::as_str) else { return Ok(None) };
    let found = shop.ids.home_of_gid(Kind::Customer, id).map(|[index, ..]| index);
    match found.filter(|index| !shop.customers[*index].gone) {
        Some(index) => Ok(Some(index)),
        None => Err(UserError::new(&["order", "customer"], "INVALID", "Customer does not exist").into()),
    }
}

/// `fulfillmentOrderMove`, for a whole part.
pub(super) fn move_part(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let wrong = |field: &str, why: &str| Refused::from(UserError::new(&[field], "", why));
    let home = change.shop.ids.home_of_gid(Kind::FulfillmentOrder, arguments.text("id").unwrap_or(""));
    let Some([order, place, _]) = home else { return Err(wrong("id", "Fulfillment order does not exist.")) };
    let location = change.shop.ids.home_of_gid(Kind::Location, arguments.text("newLocationId").unwrap_or(""));
    let Some([location, ..]) = location else { return Err(wrong("newLocationId", "Location does not exist.")) };
    let moved =
        change.shop.move_part(order, place, location, change.now, change.happened).map_err(|why| wrong("id", &why))?;
    let original = if moved == place { Out::NULL } else { Out::Node(Node::FulfilmentOrder(order, place)) };
    Ok(vec![
        ("movedFulfillmentOrder", Out::Node(Node::FulfilmentOrder(order, moved))),
        ("originalFulfillmentOrder", original),
        ("remainingFulfillmentOrder", Out::NULL),
    ])
}
