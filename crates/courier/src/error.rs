//! How carrying fails, sorted by the one question that matters next: can the request have arrived?
//!
//! Called by `flow`, which may send a refused request anew, and must settle an unknown one by the same key or by a
//! fresh reading. Refuses to know which of the two it will choose.

use std::time::Duration;

/// Why no whole reply can be given.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The request never reached the platform: nothing has happened there.
    #[error("send {method} to {host}: it never left")]
    Refused {
        /// The request's method.
        method: http::Method,
        /// Host and port.
        host: String,
        /// Why.
        source: Refusal,
    },
    /// The request may have reached the platform, and may have been acted on.
    #[error("send {method} to {host}: whether it arrived is unknown")]
    Unknown {
        /// The request's method.
        method: http::Method,
        /// Host and port.
        host: String,
        /// Why.
        source: Doubt,
    },
    /// The client itself could not be set up.
    #[error("set up the HTTP client")]
    Setup {
        /// Why.
        source: reqwest::Error,
    },
}

/// Why a request never left.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The courier is read-only and the request may change something.
    #[error("this hub is read-only")]
    ReadOnly,
    /// The request is not one that can be sent: no absolute `http` or `https` address.
    #[error("the address is not an absolute http or https URL")]
    Address,
    /// No connection could be opened: refused, no such name, no valid certificate, or the connect time-out.
    #[error("no connection")]
    Connect {
        /// The cause, without the URL.
        source: reqwest::Error,
    },
}

/// Why it is unknown whether a request arrived.
#[derive(Debug, thiserror::Error)]
pub enum Doubt {
    /// The total time-out passed.
    #[error("no whole reply within {} ms", limit.as_millis())]
    TimedOut {
        /// The total time-out.
        limit: Duration,
    },
    /// The connection ended before the whole reply was read, or what came was not HTTP.
    #[error("the connection was lost")]
    Lost {
        /// The cause, without the URL.
        source: reqwest::Error,
    },
    /// The reply's body is larger than the limit; what the platform said stays unread.
    #[error("the reply is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

impl CourierError {
    /// Whether the platform may have acted on the request. When true, only the same idempotency key or a fresh
    /// reading may follow.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Setup { .. } => false,
            Self::Unknown { .. } => true,
        }
    }

    /// Whether the same request may succeed later without anyone changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { source, .. } => match source {
                Refusal::ReadOnly | Refusal::Address => false,
                Refusal::Connect { .. } => true,
            },
            Self::Unknown { source, .. } => match source {
                Doubt::TimedOut { .. } | Doubt::Lost { .. } => true,
                // The same question gives the same answer: it has to be asked in smaller pieces.
                Doubt::TooLarge { .. } => false,
            },
            Self::Setup { .. } => false,
        }
    }
}
