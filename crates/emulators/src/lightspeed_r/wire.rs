//! What goes over the wire: refusals, replies, and reading of what a client sends.
//!
//! Every answer is made of strings; a request may also use real types. Used by every endpoint, decides nothing.

use super::amount::Amount;
use super::clock;
use super::table::Id;
use crate::machine::Millis;
use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value, json};

/// One row as it is shown: every scalar a string.
pub type Fields = Map<String, Value>;

/// What an endpoint answers.
pub type Answer = Result<Value, Refused>;

/// A call that is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// For a person.
    pub message: String,
    /// OAuth's own word for it, for refusals of the token endpoints and of tokens.
    pub oauth: Option<&'static str>,
}

impl Refused {
    fn api(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), oauth: None }
    }

    /// 400: the call itself is malformed.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::api(400, message)
    }

    /// 403: the token does not reach that far.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::api(403, message)
    }

    /// 404: no such path or row.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::api(404, message)
    }

    /// 405: the path has no such method.
    pub fn no_such_method() -> Self {
        Self::api(405, "The request method is not allowed for this resource.")
    }

    /// 422: well-formed, and against a rule.
    pub fn rule(message: impl Into<String>) -> Self {
        Self::api(422, message)
    }

    /// 429, whose headers the door adds.
    pub fn too_many(message: impl Into<String>) -> Self {
        Self::api(429, message)
    }

    /// A refusal of the OAuth endpoints.
    pub fn oauth(status: u16, error: &'static str, hint: impl Into<String>) -> Self {
        Self { status, message: hint.into(), oauth: Some(error) }
    }

    /// The body.
    pub fn body(&self) -> Value {
        if let Some(error) = self.oauth {
            return json!({"error": error, "error_description": description(error), "hint": self.message});
        }
        let (words, class) = words(self.status);
        json!({
            "httpCode": self.status.to_string(),
            "httpMessage": words,
            "message": self.message,
            "errorClass": class,
        })
    }
}

fn description(error: &str) -> &'static str {
    match error {
        "access_denied" => "The resource owner or authorization server denied the request.",
        "invalid_client" => "Client authentication failed.",
        "invalid_grant" => "The authorization grant or refresh token is invalid, expired or revoked.",
        "invalid_scope" => "The requested scope is invalid, unknown, or malformed.",
        "unsupported_grant_type" => "The authorization grant type is not supported by the authorization server.",
        _ => "The request is missing a required parameter or includes an invalid value.",
    }
}

fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("Bad Request", "BadRequestException"),
        401 => ("Unauthorized", "UnauthorizedException"),
        403 => ("Forbidden", "ForbiddenException"),
        404 => ("Not Found", "NotFoundException"),
        405 => ("Method Not Allowed", "MethodNotAllowedException"),
        429 => ("Too Many Requests", "RateLimitException"),
        _ => ("Unprocessable Entity", "UnprocessableEntityException"),
    }
}

/// A JSON response.
pub fn respond(status: u16, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let kind = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    response
}

/// One row answered by itself.
pub fn single(name: &str, fields: Fields) -> Value {
    json!({"@attributes": {"count": "1"}, name: fields})
}

/// None is nothing, one is an object, several are an array: that is how the platform folds every list.
pub fn fold(mut rows: Vec<Value>) -> Option<Value> {
    match rows.len() {
        0 => None,
        1 => rows.pop(),
        _ => Some(Value::Array(rows)),
    }
}

/// Puts `{wrapper: {name: rows}}` into a row; nothing when there are none.
pub fn relate(fields: &mut Fields, wrapper: &str, name: &str, rows: Vec<Value>) {
    if let Some(folded) = fold(rows) {
        fields.insert(wrapper.into(), json!({name: folded}));
    }
}

/// The rows that a client sends as `{wrapper: {name: one or many}}`.
pub fn rows<'b>(body: &'b Value, wrapper: &str, name: &str) -> Vec<&'b Value> {
    match &body[wrapper][name] {
        Value::Array(rows) => rows.iter().collect(),
        row @ Value::Object(_) => vec![row],
        _ => Vec::new(),
    }
}

/// A scalar as text; `None` when it was not sent.
///
/// # Errors
/// 422 for an object or array.
pub fn text(body: &Value, name: &str) -> Result<Option<String>, Refused> {
    match &body[name] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Array(_) | Value::Object(_) => Err(Refused::rule(format!("{name} must be a scalar value."))),
    }
}

fn parsed<T>(body: &Value, name: &str, kind: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Refused> {
    let Some(text) = text(body, name)? else { return Ok(None) };
    let value = read(&text).ok_or_else(|| Refused::rule(format!("{name} must be {kind}: {text:?}.")))?;
    Ok(Some(value))
}

/// An id; 0 stands for none.
///
/// # Errors
/// 422 when it is not a number.
pub fn id(body: &Value, name: &str) -> Result<Option<Id>, Refused> {
    parsed(body, name, "an integer", |text| if text.is_empty() { Some(0) } else { text.parse().ok() })
}

/// A whole number.
///
/// # Errors
/// 422 when it is not one.
pub fn whole(body: &Value, name: &str) -> Result<Option<i64>, Refused> {
    parsed(body, name, "an integer", |text| text.parse().ok())
}

/// A decimal.
///
/// # Errors
/// 422 when it is not one of up to five places.
pub fn amount(body: &Value, name: &str) -> Result<Option<Amount>, Refused> {
    parsed(body, name, "a decimal of up to five places", Amount::parse)
}

/// Yes or no: `true`, `"true"`, `1`, `"1"` and their opposites.
///
/// # Errors
/// 422 for anything else.
pub fn flag(body: &Value, name: &str) -> Result<Option<bool>, Refused> {
    parsed(body, name, "a boolean", |text| match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    })
}

/// A time, cut to whole seconds.
///
/// # Errors
/// 422 when it is not ISO 8601 with an offset.
pub fn time(body: &Value, name: &str) -> Result<Option<Millis>, Refused> {
    let read = parsed(body, name, "an ISO 8601 time", clock::read)?;
    Ok(read.map(|at| clock::seconds(at) * 1_000))
}

/// Percent-decoding; a broken escape stays as it is.
pub fn decode(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let plain = if bytes[at] == b'+' && plus_is_space { b' ' } else { bytes[at] };
        decoded.push(escaped.unwrap_or(plain));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Percent-encoding of everything but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The pairs of a query or form, decoded, in order.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let split = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name, true), decode(value, true))
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(split).collect()
}
