//! Mutations: which need a key, what a repeated key does, and how refusals are written. What each one does is in a
//! file of its own; a mutation with any user error changes nothing.

mod customers;
mod inventory;
mod moves;
mod orders;
mod placing;
mod prices;
mod refunds;
mod service;
mod transfers;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::bulk::Bulks;
use super::node::{Node, Out};
use super::schema::{Documents, served};
use crate::machine::Millis;
use crate::shopify::happened::Happened;
use crate::shopify::hooks::Hooks;
use crate::shopify::shop::Shop;

/// What a mutation may touch.
pub(in crate::shopify) struct Change<'a> {
    pub(in crate::shopify) shop: &'a mut Shop,
    pub(in crate::shopify) hooks: &'a mut Hooks,
    pub(in crate::shopify) bulks: &'a mut Bulks,
    pub(in crate::shopify) documents: &'a mut Documents,
    pub(in crate::shopify) happened: &'a mut Happened,
    pub(in crate::shopify) now: Millis,
    /// Where this emulator is reached, for links to result files.
    pub(in crate::shopify) base_url: &'a str,
}

/// Fields of a payload, without the list of user errors.
type Payload = Vec<(&'static str, Out)>;

/// One entry of a payload's user errors.
#[derive(Clone, Debug)]
struct UserError {
    field: Vec<String>,
    code: &'static str,
    message: String,
}

impl UserError {
    fn new(field: &[&str], code: &'static str, message: impl Into<String>) -> Self {
        let field = field.iter().map(|part| (*part).to_owned()).collect();
        Self { field, code, message: message.into() }
    }
}

/// Why a mutation does nothing.
enum Refused {
    /// The payload lists these.
    User(Vec<UserError>),
    /// The whole call fails with this entry of `errors`.
    Call(Value),
}

impl From<UserError> for Refused {
    fn from(error: UserError) -> Self {
        Self::User(vec![error])
    }
}

/// Mutations that need `@idempotent(key:)` since 2026-04.
const KEYED: [&str; 6] = [
    "inventoryActivate",
    "inventoryAdjustQuantities",
    "inventoryMoveQuantities",
    "inventorySetQuantities",
    "inventoryTransferCreate",
    "refundCreate",
];

/// Scopes that the app must have been given for a mutation, where that is checked: documents and people.
const GUARDED: [(&str, &str); 7] = [
    ("orderCreate", "write_orders"),
    ("fulfillmentOrderMove", "write_merchant_managed_fulfillment_orders"),
    ("refundCreate", "write_orders"),
    ("customerCreate", "write_customers"),
    ("customerUpdate", "write_customers"),
    ("customerAddressCreate", "write_customers"),
    ("inventoryTransferCreate", "write_inventory_transfers"),
];

/// What became of the first call with a key.
#[derive(Debug)]
struct First {
    mutation: String,
    arguments: String,
    payload: Option<Node>,
}

/// Keys that were seen. They are kept for the life of the emulator: how long the vendor keeps them is not published,
/// and a hub may rely on nothing shorter than its own retries.
#[derive(Debug, Default)]
pub(in crate::shopify) struct Keys {
    seen: HashMap<String, First>,
}

/// Does one mutation and gives its payload, ready for the selections of the query.
///
/// # Errors
///
/// The entry of the reply's `errors`.
pub(super) fn perform(
    change: &mut Change<'_>,
    keys: &mut Keys,
    mutation: &str,
    key: Option<&str>,
    arguments: &Arguments,
) -> Result<Node, Value> {
    if KEYED.contains(&mutation) && key.is_none() {
        return Err(json!({
            "message": "The @idempotent directive is required for this mutation but was not provided.",
            "path": [mutation],
            "extensions": {"code": "BAD_REQUEST"},
        }));
    }
    allowed(change.shop, mutation)?;
    let text = Value::Object(arguments.0.clone()).to_string();
    if let Some(first) = key.and_then(|key| keys.seen.get(key)) {
        return Ok(replay(first, mutation, &text));
    }
    let (payload, done) = match run(change, mutation, arguments) {
        Ok(payload) => (finish(mutation, payload, &[]), true),
        Err(Refused::User(errors)) => (finish(mutation, Vec::new(), &errors), false),
        Err(Refused::Call(error)) => return Err(error),
    };
    if let Some(key) = key {
        let kept = done.then(|| payload.clone());
        let first = First { mutation: mutation.to_owned(), arguments: text, payload: kept };
        keys.seen.insert(key.to_owned(), first);
    }
    Ok(payload)
}

fn allowed(shop: &Shop, mutation: &str) -> Result<(), Value> {
    let needed = GUARDED.iter().find(|(name, _)| *name == mutation).map(|(_, scope)| *scope);
    match needed {
        Some(scope) if !shop.scopes.iter().any(|given| given == scope) => Err(json!({
            "message": format!("Access denied for {mutation} field. Required access: `{scope}` access scope."),
            "path": [mutation],
            "extensions": {"code": "ACCESS_DENIED", "requiredAccess": format!("`{scope}` access scope.")},
        })),
        Some(_) | None => Ok(()),
    }
}

/// The same key again: the first result for the same call, an error for another one or when the first one failed.
fn replay(first: &First, mutation: &str, arguments: &str) -> Node {
    let refuse = |code, message: &str| finish(mutation, Vec::new(), &[UserError::new(&[], code, message)]);
    if first.mutation != mutation || first.arguments != arguments {
        return refuse(
            "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
            "The idempotency key was used before with other parameters.",
        );
    }
    first.payload.clone().unwrap_or_else(|| {
        refuse(
            "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED",
            "The first attempt with this idempotency key failed; use a new key.",
        )
    })
}

fn run(change: &mut Change<'_>, mutation: &str, arguments: &Arguments) -> Result<Payload, Refused> {
    match mutation {
        "inventorySetQuantities" => inventory::set(change, arguments),
        "inventoryAdjustQuantities" => inventory::adjust(change, arguments),
        "inventoryMoveQuantities" => moves::between(change, arguments),
        "inventoryActivate" => inventory::activate(change, arguments),
        "orderCancel" => orders::cancel(change, arguments),
        "fulfillmentCreate" => orders::fulfil(change, arguments),
        "refundCreate" => refunds::make(change, arguments),
        "orderCreate" => placing::make(change, arguments),
        "fulfillmentOrderMove" => placing::move_part(change, arguments),
        "customerCreate" => customers::make(change, arguments),
        "customerUpdate" => customers::change(change, arguments),
        "customerAddressCreate" => customers::add_address(change, arguments),
        "inventoryTransferCreate" => transfers::make(change, arguments),
        "productVariantsBulkUpdate" => prices::update(change, arguments),
        "webhookSubscriptionCreate" => service::subscribe(change, arguments),
        "productUpdate" => prices::rename(change, arguments),
        "webhookSubscriptionUpdate" => service::change_subscription(change, arguments),
        "webhookSubscriptionDelete" => service::unsubscribe(change, arguments),
        "bulkOperationRunQuery" => service::run_bulk(change, arguments),
        _ => Err(Refused::Call(json!({ "message": format!("{mutation} is not served") }))),
    }
}

/// The payload with every list of user errors that its type has.
fn finish(mutation: &str, mut payload: Payload, errors: &[UserError]) -> Node {
    let payload_type = inner_type("Mutation", mutation);
    for list in ["userErrors", "orderCancelUserErrors"] {
        if served().type_field(payload_type, list).is_ok() {
            let ty = inner_type(payload_type, list);
            payload.push((list, Out::List(errors.iter().map(|error| written(ty, error)).collect())));
        }
    }
    Node::record(payload_type, payload)
}

fn written(ty: &'static str, error: &UserError) -> Out {
    // Some lists of errors have codes that may be missing, and say so by null.
    let code = if error.code.is_empty() { Out::NULL } else { Out::from(error.code) };
    let field = match error.field.as_slice() {
        [] => Out::NULL,
        parts => Out::List(parts.iter().map(|part| Out::from(part.as_str())).collect()),
    };
    Out::Node(Node::record(ty, vec![("field", field), ("code", code), ("message", Out::from(error.message.as_str()))]))
}

fn inner_type(ty: &str, field: &str) -> &'static str {
    let definition = served().type_field(ty, field);
    definition.map_or("", |definition| definition.ty.inner_named_type().as_str())
}

/// A list of input objects, refused when it is longer than the vendor takes.
fn rows<'a>(input: &'a Value, name: &str) -> Result<&'a [Value], Refused> {
    /// The vendor's limit for one call.
    const ROWS_MAX: usize = 250;
    let rows = input.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if rows.len() > ROWS_MAX {
        let count = rows.len();
        return Err(Refused::Call(json!({
            "message": format!("The input array size of {count} is greater than the maximum allowed of {ROWS_MAX}."),
            "extensions": {"code": "MAX_INPUT_SIZE_EXCEEDED"},
        })));
    }
    Ok(rows)
}

fn text_of<'a>(input: &'a Value, name: &str) -> &'a str {
    input.get(name).and_then(Value::as_str).unwrap_or("")
}
