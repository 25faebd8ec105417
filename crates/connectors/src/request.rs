//! Requests and replies as data, and what can go wrong between them.

use model::{ChannelId, Currency, ExternalItem, ExternalLocation, Instant, Level, WriteMode};

use crate::Secret;

/// How to reach an account. Holds the secret only as long as a request is built.
#[derive(Clone, Debug)]
pub struct Account {
    /// Our channel.
    pub channel: ChannelId,
    /// For example `https://acme.myshopify.com`, without a slash at the end.
    pub base_url: String,
    /// Access token.
    pub token: Secret,
    /// Token for managing webhook subscriptions, where the platform wants another one.
    pub application_token: Option<Secret>,
    /// Currency of prices that the platform sends without one.
    pub currency: Currency,
    /// The account's locations that we know, for platforms that want them listed.
    pub locations: Vec<ExternalLocation>,
}

/// Whether a request changes anything on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Only reads.
    Read,
    /// Changes something.
    Write,
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method, address, headers (secrets marked sensitive) and body.
    pub http: http::Request<Vec<u8>>,
    /// Points it takes of the rate budget, as the platform will count before running it.
    pub cost: u32,
    /// Whether it changes anything.
    pub effect: Effect,
}

/// A reply that came back whole.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: http::HeaderMap,
    /// Body.
    pub body: Vec<u8>,
    /// When the request was sent, on our clock.
    pub sent_at: Instant,
}

/// Why a request cannot be made at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The platform has no such call.
    #[error("this platform cannot: {0}")]
    Impossible(&'static str),
    /// Something in it cannot be said in the platform's terms.
    #[error("row {row}: {problem}")]
    Row {
        /// Zero-based.
        row: usize,
        /// What.
        problem: String,
    },
    /// The account's address or token is not usable in a request.
    #[error("the account's {0} is not usable in a request")]
    Account(&'static str),
}

/// What a reply says when it is not an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Too many requests. Nothing was done; the same request may be sent again.
    #[error("the platform asks to slow down")]
    Throttled {
        /// When to try again, when it says so.
        after_ms: Option<i64>,
    },
    /// The token is not valid, or lacks a scope. A person must act.
    #[error("access denied: {reason}")]
    Denied {
        /// The platform's words.
        reason: String,
    },
    /// The platform failed. It may or may not have done it.
    #[error("the platform failed: {reason}")]
    Failed {
        /// Status and words.
        reason: String,
    },
    /// The request itself is refused and will be refused again.
    #[error("the platform refuses the request: {reason}")]
    Refused {
        /// The platform's words.
        reason: String,
    },
    /// The reply is not what the contract says. It may or may not have been done.
    #[error("the reply cannot be read: {reason}")]
    Garbled {
        /// What was wrong with it.
        reason: String,
    },
}

/// One row of a batch in the platform's ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Item.
    pub external: ExternalItem,
    /// Location.
    pub location: ExternalLocation,
    /// What the platform is believed to show.
    pub from: Level,
    /// What it should show.
    pub to: Level,
}

/// A batch of writes in the platform's ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// How.
    pub mode: WriteMode,
    /// The idempotency key.
    pub key: String,
    /// The date of the levels.
    pub dated: Instant,
    /// Rows, at most `abilities().batch_max`.
    pub rows: Vec<Row>,
}

/// What a platform says about its rate budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetReport {
    /// Points in a full bucket.
    pub capacity: u32,
    /// Points left now.
    pub available: u32,
    /// Points that come back in a second.
    pub restore_per_s: u32,
}
