//! A purchase order of which nothing has arrived: `POST Order.json`, then its lines one by one.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/Order/> and `/OrderLine/`, read 2026-11-24. People receive it. The
//! supplier is looked for by its name; the order is found again by its reference number, and lines that it has already are
//! not made again.

use std::collections::BTreeSet;

use model::{ExternalLocation, Instant};
use serde_json::{Value, json};

use super::rows::{List, all, create, flag, id, text};
use super::{Desk, PURCHASES, in_part, price, refused, shop, units};
use crate::lightspeed_r::http_request::{DRIP, escaped};
use crate::lightspeed_r::requests::{ids, second};
use crate::lightspeed_r::tape::Pause;
use crate::{Account, Document, DocumentLine, Unsendable};

const LIST: List = List { path: "Order", member: "Order", scope: PURCHASES };
const LINES: List = List { path: "OrderLine", member: "OrderLine", scope: PURCHASES };
const VENDORS: List = List { path: "Vendor", member: "Vendor", scope: "of any employee" };
/// Most lines: each takes a request of its own.
const LINES_MAX: usize = 150;
/// The platform does not say how long instructions may be.
const NOTE_MAX: usize = 255;

/// The body: the order without its supplier, and its lines, which are made by calls of their own.
///
/// # Errors
/// When a line cannot be said, an item is named twice, or there are too many.
pub(super) fn body(
    document: &Document,
    account: &Account,
    location: &ExternalLocation,
    lines: &[DocumentLine],
    expected: Option<Instant>,
) -> Result<Value, Unsendable> {
    if lines.len() > LINES_MAX {
        return Err(Unsendable::Impossible("order more than 150 items at once"));
    }
    let mut named = BTreeSet::new();
    let mut said = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let (item, units) = units(row, &line.external, line.quantity)?;
        if !named.insert(item) {
            return Err(Unsendable::Row { row, problem: "its item is on the order already".to_owned() });
        }
        let mut line_said = json!({ "itemID": item, "quantity": units });
        if let Some(price) = price(row, line.each, account)? {
            line_said["price"] = json!(price);
        }
        said.push(line_said);
    }
    let mut order = json!({ "shopID": shop(location)?, "refNum": document.reference });
    let note: String = document.note.trim().chars().take(NOTE_MAX).collect();
    if !note.is_empty() {
        order["stockInstructions"] = json!(note);
    }
    if let Some(expected) = expected {
        order["arrivalDate"] = json!(second(expected));
    }
    Ok(json!({ "Order": order, "OrderLines": said }))
}

/// The order's id, once all lines are on it.
///
/// # Errors
/// When there is a request to send, or what is wrong; a supplier whom the account does not know is refused.
pub(super) fn make(document: &Document, supplier: &str, body: Value, desk: &mut Desk<'_>) -> Result<String, Pause> {
    let known = if desk.first { None } else { made_before(document, desk)? };
    let order = match &known {
        Some(known) => known.clone(),
        None => {
            let mut order = body["Order"].as_object().cloned().unwrap_or_default();
            order.insert("vendorID".to_owned(), json!(vendor(supplier, desk)?));
            id(&create(LIST, "Order", &Value::Object(order), DRIP, desk)?, "orderID")?
        }
    };
    let there = match &known {
        Some(known) => on_it(known, desk)?,
        None => BTreeSet::new(),
    };
    for line in body["OrderLines"].as_array().into_iter().flatten().filter(|line| line.is_object()) {
        if there.contains(&text(line, "itemID")) {
            continue;
        }
        let mut line = line.clone();
        line["orderID"] = json!(order);
        let made = create(LINES, "OrderLine", &line, DRIP, desk);
        made.map_err(|pause| in_part("purchase order", &order, pause))?;
    }
    Ok(order)
}

fn vendor(supplier: &str, desk: &mut Desk<'_>) -> Result<String, Pause> {
    let name = supplier.trim();
    let rows = all(VENDORS, &format!("name={}&sort=vendorID", escaped(name)), desk)?;
    let known = rows.iter().find(|row| !flag(row, "archived") && text(row, "name").trim().eq_ignore_ascii_case(name));
    id(known.ok_or_else(|| refused(format!("R-Series knows no supplier {name}")))?, "vendorID")
}

fn made_before(document: &Document, desk: &mut Desk<'_>) -> Result<Option<String>, Pause> {
    let filter = format!("refNum={}&sort=orderID&archived=true", escaped(&document.reference));
    let rows = all(LIST, &filter, desk)?;
    rows.iter().find(|row| text(row, "refNum") == document.reference).map(|row| id(row, "orderID")).transpose()
}

fn on_it(order: &str, desk: &mut Desk<'_>) -> Result<BTreeSet<String>, Pause> {
    let filter = ids("orderID", std::iter::once(order))?;
    let rows = all(LINES, &format!("{filter}&sort=orderLineID"), desk)?;
    Ok(rows.iter().map(|row| text(row, "itemID")).collect())
}
