//! What every endpoint shares: a call that has passed the door, replies, refusals.
//!
//! Used by every `calls.rs`; it knows no endpoint. The vendor publishes no common error shape; `error` with a
//! `message` beside it is what its known errors have.

use super::decimal::Decimal;
use super::ids::Id;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A call whose token, version and rate have been judged.
#[derive(Debug)]
pub struct Call {
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The JSON body; null when there is none.
    pub body: Value,
    /// What the token may do.
    pub scopes: Arc<[String]>,
}

/// What an endpoint answers.
pub type Answer = Result<Reply, Refused>;

/// A good answer: its status and its JSON, if it has any.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Option<Value>,
}

impl Reply {
    /// 200 with this body.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    /// 200 with `{"data": …}`.
    pub fn data(data: Value) -> Self {
        Self::ok(json!({ "data": data }))
    }

    /// 201 with `{"data": …}`.
    pub fn created(data: Value) -> Self {
        Self { status: 201, body: Some(json!({ "data": data })) }
    }

    /// 204.
    pub fn nothing() -> Self {
        Self { status: 204, body: None }
    }
}

/// Why a call is answered with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    error: &'static str,
    message: String,
}

impl Refused {
    fn new(status: u16, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, error, message: message.into() }
    }

    /// 400: the call cannot be read.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self::new(400, "Bad Request", message)
    }

    /// 401.
    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "The access token is missing, unknown or expired")
    }

    /// 403: the token lacks a scope.
    pub fn lacks(scope: &str) -> Self {
        Self::new(403, "Forbidden", format!("The access token lacks the scope {scope}"))
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(404, "Not Found", "The requested resource does not exist")
    }

    /// 405.
    pub fn no_such_method() -> Self {
        Self::new(405, "Method Not Allowed", "The resource does not take this method")
    }

    /// 409.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, "Conflict", message)
    }

    /// 422: readable, but against a rule.
    pub fn against(message: impl Into<String>) -> Self {
        Self::new(422, "Unprocessable Entity", message)
    }

    /// 429, in the vendor's words.
    pub fn too_many() -> Self {
        Self::new(429, "Too Many Requests", "Rate limiting enforced")
    }

    /// 400 of the token endpoint, with OAuth's word for it.
    pub fn oauth(error: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, error, message)
    }

    /// `{"error", "message"}`.
    pub fn body(&self) -> Value {
        json!({"error": self.error, "message": self.message})
    }
}

impl Call {
    /// A parameter of the query; empty counts as absent.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A parameter that is `true` or `1`.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.parameter(name), Some("true" | "1"))
    }

    /// The body as an object.
    ///
    /// # Errors
    /// 400 when it is none.
    pub fn object(&self) -> Result<&Map<String, Value>, Refused> {
        self.body.as_object().ok_or_else(|| Refused::unreadable("The request body is not a JSON object"))
    }

    /// The body's object, or that in its `data`: the vendor's documents and its published collections differ in it.
    ///
    /// # Errors
    /// 400 when there is none.
    pub fn unwrapped(&self) -> Result<&Map<String, Value>, Refused> {
        let body = self.object()?;
        Ok(body.get("data").and_then(Value::as_object).unwrap_or(body))
    }

    /// Whether the token may do this.
    ///
    /// # Errors
    /// 403 when it may not.
    pub fn needs(&self, scope: &str) -> Result<(), Refused> {
        if self.scopes.iter().any(|held| held == scope) { Ok(()) } else { Err(Refused::lacks(scope)) }
    }
}

/// A text of an object; null counts as absent.
///
/// # Errors
/// 400 when it is something else.
pub fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Refused> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refused::unreadable(format!("{name} must be a string"))),
    }
}

/// A number of an object, as JSON number or text; null counts as absent.
///
/// # Errors
/// 400 when it is something else.
pub fn decimal(object: &Map<String, Value>, name: &str) -> Result<Option<Decimal>, Refused> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let read = Decimal::read(value);
            read.map(Some).ok_or_else(|| Refused::unreadable(format!("{name} must be a number")))
        }
    }
}

/// A truth value of an object; null counts as absent.
///
/// # Errors
/// 400 when it is something else.
pub fn truth(object: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refused> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(_) => Err(Refused::unreadable(format!("{name} must be true or false"))),
    }
}

/// A UUID of an object; null and empty count as absent.
///
/// # Errors
/// 400 when it is something else.
pub fn id(object: &Map<String, Value>, name: &str) -> Result<Option<Id>, Refused> {
    match text(object, name)?.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => Id::parse(text).map(Some).ok_or_else(|| Refused::unreadable(format!("{name} must be a UUID"))),
    }
}

/// The elements of a list in an object that are objects; none when the list is not there.
///
/// # Errors
/// 400 when it is no list, or an element is no object.
pub fn objects<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Vec<&'a Map<String, Value>>, Refused> {
    let elements = match object.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(elements)) => elements,
        Some(_) => return Err(Refused::unreadable(format!("{name} must be a list"))),
    };
    let read = |element: &'a Value| {
        element.as_object().ok_or_else(|| Refused::unreadable(format!("{name} must be a list of objects")))
    };
    elements.iter().map(read).collect()
}

/// The JSON response.
pub fn respond(status: u16, body: Option<&Value>) -> Response<Bytes> {
    let bytes = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let mut response = Response::new(bytes);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if body.is_some() {
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    }
    response
}

/// Sets a header whose value is plain ASCII by construction.
pub fn set_header(response: &mut Response<Bytes>, name: &'static str, value: &str) {
    if let Ok(value) = http::HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
