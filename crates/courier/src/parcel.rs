//! What is carried: whether a request changes the platform, and the reply that comes back.
//!
//! Called by `flow`. The request itself is the `http` crate's type. Nothing here knows what a body says.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use std::fmt;
use std::time::Duration;

/// What a request does to the platform. The caller says so: a GraphQL question and a GraphQL change are both a POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only asks.
    Read,
    /// It may change something.
    Write,
}

impl Effect {
    /// Whether a request of this effect and method can be trusted to change nothing. A method that exists to change
    /// things is not believed when it is called a read: a wrong label must not become a write in read-only mode.
    pub(crate) fn only_reads(self, method: &Method) -> bool {
        let asking = method == Method::GET || method == Method::HEAD || method == Method::POST;
        match self {
            Self::Read => asking,
            Self::Write => false,
        }
    }
}

/// A whole reply: it arrived complete and within the size limit. Any status is a reply, 500 and 429 too.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The platform's status.
    pub status: StatusCode,
    /// The reply's headers; those that hold secrets are marked sensitive.
    pub headers: HeaderMap,
    /// The body as sent, unpacked when it was compressed.
    pub body: Bytes,
    /// From handing over the request to the last byte of the body.
    pub elapsed: Duration,
}

/// Shows the size of the body, not the body: it may hold a person's data.
impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .field("elapsed", &self.elapsed)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changing_method_is_not_believed_when_it_is_called_a_read() {
        assert!(Effect::Read.only_reads(&Method::GET));
        assert!(Effect::Read.only_reads(&Method::POST));
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!Effect::Read.only_reads(&method), "{method}");
        }
        assert!(!Effect::Write.only_reads(&Method::GET));
    }

    #[test]
    fn a_printed_reply_shows_neither_its_body_nor_its_secrets() {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::SET_COOKIE, http::HeaderValue::from_static("sid=hush"));
        crate::seal(&mut headers);
        let reply = Reply {
            status: StatusCode::OK,
            headers,
            body: Bytes::from_static(b"{\"email\":\"a@b.example\"}"),
            elapsed: Duration::ZERO,
        };
        let shown = format!("{reply:?}");
        assert!(shown.contains("body_bytes: 23"), "{shown}");
        assert!(!shown.contains("hush") && !shown.contains("a@b.example"), "{shown}");
    }
}
