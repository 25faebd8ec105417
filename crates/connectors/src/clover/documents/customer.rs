//! A customer's record, made or changed: `POST customers`, `POST customers/{id}` and its contacts.
//!
//! <https://docs.clover.com/dev/reference/customerscreatecustomer>, read 2026-11-24. A new record bears the reference in its
//! note. A change writes only what differs from what is there, so that done twice it is the same.

use model::{CustomerKey, Person};
use serde_json::{Map, Value, json};

use super::{answer, contact, garbled, look, made, refused};
use crate::clover::http_request::escaped;
use crate::clover::requests::CUSTOMER_PARTS;
use crate::clover::tape::{Got, Halt, Tape};
use crate::clover::wire::{Customer, Notes, parse, parse_at};
use crate::{Document, Unsendable};

/// Longest given and family name, as documented.
const NAME_MAX: usize = 64;

/// The body: the record as it is to be, in Clover's shape, with only what is said of the person.
///
/// # Errors
/// When nothing is said, or a name is too long.
pub(super) fn body(document: &Document, customer: Option<&CustomerKey>, person: &Person) -> Result<Value, Unsendable> {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut fields = Map::new();
    for (name, text) in [("firstName", &person.given_name), ("lastName", &person.family_name)] {
        let Some(text) = said(text) else { continue };
        if text.chars().count() > NAME_MAX {
            return Err(Unsendable::Impossible("keep a name of more than 64 characters"));
        }
        fields.insert(name.to_owned(), json!(text));
    }
    let contacts = [
        ("emailAddresses", "emailAddress", &person.email),
        ("phoneNumbers", "phoneNumber", &person.phone),
        ("addresses", "address1", &person.address),
    ];
    for (list, field, text) in contacts {
        if let Some(text) = said(text) {
            fields.insert(list.to_owned(), json!([{ field: text }]));
        }
    }
    if fields.is_empty() {
        return Err(Unsendable::Impossible("keep a customer of whom nothing is said"));
    }
    match customer {
        None => drop(fields.insert("metadata".to_owned(), json!({ "note": document.reference }))),
        Some(customer) if customer.as_str().trim().is_empty() => {
            return Err(Unsendable::Row { row: 0, problem: "the customer's id is empty".to_owned() });
        }
        Some(_) => {}
    }
    Ok(Value::Object(fields))
}

/// The id of the new record.
///
/// # Errors
/// What has to be sent first, or what is wrong.
pub(super) fn make(document: &Document, body: &str, first: bool, tape: &mut Tape<'_>) -> Result<String, Halt> {
    let known = if first { None } else { made_before(document, tape)? };
    match known {
        Some(id) => Ok(id),
        None => made(tape.post("/customers", body)?),
    }
}

fn made_before(document: &Document, tape: &mut Tape<'_>) -> Result<Option<String>, Halt> {
    look("/customers?expand=metadata&", ("customerSince", document.asked_at), tape, |customer| {
        let known: Notes = parse_at("elements", customer).ok()?;
        let note = known.metadata.and_then(|noted| noted.note).unwrap_or_default();
        known.id.filter(|_| document.wrote(&note))
    })
}

/// The id of the record, once it says what it should.
///
/// # Errors
/// What has to be sent first, or what is wrong; a record that is not there is refused.
pub(super) fn change(customer: &CustomerKey, body: &str, tape: &mut Tape<'_>) -> Result<String, Halt> {
    let wanted: Value = parse(body.as_bytes()).map_err(|error| refused(error.to_string()))?;
    let path = format!("/customers/{}", escaped(customer.as_str()));
    let known: Customer = match tape.get(&format!("{path}?expand={CUSTOMER_PARTS}"))? {
        Got::Answer(reply) => parse(&reply.body).map_err(|error| garbled(error.to_string()))?,
        Got::Refused(_) => return Err(refused(format!("Clover knows no customer {}", customer.as_str()))),
    };
    let names = names(&wanted, &known);
    if !names.is_empty() {
        answer(tape.post(&path, &Value::Object(names).to_string())?)?;
    }
    for change in contact::changes(&wanted, &known) {
        answer(tape.post(&format!("{path}/{}", change.path), &change.body.to_string())?)?;
    }
    Ok(customer.as_str().to_owned())
}

fn names(wanted: &Value, known: &Customer) -> Map<String, Value> {
    let both = [("firstName", &known.first_name), ("lastName", &known.last_name)];
    let differ = both.into_iter().filter_map(|(name, there)| {
        let text = wanted[name].as_str()?;
        (there.as_deref() != Some(text)).then(|| (name.to_owned(), json!(text)))
    });
    differ.collect()
}
