//! What people do in the shop: acts are read, their names are looked up, and the shop's verbs do the rest.

use serde_json::{Value, json};

use super::happened::{Event, Happened};
use super::ids::{Kind, gid};
use super::records::Restock;
use super::shop::{ArticleForm, Basket, BasketLine, RefundPart, Shop, whole};
use crate::machine::{Act, ActCustomer, ActLine, Millis};

/// Does one act. What [`Act::Uninstall`] and [`Act::RevokeToken`] do to the app's access is the machine's affair.
///
/// # Errors
///
/// Why the shop will not do it, in words for the tester.
pub(super) fn perform(shop: &mut Shop, act: &Act, now: Millis, happened: &mut Happened) -> Result<Value, String> {
    match act {
        Act::PutLocation { name, zone: _ } => {
            let location = shop.put_location(name, now, happened);
            Ok(json!({ "location": shop.locations[location].id }))
        }
        Act::PutItem { sku, title, barcode, price_minor, tracked, force_new, product, option } => {
            let form = ArticleForm {
                sku,
                title,
                product: product.as_deref(),
                option: option.as_deref(),
                barcode: barcode.as_deref(),
                price_minor: *price_minor,
                tracked: *tracked,
            };
            let article = shop.put_article(&form, *force_new, now, happened)?;
            let article = &shop.articles[article];
            Ok(json!({ "product": article.product, "variant": article.variant, "item": article.item }))
        }
        Act::DeleteItem { sku } => {
            let article = shop.delete_article(sku, now, happened)?;
            Ok(json!({ "product": shop.articles[article].product }))
        }
        Act::Count { sku, location, quantity } => {
            let place = (shop.article_with_sku(sku)?, shop.location_named(location)?);
            let document = shop.count(place, whole(quantity)?, now, happened)?;
            Ok(json!({ "document": document.to_string() }))
        }
        Act::Adjust { sku, location, delta, reason: _, reference } => {
            let place = (shop.article_with_sku(sku)?, shop.location_named(location)?);
            let document = shop.adjust(place, whole(delta)?, reference, now, happened)?;
            Ok(json!({ "document": document.to_string() }))
        }
        Act::TillSale { reference, location, lines, customer, offline_ms } => {
            let till = shop.location_named(location)?;
            let basket = basket(shop, reference, lines, customer.as_ref())?;
            let processed = now.saturating_sub((*offline_ms).max(0));
            let order = shop.till_sale(&basket, till, processed, now, happened)?;
            Ok(order_answer(shop, order))
        }
        Act::WebOrder { reference, lines, customer, force, pickup } => {
            let pickup = pickup.as_deref().map(|name| shop.location_named(name)).transpose()?;
            let basket = basket(shop, reference, lines, customer.as_ref())?;
            let order = shop.web_order(&basket, pickup, *force, now, happened)?;
            Ok(order_answer(shop, order))
        }
        Act::Fulfil { .. } | Act::Cancel { .. } | Act::Edit { .. } | Act::Return { .. } | Act::Void { .. } => {
            amend(shop, act, now, happened)
        }
        Act::Exchange { reference, of, location, back, out } => {
            let (order, till) = (shop.order_with_reference(of)?, shop.location_named(location)?);
            let parts = refund_parts(shop, order, back, till, true)?;
            let out = basket(shop, reference, out, None)?;
            let refund = shop.exchange(order, &parts, &out, till, now, happened)?;
            let mut answer = order_answer(shop, order);
            answer["refund"] = refund_answer(shop, order, refund);
            Ok(answer)
        }
        Act::Transfer { reference, from, to, lines } => {
            let places = (shop.location_named(from)?, shop.location_named(to)?);
            let goods = lines.iter().map(|line| Ok((shop.article_with_sku(&line.sku)?, above_zero(&line.quantity)?)));
            let goods: Vec<(usize, i64)> = goods.collect::<Result<_, String>>()?;
            let documents = shop.transfer(reference, places, &goods, now, happened)?;
            Ok(json!({ "documents": documents.iter().map(u64::to_string).collect::<Vec<_>>() }))
        }
        Act::PutCustomer { .. } | Act::MergeCustomers { .. } | Act::EraseCustomer { .. } => {
            let customer = person(shop, act, now, happened)?;
            Ok(json!({ "customer": shop.customers[customer].id }))
        }
        Act::Uninstall {} => {
            happened.note(Event::Uninstalled);
            Ok(json!({}))
        }
        // The machine's affair: nothing in the shop changes.
        Act::RevokeToken {} => Ok(json!({ "revoked": true })),
    }
}

fn person(shop: &mut Shop, act: &Act, now: Millis, happened: &mut Happened) -> Result<usize, String> {
    match act {
        Act::MergeCustomers { into, from } => shop.merge_customers(into, from, now, happened),
        Act::EraseCustomer { reference } => shop.erase_customer(reference, now, happened),
        Act::PutCustomer { customer } => Ok(shop.put_customer(customer, now, happened)),
        _ => Err("this act is about no customer".to_owned()),
    }
}

fn amend(shop: &mut Shop, act: &Act, now: Millis, happened: &mut Happened) -> Result<Value, String> {
    match act {
        Act::Fulfil { reference } => {
            let order = shop.order_with_reference(reference)?;
            shop.fulfil_all(order, now, happened)?;
            Ok(order_answer(shop, order))
        }
        Act::Cancel { reference } => {
            let order = shop.order_with_reference(reference)?;
            shop.cancel(order, "CUSTOMER", true, now, happened)?;
            Ok(order_answer(shop, order))
        }
        Act::Edit { reference, line, quantity } => {
            let order = shop.order_with_reference(reference)?;
            shop.edit(order, *line, whole(quantity)?, now, happened)?;
            Ok(order_answer(shop, order))
        }
        Act::Return { reference, of, location, lines, restock } => {
            let of = of.as_deref().ok_or("the shop has no returns without their order: name it in 'of'")?;
            let order = shop.order_with_reference(of)?;
            let location = shop.location_named(location)?;
            let parts = refund_parts(shop, order, lines, location, *restock)?;
            let refund = shop.refund(order, reference.clone(), &parts, Some(location), now, happened)?;
            Ok(refund_answer(shop, order, refund))
        }
        Act::Void { reference } => {
            let order = shop.order_with_reference(reference)?;
            let refund = shop.void(order, now, happened)?;
            Ok(refund_answer(shop, order, refund))
        }
        _ => Err("this act does not change an order".to_owned()),
    }
}

fn refund_answer(shop: &Shop, order: usize, refund: usize) -> Value {
    let refund = &shop.orders[order].refunds[refund];
    let lines: Vec<String> = refund.lines.iter().map(|line| line.id.to_string()).collect();
    json!({ "document": refund.id.to_string(), "gid": gid(Kind::Refund, refund.id), "lines": lines })
}

fn order_answer(shop: &Shop, order: usize) -> Value {
    let order = &shop.orders[order];
    let lines: Vec<String> = order.lines.iter().map(|line| line.id.to_string()).collect();
    json!({
        "document": order.id.to_string(),
        "gid": gid(Kind::Order, order.id),
        "name": order.name(),
        "lines": lines,
    })
}

fn basket<'a>(
    shop: &Shop,
    reference: &'a str,
    lines: &[ActLine],
    customer: Option<&'a ActCustomer>,
) -> Result<Basket<'a>, String> {
    let lines = lines.iter().map(|line| {
        let article = shop.article_with_sku(&line.sku)?;
        Ok(BasketLine { article, quantity: above_zero(&line.quantity)?, price_minor: line.unit_price_minor })
    });
    Ok(Basket { reference, lines: lines.collect::<Result<_, String>>()?, customer })
}

/// Ties each line of a return to a line of the order: to the one it names, else to the first ones with the SKU that
/// have units left.
fn refund_parts(
    shop: &Shop,
    order: usize,
    lines: &[ActLine],
    location: usize,
    restock: bool,
) -> Result<Vec<RefundPart>, String> {
    let order = &shop.orders[order];
    let restock = if restock { Restock::Return } else { Restock::Nowhere };
    let mut left: Vec<i64> = order.lines.iter().map(|line| line.fulfilled - line.returned).collect();
    let mut parts = Vec::new();
    for wanted in lines {
        let mut open = above_zero(&wanted.quantity)?;
        for (number, line) in order.lines.iter().enumerate() {
            let named = wanted.of_line.is_none_or(|of_line| of_line == number);
            let quantity = open.min(left[number]);
            if named && quantity > 0 && shop.articles[line.article].sku == wanted.sku {
                left[number] -= quantity;
                open -= quantity;
                parts.push(RefundPart { line: number, quantity, restock, location: Some(location), open: false });
            }
        }
        if open > 0 {
            return Err(format!("{open} of '{}' are not there to be returned", wanted.sku));
        }
    }
    if parts.is_empty() { Err("a return has at least one line".to_owned()) } else { Ok(parts) }
}

fn above_zero(text: &str) -> Result<i64, String> {
    match whole(text)? {
        quantity if quantity > 0 => Ok(quantity),
        _ => Err(format!("'{text}' is not above zero")),
    }
}
