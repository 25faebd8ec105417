//! Customers: made, with our reference at the end of their notes, or changed field by field.
//!
//! Called by the folder's `mod`. A store has each e-mail address once, so one that may have been made is looked for by
//! it; somebody else's with the same address is none of ours, and the store refuses a second. A change is absolute and
//! may be sent again.

use http::Method;
use model::{CustomerKey, Person};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Desk, Stop, garbled, is_marked, marked, named};
use crate::Unsendable;
use crate::bigcommerce::http_request::escaped;
use crate::bigcommerce::requests::PAGE_MAX;
use crate::bigcommerce::wire::{self, Collection, Id};

const PATH: &str = "/v3/customers";

/// The list of one customer.
///
/// # Errors
/// When a new one lacks what the store demands, an address is given, or the id is not BigCommerce's.
pub(super) fn body(reference: &str, customer: Option<&CustomerKey>, person: &Person) -> Result<Value, Unsendable> {
    if !person.address.is_empty() {
        return Err(Unsendable::Impossible("take an address on one line; it wants street, town and country apart"));
    }
    if *person == Person::default() {
        return Err(Unsendable::Impossible("write a customer of whom nothing is said"));
    }
    let mut told = Map::new();
    match customer {
        Some(customer) => told.insert("id".to_owned(), json!(named(0, customer.as_str(), "customer")?)),
        None if person.email.is_empty() || person.given_name.is_empty() || person.family_name.is_empty() => {
            return Err(Unsendable::Impossible("keep a customer without e-mail address, given name and family name"));
        }
        None => told.insert("notes".to_owned(), json!(marked("", reference))),
    };
    for (name, text) in [
        ("first_name", &person.given_name),
        ("last_name", &person.family_name),
        ("email", &person.email),
        ("phone", &person.phone),
    ] {
        if !text.is_empty() {
            told.insert(name.to_owned(), json!(text));
        }
    }
    Ok(json!([told]))
}

/// Look for a new one, unless it cannot have been made; write it.
///
/// # Errors
/// What the last reply says.
pub(super) fn make(
    desk: &mut Desk<'_>,
    reference: &str,
    (customer, person): (Option<&CustomerKey>, &Person),
    body: Value,
    first: bool,
) -> Result<String, Stop> {
    let method = match customer {
        Some(_) => Method::PUT,
        None => Method::POST,
    };
    if customer.is_none() && !first {
        let email = escaped(&person.email);
        let known = listed(&desk.get(&format!("{PATH}?email%3Ain={email}&page=1&limit={PAGE_MAX}"))?.body)?;
        if let Some(ours) = known.iter().find(|one| is_marked(one.notes.as_ref(), reference)) {
            return Ok(ours.id.to_string());
        }
    }
    let written = listed(&desk.change(method, PATH, &body)?.body)?;
    let one = written.first().ok_or_else(|| garbled(wire::unreadable("data", "is empty")))?;
    Ok(one.id.to_string())
}

/// <https://developer.bigcommerce.com/docs/rest-management/customers>
#[derive(Deserialize)]
struct Written {
    id: Id,
    notes: Option<String>,
}

fn listed(body: &[u8]) -> Result<Vec<Written>, Stop> {
    let listed: Collection = wire::parse(body).map_err(garbled)?;
    let one = listed.data.iter().enumerate().map(|(row, value)| wire::parse_at(&format!("data[{row}]"), value));
    Ok(one.collect::<Result<_, _>>().map_err(garbled)?)
}
