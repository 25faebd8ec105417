//! Square's own shapes, as far as we use them. Unknown fields are passed over, used fields must be what they claim.
//!
//! Read from the OpenAPI file of `square/connect-api-specification` (2025-08-20) and from the type declarations of npm
//! `square` 46.0.0 (2026-09-16), both read on 2026-11-23. Used by `webhook`, `learn`, `writes`, `documents`; knows no word of ours.

mod access;
mod catalog;
mod event;
mod inventory;
mod money;
mod order;
mod party;

pub(super) use access::{Granted, TokenStatus};
pub(super) use catalog::{CatalogObject, CatalogPage, RawCatalog, Variation};
pub(super) use event::{Envelope, EventCount, EventObject, OrderNews};
pub(super) use inventory::{Adjustment, BatchChange, BatchChanged, Change, Count, CountsPage, PhysicalCount};
pub(super) use money::{Payment, PaymentReply, Refund, RefundReply};
pub(super) use order::{Fulfillment, Line, Order, OrderReply, OrdersPage, Recipient};
pub(super) use party::{
    Address, Customer, CustomerReply, CustomersPage, Location, LocationsPage, NewSubscription, Subscription,
    SubscriptionReply, SubscriptionsPage,
};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Unreadable;

/// An amount: <https://developer.squareup.com/reference/square/objects/Money>. Whole minor units; a fraction is refused
/// by the type.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Money {
    /// May be absent (`nullable`).
    pub(crate) amount: Option<i64>,
    /// ISO 4217.
    pub(crate) currency: Option<String>,
}

/// One error: <https://developer.squareup.com/reference/square/objects/Error>.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ErrorRow {
    /// One of the documented codes, or a newer one.
    pub(crate) code: String,
    /// For people.
    pub(crate) detail: Option<String>,
    /// Path in the request, for example `changes[3].adjustment.catalog_object_id`.
    pub(crate) field: Option<String>,
}

/// The part that every reply may have.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Errors {
    /// Some and not empty when the call failed.
    pub(crate) errors: Option<Vec<ErrorRow>>,
}

/// Reads a body as one of the shapes.
///
/// # Errors
/// Names the field's path. What the field held is not repeated: it may be a person's name.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    // serde would take `["a", 1]` for a struct; Square always sends an object.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(unreadable("", "not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        told_without_values(&path, error.inner())
    })?;
    reader.end().map_err(|_| unreadable("", "more than one JSON value"))?;
    Ok(value)
}

/// Reads one element of a page as one of the shapes.
///
/// # Errors
/// Names the field's path under `place`, without its value.
pub(super) fn parse_at<T: DeserializeOwned>(place: &str, value: &serde_json::Value) -> Result<T, Unreadable> {
    if !value.is_object() {
        return Err(unreadable(place, "is not an object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { place.to_owned() } else { format!("{place}.{path}") };
        told_without_values(&path, error.inner())
    })
}

/// An [`Unreadable`] from its parts.
pub(super) fn unreadable(field: impl Into<String>, problem: impl Into<String>) -> Unreadable {
    Unreadable { field: field.into(), problem: problem.into() }
}

fn told_without_values(path: &str, error: &serde_json::Error) -> Unreadable {
    let text = error.to_string();
    if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        let dot = if path.is_empty() { "" } else { "." };
        return unreadable(format!("{path}{dot}{name}"), "is missing");
    }
    if text.starts_with("duplicate field") {
        return unreadable(path, "has a field twice");
    }
    match error.classify() {
        serde_json::error::Category::Data => {
            // The text before "expected" quotes the value; the rest names only a type and a place.
            let expected =
                text.rsplit_once(", expected ").map(|(_, rest)| rest.split(" at line ").next().unwrap_or(rest));
            unreadable(path, expected.map_or("has the wrong type".to_owned(), |kind| format!("is not {kind}")))
        }
        serde_json::error::Category::Eof => unreadable(path, "the JSON ends too early"),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => unreadable(path, "is not JSON"),
    }
}
