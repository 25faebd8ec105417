//! Questions: what we ask a platform, and the pages it answers with.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant};

use crate::Told;

/// Something asked of a platform. `cursor` is the platform's own, as the previous page gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// All locations.
    Locations {
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Items changed since a time; `None` = all.
    Catalogue {
        /// Platform clock, or version where `abilities().mark` says so; so in all questions.
        since: Option<Instant>,
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Every level there is.
    Levels {
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Levels that changed since a time or version (see `abilities().mark`), oldest change first.
    LevelsSince {
        /// As `Page::until` gave it.
        since: Instant,
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Some levels, at most `abilities().ask_max`.
    LevelsOf {
        /// Which.
        rows: Vec<(ExternalItem, ExternalLocation)>,
    },
    /// Orders, sales and returns changed since a time, oldest change first: told, or listed in `Page::changed`.
    Orders {
        /// Platform clock.
        since: Instant,
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Some documents, at most `abilities().ask_max`.
    OrdersOf {
        /// Which.
        documents: Vec<DocumentKey>,
    },
    /// Customers changed since a time; `None` = all.
    Customers {
        /// Platform clock.
        since: Option<Instant>,
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Some customers.
    CustomersOf {
        /// Which.
        customers: Vec<CustomerKey>,
    },
    /// Who we are there, and what we may do: asked when a channel is connected and by `lockstep check`.
    Access,
    /// Which webhook subscriptions exist.
    Subscriptions {
        /// Where to go on.
        cursor: Option<String>,
    },
    /// Make the subscription(s) for this address. Asked once per topic where the platform wants it so: the page
    /// gives the next question. `Unsendable::Impossible` when nothing is missing.
    Subscribe {
        /// Our public hook address. A subscription to a longer one, `url/topic`, is ours too.
        url: String,
        /// Which of the platform's topics are already subscribed.
        present: Vec<String>,
        /// When the others were found missing: a subscription that was removed is asked for anew, and a platform that
        /// remembers requests must not take that for the old one repeated.
        since: model::Instant,
    },
}

/// A webhook subscription at the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The platform's id.
    pub id: String,
    /// Topics, as the platform names them.
    pub topics: Vec<String>,
    /// Where it delivers to.
    pub url: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The key by which its deliveries are signed, where the platform tells it.
    pub secret: Option<crate::Secret>,
}

/// What a token opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The platform's id of the account.
    pub account: String,
    /// Its name for people.
    pub name: String,
    /// Scopes that the token has; `None` when the platform does not tell.
    pub scopes: Option<Vec<String>>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What it tells.
    pub told: Vec<Told>,
    /// Documents or customers that were asked for by id and do not exist.
    pub missing: Vec<String>,
    /// Orders that changed, with the version they have now (or a lower bound of it): answered to `Question::Orders` when
    /// the platform can list them more cheaply than tell them. Those of a higher version than known are asked for one
    /// by one with `Question::OrdersOf`.
    pub changed: Vec<(DocumentKey, u64)>,
    /// Documents that were told and may still change without their version saying so, because the platform tells the
    /// time of a change too coarsely: to be asked for once more in a moment.
    pub again: Vec<DocumentKey>,
    /// Documents that came but could not be read; the rest of the page is told all the same.
    pub unreadable: Vec<(DocumentKey, crate::Unreadable)>,
    /// The largest time of change on the page, on the platform's clock (the largest version, where
    /// `abilities().mark` says so): where the next poll may begin.
    pub until: Option<Instant>,
    /// What the token opens, when that was asked.
    pub access: Option<Access>,
    /// Subscriptions, when they were asked for.
    pub subscriptions: Vec<Subscription>,
    /// A signing secret the platform made for a new subscription.
    pub secret: Option<crate::Secret>,
    /// What to ask next; `None` at the end.
    pub next: Option<Question>,
    /// How long to wait before asking it, in milliseconds.
    pub wait_ms: i64,
}
