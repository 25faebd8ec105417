//! Deliveries: what a platform pushes to us, before and after it is believed.

use model::{
    CustomerKey, CustomerSeen, DocumentKey, ExternalItem, ExternalLocation, Instant, ItemSeen, Level, LocationSeen,
    NoticeAbout, OrderSeen,
};

/// A shared secret. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// From configuration. Surrounding white space, as left by editors, is cut.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The secret itself: only for signing, checking and headers.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A request that came to a hook address.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Its headers.
    pub headers: &'a http::HeaderMap,
    /// The hook's public address exactly as configured at the platform, never rebuilt from the request.
    pub url: &'a str,
    /// What follows the hook's address in the path of the request, without a slash before it: for platforms whose
    /// deliveries do not say what they are about, and are sent to an address of their own for each topic. Else empty.
    pub topic: &'a str,
    /// When it came in, on our clock: for platforms that sign the time.
    pub at: Instant,
    /// The exact bytes.
    pub body: &'a [u8],
}

/// A delivery whose signature fits. Only a connector's `verify` can make one, so unproven bytes cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'a> {
    delivery: Delivery<'a>,
}

impl<'a> Verified<'a> {
    /// For the connectors in this crate.
    pub(crate) fn proven(delivery: Delivery<'a>) -> Self {
        Self { delivery }
    }

    /// The genuine delivery.
    pub fn delivery(&self) -> &Delivery<'a> {
        &self.delivery
    }

    /// The same delivery with a body in which something was made unreadable on purpose: what may not be kept is taken
    /// out after the signature over the exact bytes was checked, and before anything is read.
    pub fn blacked_out<'b>(&self, body: &'b [u8]) -> Verified<'b>
    where
        'a: 'b,
    {
        Verified { delivery: Delivery { body, ..self.delivery } }
    }
}

/// Why a delivery is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// A header the platform always sends is not there.
    #[error("header {header} is missing")]
    Missing {
        /// Its name.
        header: &'static str,
    },
    /// The signature is not of the form the platform uses.
    #[error("header {header} is not of the form that the platform signs with")]
    Malformed {
        /// Its name.
        header: &'static str,
    },
    /// No secret gives this signature.
    #[error("the signature does not fit: wrong secret, changed body, or (where the address is signed) another address")]
    Mismatch,
    /// It was signed too long ago, or in the future.
    #[error("it is dated {off_s} seconds away from now; the platform allows {allowed_s}")]
    Stale {
        /// Seconds between its date and now.
        off_s: i64,
        /// Seconds allowed.
        allowed_s: i64,
    },
    /// There is nothing in it.
    #[error("the body is empty")]
    Empty,
    /// The hub has no secret for this channel.
    #[error("no secret is configured for this channel")]
    NoSecret,
}

/// Why a genuine delivery or reply could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}{}{problem}", if field.is_empty() { "" } else { ": " })]
pub struct Unreadable {
    /// Path of the field, for example `line_items[2].quantity`; empty for the whole body.
    pub field: String,
    /// What was wrong.
    pub problem: String,
}

/// A level that a platform mentioned, without saying why it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelHint {
    /// The platform's id of the item.
    pub external: ExternalItem,
    /// The platform's id of the location.
    pub location: ExternalLocation,
    /// What it says it shows; `None` when it does not count this item.
    pub level: Option<Level>,
}

/// One thing told by a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// An order, sale, return document, complete enough to be applied.
    Order(Box<OrderSeen>),
    /// An item.
    Item(Box<ItemSeen>),
    /// A location.
    Location(LocationSeen),
    /// A customer.
    Customer(CustomerSeen),
    /// A level.
    Level(LevelHint),
}

/// Something about the connection itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Our access was taken away.
    Revoked,
    /// A person has to be forgotten, with the orders named.
    Forget {
        /// Who.
        customer: CustomerKey,
        /// Orders of theirs, also those that do not name them.
        documents: Vec<DocumentKey>,
    },
    /// Everybody of this account has to be forgotten.
    ForgetAll,
    /// A person asks what is kept of them.
    Access {
        /// Who.
        customer: CustomerKey,
    },
}

/// What a delivery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The platform's id of the delivery: the same again is a duplicate.
    pub delivery_id: String,
    /// The platform's topic.
    pub topic: String,
    /// The account it is about, for checking against the channel's.
    pub account: Option<String>,
    /// The person it is mostly about, whose key seals the raw body.
    pub person: Option<CustomerKey>,
    /// What it tells.
    pub told: Vec<Told>,
    /// What has to be fetched because of it.
    pub notices: Vec<NoticeAbout>,
    /// Something about the connection.
    pub control: Option<Control>,
}
