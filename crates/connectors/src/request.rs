//! Requests and replies as data, and what can go wrong between them.

use model::{ChannelId, Currency, ExternalItem, ExternalLocation, Instant, Level, Listing, WriteMode};

use crate::Secret;

/// How to reach an account. Holds the secret only as long as a request is built.
#[derive(Clone, Debug)]
pub struct Account {
    /// Our channel.
    pub channel: ChannelId,
    /// For example `https://acme.myshopify.com`, without a slash at the end and without the path of the API.
    pub base_url: String,
    /// Where tokens are given out, when that is another host; without a slash at the end. Empty = `base_url`.
    pub auth_url: String,
    /// The platform's id of the account (shop domain, merchant id, store hash), where paths or deliveries name it.
    /// May be empty.
    pub account: String,
    /// Client id of the app, where tokens are renewed with it. May be empty.
    pub client_id: String,
    /// Client secret of the app, where tokens are renewed with it.
    pub client_secret: Option<Secret>,
    /// A secret of ours that deliveries may carry in a header, on platforms where a subscription can ask for one.
    pub hook_secret: Option<Secret>,
    /// Access token.
    pub token: Secret,
    /// Token for managing webhook subscriptions, where the platform wants another one.
    pub application_token: Option<Secret>,
    /// Currency of prices that the platform sends without one.
    pub currency: Currency,
    /// Whether its prices include tax, as the merchant says, for platforms that do not tell it with a price.
    pub prices_include_tax: Option<bool>,
    /// The account's locations that we know, for platforms that want them listed.
    pub locations: Vec<ExternalLocation>,
}

impl Account {
    /// An account of which nothing is known but where it is and its token.
    pub fn new(channel: ChannelId, base_url: &str, token: Secret, currency: Currency) -> Self {
        Self {
            channel,
            base_url: base_url.to_owned(),
            auth_url: String::new(),
            account: String::new(),
            client_id: String::new(),
            client_secret: None,
            hook_secret: None,
            token,
            application_token: None,
            currency,
            prices_include_tax: None,
            locations: Vec::new(),
        }
    }
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
    /// The account's address, id or token is not usable in a request.
    #[error("the account's {0} is not usable in a request")]
    Account(&'static str),
}

impl From<Unsendable> for Trouble {
    /// Nothing was sent, and the same would not be sent again.
    fn from(error: Unsendable) -> Self {
        Self::Refused { reason: error.to_string() }
    }
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
    /// Its other ids on the platform.
    pub aliases: Vec<ExternalItem>,
    /// Location.
    pub location: ExternalLocation,
    /// What the platform is believed to show.
    pub from: Level,
    /// What it should show.
    pub to: Level,
}

/// One listing of a batch in the platform's ids. Only fields that differ between `from` and `to` are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingRow {
    /// Item.
    pub external: ExternalItem,
    /// Its other ids on the platform.
    pub aliases: Vec<ExternalItem>,
    /// What the platform is believed to list.
    pub from: Listing,
    /// What it should list.
    pub to: Listing,
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
    /// Levels, at most `abilities().batch_max`; empty with [`WriteMode::List`].
    pub rows: Vec<Row>,
    /// Listings, at most `abilities().listings_max`; only with [`WriteMode::List`].
    pub listings: Vec<ListingRow>,
}

impl Batch {
    /// How many outcomes there must be.
    pub fn len(&self) -> usize {
        self.rows.len() + self.listings.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How far a batch has come that takes several requests.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// False when an earlier run of the same batch may have reached the platform and nobody knows what it did: what
    /// cannot be repeated safely must be looked up first.
    pub first: bool,
    /// Replies of this run so far, in order; none of them was a request to slow down or a failure of the platform.
    pub replies: &'a [Reply],
}

/// What comes next in carrying out a batch.
#[derive(Clone, Debug)]
pub enum Step {
    /// This is to be sent, and its reply added to the run.
    Send(Box<Request>),
    /// What became of each row (or listing), in order.
    Settled(Vec<model::Outcome>),
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
    /// Most requests in any one second, where it tells.
    pub requests_per_s: Option<u32>,
}
