//! What every emulated platform is: a pure state machine with the clock and the dice passed in.
//!
//! The HTTP shell (`shell`) and the simulator both drive it: an API call goes in and a reply comes out, what a
//! person does inside the platform goes in as an [`Act`], and webhooks come out as [`Outgoing`] deliveries. It opens
//! no socket, reads no clock, and knows nothing of the hub.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC, on the platform's own clock.
pub type Millis = i64;

/// A seeded generator (SplitMix64), so that a run can be repeated from its seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same seed gives the same draws.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Sixty-four evenly drawn bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly drawn from `0..bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.draw() % bound }
    }

    /// True with the probability `per_million` / 1,000,000.
    pub fn chance(&mut self, per_million: u32) -> bool {
        self.below(1_000_000) < u64::from(per_million)
    }
}

/// What a call or an act may use of the world: the platform's clock and its dice, and where webhooks are left.
#[derive(Debug)]
pub struct World<'a> {
    /// Now, on the platform's clock.
    pub now: Millis,
    /// Draws for ids and for whatever the platform leaves open.
    pub dice: &'a mut Dice,
    /// Webhooks to be delivered, in the order in which they were caused.
    pub outbox: &'a mut Vec<Outgoing>,
}

/// One webhook to be delivered to a subscriber, signed and complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The vendor's delivery id: the same on every retry and on every duplicate.
    pub id: String,
    /// The vendor's topic, for example `orders/create`.
    pub topic: String,
    /// The subscription that asked for it.
    pub subscription: String,
    /// Where it goes.
    pub url: String,
    /// Headers in the order in which the vendor sends them, the signature among them.
    pub headers: Vec<(String, String)>,
    /// The exact bytes that were signed.
    pub body: Bytes,
}

/// How one delivery attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The subscriber answered with this status in time.
    Answered(u16),
    /// No answer within the vendor's limit.
    TimedOut,
    /// The connection failed.
    Failed,
}

/// One line of a sale or return, in a shop's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActLine {
    /// The merchant's SKU, which must be in the platform's catalogue.
    pub sku: String,
    /// A decimal string with up to five places, above zero.
    pub quantity: String,
    /// Price of one unit in minor units of the account's currency.
    #[serde(default)]
    pub unit_price_minor: i64,
    /// For a return: zero-based index of the line of the original document, when it is tied to one.
    #[serde(default)]
    pub of_line: Option<usize>,
}

/// A customer as typed at a till or in a web shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActCustomer {
    /// The tester's own name for the person; the same reference is the same platform customer.
    pub reference: String,
    /// Given name.
    #[serde(default)]
    pub given_name: String,
    /// Family name.
    #[serde(default)]
    pub family_name: String,
    /// E-mail address.
    #[serde(default)]
    pub email: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: String,
}

/// What people do inside the platform, without the hub: at its tills, in its web shop, in its back office.
///
/// `reference` is the tester's name for a document; the platform makes its own ids beside it and the books
/// ([`Machine::books`]) list both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// A location is opened. Idempotent by name.
    PutLocation {
        /// Name, unique in the account.
        name: String,
        /// IANA time zone.
        #[serde(default)]
        zone: Option<String>,
    },
    /// An item is created, or changed when the SKU exists. It is stocked at every location, at zero.
    PutItem {
        /// SKU; may be empty, and may repeat, as in real accounts, when `force_new` is set.
        sku: String,
        /// Title.
        title: String,
        /// GTIN.
        #[serde(default)]
        barcode: Option<String>,
        /// Price in minor units.
        #[serde(default)]
        price_minor: i64,
        /// False for services, which have no stock.
        #[serde(default = "yes")]
        tracked: bool,
        /// Creates a second variant even though the SKU exists.
        #[serde(default)]
        force_new: bool,
        /// The product that this is a variant of: items of the same product name share it. Without it the item is a
        /// product of its own.
        #[serde(default)]
        product: Option<String>,
        /// The variant's option, for example `Blue`.
        #[serde(default)]
        option: Option<String>,
    },
    /// An item is deleted.
    DeleteItem {
        /// SKU.
        sku: String,
    },
    /// Somebody counts an item: the count becomes this number.
    Count {
        /// SKU.
        sku: String,
        /// Location name.
        location: String,
        /// Decimal string, may be negative on platforms that allow it.
        quantity: String,
    },
    /// Somebody changes stock by hand: goods received (above zero) or written off (below zero).
    Adjust {
        /// SKU.
        sku: String,
        /// Location name.
        location: String,
        /// Signed decimal string.
        delta: String,
        /// A few words, for example `damaged`.
        #[serde(default)]
        reason: String,
        /// The tester's name for this change, listed in the books; made by the platform when empty.
        #[serde(default)]
        reference: String,
    },
    /// A till rings up a sale; the goods leave at once. Never refused for want of stock.
    TillSale {
        /// Document.
        reference: String,
        /// Location name of the till.
        location: String,
        /// What was sold.
        lines: Vec<ActLine>,
        /// Who bought, when known.
        #[serde(default)]
        customer: Option<ActCustomer>,
        /// The till was offline: the sale happened this many milliseconds ago and is uploaded only now.
        #[serde(default)]
        offline_ms: i64,
    },
    /// A shopper places a web order; refused when the shop shows too little stock (unless `force`).
    WebOrder {
        /// Document.
        reference: String,
        /// What was ordered.
        lines: Vec<ActLine>,
        /// Who ordered.
        #[serde(default)]
        customer: Option<ActCustomer>,
        /// The shop's setting 'continue selling when out of stock'.
        #[serde(default)]
        force: bool,
        /// Pick-up location name; otherwise the shop's own priority of locations decides.
        #[serde(default)]
        pickup: Option<String>,
    },
    /// Open lines of an order are handed over or shipped, whole.
    Fulfil {
        /// Document.
        reference: String,
    },
    /// An order is cancelled and its open lines go back to stock.
    Cancel {
        /// Document.
        reference: String,
    },
    /// Quantity of one open line is changed (order edit).
    Edit {
        /// Document.
        reference: String,
        /// Zero-based line.
        line: usize,
        /// New quantity, zero or more.
        quantity: String,
    },
    /// Goods come back. With `of` the return is tied to that document; without, it is unlinked where the
    /// platform has such a thing, and refused where it has not.
    Return {
        /// The return's own document name.
        reference: String,
        /// Document that is returned.
        #[serde(default)]
        of: Option<String>,
        /// Location name where the goods are handed in.
        location: String,
        /// What comes back.
        lines: Vec<ActLine>,
        /// False when the goods are not put back on the shelf.
        #[serde(default = "yes")]
        restock: bool,
    },
    /// A finished till sale is voided: its payments are taken back and its goods are on the shelf again.
    Void {
        /// Document.
        reference: String,
    },
    /// Goods come back and others leave in the same document at the till.
    Exchange {
        /// The exchange's own document name.
        reference: String,
        /// Document that is exchanged.
        of: String,
        /// Location name of the till.
        location: String,
        /// What comes back; `of_line` names the line of the original.
        back: Vec<ActLine>,
        /// What leaves.
        out: Vec<ActLine>,
    },
    /// Goods move between two locations inside the platform, where it knows such a thing.
    Transfer {
        /// Document.
        reference: String,
        /// Location name they leave.
        from: String,
        /// Location name they arrive at.
        to: String,
        /// What moves; prices are not looked at.
        lines: Vec<ActLine>,
    },
    /// Two customers are found to be one and merged in the back office, where the platform can.
    MergeCustomers {
        /// Reference of the one that stays.
        into: String,
        /// Reference of the one that goes.
        from: String,
    },
    /// A customer's data are erased in the back office.
    EraseCustomer {
        /// Reference of the person.
        reference: String,
    },
    /// The access token dies (a person revoked it), without the account being uninstalled.
    RevokeToken {},
    /// A customer is created or changed in the back office.
    PutCustomer {
        /// The person.
        customer: ActCustomer,
    },
    /// The hub's access is taken away.
    Uninstall {},
}

fn yes() -> bool {
    true
}

/// One count in the platform's own books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookLevel {
    /// SKU.
    pub sku: String,
    /// Location name.
    pub location: String,
    /// What the platform shows and sells against there, as a decimal string (Shopify: available; Square: in stock).
    pub quantity: String,
}

/// One line of a document in the platform's own books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookLine {
    /// `sale`, `web_order`, `return`, `adjust`, `count` or `cancel`.
    pub kind: String,
    /// The tester's document name.
    pub reference: String,
    /// The platform's document id, as the hub hears it.
    pub document: String,
    /// The platform's line id, as the hub hears it (empty when there is none).
    pub line: String,
    /// SKU.
    pub sku: String,
    /// Location name; empty while it is not decided.
    pub location: String,
    /// Decimal string; what the line now stands for after edits and cancellation.
    pub quantity: String,
    /// When it was rung up, platform clock.
    pub at: Millis,
}

/// An item as the platform lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookListing {
    /// SKU.
    pub sku: String,
    /// Title for people.
    pub title: String,
    /// Price in minor units.
    pub price_minor: i64,
    /// GTIN; empty when there is none.
    pub barcode: String,
}

/// A document of a kind that programs can make too, in the platform's own books; whoever made it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookDocument {
    /// `order`, `refund`, `customer`, `transfer` or `purchase`.
    pub kind: String,
    /// The platform's id, as its API answers it.
    pub document: String,
    /// The text in which a program finds it again (note, reference, tag); empty when there is none.
    pub reference: String,
    /// The platform's word for its state; empty when it has none.
    pub state: String,
    /// Where it is handed out, put back, sent to or delivered, by name; empty when it says nothing of that.
    pub location: String,
    /// SKU and quantity of every line.
    pub lines: Vec<(String, String)>,
    /// Name, e-mail address and telephone number of a customer, apart by spaces; empty for everything else.
    pub person: String,
    /// Money that it moves, in minor units; 0 when it moves none.
    pub amount_minor: i64,
}

/// The platform's own books, for comparison with what the hub believes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// Every item that is not deleted.
    #[serde(default)]
    pub listings: Vec<BookListing>,
    /// Every stocked item at every location.
    pub levels: Vec<BookLevel>,
    /// Every document line.
    pub lines: Vec<BookLine>,
    /// Every document of a kind that programs can make too; empty where the emulator makes none for programs.
    #[serde(default)]
    pub documents: Vec<BookDocument>,
}

/// How often the platform's public API was called, by kind, since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Calls that read.
    pub reads: u64,
    /// Calls that asked for a change, refused ones among them.
    pub writes: u64,
    /// Calls answered with 'too many requests'.
    pub throttled: u64,
    /// Calls answered with any other error.
    pub errors: u64,
    /// Rows (levels, lines) that changes carried, by the vendor's name of the change.
    pub rows: BTreeMap<String, u64>,
}

/// Puts the platform's own time into a response, as every server does; cut to whole seconds.
pub(crate) fn with_date(mut response: http::Response<Bytes>, now: Millis) -> http::Response<Bytes> {
    let date = jiff::Timestamp::from_millisecond(now)
        .ok()
        .and_then(|at| jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok())
        .and_then(|text| http::HeaderValue::from_str(&text).ok());
    if let Some(date) = date {
        response.headers_mut().insert(http::header::DATE, date);
    }
    response
}

/// With what a new account is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// ISO 4217 currency of its prices.
    pub currency: String,
    /// Whether its prices include tax.
    pub tax_inclusive: bool,
    /// IANA time zone.
    pub zone: String,
    /// Where its API will be reached, without a slash at the end: for the addresses that replies carry.
    pub api_base: String,
    /// Locations from which its web shop sells, best first; opened later by [`Act::PutLocation`].
    pub sells_from: Vec<String>,
    /// Suppliers that the account knows by name, where it keeps any.
    pub suppliers: Vec<String>,
    /// Webhook secret wished for, where the vendor does not make one itself.
    pub webhook_secret: Option<String>,
    /// Every published rate is multiplied by this; 1 = as published.
    pub rate_scale: u32,
    /// The vendor's own delays (index lag, background work) are divided by this; 1 = as published.
    pub time_scale: u32,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            currency: "EUR".into(),
            tax_inclusive: true,
            zone: "Europe/London".into(),
            api_base: "http://127.0.0.1:8101".into(),
            sells_from: Vec::new(),
            suppliers: Vec::new(),
            webhook_secret: None,
            rate_scale: 1,
            time_scale: 1,
        }
    }
}

/// What a subscriber needs to know to reach an account. Everything that the platform has no such thing for is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Keys {
    /// The platform's id of the account (shop domain, merchant id, store hash, domain prefix).
    pub account: String,
    /// Access token.
    pub access_token: String,
    /// Renews the access token where that expires.
    pub refresh_token: String,
    /// Client id of the app.
    pub client_id: String,
    /// Client secret of the app.
    pub client_secret: String,
    /// Token for webhook subscriptions, where the vendor wants another one.
    pub application_token: String,
    /// By which webhooks are signed or marked, where it is known before a subscription is made.
    pub webhook_secret: String,
}

/// A new account.
pub struct Opened {
    /// Its machine.
    pub machine: Box<dyn Machine>,
    /// The keys to it.
    pub keys: Keys,
    /// True when the account has one location only: [`Act::PutLocation`] names it, and refuses a second one.
    pub one_location: bool,
    /// True when a return may be taken that is tied to no sale.
    pub unlinked_returns: bool,
}

/// An emulated platform account.
pub trait Machine: Send {
    /// The platform's name in lower case, for example `shopify`.
    fn platform(&self) -> &'static str;

    /// One call of the platform's public API. Authentication, versions, rate limits, idempotency and every other
    /// rule of the vendor's contract are judged in here.
    fn handle(&mut self, request: &http::Request<Bytes>, world: &mut World<'_>) -> http::Response<Bytes>;

    /// Something that happens inside the platform. Answers what was made, as JSON, or why it cannot be done.
    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<serde_json::Value, String>;

    /// How the platform says 'too many requests' for this call, for the fault knob `429`.
    fn throttled(&self, request: &http::Request<Bytes>) -> http::Response<Bytes>;

    /// Pauses between delivery attempts after the first, in milliseconds, longest list the vendor is known to use.
    fn retry_pauses(&self) -> &'static [Millis];

    /// How long the platform waits for the answer to a delivery, in milliseconds.
    fn delivery_timeout(&self) -> Millis;

    /// Changes the headers that a repeated attempt of a delivery carries. `attempt` counts from 1 for the first retry.
    fn on_retry(&self, delivery: &mut Outgoing, attempt: u32, previous: Attempt);

    /// Changes what a repeated attempt of a delivery says of its own time, which is `at`: for vendors that sign the time.
    fn dated(&self, _delivery: &mut Outgoing, _at: Millis) {}

    /// Whether the vendor takes this end of an attempt for final although it is no success, and does not try again.
    fn is_final(&self, _attempt: Attempt) -> bool {
        false
    }

    /// All attempts of a delivery to this subscription failed: what the vendor does then (for example deletes it).
    fn gave_up(&mut self, subscription: &str, world: &mut World<'_>);

    /// Somebody removed all webhook subscriptions (fault knob `unsubscribe`).
    fn unsubscribe(&mut self, world: &mut World<'_>);

    /// Work that the platform does by itself by now: background jobs finishing, refunds completing.
    fn tick(&mut self, world: &mut World<'_>);

    /// When [`tick`](Machine::tick) has something to do next.
    fn next_tick(&self) -> Option<Millis>;

    /// The platform's own books.
    fn books(&self) -> Books;

    /// Registers webhook subscriptions as the vendor's own call would, without a call: a shortcut for tests and the
    /// demo. No topics means every topic that the emulator sends; `secret` is the signing key where the vendor lets
    /// the subscriber know one per subscription. Answers the subscriptions as JSON.
    ///
    /// # Errors
    ///
    /// Why the vendor would refuse, for example an unknown topic.
    fn subscribe(
        &mut self,
        _url: &str,
        _topics: &[String],
        _secret: Option<&str>,
        _world: &mut World<'_>,
    ) -> Result<serde_json::Value, String> {
        Err(format!("{} has no shortcut for subscriptions here", self.platform()))
    }

    /// Counters of the public API, for the question how many calls a scenario took.
    fn calls(&self) -> Calls {
        Calls::default()
    }
}
