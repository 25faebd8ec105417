//! Square's shapes that every endpoint shares: a call that has passed the door, refusals, money, answers.
//!
//! Used by every `calls.rs`; it knows no endpoint.

use super::clock::read_rfc3339;
use super::quantity::Quantity;
use crate::machine::Millis;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

/// A call whose token, version and rate have been judged.
#[derive(Debug)]
pub struct Call<'a> {
    /// `/v2/orders/search`; also the name under which idempotency keys are kept.
    pub path: &'a str,
    /// The JSON body; for GET the query parameters as an object of strings, with `limit` an integer.
    pub body: Value,
}

/// What an endpoint answers.
pub type Answer = Result<Value, Refused>;

/// One fault in a call, in the vendor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    category: &'static str,
    code: &'static str,
    detail: String,
    field: Option<String>,
}

/// Why a call is answered with an error: the status and at least one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    faults: Vec<Fault>,
}

impl Refused {
    fn one(status: u16, category: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, faults: vec![Fault { category, code, detail: detail.into(), field: None }] }
    }

    /// 400: the request breaks a rule of the contract.
    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::one(400, "INVALID_REQUEST_ERROR", code, detail)
    }

    /// 400 with the path of the field that is wrong.
    pub fn field(code: &'static str, field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid(code, detail).at(field)
    }

    /// 400: a required field is not there.
    pub fn missing(field: &str) -> Self {
        Self::field("MISSING_REQUIRED_PARAMETER", field, format!("Missing required parameter `{field}`."))
    }

    /// 400: the object has been changed since the version that the call names.
    pub fn version_mismatch(field: &str) -> Self {
        Self::field("VERSION_MISMATCH", field, "The object has changed; read it again and retry with its version.")
    }

    /// 401.
    pub fn unauthorized(code: &'static str) -> Self {
        Self::one(401, "AUTHENTICATION_ERROR", code, "This request could not be authorized.")
    }

    /// 403: a good token, but of the wrong kind.
    pub fn forbidden() -> Self {
        Self::one(403, "AUTHENTICATION_ERROR", "FORBIDDEN", "This endpoint takes another kind of access token.")
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::one(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", detail)
    }

    /// 405: the path exists, the method does not.
    pub fn no_such_method() -> Self {
        Self::one(405, "INVALID_REQUEST_ERROR", "METHOD_NOT_ALLOWED", "Method not allowed.")
    }

    /// 429.
    pub fn rate_limited() -> Self {
        Self::one(429, "RATE_LIMIT_ERROR", "RATE_LIMITED", "Too many requests. Slow down and retry.")
    }

    /// The same refusal, naming the field.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        let field = field.into();
        for fault in &mut self.faults {
            fault.field = Some(field.clone());
        }
        self
    }

    /// The same refusal, its fields seen from further out.
    pub fn within(mut self, path: &str) -> Self {
        for field in self.faults.iter_mut().filter_map(|fault| fault.field.as_mut()) {
            *field = format!("{path}.{field}");
        }
        self
    }

    /// All faults of several refusals under one 400, so that a caller sees every bad row of a batch at once.
    /// `None` when there are none.
    pub fn together(refusals: Vec<Self>) -> Option<Self> {
        let faults: Vec<Fault> = refusals.into_iter().flat_map(|refused| refused.faults).collect();
        (!faults.is_empty()).then_some(Self { status: 400, faults })
    }

    /// `{"errors":[…]}`.
    pub fn body(&self) -> Value {
        let errors: Vec<Value> = self.faults.iter().map(Fault::body).collect();
        json!({ "errors": errors })
    }
}

impl Fault {
    fn body(&self) -> Value {
        let mut error = json!({"category": self.category, "code": self.code, "detail": self.detail});
        if let Some(field) = &self.field {
            error["field"] = json!(field);
        }
        error
    }
}

/// An HTTP answer with a JSON body.
pub fn respond(status: u16, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = http::HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}

/// `{"amount":2095,"currency":"EUR"}`.
pub fn money(minor: i64, currency: &str) -> Value {
    // Built by hand: a page of orders holds thousands of these, and the macro would serialise each of them.
    let mut fields = Map::new();
    fields.insert("amount".into(), Value::from(minor));
    fields.insert("currency".into(), Value::from(currency));
    Value::Object(fields)
}

/// A text at `pointer` of a body; `None` when it is absent, null or not a text.
pub fn text<'v>(body: &'v Value, pointer: &str) -> Option<&'v str> {
    body.pointer(pointer).and_then(Value::as_str)
}

/// A text that must be there and must not be empty.
///
/// # Errors
/// `MISSING_REQUIRED_PARAMETER` with the field's dotted path.
pub fn required<'v>(body: &'v Value, pointer: &str) -> Result<&'v str, Refused> {
    text(body, pointer).filter(|value| !value.is_empty()).ok_or_else(|| Refused::missing(&dotted(pointer)))
}

/// The texts of an array at `pointer`; empty when it is absent.
///
/// # Errors
/// `EXPECTED_ARRAY` or `EXPECTED_STRING`.
pub fn texts(body: &Value, pointer: &str) -> Result<Vec<String>, Refused> {
    match body.pointer(pointer) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(elements)) => elements
            .iter()
            .map(|element| element.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| Refused::field("EXPECTED_STRING", dotted(pointer), "Expected strings.")),
        Some(_) => Err(Refused::field("EXPECTED_ARRAY", dotted(pointer), "Expected an array.")),
    }
}

/// A time at `pointer`, when it is there.
///
/// # Errors
/// `INVALID_TIME`.
pub fn time(body: &Value, pointer: &str) -> Result<Option<Millis>, Refused> {
    let Some(value) = body.pointer(pointer).filter(|value| !value.is_null()) else { return Ok(None) };
    let read = value.as_str().and_then(read_rfc3339);
    read.map(Some).ok_or_else(|| Refused::field("INVALID_TIME", dotted(pointer), "Expected an RFC 3339 time."))
}

/// A quantity at `pointer`.
///
/// # Errors
/// `MISSING_REQUIRED_PARAMETER`, or `INVALID_VALUE` when it is not a decimal with up to five places.
pub fn quantity(body: &Value, pointer: &str) -> Result<Quantity, Refused> {
    Quantity::parse(required(body, pointer)?)
        .ok_or_else(|| Refused::field("INVALID_VALUE", dotted(pointer), "Expected a decimal with up to five places."))
}

/// The page size: `default` when absent.
///
/// # Errors
/// `VALUE_TOO_HIGH`, `VALUE_TOO_LOW` or `EXPECTED_INTEGER`.
pub fn limit(body: &Value, default: usize, max: usize) -> Result<usize, Refused> {
    let Some(value) = body.get("limit").filter(|value| !value.is_null()) else { return Ok(default) };
    let asked = value.as_i64().ok_or_else(|| Refused::field("EXPECTED_INTEGER", "limit", "Expected an integer."))?;
    match usize::try_from(asked) {
        Ok(asked) if asked > max => {
            Err(Refused::field("VALUE_TOO_HIGH", "limit", format!("`limit` must be {max} or less.")))
        }
        Ok(asked) if asked > 0 => Ok(asked),
        _ => Err(Refused::field("VALUE_TOO_LOW", "limit", "`limit` must be 1 or more.")),
    }
}

/// An object at `pointer`.
///
/// # Errors
/// `MISSING_REQUIRED_PARAMETER` when it is absent or something else.
pub fn object<'v>(body: &'v Value, pointer: &str) -> Result<&'v Map<String, Value>, Refused> {
    body.pointer(pointer).and_then(Value::as_object).ok_or_else(|| Refused::missing(&dotted(pointer)))
}

/// An array at `pointer`, empty when absent.
pub fn array<'v>(body: &'v Value, pointer: &str) -> &'v [Value] {
    body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// `/query/filter` → `query.filter`, as the vendor writes fields.
fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}
