//! What can go wrong at the API, in one enum, and the problem document (RFC 9457) of each in one match.
//!
//! Every handler answers with it. A document names the field and the remedy, never a secret.

use axum::response::{IntoResponse, Response};
use flow::FlowError;
use http::{HeaderValue, StatusCode, header};
use model::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ReadError, Scope};

/// Why a call was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// No `Authorization: Bearer …`.
    #[error("no API key was sent")]
    NoKey,
    /// A key the hub does not know.
    #[error("this API key is not known")]
    UnknownKey,
    /// A key that may not do this.
    #[error("this API key has not the scope {}", .needs.name())]
    Forbidden {
        /// What it would need.
        needs: Scope,
    },
    /// Whoever asks may not, whatever the key.
    #[error("{what}")]
    NotAllowed {
        /// What, and who may.
        what: String,
    },
    /// A rule that forbids it, by its name.
    #[error("a rule forbids this: {rule}")]
    Ruled {
        /// The rule's `@id`.
        rule: String,
    },
    /// Something at a store that the caller is not for.
    #[error(transparent)]
    Elsewhere(#[from] crate::doorkeeper::Elsewhere),
    /// Too many calls in a minute.
    #[error("more calls in a minute than are allowed")]
    TooMany,
    /// A route that nobody has given a scope: closed to everyone.
    #[error("this address is closed")]
    Closed,
    /// No such address.
    #[error("there is no such address")]
    NoSuchAddress,
    /// The address exists, but not for this method.
    #[error("this address does not take this method")]
    Method,
    /// Something named in the address does not exist.
    #[error("{what} is not known")]
    NotFound {
        /// For example `res_12`.
        what: String,
    },
    /// A name in query or body that nothing has.
    #[error("there is no {what} {name:?}")]
    UnknownName {
        /// Where it stands, for example `lines[0].sku`.
        field: String,
        /// `SKU`, `location`, `channel`.
        what: &'static str,
        /// As sent.
        name: String,
    },
    /// Not JSON, or not of the documented shape.
    #[error("{problem}")]
    Shape {
        /// Where; empty = the whole body.
        field: String,
        /// What was wrong.
        problem: String,
    },
    /// The right shape, but a value that makes no sense.
    #[error("{problem}")]
    Invalid {
        /// Where.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// Not sent as JSON.
    #[error("the body must be sent as application/json")]
    NotJson,
    /// The body is too large.
    #[error("at most {max} bytes are taken")]
    TooLarge {
        /// Most bytes.
        max: usize,
    },
    /// The body was too slow.
    #[error("the body did not arrive within {ms} ms")]
    Slow {
        /// Most milliseconds.
        ms: u64,
    },
    /// The body broke off.
    #[error("the body did not arrive whole")]
    Broken,
    /// The same idempotency key with something else under it.
    #[error("this idempotency key was used for a different request")]
    KeyReused,
    /// The state of things does not allow it.
    #[error("{what}")]
    NotNow {
        /// What state, and what would be possible.
        what: String,
    },
    /// Not enough stock to promise.
    #[error("only {available} of {sku} can be promised at this location, {asked} asked")]
    NotAvailable {
        /// Which item.
        sku: String,
        /// Asked in all.
        asked: String,
        /// Can be promised.
        available: String,
    },
    /// Too much is waiting.
    #[error("the hub is busy")]
    Busy,
    /// The hub takes nothing until it is started again.
    #[error("the hub has stopped taking anything; nothing was done that was not acknowledged")]
    Stopped,
    /// The tables or stores behind the answer cannot be read.
    #[error("what is needed for the answer cannot be read at the moment")]
    Unavailable {
        /// In the log, not in the answer.
        cause: String,
    },
}

/// An error as callers see it (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Stable name of the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:lockstep:problem:not-available")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// This case in words.
    pub detail: String,
    /// The field that is to blame, for example `lines[0].quantity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What helps.
    pub remedy: String,
}

impl ApiError {
    /// A value that makes no sense.
    pub(crate) fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), problem: problem.into() }
    }

    /// Something named in the address does not exist.
    pub(crate) fn not_found(what: impl std::fmt::Display) -> Self {
        Self::NotFound { what: what.to_string() }
    }

    /// Says where in a list the field is: `sku` becomes `commands[3].sku`.
    pub(crate) fn within(self, place: &str) -> Self {
        let join = |field: String| if field.is_empty() { place.to_owned() } else { format!("{place}.{field}") };
        match self {
            Self::UnknownName { field, what, name } => Self::UnknownName { field: join(field), what, name },
            Self::Invalid { field, problem } => Self::Invalid { field: join(field), problem },
            Self::Shape { field, problem } => Self::Shape { field: join(field), problem },
            other => other,
        }
    }

    /// Status, stable name, title and remedy of each: one match, so that a new error must choose.
    fn kind(&self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::NoKey => (
                StatusCode::UNAUTHORIZED,
                "no-key",
                "An API key is needed",
                "send the header `Authorization: Bearer lk_…`",
            ),
            Self::UnknownKey => (
                StatusCode::UNAUTHORIZED,
                "unknown-key",
                "The API key is not known",
                "check the key, or have a new one made",
            ),
            Self::Forbidden { .. } => (
                StatusCode::FORBIDDEN,
                "scope-missing",
                "The API key may not do this",
                "use a key with that scope, or add the scope to this key in the configuration",
            ),
            Self::NotAllowed { .. } => {
                (StatusCode::FORBIDDEN, "not-allowed", "It is not for this caller", "ask somebody who may")
            }
            Self::Ruled { .. } => (
                StatusCode::FORBIDDEN,
                "rule-forbids",
                "A rule forbids this",
                "use a key that is for this address, or have the rule changed",
            ),
            Self::Elsewhere(_) => (
                StatusCode::FORBIDDEN,
                "other-store",
                "The caller is for other stores",
                "have it done by somebody of that store, or use a key that is for it",
            ),
            Self::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-calls",
                "Too many calls in a minute",
                "wait as long as Retry-After says; RateLimit tells what is left",
            ),
            Self::Closed => {
                (StatusCode::FORBIDDEN, "closed", "The address is closed", "see /openapi.json for open addresses")
            }
            Self::NoSuchAddress => (
                StatusCode::NOT_FOUND,
                "no-such-address",
                "There is no such address",
                "see /openapi.json for every address",
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "The address does not take this method",
                "see /openapi.json for the methods of each address",
            ),
            Self::NotFound { .. } => {
                (StatusCode::NOT_FOUND, "not-found", "It does not exist", "check the name or id in the address")
            }
            Self::UnknownName { .. } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown-name",
                "A name is not known",
                "check its spelling, or create it first",
            ),
            Self::Shape { .. } => (
                StatusCode::BAD_REQUEST,
                "unreadable",
                "The request cannot be read",
                "send what /openapi.json describes for this address",
            ),
            Self::Invalid { .. } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-value",
                "A value makes no sense",
                "change the field as the detail says",
            ),
            Self::NotJson => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "The body is not sent as JSON",
                "send the header `Content-Type: application/json`",
            ),
            Self::TooLarge { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", "send it in several calls")
            }
            Self::Slow { .. } => (StatusCode::REQUEST_TIMEOUT, "too-slow", "The body took too long", "send it again"),
            Self::Broken => (StatusCode::BAD_REQUEST, "broken-body", "The body did not arrive whole", "send it again"),
            Self::KeyReused => (
                StatusCode::CONFLICT,
                "key-reused",
                "The idempotency key belongs to another request",
                "use a new key for a new request",
            ),
            Self::NotNow { .. } => (
                StatusCode::CONFLICT,
                "not-now",
                "The state of things does not allow it",
                "look at its present state and decide again",
            ),
            Self::NotAvailable { .. } => (
                StatusCode::CONFLICT,
                "not-available",
                "There is not enough stock to promise",
                "ask for less, for another location, or for a transfer",
            ),
            Self::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, "busy", "The hub is busy", "send the same call again in a moment")
            }
            Self::Stopped => (
                StatusCode::SERVICE_UNAVAILABLE,
                "stopped",
                "The hub has stopped",
                "have the hub started again, then send the same call with the same idempotency key",
            ),
            Self::Unavailable { .. } => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The answer cannot be read at the moment",
                "try again in a moment; the reason is in the hub's log",
            ),
        }
    }

    /// The kind of problem, for figures.
    pub(crate) fn name(&self) -> &'static str {
        self.kind().1
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::UnknownName { field, .. } | Self::Invalid { field, .. } | Self::Shape { field, .. } => {
                (!field.is_empty()).then(|| field.clone())
            }
            Self::NotAvailable { .. } => Some("quantity".into()),
            Self::NotJson => Some("Content-Type".into()),
            Self::NoKey | Self::UnknownKey => Some("Authorization".into()),
            Self::KeyReused => Some("Idempotency-Key".into()),
            _ => None,
        }
    }

    /// The document.
    pub(crate) fn problem(&self) -> Problem {
        let (status, name, title, remedy) = self.kind();
        Problem {
            kind: format!("urn:lockstep:problem:{name}"),
            title: title.into(),
            status: status.as_u16(),
            detail: self.to_string(),
            field: self.field(),
            remedy: remedy.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Unavailable { cause } = &self {
            tracing::warn!(%cause, "an API answer could not be given");
        }
        let (status, ..) = self.kind();
        let mut response = (status, axum::Json(self.problem())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            // What is left of the body is not read, so the connection cannot be used again.
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAvailable { sku, asked, available } => {
                Self::NotAvailable { sku: sku.to_string(), asked: asked.to_string(), available: available.to_string() }
            }
            Refusal::Unknown { what } => Self::NotFound { what },
            Refusal::NotNow { what } => Self::NotNow { what },
            Refusal::Invalid { field, problem } => {
                Self::Invalid { field: field.into(), problem: format!("{field} {problem}") }
            }
            Refusal::Forbidden { what } => Self::NotAllowed { what },
            Refusal::KeyReused => Self::KeyReused,
            stale @ Refusal::Stale { .. } => Self::NotNow { what: stale.to_string() },
        }
    }
}

impl From<FlowError> for ApiError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Stopped => Self::Stopped,
            FlowError::Busy => Self::Busy,
            FlowError::Refused(refusal) => refusal.into(),
            FlowError::Store(source) => Self::Unavailable { cause: source.to_string() },
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Flow(error) => error.into(),
            other => Self::Unavailable { cause: other.to_string() },
        }
    }
}
