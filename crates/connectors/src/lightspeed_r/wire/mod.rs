//! R-Series's own shapes, as far as we use them. Unknown fields are passed over, used fields must be what they claim.
//!
//! Read from the V3 reference pages at <https://developers.lightspeedhq.com/retail/endpoints/>, 2026-11-24. Every scalar
//! comes as text, every relation as one object, several or nothing: `tolerant` takes them all. Used by `learn`,
//! `writes` and `grants`; knows no word of ours.

mod item;
mod party;
mod sale;
mod tolerant;

pub(super) use item::{Item, ItemReply, ItemShop, LogRow};
pub(super) use party::{AccountRow, Address, Customer, Shop};
pub(super) use sale::{Sale, SaleLine};
pub(super) use tolerant::{Maybe, Several, Text};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Unreadable;

/// The envelope of a list, beside its rows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Attributes {
    /// Address of the next page; empty at the end.
    pub(crate) next: Text,
}

/// A list's rows under the name of its resource, not yet read, and where it goes on.
#[derive(Debug)]
pub(crate) struct List {
    /// As they came.
    pub(crate) rows: Vec<serde_json::Value>,
    /// Address of the next page; empty at the end.
    pub(crate) next: String,
}

/// Reads a list. The rows are kept as they came, so that one that cannot be read does not spoil the others.
///
/// # Errors
/// When the body is not an object, or what is under the resource's name is neither rows nor nothing.
pub(super) fn list(body: &[u8], resource: &str) -> Result<List, Unreadable> {
    let mut whole: serde_json::Map<String, serde_json::Value> = parse(body)?;
    let rows = whole.remove(resource).unwrap_or(serde_json::Value::Null);
    let Several(rows) =
        Several::<serde_json::Value>::deserialize(rows).map_err(|error| told_without_values(resource, &error))?;
    let attributes = whole.remove("@attributes").unwrap_or(serde_json::Value::Null);
    let attributes: Maybe<Attributes> =
        Maybe::deserialize(attributes).map_err(|error| told_without_values("@attributes", &error))?;
    Ok(List { rows, next: attributes.0.next.as_str().to_owned() })
}

/// Reads each row of a list, and its place in it.
///
/// # Errors
/// Names the first field that is not what it should be.
pub(super) fn rows<T: DeserializeOwned>(list: &List, resource: &str) -> Result<Vec<(String, T)>, Unreadable> {
    let rows = list.rows.iter().enumerate().map(|(index, row)| {
        let place = format!("{resource}[{index}]");
        parse_at(&place, row).map(|read| (place, read))
    });
    rows.collect()
}

/// Reads a body as one of the shapes.
///
/// # Errors
/// Names the field's path. What the field held is not repeated: it may be a person's name.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    // serde would take an array for a struct; the platform always sends an object.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(unreadable("", "not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        told_without_values(if path == "." { "" } else { &path }, error.inner())
    })?;
    reader.end().map_err(|_| unreadable("", "more than one JSON value"))?;
    Ok(value)
}

/// Reads one row as one of the shapes.
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

/// Whether a text is an id that can stand in a path or filter: a number above zero.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 19
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte != b'0')
}

/// An [`Unreadable`] from its parts.
pub(super) fn unreadable(field: impl Into<String>, problem: impl Into<String>) -> Unreadable {
    Unreadable { field: field.into(), problem: problem.into() }
}

fn told_without_values(path: &str, error: &serde_json::Error) -> Unreadable {
    match error.classify() {
        serde_json::error::Category::Data => {
            let text = error.to_string();
            if text.starts_with("duplicate field") {
                return unreadable(path, "has a field twice");
            }
            // The text before "expected" quotes the value; the rest names only a type and a place.
            let expected =
                text.rsplit_once(", expected ").map(|(_, rest)| rest.split(" at line ").next().unwrap_or(rest));
            unreadable(path, expected.map_or("has the wrong type".to_owned(), |kind| format!("is not {kind}")))
        }
        serde_json::error::Category::Eof => unreadable(path, "the JSON ends too early"),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => unreadable(path, "is not JSON"),
    }
}
