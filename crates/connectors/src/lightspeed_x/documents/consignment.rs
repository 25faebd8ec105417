//! Transfers between outlets and orders from suppliers: consignments that are open, so that nothing has moved.
//!
//! <https://x-series-api.lightspeedhq.com/docs/consignments>. Called by the folder's `mod`. Our reference is the
//! consignment's; one that may have been begun is looked for by it and completed. Its goods are put on it one by one: the
//! same goods again change nothing. When they cannot be, the consignment is called off.

use model::{ExternalLocation, Instant};
use serde_json::{Map, Value, json};

use super::desk::{Desk, Stop, id, refused, text};
use super::named;
use crate::{Document, DocumentLine, Trouble, Unsendable};

/// Most lines: each is a request.
const LINES_MAX: usize = 150;

/// A transfer.
///
/// # Errors
/// When an id is not Lightspeed's or an item is named twice.
pub(super) fn transfer(
    document: &Document,
    (from, to): (&ExternalLocation, &ExternalLocation),
    lines: &[DocumentLine],
) -> Result<Value, Unsendable> {
    let head = json!({
        "type": "OUTLET",
        "source_outlet_id": named(0, from.as_str(), "outlet")?,
        "outlet_id": named(0, to.as_str(), "outlet")?,
    });
    whole(document, head, lines)
}

/// An order from a supplier; who that is by id has to be asked for.
///
/// # Errors
/// As for [`transfer`].
pub(super) fn order(
    document: &Document,
    supplier: &str,
    location: &ExternalLocation,
    lines: &[DocumentLine],
    expected: Option<Instant>,
) -> Result<Value, Unsendable> {
    if supplier.trim().is_empty() {
        return Err(Unsendable::Impossible("order from a supplier without a name"));
    }
    let mut head = json!({ "type": "SUPPLIER", "outlet_id": named(0, location.as_str(), "outlet")? });
    if let Some(expected) = expected {
        head["due_at"] = json!(expected.to_string());
    }
    whole(document, head, lines)
}

/// Head and goods, which are sent one after the other.
fn whole(document: &Document, mut head: Value, lines: &[DocumentLine]) -> Result<Value, Unsendable> {
    let name = if document.note.trim().is_empty() { &document.reference } else { &document.note };
    head["name"] = json!(name);
    head["reference"] = json!(document.reference);
    head["status"] = json!("OPEN");
    if lines.len() > LINES_MAX {
        return Err(Unsendable::Row { row: LINES_MAX, problem: "more lines than one consignment may have".to_owned() });
    }
    let mut goods: Vec<Map<String, Value>> = Vec::with_capacity(lines.len());
    for (row, line) in lines.iter().enumerate() {
        let product = named(row, line.external.as_str(), "item")?;
        if goods.iter().any(|known| known["product_id"] == product) {
            return Err(Unsendable::Row { row, problem: "the same item is named twice".to_owned() });
        }
        let mut good = Map::new();
        good.insert("product_id".to_owned(), json!(product));
        good.insert("count".to_owned(), json!(line.quantity.to_string()));
        if let Some(each) = line.each {
            good.insert("cost".to_owned(), json!(each.to_decimal()));
        }
        goods.push(good);
    }
    Ok(json!({ "consignment": head, "products": goods }))
}

/// Find the supplier; look for the consignment, unless it cannot have been begun; begin it; put its goods on it.
///
/// # Errors
/// What the last reply says; refused also when there is no such supplier.
pub(super) fn make(
    desk: &mut Desk<'_>,
    reference: &str,
    supplier: Option<&String>,
    body: Value,
    first: bool,
) -> Result<String, Stop> {
    let mut head = body["consignment"].clone();
    if let Some(supplier) = supplier {
        head["supplier_id"] = json!(named_so(desk, supplier)?);
    }
    let begun = if first { None } else { begun(desk, &head, reference)? };
    let consignment = match begun {
        Some(consignment) if text(&consignment, "status") != "OPEN" => return id(&consignment),
        Some(consignment) => id(&consignment)?,
        None => id(&desk.post("/consignments", &head)?)?,
    };
    for good in body["products"].as_array().map(Vec::as_slice).unwrap_or_default() {
        match desk.post(&format!("/consignments/{consignment}/products"), good) {
            Ok(_) => {}
            Err(Stop::Ends(Trouble::Refused { reason })) => return Err(call_off(desk, &consignment, &head, reason)),
            Err(stop) => return Err(stop),
        }
    }
    Ok(consignment)
}

/// What cannot be completed is called off, so that nobody ships half of it.
fn call_off(desk: &mut Desk<'_>, consignment: &str, head: &Value, reason: String) -> Stop {
    let mut cancelled = head.clone();
    cancelled["status"] = json!("CANCELLED");
    match desk.put(&format!("/consignments/{consignment}"), &cancelled) {
        Ok(_) => Stop::Ends(Trouble::Refused { reason }),
        Err(Stop::Ends(Trouble::Refused { reason: why })) => {
            let words = format!("{reason}; consignment {consignment} is open without its goods and stays so: {why}");
            refused(&words)
        }
        Err(stop) => stop,
    }
}

/// The supplier with a name, whatever its case.
fn named_so(desk: &mut Desk<'_>, name: &str) -> Result<String, Stop> {
    let alike = |one: &Value| {
        text(one, "name").trim().to_lowercase() == name.trim().to_lowercase() && !super::desk::is_gone(one)
    };
    match desk.first("/suppliers", alike)? {
        Some(supplier) => id(&supplier),
        None => Err(refused(&format!("Lightspeed knows no supplier called {name}"))),
    }
}

/// The consignment with our reference.
fn begun(desk: &mut Desk<'_>, head: &Value, reference: &str) -> Result<Option<Value>, Stop> {
    let path = format!("/consignments?type={}&outlet_id={}", text(head, "type"), text(head, "outlet_id"));
    desk.first(&path, |one| text(one, "reference") == reference)
}
