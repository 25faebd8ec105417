//! Lightspeed's own shapes, as far as they are used. Unknown fields are passed over, used fields must be what they claim.
//!
//! Read from the OpenAPI document of 2026-07, where it is silent from that of API 2.0, and for deliveries from
//! <https://x-series-api.lightspeedhq.com/docs/webhooks>, all read 2026-11-23. Nearly every field may be absent:
//! what is needed is asked for where it is used. Used by `webhook`, `learn`, `writes`; knows no word of ours.

mod hint;
mod party;
mod product;
mod sale;
mod stock;

pub(super) use hint::Hint;
pub(super) use party::{Customer, Outlet, Retailer, Tokens, Webhook};
pub(super) use product::{Product, ProductCode};
pub(super) use sale::{Line, Sale};
pub(super) use stock::{Adjustment, Inventory, Level};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decimal::quoted;
use crate::Unreadable;

/// A page of a collection: <https://x-series-api.lightspeedhq.com/docs/pagination>.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    /// Its elements; empty at the end of the collection.
    pub(super) data: Vec<Value>,
    version: Option<Versions>,
}

/// The versions on a page.
#[derive(Debug, Deserialize)]
struct Versions {
    max: Option<u64>,
}

impl Listed {
    /// Where the next page begins: the largest version on this one. `None` at the end.
    ///
    /// # Errors
    /// When there are elements and the version is missing.
    pub(super) fn max(&self) -> Result<Option<u64>, Unreadable> {
        if self.data.is_empty() {
            return Ok(None);
        }
        let max = self.version.as_ref().and_then(|version| version.max);
        max.map(Some).ok_or_else(|| unreadable("version.max", "is missing"))
    }
}

/// One element, wrapped.
#[derive(Debug, Deserialize)]
pub(super) struct Single {
    /// The element.
    pub(super) data: Value,
}

/// Reads a body as one object.
///
/// # Errors
/// Names the field's path. What the field held is not repeated: it may be a person's name.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    element("", &json(body)?)
}

/// Reads a body as a bare list, which is how levels come.
///
/// # Errors
/// When it is not a list.
pub(super) fn list(body: &[u8]) -> Result<Vec<Value>, Unreadable> {
    match json(body)? {
        Value::Array(elements) => Ok(elements),
        _ => Err(unreadable("", "is not a list")),
    }
}

/// A body as JSON, its fractions kept as they were written.
///
/// # Errors
/// When it is no JSON.
pub(super) fn json(body: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(&quoted(body)).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => unreadable("", "the JSON ends too early"),
        _ => unreadable("", "is not JSON"),
    })
}

/// Reads one element as one of the shapes.
///
/// # Errors
/// Names the field's path under `place`, without its value.
pub(super) fn element<T: DeserializeOwned>(place: &str, value: &Value) -> Result<T, Unreadable> {
    // serde would take `["a", 1]` for a struct; Lightspeed always sends an object.
    if !value.is_object() {
        return Err(unreadable(place, "is not an object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        without_value(&beneath(place, &path), &error.inner().to_string())
    })
}

/// A path below another.
pub(super) fn beneath(place: &str, field: &str) -> String {
    match (place.is_empty(), field.is_empty()) {
        (true, _) => field.to_owned(),
        (_, true) => place.to_owned(),
        _ => format!("{place}.{field}"),
    }
}

/// An [`Unreadable`] from its parts.
pub(super) fn unreadable(field: impl Into<String>, problem: impl Into<String>) -> Unreadable {
    Unreadable { field: field.into(), problem: problem.into() }
}

/// The reader's own words quote the value before "expected"; what follows names only a type.
fn without_value(path: &str, text: &str) -> Unreadable {
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    if let Some(name) = missing {
        return unreadable(beneath(path, name), "is missing");
    }
    match text.rsplit_once(", expected ") {
        Some((_, kind)) => unreadable(path, format!("is not {kind}")),
        None => unreadable(path, "has the wrong type"),
    }
}
