//! What a call and its answer are made of: body, pages, and refusals in the two dialects of the API.
//!
//! Used by every endpoint; it knows none of them.

pub use super::query::{Query, encode};

use serde_json::{Map, Value, json};

/// Where the vendor's error bodies point to.
const TYPE_URL: &str = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes";

/// An answer that is not an error.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Absent for 204.
    pub body: Option<Value>,
}

/// What an endpoint answers.
pub type Answer = Result<Reply, Refused>;

impl Reply {
    /// 200 with a body.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    /// 201 with a body.
    pub fn created(body: Value) -> Self {
        Self { status: 201, body: Some(body) }
    }

    /// 204 without one.
    pub fn empty() -> Self {
        Self { status: 204, body: None }
    }

    /// `{data, meta: {}}`, as v3 wraps one thing.
    pub fn data(data: Value) -> Self {
        Self::ok(json!({"data": data, "meta": {}}))
    }

    /// An array, or 204 when it is empty, as v2 does.
    pub fn list(elements: Vec<Value>) -> Self {
        if elements.is_empty() { Self::empty() } else { Self::ok(Value::Array(elements)) }
    }
}

/// An error answer, before it is written in the dialect of its path.
#[derive(Debug)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// `title` in v3, `message` in v2.
    pub title: String,
    /// What is wrong with which field.
    pub errors: Map<String, Value>,
    /// True for `application/problem+json`.
    pub problem: bool,
}

impl Refused {
    /// An error with this status and title.
    pub fn new(status: u16, title: impl Into<String>) -> Self {
        Self { status, title: title.into(), errors: Map::new(), problem: false }
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(404, "The requested resource was not found.")
    }

    /// 400.
    pub fn bad(title: impl Into<String>) -> Self {
        Self::new(400, title)
    }

    /// 422 that names a field.
    pub fn field(field: &str, why: impl Into<String>) -> Self {
        let why = why.into();
        let mut refused = Self::new(422, format!("{field}: {why}"));
        refused.errors.insert(field.to_owned(), json!(why));
        refused
    }

    /// 422 of the inventory API.
    pub fn problem(title: impl Into<String>) -> Self {
        Self { problem: true, ..Self::new(422, title) }
    }

    /// The body, in v2 an array.
    pub fn body(&self, dialect: Dialect) -> Value {
        match dialect {
            Dialect::V2 if self.errors.is_empty() => json!([{"status": self.status, "message": self.title}]),
            Dialect::V2 => json!([{"status": self.status, "message": self.title, "details": self.errors}]),
            Dialect::V3 => {
                json!({"status": self.status, "title": self.title, "type": TYPE_URL, "errors": self.errors})
            }
        }
    }
}

/// The two ways in which errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// An array of messages.
    V2,
    /// A problem document.
    V3,
}

/// One call, past the door.
#[derive(Debug)]
pub struct Call {
    /// Decoded query.
    pub query: Query,
    /// JSON, or null.
    pub body: Value,
}

/// A page that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// From 1.
    pub number: usize,
    /// Elements on a page.
    pub limit: usize,
}

impl Page {
    /// Reads `page` and `limit`. A limit above `max` is cut to it, as the vendor does.
    ///
    /// # Errors
    /// 422 when one is not a whole number, or is zero.
    pub fn read(query: &Query, max: usize) -> Result<Self, Refused> {
        let positive = |name: &str, default: u64| match query.number(name)? {
            Some(0) => Err(Refused::field(name, "must be 1 or more")),
            number => Ok(usize::try_from(number.unwrap_or(default)).unwrap_or(usize::MAX)),
        };
        Ok(Self { number: positive("page", 1)?, limit: positive("limit", 50)?.min(max) })
    }

    /// How many elements come before the page.
    pub fn skip(self) -> usize {
        (self.number - 1).saturating_mul(self.limit)
    }

    /// The elements of this page.
    pub fn cut<T: Clone>(self, all: &[T]) -> Vec<T> {
        all.iter().skip(self.skip()).take(self.limit).cloned().collect()
    }

    /// `{data, meta.pagination}`, as v3 wraps a list.
    pub fn reply(self, data: Vec<Value>, total: usize, query: &Query) -> Reply {
        let pages = total.div_ceil(self.limit).max(1);
        let mut links = Map::new();
        if self.number > 1 {
            links.insert("previous".into(), json!(query.link(self.number - 1, self.limit)));
        }
        links.insert("current".into(), json!(query.link(self.number, self.limit)));
        if self.number < pages {
            links.insert("next".into(), json!(query.link(self.number + 1, self.limit)));
        }
        let pagination = json!({
            "total": total, "count": data.len(), "per_page": self.limit, "current_page": self.number,
            "total_pages": pages, "links": links,
        });
        Reply::ok(json!({"data": data, "meta": {"pagination": pagination}}))
    }
}

/// An array body of at most `max` elements.
///
/// # Errors
/// 422 when it is something else or empty, 413 when it is longer.
pub fn batch(body: &Value, max: usize) -> Result<&[Value], Refused> {
    let rows = body.as_array().filter(|rows| !rows.is_empty());
    let rows = rows.ok_or_else(|| Refused::new(422, "The payload must be an array with at least one element."))?;
    if rows.len() > max {
        let title =
            format!("The request payload is too large. The maximum number of items allowed in the array is {max}.");
        return Err(Refused::new(413, title));
    }
    Ok(rows)
}

/// Puts the fields of one object into another.
pub fn merge(into: &mut Value, fields: Value) {
    if let (Some(into), Value::Object(fields)) = (into.as_object_mut(), fields) {
        into.extend(fields);
    }
}

/// A text at `name`, when it is there.
pub fn text<'v>(body: &'v Value, name: &str) -> Option<&'v str> {
    body.get(name).and_then(Value::as_str)
}

/// A number from a path; anything else does not exist.
///
/// # Errors
/// 404.
pub fn path_id(text: &str) -> Result<u64, Refused> {
    text.parse().map_err(|_| Refused::not_found())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_link_to_their_neighbours_and_keep_the_filters() {
        let query = Query::read("page=2&limit=2&sku:in=A");
        let page = Page::read(&query, 250).expect("a page");
        let body = page.reply(vec![json!(3), json!(4)], 5, &query).body.expect("a body");
        let shown = &body["meta"]["pagination"];
        assert_eq!((&shown["total_pages"], &shown["count"]), (&json!(3), &json!(2)));
        assert_eq!(shown["links"]["next"], "?sku%3Ain=A&page=3&limit=2");
        assert_eq!(shown["links"]["previous"], "?sku%3Ain=A&page=1&limit=2");
        assert!(Page::read(&Query::read("page=0"), 250).is_err());
    }
}
