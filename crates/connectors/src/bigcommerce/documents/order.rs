//! Orders that wait for their payment and are collected at a location.
//!
//! Called by the folder's `mod`. A line names the product of its variant, and a collection the pick-up method of its
//! location: both are asked for first. Only from the default location an order may go without a pick-up method.

use http::Method;
use model::{CustomerKey, ExternalItem, ExternalLocation};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Desk, Stop, garbled, named, refused, units};
use crate::bigcommerce::DEFAULT_LOCATION;
use crate::bigcommerce::http_request::escaped;
use crate::bigcommerce::requests::{self, PAGE_MAX};
use crate::bigcommerce::wire::{self, Collection, Id};
use crate::{Document, DocumentLine, Unsendable};

/// Awaiting Payment: open, unpaid, and its goods are taken from what is available.
const AWAITING_PAYMENT: u8 = 7;
/// Most lines whose product has to be asked for: one question each.
const ASKED_MAX: usize = 100;

/// The order without what has to be asked for.
///
/// # Errors
/// When a line's id is not BigCommerce's, its quantity not whole, or it has a price of its own.
pub(super) fn body(document: &Document, lines: &[DocumentLine]) -> Result<Value, Unsendable> {
    if lines.iter().filter(|line| product(line).is_none()).count() > ASKED_MAX {
        return Err(Unsendable::Row { row: ASKED_MAX, problem: "more lines than one order may have".to_owned() });
    }
    let line = |(row, line): (usize, &DocumentLine)| {
        if line.each.is_some() {
            // It would have to be told with and without tax, and which tax that is only the store knows.
            let problem = "BigCommerce takes a price of its own only together with its tax; leave the price out";
            return Err(Unsendable::Row { row, problem: problem.to_owned() });
        }
        let mut told = Map::new();
        if !requests::is_product(&line.external) {
            told.insert("variant_id".to_owned(), json!(named(row, line.external.as_str(), "item")?));
        }
        if let Some(product) = product(line) {
            told.insert("product_id".to_owned(), json!(named(row, requests::named(product), "item")?));
        }
        told.insert("quantity".to_owned(), json!(units(row, line.quantity)?));
        Ok(Value::Object(told))
    };
    let lines: Vec<Value> = lines.iter().enumerate().map(line).collect::<Result<_, _>>()?;
    Ok(json!({
        "status_id": AWAITING_PAYMENT,
        "external_order_id": document.reference,
        "staff_notes": document.note,
        "products": lines,
    }))
}

/// The product that an item is the only variant of.
fn product(line: &DocumentLine) -> Option<&ExternalItem> {
    std::iter::once(&line.external).chain(&line.aliases).find(|id| requests::is_product(id))
}

/// Look for it, unless it cannot have been made; ask for what its body needs; make it.
///
/// # Errors
/// What the last reply says; refused also where a location has no pick-up method, or an item or a customer is not there.
pub(super) fn make(
    desk: &mut Desk<'_>,
    document: &Document,
    (location, customer): (&ExternalLocation, Option<&CustomerKey>),
    mut body: Value,
    first: bool,
) -> Result<String, Stop> {
    if !first && let Some(order) = made(desk, &document.reference)? {
        return Ok(order);
    }
    name_products(desk, &mut body)?;
    body["billing_address"] = Value::Object(billing(desk, customer, &mut body)?);
    match pickup(desk, location)? {
        Some(method) => {
            let lines = body.as_object_mut().and_then(|body| body.remove("products")).unwrap_or_default();
            body["consignments"] = json!({ "pickups": [{ "pickup_method_id": method, "line_items": lines }] });
        }
        None if location.as_str() == DEFAULT_LOCATION => {}
        None => {
            return Err(refused("this location has no pick-up method in BigCommerce, so nothing is handed out there"));
        }
    }
    let reply = desk.change(Method::POST, "/v2/orders", &body)?;
    let order: Sought = wire::parse(&reply.body).map_err(garbled)?;
    Ok(order.id.to_string())
}

/// <https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders>
#[derive(Deserialize)]
struct Sought {
    id: Id,
    status_id: u8,
    external_order_id: Option<String>,
}

/// The order with our reference.
fn made(desk: &mut Desk<'_>, reference: &str) -> Result<Option<String>, Stop> {
    let reply = desk.get(&format!("/v2/orders?external_order_id={}&page=1&limit={PAGE_MAX}", escaped(reference)))?;
    for value in wire::parse_list(&reply.body).map_err(garbled)? {
        let order: Sought = wire::parse_at("orders", &value).map_err(garbled)?;
        match order.status_id {
            _ if order.external_order_id.as_deref() != Some(reference) => {}
            5 | 6 => return Err(refused("the order was made, and cancelled again")),
            _ => return Ok(Some(order.id.to_string())),
        }
    }
    Ok(None)
}

/// <https://developer.bigcommerce.com/docs/rest-catalog/product-variants#get-all-variants>
#[derive(Deserialize)]
struct OfProduct {
    id: Id,
    product_id: Id,
}

fn name_products(desk: &mut Desk<'_>, body: &mut Value) -> Result<(), Stop> {
    let lines = body["products"].as_array_mut().map(Vec::as_mut_slice).unwrap_or_default();
    for (row, line) in lines.iter_mut().enumerate().filter(|(_, line)| line["product_id"].is_null()) {
        let variant = line["variant_id"].to_string();
        let reply = desk.get(&format!("/v3/catalog/variants?id={variant}&page=1&limit={PAGE_MAX}"))?;
        let listed: Collection = wire::parse(&reply.body).map_err(garbled)?;
        let known = listed.data.iter().map(|value| wire::parse_at::<OfProduct>("data", value));
        let known: Vec<OfProduct> = known.collect::<Result<_, _>>().map_err(garbled)?;
        let product = known.iter().find(|it| it.id.to_string() == variant).map(|it| it.product_id);
        let gone = || refused(&format!("the item of line {} is not in the store's catalogue any more", row + 1));
        line["product_id"] = json!(product.ok_or_else(gone)?);
    }
    Ok(())
}

/// <https://developer.bigcommerce.com/docs/rest-management/pickup/pickup-methods>
#[derive(Deserialize)]
struct Pickup {
    id: Id,
    location_id: Id,
}

/// The pick-up method of a location.
fn pickup(desk: &mut Desk<'_>, location: &ExternalLocation) -> Result<Option<Id>, Stop> {
    let reply = desk.get(&format!("/v3/pickup/methods?page=1&limit={PAGE_MAX}"))?;
    let listed: Collection = wire::parse(&reply.body).map_err(garbled)?;
    for value in &listed.data {
        let method: Pickup = wire::parse_at("data", value).map_err(garbled)?;
        if method.location_id.to_string() == location.as_str() {
            return Ok(Some(method.id));
        }
    }
    Ok(None)
}

/// Whom the bill is for. An order must have such an address; a guest's has nothing in it.
fn billing(desk: &mut Desk<'_>, customer: Option<&CustomerKey>, body: &mut Value) -> Result<Map<String, Value>, Stop> {
    let mut told = Map::new();
    told.insert("zip".to_owned(), json!(""));
    let Some(customer) = customer else { return Ok(told) };
    let id = named(0, customer.as_str(), "customer")?;
    let reply = desk.get(&format!("/v3/customers?include=addresses&id%3Ain={id}&page=1&limit={PAGE_MAX}"))?;
    let listed: Collection = wire::parse(&reply.body).map_err(garbled)?;
    let known = listed.data.first().ok_or_else(|| refused("BigCommerce does not know this customer"))?;
    let known: wire::Customer = wire::parse_at("data[0]", known).map_err(garbled)?;
    body["customer_id"] = json!(id);
    let home = known.addresses.first();
    for (name, text) in [
        ("first_name", known.first_name.as_ref()),
        ("last_name", known.last_name.as_ref()),
        ("email", known.email.as_ref()),
        ("phone", known.phone.as_ref()),
        ("street_1", home.and_then(|it| it.address1.as_ref())),
        ("street_2", home.and_then(|it| it.address2.as_ref())),
        ("city", home.and_then(|it| it.city.as_ref())),
        ("state", home.and_then(|it| it.state_or_province.as_ref())),
        ("zip", home.and_then(|it| it.postal_code.as_ref())),
        ("country_iso2", home.and_then(|it| it.country_code.as_ref())),
    ] {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            told.insert(name.to_owned(), json!(text));
        }
    }
    Ok(told)
}
