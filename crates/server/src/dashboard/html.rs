//! Markup that is safe to send: our own newtype over maud's, with the headers every page carries.
//!
//! Every page ends here. It knows the policy of what a browser may load, and nothing of any page.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::Markup;

/// Nothing is loaded from anywhere but us, and nothing runs that is not in our one script.
pub(super) const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A whole page or a part of one, already escaped.
#[derive(Clone, Debug)]
pub(super) struct Html(pub(super) Markup);

impl Html {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0.0
    }

    /// The page with a status of its own.
    pub(super) fn with_status(self, status: StatusCode) -> Response {
        let mut response = self.into_response();
        *response.status_mut() = status;
        response
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let mut response = self.0.into_string().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        guard(headers);
        response
    }
}

/// The headers that keep other sites and stray content out.
pub(super) fn guard(headers: &mut http::HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
}
