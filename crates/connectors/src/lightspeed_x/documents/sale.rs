//! Sales that are not paid and are picked up at an outlet: pending, so that their goods are spoken for and still there.
//!
//! <https://x-series-api.lightspeedhq.com/docs/fulfillments>. Called by the folder's `mod`. The sale's id is made of the
//! reference. The same id again would lay the body over whatever became of the sale, so it is looked for first.

use model::{CustomerKey, ExternalLocation};
use serde_json::{Value, json};

use super::desk::{Desk, Stop, id, is_gone, refused, text};
use super::{named, shop, uuid};
use crate::{Document, DocumentLine, Unsendable};

/// Most lines: what each costs is asked for.
const LINES_MAX: usize = 150;

/// The sale without its maker, till and prices, which have to be asked for.
///
/// # Errors
/// When an id is not Lightspeed's or a line has a price of its own.
pub(super) fn body(
    document: &Document,
    location: &ExternalLocation,
    lines: &[DocumentLine],
    customer: Option<&CustomerKey>,
) -> Result<Value, Unsendable> {
    if lines.len() > LINES_MAX {
        return Err(Unsendable::Row { row: LINES_MAX, problem: "more lines than one sale may have".to_owned() });
    }
    let line = |(row, line): (usize, &DocumentLine)| {
        if line.each.is_some() {
            // Without tax and tax are told apart, and how a price divides into them only the store knows.
            let problem = "Lightspeed takes a price of its own only apart from its tax; leave the price out";
            return Err(Unsendable::Row { row, problem: problem.to_owned() });
        }
        let quantity: Result<serde_json::Number, _> = line.quantity.to_string().parse();
        let quantity =
            quantity.map_err(|_| Unsendable::Row { row, problem: "the quantity is no number".to_owned() })?;
        Ok(json!({
            "id": uuid(&document.reference, &format!("line {row}")),
            "product": { "id": named(row, line.external.as_str(), "item")? },
            "quantity": quantity,
        }))
    };
    let mut body = json!({
        "id": uuid(&document.reference, "sale"),
        "state": "pending",
        "attributes": ["pickup"],
        "source": { "id": document.reference },
        "note": document.note,
        "fulfillment_outlet_id": named(0, location.as_str(), "outlet")?,
        "fulfillment_details": [{ "type": "PICKUP" }],
        "line_items": lines.iter().enumerate().map(line).collect::<Result<Vec<_>, Unsendable>>()?,
        "payments": [],
    });
    if let Some(customer) = customer {
        body["customer_id"] = json!(named(0, customer.as_str(), "customer")?);
    }
    Ok(body)
}

/// Look for it, unless it cannot have been made; ask for what it needs; make it.
///
/// # Errors
/// What the last reply says.
pub(super) fn make(
    desk: &mut Desk<'_>,
    location: &ExternalLocation,
    mut body: Value,
    first: bool,
) -> Result<String, Stop> {
    let known = if first { None } else { desk.find(&format!("/sales/{}", text(&body, "id")))? };
    match known {
        Some(sale) if is_gone(&sale) || text(&sale, "state") == "voided" => {
            return Err(refused("the sale was made, and called off again"));
        }
        Some(sale) => return id(&sale),
        None => {}
    }
    body["source"]["author_id"] = json!(shop::author(desk)?);
    body["source"]["register_id"] = json!(shop::register(desk, location)?);
    let mut lines = body["line_items"].take();
    for line in lines.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default() {
        let price = shop::price(desk, text(&line["product"], "id"), location)?;
        line["pricing"] = json!({ "price": shop::number(&price.price)? });
        line["tax"] = json!({ "id": price.tax_id, "amount": shop::number(&price.tax)? });
    }
    body["line_items"] = lines;
    id(&desk.post("/sales", &body)?)
}
