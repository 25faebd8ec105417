//! What a tester chooses about an emulated Square seller.
//!
//! Read by every other file of the folder; it knows nothing of what the seller holds.

use crate::machine::Millis;

/// The API version that this emulator speaks. Another one in `Square-Version` is answered 400.
pub const API_VERSION: &str = "2026-09-16";

/// The reverse proxy in front of a subscriber: deliveries whose notification URL starts with `public` are sent to
/// `inside` plus the rest, while the signature stays over the public URL. A hub that rebuilds the URL from the request
/// it sees then computes another signature, as it would in production.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Prefix of the notification URL as subscribed.
    pub public: String,
    /// What replaces it when the delivery is sent.
    pub inside: String,
}

/// One seller, one application, and the limits that the vendor leaves unpublished.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The seller's id, in every event.
    pub merchant_id: String,
    /// Bearer token of the seller, for everything but subscriptions and events.
    pub access_token: String,
    /// Renews the seller's token.
    pub refresh_token: String,
    /// The application's personal access token, for subscriptions and the event search.
    pub application_token: String,
    /// The application's id, answered by the token status.
    pub application_id: String,
    /// The application's secret, for the token endpoints.
    pub application_secret: String,
    /// ISO 4217 code of all money.
    pub currency: String,
    /// Whether a tax is inside the prices of all items; otherwise there is none at all.
    pub tax_inclusive: bool,
    /// How much that tax is, in whole per cent of the price without it.
    pub tax_percent: i64,
    /// ISO 3166 code of all locations.
    pub country: String,
    /// Where the API answers, without a trailing slash: the base of the receipt links in payments.
    pub api_base: String,
    /// Calls per second that the leaky bucket lets through.
    pub rate_per_s: u32,
    /// Calls that may come at once.
    pub burst: u32,
    /// Customers and payments show in lists and searches at most this many milliseconds after they changed.
    pub search_lag_ms: Millis,
    /// A refund stays PENDING this many milliseconds.
    pub refund_ms: Millis,
    /// A catalogue write holds the seller's lock this many milliseconds; a second one meanwhile is answered 429.
    /// Zero: the lock is free again when the answer leaves, so that only truly parallel calls could collide.
    pub catalog_write_ms: Millis,
    /// Newest events that the event search remembers, besides its 28 days.
    pub events_kept: usize,
    /// Set when the subscriber sits behind a proxy.
    pub proxy: Option<Proxy>,
}

impl Settings {
    /// A seller with the vendor's documented limits and fixed credentials that are easy to read in a log.
    pub fn example() -> Self {
        Self {
            merchant_id: "MLEMULATED01".into(),
            access_token: "square-seller-token".into(),
            refresh_token: "square-refresh-token".into(),
            application_token: "square-application-token".into(),
            application_id: "sq0idp-emulated".into(),
            application_secret: "square-application-secret".into(),
            currency: "GBP".into(),
            tax_inclusive: false,
            tax_percent: 20,
            country: "GB".into(),
            api_base: "http://127.0.0.1:8102".into(),
            rate_per_s: 10,
            burst: 20,
            search_lag_ms: 30_000,
            refund_ms: 9_000,
            catalog_write_ms: 0,
            events_kept: 20_000,
            proxy: None,
        }
    }
}
