//! What callers send, read strictly: unknown and doubled fields, wrong types and odd characters are named and refused.
//!
//! Every handler reads through it, so that every mistake is answered with the same kind of document.

use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use model::{Change, Instant, Quantity, QuantityError};
use serde::de::DeserializeOwned;

use super::problem::ApiError;

/// Longest text of any field, in bytes.
const TEXT_MAX: usize = 500;
/// Most rows of a page.
pub(crate) const PAGE_MAX: usize = 500;
/// Rows of a page when nothing is said.
const PAGE: usize = 100;

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Input<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::NotJson);
        }
        let bytes = whole(request, state).await?;
        json(&bytes).map(Self)
    }
}

/// A JSON body, or none, which is the same as `{}`.
#[derive(Debug)]
pub(crate) struct MaybeInput<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeInput<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let typed = is_json(request.headers());
        let bytes = whole(request, state).await?;
        match (bytes.is_empty(), typed) {
            (true, _) => Ok(Self(T::default())),
            (false, true) => json(&bytes).map(Self),
            (false, false) => Err(ApiError::NotJson),
        }
    }
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let bytes: Result<Bytes, BytesRejection> = Bytes::from_request(request, state).await;
    bytes.map_err(|_| ApiError::Broken)
}

fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.inner().to_string();
        let field = if path == "." { quoted(&problem) } else { path };
        ApiError::Shape { field, problem }
    })?;
    reader.end().map_err(|error| ApiError::Shape { field: String::new(), problem: error.to_string() })?;
    Ok(value)
}

/// The field that serde names in back quotes.
fn quoted(problem: &str) -> String {
    problem.split('`').nth(1).unwrap_or_default().to_owned()
}

/// What follows the question mark.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => {
                let problem = rejection.body_text();
                Err(ApiError::Shape { field: quoted(&problem), problem })
            }
        }
    }
}

/// What stands in the address.
#[derive(Debug)]
pub(crate) struct Place<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Place<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(place)) => Ok(Self(place)),
            Err(rejection) => Err(ApiError::Shape { field: "address".into(), problem: described(&rejection) }),
        }
    }
}

fn described(rejection: &PathRejection) -> String {
    rejection.body_text()
}

/// No such address.
pub(crate) async fn no_such_address() -> ApiError {
    ApiError::NoSuchAddress
}

/// No such method here.
pub(crate) async fn no_such_method() -> ApiError {
    ApiError::Method
}

/// Whether an answer is worth keeping for a repeated call.
pub(crate) fn is_done(response: &Response) -> bool {
    response.status().is_success()
}

/// A name, note or id: trimmed, of a sane length, without control characters.
pub(crate) fn text<'a>(field: &str, text: &'a str) -> Result<&'a str, ApiError> {
    let text = text.trim();
    if text.len() > TEXT_MAX {
        return Err(ApiError::invalid(field, format!("{field} is longer than {TEXT_MAX} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(ApiError::invalid(field, format!("{field} holds control characters")));
    }
    Ok(text)
}

/// As [`text`], and not empty.
pub(crate) fn word<'a>(field: &str, sent: &'a str) -> Result<&'a str, ApiError> {
    match text(field, sent)? {
        "" => Err(ApiError::invalid(field, format!("{field} is empty"))),
        word => Ok(word),
    }
}

/// A quantity as decimal text.
pub(crate) fn quantity(field: &str, text: &str) -> Result<Quantity, ApiError> {
    Quantity::parse(text).map_err(|error| number(field, error))
}

/// A signed change as decimal text.
pub(crate) fn change(field: &str, text: &str) -> Result<Change, ApiError> {
    Change::parse(text).map_err(|error| number(field, error))
}

fn number(field: &str, error: QuantityError) -> ApiError {
    ApiError::invalid(field, format!("{field} is {error}; write it as text such as \"2\" or \"0.25\""))
}

/// An RFC 3339 time.
pub(crate) fn instant(field: &str, text: &str) -> Result<Instant, ApiError> {
    Instant::parse(text).map_err(|error| ApiError::invalid(field, format!("{field} is {error}")))
}

/// Rows of a page.
pub(crate) fn limit(sent: Option<&str>) -> Result<usize, ApiError> {
    let Some(sent) = sent else { return Ok(PAGE) };
    match sent.parse::<usize>() {
        Ok(limit) if (1..=PAGE_MAX).contains(&limit) => Ok(limit),
        _ => Err(ApiError::invalid("limit", format!("limit is a number from 1 to {PAGE_MAX}"))),
    }
}

/// A number in the query.
pub(crate) fn counted(field: &str, sent: Option<&str>) -> Result<Option<u64>, ApiError> {
    sent.map(|sent| sent.parse().map_err(|_| ApiError::invalid(field, format!("{field} is not a whole number"))))
        .transpose()
}

/// A yes or no in the query.
pub(crate) fn flag(field: &str, sent: Option<&str>) -> Result<bool, ApiError> {
    match sent {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(ApiError::invalid(field, format!("{field} is true or false"))),
    }
}

/// An id in the address, such as `res_12`. What cannot be an id does not exist.
pub(crate) fn id<T: std::str::FromStr>(sent: &str) -> Result<T, ApiError> {
    sent.parse().map_err(|_| ApiError::not_found(sent.chars().take(64).collect::<String>()))
}
