//! BigCommerce's own shapes, as far as we use them. Unknown fields are passed over, used fields must be what they claim.
//!
//! From the vendor's OpenAPI files (`bigcommerce/docs`, commit 24f580c of 2026-04-01). Used by `webhook`, `learn`,
//! `write`; knows no word of ours. API v2 writes amounts as text, v3 as numbers; both are kept as their digits.

mod catalog;
mod event;
mod order;
mod party;
mod scalar;
mod stock;

pub(super) use catalog::{Product, Variant};
pub(super) use event::{Envelope, News};
pub(super) use order::{Consignment, Consignments, Line, Order, Refund};
pub(super) use party::{Customer, CustomerAddress, Hook, Location, Store};
pub(super) use scalar::{Amount, Count, Id};
pub(super) use stock::StockItem;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Unreadable;

/// A reply of API v3 with several elements, each read by itself (`parse_at`).
#[derive(Debug, Deserialize)]
pub(super) struct Collection {
    /// The elements of this page.
    pub(super) data: Vec<serde_json::Value>,
    /// Where the page lies.
    pub(super) meta: Option<Meta>,
}

/// A reply of API v3 with one element.
#[derive(Debug, Deserialize)]
pub(super) struct Single {
    /// The element.
    pub(super) data: serde_json::Value,
}

/// Beside the data.
#[derive(Debug, Deserialize)]
pub(super) struct Meta {
    /// Where the page lies.
    pub(super) pagination: Option<Pagination>,
}

/// Where a page lies.
#[derive(Debug, Deserialize)]
pub(super) struct Pagination {
    /// How many there are.
    pub(super) total_pages: Option<u64>,
}

impl Collection {
    /// Whether there are more pages after the `page`th, by the platform's own count, else by the page being full.
    pub(super) fn more(&self, page: u64, limit: usize) -> bool {
        let total = self.meta.as_ref().and_then(|meta| meta.pagination.as_ref()).and_then(|told| told.total_pages);
        match total {
            Some(total) => page < total && !self.data.is_empty(),
            None => self.data.len() >= limit,
        }
    }
}

/// Reads a body that is an object.
///
/// # Errors
/// Names the field's path. What the field held is not repeated: it may be a person's name.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    // serde would take `["a", 1]` for a struct; these are always objects.
    if first(body) != Some(b'{') {
        return Err(unreadable("", "not a JSON object"));
    }
    whole(body)
}

/// Reads a body of ours again.
///
/// # Errors
/// When it is not JSON.
pub(super) fn parse_any(body: &[u8]) -> Result<serde_json::Value, Unreadable> {
    whole(body)
}

/// Reads a list of API v2. No body at all is an empty one: it comes with status 204.
///
/// # Errors
/// When it is not a list.
pub(super) fn parse_list(body: &[u8]) -> Result<Vec<serde_json::Value>, Unreadable> {
    match first(body) {
        None => Ok(Vec::new()),
        Some(b'[') => whole(body),
        Some(_) => Err(unreadable("", "not a JSON list")),
    }
}

fn first(body: &[u8]) -> Option<u8> {
    body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn whole<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        told_without_values(if path == "." { "" } else { &path }, error.inner())
    })?;
    reader.end().map_err(|_| unreadable("", "more than one JSON value"))?;
    Ok(value)
}

/// Reads one element as one of the shapes.
///
/// # Errors
/// Names the field's path under `place`, without its value.
pub(super) fn parse_at<T: DeserializeOwned>(place: &str, value: &serde_json::Value) -> Result<T, Unreadable> {
    if !value.is_object() {
        return Err(unreadable(place, "is not an object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = match (place, path.as_str()) {
            (place, ".") => place.to_owned(),
            ("", path) => path.to_owned(),
            (place, path) => format!("{place}.{path}"),
        };
        told_without_values(&path, error.inner())
    })
}

/// An [`Unreadable`] from its parts.
pub(super) fn unreadable(field: impl Into<String>, problem: impl Into<String>) -> Unreadable {
    Unreadable { field: field.into(), problem: problem.into() }
}

fn told_without_values(path: &str, error: &serde_json::Error) -> Unreadable {
    // A question mark stands for a field whose name was not read yet.
    let path = path.strip_suffix('?').map_or(path, |path| path.trim_end_matches('.'));
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
