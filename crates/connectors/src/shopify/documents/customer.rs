//! Customers: made with our reference as a tag, or changed field by field.
//!
//! Called by the folder's `mod`. A shop has each e-mail address and telephone number once, so a customer that may have
//! been made is looked for by these, and by the tag when there is neither. An address on one line is a new default
//! address: others that the shop knows are kept.

use model::{CustomerKey, Person};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::scalar::{Gid, present};
use super::super::{graph, queries as common, reply, requests, translate};
use super::{answer, bytes, named, queries, send};
use crate::{Account, Document, Effect, Made, Reply, Request, Run, Trouble, Unsendable};

#[derive(Serialize)]
struct Variables<'a> {
    input: Input<'a>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/CustomerInput>. A field that is left out is left
/// as it is; a list would replace the one that is there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    phone: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
}

/// The mutation.
///
/// # Errors
/// When there is nothing to write, or the customer's id is not Shopify's.
pub(super) fn compose(
    document: &Document,
    customer: Option<&CustomerKey>,
    person: &Person,
) -> Result<Vec<u8>, Unsendable> {
    if *person == Person::default() {
        return Err(Unsendable::Impossible("write a customer of whom nothing is said"));
    }
    let id = customer.map(gid).transpose()?;
    let is_new = id.is_none();
    let address = (is_new && !person.address.is_empty()).then(|| json!({ "address1": person.address }));
    let input = Input {
        id,
        first_name: &person.given_name,
        last_name: &person.family_name,
        email: &person.email,
        phone: &person.phone,
        addresses: address.into_iter().collect(),
        tags: if is_new { vec![document.reference.as_str()] } else { Vec::new() },
    };
    Ok(bytes(if is_new { queries::CUSTOMER_MAKE } else { queries::CUSTOMER_CHANGE }, Variables { input }))
}

fn gid(customer: &CustomerKey) -> Result<String, Unsendable> {
    named(0, "Customer", customer.as_str(), "customer")
}

/// What comes next.
///
/// # Errors
/// What the last reply says.
pub(super) fn step(
    reference: &str,
    customer: Option<&CustomerKey>,
    person: &Person,
    body: &[u8],
    account: &Account,
    run: &Run<'_>,
) -> Result<Made, Trouble> {
    match customer {
        Some(customer) => change(customer, person, body, account, run.replies),
        None => make(reference, person, body, account, run),
    }
}

fn make(reference: &str, person: &Person, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
    let replies = match (run.first, run.replies) {
        (true, replies) => replies,
        (false, []) => return send(look(reference, person, account)?),
        (false, [looked, replies @ ..]) => match found(reference, looked)? {
            Some(number) => return Ok(Made::Done(number)),
            None => replies,
        },
    };
    match replies {
        [] => send(requests::carry(body, account)?),
        [reply, ..] => answer::made(reply).map(Made::Done),
    }
}

fn look(reference: &str, person: &Person, account: &Account) -> Result<Request, Unsendable> {
    let identifier = match (person.email.as_str(), person.phone.as_str()) {
        ("", "") => {
            let variables = json!({ "query": format!("tag:'{reference}'") });
            let cost = queries::CUSTOMERS_TAGGED_COST;
            return requests::graphql(queries::CUSTOMERS_TAGGED, &variables, account, cost, Effect::Read);
        }
        ("", phone) => json!({ "phoneNumber": phone }),
        (email, _) => json!({ "emailAddress": email }),
    };
    requests::graphql(queries::CUSTOMER_LOOK, &json!({ "identifier": identifier }), account, 1, Effect::Read)
}

/// One of the two lists is asked for.
#[derive(Deserialize)]
struct Looked {
    #[serde(default)]
    known: Option<Tagged>,
    #[serde(default)]
    tagged: Option<Nodes>,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Tagged>,
}

#[derive(Deserialize)]
struct Tagged {
    id: Gid,
    tags: Vec<String>,
}

/// The customer with our tag. Somebody else's with the same address is none of ours, and Shopify will refuse a second.
fn found(reference: &str, reply: &Reply) -> Result<Option<String>, Trouble> {
    let looked: Looked = reply::data(reply)?;
    let mut found = looked.known.into_iter().chain(looked.tagged.into_iter().flat_map(|it| it.nodes));
    let ours = found.find(|customer| customer.tags.iter().any(|tag| tag == reference));
    Ok(ours.map(|customer| customer.id.number().to_owned()))
}

/// Every request of it may be sent again: fields are absolute, and an address that is shown is not made.
fn change(
    customer: &CustomerKey,
    person: &Person,
    body: &[u8],
    account: &Account,
    replies: &[Reply],
) -> Result<Made, Trouble> {
    let mut replies = replies.iter();
    let Some(changed) = replies.next() else { return send(requests::carry(body, account)?) };
    answer::done(changed)?;
    let done = || Ok(Made::Done(customer.as_str().to_owned()));
    if person.address.is_empty() {
        return done();
    }
    let id = gid(customer)?;
    let Some(looked) = replies.next() else {
        let cost = queries::ADDRESS_LOOK_COST;
        return send(requests::graphql(queries::ADDRESS_LOOK, &json!({ "id": id }), account, cost, Effect::Read)?);
    };
    if lives(looked)? == person.address {
        return done();
    }
    let Some(reply) = replies.next() else {
        let variables = json!({ "id": id, "address": { "address1": person.address } });
        let cost = common::MUTATION_COST;
        return send(requests::graphql(queries::ADDRESS_MAKE, &variables, account, cost, Effect::Write)?);
    };
    match answer::done(reply) {
        Ok(()) => done(),
        Err(Trouble::Refused { reason }) => {
            Err(Trouble::Refused { reason: format!("the customer was changed, but not the address: {reason}") })
        }
        Err(trouble) => Err(trouble),
    }
}

#[derive(Deserialize)]
struct Home {
    #[serde(deserialize_with = "present")]
    customer: Option<Lives>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lives {
    #[serde(deserialize_with = "present")]
    default_address: Option<graph::Address>,
}

/// The default address on one line.
fn lives(reply: &Reply) -> Result<String, Trouble> {
    let customer = reply::data::<Home>(reply)?.customer;
    Ok(customer.and_then(|it| it.default_address).map(translate::address).unwrap_or_default())
}
