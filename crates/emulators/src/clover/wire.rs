//! Clover's shapes that every endpoint shares: a call that has passed the door, refusals, `elements`, answers.
//!
//! Used by every `calls.rs`; it knows no endpoint.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

/// A call whose token and rates have been judged.
#[derive(Debug)]
pub struct Call<'a> {
    /// The whole path, for `href`.
    pub path: &'a str,
    /// The query as it was sent, for `href`.
    pub query: &'a str,
    /// The query's pairs, decoded, in their order; a name may repeat.
    pub pairs: Vec<(String, String)>,
    /// The JSON body; null when there is none.
    pub body: Value,
}

/// What an endpoint answers.
pub type Answer = Result<Value, Refused>;

/// Why a call is answered with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    message: String,
    headers: Vec<(&'static str, String)>,
}

impl Refused {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), headers: Vec::new() }
    }

    /// 400: the call breaks a rule.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// 401: no token, a dead one, or one of another merchant.
    pub fn unauthorized() -> Self {
        Self::new(401, "401 Unauthorized")
    }

    /// 401 with the words of the token endpoints.
    pub fn forged(message: &str) -> Self {
        Self::new(401, message)
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// 405: the path exists, the method does not.
    pub fn no_such_method() -> Self {
        Self::new(405, "Method Not Allowed")
    }

    /// 415: a body that is not JSON.
    pub fn not_json() -> Self {
        Self::new(415, "Unsupported Media Type")
    }

    /// 429, with the header that names the limit and what it is.
    pub fn throttled(header: &'static str, limit: u32) -> Self {
        let mut refused = Self::new(429, "Too Many Requests");
        refused.headers.push((header, limit.to_string()));
        refused
    }

    /// The same with the seconds to wait, as the limits on calls in flight have it.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.headers.push(("retry-after", seconds.to_string()));
        self
    }

    /// The answer.
    pub fn respond(&self) -> Response<Bytes> {
        let mut response = respond(self.status, &json!({"message": self.message}));
        for (name, value) in &self.headers {
            let value = http::HeaderValue::from_str(value).expect("digits are a header value");
            let name = http::HeaderName::from_bytes(name.as_bytes()).expect("the limits' names are header names");
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// A JSON answer.
pub fn respond(status: u16, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}

/// The wrapper of every list inside an object.
pub fn elements(all: Vec<Value>) -> Value {
    json!({"elements": all})
}

/// `{id}`.
pub fn by_id(id: impl std::fmt::Display) -> Value {
    json!({"id": id.to_string()})
}

/// Writes the text at `name` of the body into `slot`, when it is given. Null empties it.
///
/// # Errors
/// 400 when it is there and not a text.
pub fn set_text(body: &Value, name: &str, slot: &mut String) -> Result<(), Refused> {
    match &body[name] {
        Value::Null => {
            if body.get(name).is_some() {
                slot.clear();
            }
        }
        Value::String(text) => slot.clone_from(text),
        _ => return Err(Refused::invalid(format!("{name} must be a string"))),
    }
    Ok(())
}

/// Writes the flag at `name` of the body into `slot`, when it is given.
///
/// # Errors
/// 400 when it is there and not a flag.
pub fn set_flag(body: &Value, name: &str, slot: &mut bool) -> Result<(), Refused> {
    match &body[name] {
        Value::Null => Ok(()),
        Value::Bool(flag) => {
            *slot = *flag;
            Ok(())
        }
        _ => Err(Refused::invalid(format!("{name} must be a boolean"))),
    }
}

/// The whole number at `name` of the body; `None` when it is not given.
///
/// # Errors
/// 400 when it is there and not a whole number.
pub fn whole(body: &Value, name: &str) -> Result<Option<i64>, Refused> {
    match &body[name] {
        Value::Null => Ok(None),
        value => value.as_i64().map(Some).ok_or_else(|| Refused::invalid(format!("{name} must be an integer"))),
    }
}
