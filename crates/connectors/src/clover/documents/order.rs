//! An order that is open and not paid: `POST atomic_order/orders`, which prices and totals it in one call.
//!
//! <https://docs.clover.com/dev/docs/create-an-atomic-order>, read 2026-11-24. No stock moves before it is paid. A cart has
//! no place for a customer, so that one is put on the order after it was made.

use model::CustomerKey;
use serde_json::{Value, json};

use super::{look, made, refused};
use crate::clover::http_request::escaped;
use crate::clover::tape::{Got, Halt, Tape};
use crate::clover::trouble;
use crate::{Account, Document, DocumentLine, Unsendable};

/// Most lines of an order, as documented; every piece is one.
const LINES_MAX: usize = 3_000;
/// Clover does not say how long notes may be; this much is shown on a register.
const NOTE_MAX: usize = 255;
/// Clover counts weighed goods in thousandths: so many of the parts in which we count.
const PARTS_OF_THOUSANDTH: i64 = 100;

/// The body.
///
/// # Errors
/// When a line cannot be said, or there are too many.
pub(super) fn body(document: &Document, account: &Account, lines: &[DocumentLine]) -> Result<Value, Unsendable> {
    let mut said = Vec::new();
    for (row, known) in lines.iter().enumerate() {
        let (line, times) = line(row, known, account)?;
        if said.len().saturating_add(times) > LINES_MAX {
            return Err(Unsendable::Row { row, problem: "an order has at most 3000 lines, one for each piece".into() });
        }
        said.extend(std::iter::repeat_n(line, times));
    }
    Ok(json!({ "orderCart": { "note": document.words(NOTE_MAX), "lineItems": said } }))
}

/// A line, and how often it is said: whole units are pieces, one line each, and a fraction is one line with its amount.
fn line(row: usize, line: &DocumentLine, account: &Account) -> Result<(Value, usize), Unsendable> {
    let refuse = |problem: &str| Unsendable::Row { row, problem: problem.to_owned() };
    let id = line.external.as_str().trim();
    if id.is_empty() {
        return Err(refuse("an id is empty"));
    }
    let mut said = json!({ "item": { "id": id } });
    if let Some(each) = line.each {
        if each.currency != account.currency {
            return Err(refuse("the price is in another currency than the account's"));
        }
        said["price"] = json!(each.minor);
    }
    if line.quantity.is_zero() {
        return Err(refuse("the quantity is nothing"));
    }
    if line.quantity.is_whole() {
        return Ok((said, usize::try_from(line.quantity.floor_units()).unwrap_or(usize::MAX)));
    }
    let parts = line.quantity.parts();
    if parts % PARTS_OF_THOUSANDTH != 0 {
        return Err(refuse("Clover counts in thousandths of a unit"));
    }
    said["unitQty"] = json!(parts / PARTS_OF_THOUSANDTH);
    Ok((said, 1))
}

/// The order's id, once it is made and the customer is on it.
///
/// # Errors
/// What has to be sent first, or what is wrong.
pub(super) fn make(
    document: &Document,
    customer: Option<&CustomerKey>,
    body: &str,
    first: bool,
    tape: &mut Tape<'_>,
) -> Result<String, Halt> {
    // Looked at before anything is made: an order for nobody in particular would not be what was asked for.
    if let Some(customer) = customer
        && let Got::Refused(_) = tape.get(&format!("/customers/{}", escaped(customer.as_str())))?
    {
        return Err(refused(format!("Clover knows no customer {}", customer.as_str())));
    }
    let known = if first { None } else { made_before(document, tape)? };
    let id = match known {
        Some(id) => id,
        None => made(tape.post("/atomic_order/orders", body)?)?,
    };
    if let Some(customer) = customer {
        let whom = json!({ "customers": [{ "id": customer.as_str() }] });
        let put = tape.post(&format!("/orders/{}", escaped(&id)), &whom.to_string())?;
        if let Got::Refused(reply) = put {
            let reason = trouble::reason(reply);
            return Err(refused(format!("order {id} is there, but without its customer: {reason}")));
        }
    }
    Ok(id)
}

fn made_before(document: &Document, tape: &mut Tape<'_>) -> Result<Option<String>, Halt> {
    look("/orders?", ("createdTime", document.asked_at), tape, |order| {
        let note = order["note"].as_str().unwrap_or_default();
        order["id"].as_str().filter(|_| document.wrote(note)).map(str::to_owned)
    })
}
