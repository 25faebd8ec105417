//! E-mail address, telephone number and postal address of a customer: lists at Clover, of which the first choice is ours.
//!
//! <https://docs.clover.com/dev/reference/customerscreateemailaddressforcustomer>, read 2026-11-24. Used by `customer` when a
//! record is changed. Further contacts in a list are left alone.

use serde_json::{Value, json};

use crate::clover::http_request::escaped;
use crate::clover::wire::{Customer, Elements};

/// One request below the customer.
pub(super) struct Change {
    /// Path below the customer.
    pub(super) path: String,
    /// Body.
    pub(super) body: Value,
}

/// What is there: the contact's id, and what it says.
struct There<'a> {
    id: Option<&'a str>,
    text: Option<&'a str>,
}

/// What has to change so that the customer's contacts are those of the wanted record.
pub(super) fn changes(wanted: &Value, known: &Customer) -> Vec<Change> {
    let kinds = [
        ("email_addresses", "emailAddresses", "emailAddress", email(known)),
        ("phone_numbers", "phoneNumbers", "phoneNumber", phone(known)),
        ("addresses", "addresses", "address1", address(known)),
    ];
    let differ = kinds.into_iter().filter_map(|(path, list, field, there)| {
        let text = wanted[list][0][field].as_str()?;
        (there.text != Some(text)).then(|| change(path, field, text, there.id))
    });
    differ.collect()
}

/// Ours is one line of text: it takes the place of all lines of an address that is there.
fn change(path: &str, field: &str, text: &str, id: Option<&str>) -> Change {
    let mut body = json!({ field: text });
    if path == "email_addresses" {
        body["primaryEmail"] = json!(true);
    }
    if path == "addresses" && id.is_some() {
        for rest in ["address2", "address3", "city", "state", "zip"] {
            body[rest] = json!("");
        }
    }
    let path = id.map_or_else(|| path.to_owned(), |id| format!("{path}/{}", escaped(id)));
    Change { path, body }
}

fn email(known: &Customer) -> There<'_> {
    let all = Elements::of(known.email_addresses.as_ref());
    let first = all.iter().find(|email| email.primary_email == Some(true)).or(all.first());
    There {
        id: first.and_then(|email| email.id.as_deref()),
        text: first.and_then(|email| email.email_address.as_deref()),
    }
}

fn phone(known: &Customer) -> There<'_> {
    let first = Elements::of(known.phone_numbers.as_ref()).first();
    There {
        id: first.and_then(|phone| phone.id.as_deref()),
        text: first.and_then(|phone| phone.phone_number.as_deref()),
    }
}

/// An address of more than one line never says the same as ours.
fn address(known: &Customer) -> There<'_> {
    let first = Elements::of(known.addresses.as_ref()).first();
    let one_line = first.filter(|at| {
        let more = [&at.address2, &at.address3, &at.city, &at.state, &at.zip];
        more.into_iter().flatten().all(|part| part.trim().is_empty())
    });
    There { id: first.and_then(|at| at.id.as_deref()), text: one_line.and_then(|at| at.address1.as_deref()) }
}
