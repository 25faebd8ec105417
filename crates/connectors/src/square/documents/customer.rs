//! A customer's profile, made or changed: `POST /v2/customers`, `PUT /v2/customers/{id}`.
//!
//! <https://developer.squareup.com/docs/customers-api/use-the-api/keep-records>, read 2026-11-24. A change names only what it
//! sets and takes no key: done twice, it is the same.

use model::{CustomerKey, Person};
use serde_json::{Map, Value, json};

use super::id;
use crate::square::http_request::{change, escaped, put};
use crate::{Account, Document, Request, Unsendable};

/// Parts of an address that a line of text takes the place of.
const REPLACED: [&str; 5] =
    ["address_line_2", "address_line_3", "locality", "administrative_district_level_1", "postal_code"];

/// The body.
///
/// # Errors
/// When nothing is said of the person.
pub(super) fn body(document: &Document, customer: Option<&CustomerKey>, person: &Person) -> Result<Value, Unsendable> {
    let named = [
        ("given_name", &person.given_name),
        ("family_name", &person.family_name),
        ("email_address", &person.email),
        ("phone_number", &person.phone),
    ];
    let named = named.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let mut fields: Map<String, Value> = named.map(|(name, text)| (name.to_owned(), json!(text.trim()))).collect();
    if !person.address.trim().is_empty() {
        fields.insert("address".to_owned(), address(&person.address, customer.is_some()));
    }
    if fields.is_empty() {
        return Err(Unsendable::Impossible("keep a customer of whom nothing is said"));
    }
    match customer {
        Some(customer) => drop(id(customer.as_str(), 0)?),
        None => drop(fields.insert("idempotency_key".to_owned(), json!(document.reference))),
    }
    Ok(Value::Object(fields))
}

/// Ours is one line of text: it takes the place of all lines that are there.
fn address(text: &str, there: bool) -> Value {
    let replaced = REPLACED.into_iter().filter(|_| there).map(|part| (part.to_owned(), Value::Null));
    let mut address: Map<String, Value> = replaced.collect();
    address.insert("address_line_1".to_owned(), json!(text.trim()));
    Value::Object(address)
}

/// The request that carries it.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn request(customer: Option<&CustomerKey>, body: &[u8], account: &Account) -> Result<Request, Unsendable> {
    match customer {
        None => change(account, &account.token, "/v2/customers", body.to_vec()),
        Some(customer) => put(account, &format!("/v2/customers/{}", escaped(customer.as_str())), body.to_vec()),
    }
}
