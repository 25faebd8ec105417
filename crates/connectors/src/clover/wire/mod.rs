//! Clover's own shapes, as far as we use them. Unknown fields are passed over, used fields must be what they claim.
//!
//! Read from the vendor's reference (docs.clover.com, pages of 2026). Collections come wrapped in `elements`, and only
//! those that were asked for with `expand`; an empty one may be left out. Used by every other file of this folder;
//! knows no word of ours.

mod item;
mod news;
mod order;
mod party;

pub(super) use item::{Element as ItemElement, Item, ItemStock, Stock};
pub(super) use news::{Event, News};
pub(super) use order::{Line, Order, Payment, PaymentOrder, Refund};
pub(super) use party::{Address, Customer, Merchant, Notes, Pair, Refusal};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Unreadable;

/// A reference to something else by its id.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reference {
    /// Thirteen letters and digits; opaque to us.
    pub(crate) id: Option<String>,
}

/// A wrapped collection.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Elements<T> {
    /// What is in it; absent when there is nothing.
    #[serde(default = "Vec::new")]
    pub(crate) elements: Vec<T>,
}

impl<T> Elements<T> {
    /// The elements of a collection that may not be there.
    pub(crate) fn of(collection: Option<&Self>) -> &[T] {
        collection.map(|all| all.elements.as_slice()).unwrap_or_default()
    }
}

/// A list as it is read in pages: each element is read by itself (`parse_at`), so that a bad one does not spoil it.
#[derive(Debug, Deserialize)]
pub(crate) struct List {
    /// At most as many as were asked for; fewer at the end.
    pub(crate) elements: Vec<serde_json::Value>,
}

/// Reads a body as one of the shapes.
///
/// # Errors
/// Names the field's path. What the field held is not repeated: it may be a person's name.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    // serde would take `["a", 1]` for a struct; Clover always sends an object.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(unreadable("", "not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| without_values(&below("", &error.path().to_string()), error.inner()))?;
    reader.end().map_err(|_| unreadable("", "more than one JSON value"))?;
    Ok(value)
}

/// Reads one element of a list as one of the shapes.
///
/// # Errors
/// Names the field's path under `place`, without its value.
pub(super) fn parse_at<T: DeserializeOwned>(place: &str, value: &serde_json::Value) -> Result<T, Unreadable> {
    if !value.is_object() {
        return Err(unreadable(place, "is not an object"));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| without_values(&below(place, &error.path().to_string()), error.inner()))
}

/// An [`Unreadable`] from its parts.
pub(super) fn unreadable(field: impl Into<String>, problem: impl Into<String>) -> Unreadable {
    Unreadable { field: field.into(), problem: problem.into() }
}

/// The path of a field below another; `.` is what the parser calls the whole.
pub(super) fn below(place: &str, field: &str) -> String {
    match (place, field) {
        (place, "." | "") => place.to_owned(),
        ("", field) => field.to_owned(),
        (place, field) => format!("{place}.{field}"),
    }
}

/// The parser's complaint without what it quotes of the value.
fn without_values(path: &str, error: &serde_json::Error) -> Unreadable {
    let text = error.to_string();
    if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return unreadable(below(path, name), "is missing");
    }
    if text.starts_with("duplicate field") {
        return unreadable(path, "has a field twice");
    }
    match error.classify() {
        serde_json::error::Category::Data => {
            // What is behind "expected" names a type and a place only.
            let expected = text.rsplit_once(", expected ").and_then(|(_, rest)| rest.split(" at line ").next());
            unreadable(path, expected.map_or("has the wrong type".to_owned(), |kind| format!("is not {kind}")))
        }
        serde_json::error::Category::Eof => unreadable(path, "the JSON ends too early"),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => unreadable(path, "is not JSON"),
    }
}
