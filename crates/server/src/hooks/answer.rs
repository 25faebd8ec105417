//! What a platform is answered at a hook address, in one match.

use axum::response::{IntoResponse, Response};
use flow::Admitted;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// How a delivery ended. The reason of a refusal is named, a secret or an expected signature never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Genuine, and durable.
    Taken(Admitted),
    /// Not genuine.
    Forged {
        /// In words.
        reason: String,
    },
    /// No such address.
    UnknownChannel,
    /// Longer than allowed.
    TooLarge {
        /// Most bytes.
        max: usize,
    },
    /// Slower than allowed.
    Slow {
        /// Most milliseconds.
        ms: u64,
    },
    /// The body did not arrive whole.
    Broken,
    /// The hub takes nothing at the moment; the platform sends it again.
    NotNow {
        /// In words.
        reason: String,
    },
}

/// The body of the one answer that is given thousands of times a second.
#[derive(serde::Serialize)]
struct Taken {
    status: &'static str,
}

/// Seconds after which a platform may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

impl Answer {
    /// The label of the counter.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::Taken(Admitted::New) => "new",
            Self::Taken(Admitted::Duplicate) => "duplicate",
            Self::Taken(Admitted::Nothing) => "nothing",
            Self::Taken(Admitted::Greeted) => "greeted",
            Self::Taken(Admitted::Quarantined) => "quarantined",
            Self::Forged { .. } => "forged",
            Self::UnknownChannel => "unknown",
            Self::TooLarge { .. } => "too_large",
            Self::Slow { .. } => "slow",
            Self::Broken => "broken",
            Self::NotNow { .. } => "not_now",
        }
    }

    pub(super) fn into_response(self) -> Response {
        let outcome = self.outcome();
        let (status, title, detail, remedy) = match self {
            Self::Taken(_) => return (StatusCode::OK, axum::Json(Taken { status: outcome })).into_response(),
            Self::Forged { reason } => (
                StatusCode::UNAUTHORIZED,
                "The delivery is not believed",
                reason,
                "compare the channel's webhook secret and hook address here and on the platform",
            ),
            Self::UnknownChannel => (
                StatusCode::NOT_FOUND,
                "There is no such hook address",
                "no channel of this name speaks for this platform".to_owned(),
                "use /hooks/{platform}/{channel} with the names of the configuration",
            ),
            Self::TooLarge { max } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is too large",
                format!("at most {max} bytes are taken"),
                "send less at once",
            ),
            Self::Slow { ms } => (
                StatusCode::REQUEST_TIMEOUT,
                "The body took too long",
                format!("it did not arrive within {ms} ms"),
                "send it again",
            ),
            Self::Broken => (
                StatusCode::BAD_REQUEST,
                "The body did not arrive whole",
                "the connection broke or the chunks make no sense".to_owned(),
                "send it again",
            ),
            Self::NotNow { reason } => {
                (StatusCode::SERVICE_UNAVAILABLE, "The hub takes nothing at the moment", reason, "send it again")
            }
        };
        let problem = json!({
            "type": format!("urn:lockstep:problem:hook-{}", outcome.replace('_', "-")),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "remedy": remedy,
        });
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
            // What is left of the body is not read, so the connection cannot be used again.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
