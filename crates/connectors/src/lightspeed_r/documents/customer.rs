//! A customer's record, made or changed: `POST Customer.json`, `PUT Customer/{customerID}.json`.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/Customer/>, read 2026-11-24. A record has no field for a reference:
//! a run that is not the first takes for ours a record made since it was asked for that says all that ours says. Two
//! people of one name and address who were asked for in the same hour would be one record then, and people can part them.

use model::{CustomerKey, Person};
use serde_json::{Map, Value, json};

use super::rows::{List, all, change as put, create, id, related, text};
use super::{CUSTOMERS, Desk, MARGIN_MS, number};
use crate::lightspeed_r::http_request::{DRIP, NESTED, escaped};
use crate::lightspeed_r::requests::{relation, second};
use crate::lightspeed_r::tape::Pause;
use crate::{Document, Unsendable};

const LIST: List = List { path: "Customer", member: "Customer", scope: CUSTOMERS };

/// The body: only what is said of the person.
///
/// # Errors
/// When nothing is said.
pub(super) fn body(customer: Option<&CustomerKey>, person: &Person) -> Result<Value, Unsendable> {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut fields = Map::new();
    for (name, text) in [("firstName", &person.given_name), ("lastName", &person.family_name)] {
        if let Some(text) = said(text) {
            fields.insert(name.to_owned(), json!(text));
        }
    }
    let mut contact = Map::new();
    let mut reached = |holder: &str, member: &str, row: Value| {
        contact.insert(holder.to_owned(), json!({ member: [row] }));
    };
    if let Some(email) = said(&person.email) {
        reached("Emails", "ContactEmail", json!({ "address": email, "useType": "Primary" }));
    }
    if let Some(phone) = said(&person.phone) {
        reached("Phones", "ContactPhone", json!({ "number": phone, "useType": "Mobile" }));
    }
    // Ours is one line of text: it takes the place of all lines that are there.
    if let Some(line) = said(&person.address) {
        let row = json!({ "address1": line, "address2": "", "city": "", "state": "", "zip": "" });
        reached("Addresses", "ContactAddress", row);
    }
    if !contact.is_empty() {
        fields.insert("Contact".to_owned(), Value::Object(contact));
    }
    if fields.is_empty() {
        return Err(Unsendable::Impossible("keep a customer of whom nothing is said"));
    }
    customer.map_or(Ok(""), |customer| number(customer.as_str(), 0))?;
    Ok(Value::Object(fields))
}

/// The id of the new record.
///
/// # Errors
/// When there is a request to send, or what is wrong.
pub(super) fn make(document: &Document, person: &Person, body: &Value, desk: &mut Desk<'_>) -> Result<String, Pause> {
    let known = if desk.first { None } else { made_before(document, person, desk)? };
    match known {
        Some(known) => Ok(known),
        None => id(&create(LIST, "Customer", body, DRIP + NESTED, desk)?, "customerID"),
    }
}

fn made_before(document: &Document, person: &Person, desk: &mut Desk<'_>) -> Result<Option<String>, Pause> {
    let since = escaped(&format!(">=,{}", second(document.asked_at.plus_ms(-MARGIN_MS))));
    let rows = all(LIST, &format!("createTime={since}&sort=customerID&{}", relation("Contact")), desk)?;
    rows.iter().find(|row| says_all(row, person)).map(|row| id(row, "customerID")).transpose()
}

fn says_all(row: &Value, person: &Person) -> bool {
    let has = |holder: &str, member: &str, field: &str, wanted: &str| {
        let contact = row.get("Contact").cloned().unwrap_or_default();
        related(&contact, holder, member).iter().any(|known| text(known, field) == wanted)
    };
    let said = |wanted: &str, there: &dyn Fn(&str) -> bool| wanted.trim().is_empty() || there(wanted.trim());
    said(&person.given_name, &|wanted| text(row, "firstName") == wanted)
        && said(&person.family_name, &|wanted| text(row, "lastName") == wanted)
        && said(&person.email, &|wanted| has("Emails", "ContactEmail", "address", wanted))
        && said(&person.phone, &|wanted| has("Phones", "ContactPhone", "number", wanted))
        && said(&person.address, &|wanted| has("Addresses", "ContactAddress", "address1", wanted))
}

/// The id of the record, once it says what it should. Done twice, it is the same.
///
/// # Errors
/// When there is a request to send, or what is wrong.
pub(super) fn change(customer: &CustomerKey, body: &Value, desk: &mut Desk<'_>) -> Result<String, Pause> {
    put(LIST, customer.as_str(), body, desk)?;
    Ok(customer.as_str().to_owned())
}
