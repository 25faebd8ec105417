//! Customers: made with our reference as their code, or changed field by field.
//!
//! <https://x-series-api.lightspeedhq.com/docs/customers>. Called by the folder's `mod`. A code is unique in the store, so
//! one that may have been made is looked for by it. A change is absolute and may be sent again. An address on one line
//! takes the place of a whole one.

use model::{CustomerKey, Person};
use serde_json::{Map, Value, json};

use super::desk::{Desk, Stop, id, is_gone, text};
use super::{cannot, named};
use crate::Unsendable;
use crate::lightspeed_x::form::escaped;

/// The customer.
///
/// # Errors
/// When nothing is said of them, or the id is not Lightspeed's.
pub(super) fn body(reference: &str, customer: Option<&CustomerKey>, person: &Person) -> Result<Value, Unsendable> {
    if *person == Person::default() {
        return cannot("write a customer of whom nothing is said");
    }
    let mut told = Map::new();
    let mut say = |name: &str, text: &str| told.insert(name.to_owned(), json!(text));
    match customer {
        Some(customer) => {
            named(0, customer.as_str(), "customer")?;
        }
        None => {
            // Both must be there, be they empty.
            say("first_name", "");
            say("last_name", "");
            say("customer_code", reference);
        }
    }
    if !person.address.is_empty() {
        for name in ["physical_address_2", "physical_suburb", "physical_postcode", "physical_city", "physical_state"] {
            say(name, "");
        }
    }
    for (name, text) in [
        ("first_name", &person.given_name),
        ("last_name", &person.family_name),
        ("email", &person.email),
        ("mobile", &person.phone),
        ("physical_address_1", &person.address),
    ] {
        if !text.is_empty() {
            say(name, text);
        }
    }
    Ok(Value::Object(told))
}

/// Look for a new one, unless it cannot have been made; write it.
///
/// # Errors
/// What the last reply says.
pub(super) fn make(
    desk: &mut Desk<'_>,
    reference: &str,
    customer: Option<&CustomerKey>,
    body: &Value,
    first: bool,
) -> Result<String, Stop> {
    if let Some(customer) = customer {
        return id(&desk.put(&format!("/customers/{}", named(0, customer.as_str(), "customer")?), body)?);
    }
    if !first {
        let ours = |one: &Value| text(one, "customer_code") == reference && !is_gone(one);
        if let Some(known) = desk.coded(&escaped(reference), ours)? {
            return id(&known);
        }
    }
    id(&desk.post("/customers", body)?)
}
