//! An order that waits to be picked up and is not paid: `POST /v2/orders`.
//!
//! <https://developer.squareup.com/docs/orders-api/create-orders>, read 2026-11-24. No stock moves before it is paid. Square
//! shows an order made by program to its people when it has a fulfilment.

use model::{CustomerKey, ExternalLocation};
use serde_json::{Map, Value, json};

use super::id;
use crate::{Account, Document, DocumentLine, Unsendable};

/// Longest `reference_id` of an order.
const REFERENCE_MAX: usize = 40;
/// Longest note of a pick-up.
const NOTE_MAX: usize = 500;
/// Longest quantity of a line, as text.
const QUANTITY_MAX: usize = 12;

/// The body. Who picks it up is the customer, whose name and number Square fills in; of a pick-up without one it wants a
/// name all the same, and gets the reference.
///
/// # Errors
/// When a line cannot be said.
pub(super) fn body(
    document: &Document,
    account: &Account,
    location: &ExternalLocation,
    lines: &[DocumentLine],
    customer: Option<&CustomerKey>,
) -> Result<Value, Unsendable> {
    let said = lines.iter().enumerate().map(|(row, known)| line(row, known, account));
    let mut order = Map::new();
    order.insert("location_id".to_owned(), id(location.as_str(), 0)?);
    // For people; the key is what makes it one.
    if document.reference.len() <= REFERENCE_MAX {
        order.insert("reference_id".to_owned(), json!(document.reference));
    }
    if let Some(customer) = customer {
        order.insert("customer_id".to_owned(), id(customer.as_str(), 0)?);
    }
    order.insert("line_items".to_owned(), said.collect::<Result<Vec<_>, _>>()?.into());
    // Taxes as the seller has set them up: without this an order made by program has none.
    order.insert("pricing_options".to_owned(), json!({ "auto_apply_taxes": true }));
    order.insert("fulfillments".to_owned(), json!([pickup(document, customer)]));
    Ok(json!({ "idempotency_key": document.reference, "order": order }))
}

fn pickup(document: &Document, customer: Option<&CustomerKey>) -> Value {
    let recipient = match customer {
        Some(customer) => json!({ "customer_id": customer.as_str() }),
        None => json!({ "display_name": document.reference }),
    };
    let mut details = json!({ "schedule_type": "ASAP", "recipient": recipient });
    let note: String = document.note.trim().chars().take(NOTE_MAX).collect();
    if !note.is_empty() {
        details["note"] = json!(note);
    }
    json!({ "type": "PICKUP", "state": "PROPOSED", "pickup_details": details })
}

fn line(row: usize, line: &DocumentLine, account: &Account) -> Result<Value, Unsendable> {
    let refuse = |problem: &str| Unsendable::Row { row, problem: problem.to_owned() };
    let quantity = line.quantity.to_string();
    if line.quantity.is_zero() || quantity.len() > QUANTITY_MAX {
        return Err(refuse("the quantity is nothing or longer than 12 characters"));
    }
    let mut said = json!({ "catalog_object_id": id(line.external.as_str(), row)?, "quantity": quantity });
    if let Some(each) = line.each {
        if each.currency != account.currency {
            return Err(refuse("the price is in another currency than the account's"));
        }
        said["base_price_money"] = json!({ "amount": each.minor, "currency": each.currency.code() });
    }
    Ok(said)
}
