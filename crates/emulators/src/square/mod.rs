//! Square, emulated: one seller with tills, a web shop, a back office and the public API of version 2026-09-16.
//!
//! The HTTP shell and the simulator drive [`Square`] through [`Machine`]. Built from the vendor's own documents: thin
//! order events, stock as a log ordered by `occurred_at`, all-or-nothing batches, signatures over URL and body. It is a
//! pure state machine and knows nothing of the hub.
//!
//! A call passes the `door`, is sent on by `routes`, and is answered by the `calls` of a folder; what people do inside
//! the platform comes in through `acts`.

mod acts;
mod books;
mod catalog;
mod clock;
mod counters;
mod cursor;
mod customers;
mod documents;
mod door;
mod draw;
mod hooks;
mod idempotency;
mod locations;
mod oauth;
mod orders;
mod payments;
mod quantity;
mod rate;
mod routes;
mod settings;
mod stock;
mod tax;
#[cfg(test)]
mod tests;
mod tokens;
mod transfers;
mod wire;

pub use hooks::TOPICS;
pub use settings::{API_VERSION, Proxy, Settings};

use crate::EmulatorError;
use crate::machine::{Act, Attempt, Books, Calls, Machine, Millis, Opened, Opening, Outgoing, World, with_date};
use bytes::Bytes;
use http::{Request, Response};
use std::collections::HashMap;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;

/// Eleven retries over 24 hours.
const RETRY_PAUSES: [Millis; 11] = [
    MINUTE,
    2 * MINUTE,
    4 * MINUTE,
    8 * MINUTE,
    16 * MINUTE,
    32 * MINUTE,
    60 * MINUTE,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    8 * HOUR,
];
const DELIVERY_TIMEOUT_MS: Millis = 10_000;

/// Opens a new, empty seller.
///
/// # Errors
/// Never.
pub fn open(opening: &Opening) -> Result<Opened, EmulatorError> {
    let example = Settings::example();
    let (rate, pace) = (opening.rate_scale.max(1), i64::from(opening.time_scale.max(1)));
    let settings = Settings {
        currency: opening.currency.clone(),
        tax_inclusive: opening.tax_inclusive,
        api_base: opening.api_base.clone(),
        rate_per_s: example.rate_per_s * rate,
        burst: example.burst * rate,
        search_lag_ms: example.search_lag_ms / pace,
        ..example
    };
    let keys = crate::machine::Keys {
        account: settings.merchant_id.clone(),
        access_token: settings.access_token.clone(),
        refresh_token: settings.refresh_token.clone(),
        client_id: settings.application_id.clone(),
        client_secret: settings.application_secret.clone(),
        application_token: settings.application_token.clone(),
        ..Default::default()
    };
    Ok(Opened { machine: Box::new(Square::new(settings)), keys, one_location: false, unlinked_returns: true })
}

/// One Square seller.
#[derive(Debug)]
pub struct Square {
    settings: Settings,
    bucket: rate::Bucket,
    keys: idempotency::Keys,
    hooks: hooks::Hooks,
    locations: locations::Locations,
    catalog: catalog::Catalog,
    stock: stock::Stock,
    orders: orders::Orders,
    payments: payments::Payments,
    customers: customers::Customers,
    tokens: tokens::Tokens,
    /// The tester's name of a document → index of its order.
    documents: HashMap<String, usize>,
    log: Vec<books::Entry>,
    transfers: transfers::Transfers,
    calls: Calls,
}

impl Square {
    /// A seller without locations, items or sales.
    pub fn new(settings: Settings) -> Self {
        Self {
            bucket: rate::Bucket::new(settings.rate_per_s, settings.burst),
            keys: idempotency::Keys::default(),
            hooks: hooks::Hooks::new(&settings),
            locations: locations::Locations::default(),
            catalog: catalog::Catalog::default(),
            stock: stock::Stock::default(),
            orders: orders::Orders::default(),
            payments: payments::Payments::default(),
            customers: customers::Customers::default(),
            tokens: tokens::Tokens::new(&settings.access_token, &settings.refresh_token, &oauth::SCOPES),
            documents: HashMap::new(),
            log: Vec::new(),
            transfers: transfers::Transfers::default(),
            calls: Calls::default(),
            settings,
        }
    }

    /// Compares every level with its log added up anew; lists `(variation id, location id, level, sum)` where they
    /// differ, which they never should.
    pub fn unbalanced(&self) -> Vec<(String, String, String, String)> {
        let mut found = Vec::new();
        for variation in 0..self.catalog.variation_count() {
            for location in 0..self.locations.count() {
                let (level, sum) = (self.stock.level(variation, location), self.stock.sum(variation, location));
                if level != sum {
                    let ids = (self.catalog.variation(variation).id.clone(), self.locations.get(location).id.clone());
                    found.push((ids.0, ids.1, level.to_string(), sum.to_string()));
                }
            }
        }
        found
    }
}

impl Machine for Square {
    fn platform(&self) -> &'static str {
        "square"
    }

    fn handle(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        with_date(self.answer(request, world), world.now)
    }

    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<serde_json::Value, String> {
        self.carry_out_act(act, world)
    }

    fn throttled(&self, _request: &Request<Bytes>) -> Response<Bytes> {
        let refused = wire::Refused::rate_limited();
        wire::respond(refused.status, Bytes::from(refused.body().to_string()))
    }

    fn retry_pauses(&self) -> &'static [Millis] {
        &RETRY_PAUSES
    }

    fn delivery_timeout(&self) -> Millis {
        DELIVERY_TIMEOUT_MS
    }

    fn on_retry(&self, delivery: &mut Outgoing, attempt: u32, previous: Attempt) {
        hooks::mark_retry(delivery, attempt, previous);
    }

    fn gave_up(&mut self, subscription: &str, world: &mut World<'_>) {
        self.hooks.disable(subscription, world.now);
    }

    fn unsubscribe(&mut self, _world: &mut World<'_>) {
        self.hooks.clear();
    }

    fn tick(&mut self, world: &mut World<'_>) {
        self.complete_refunds(world);
    }

    fn next_tick(&self) -> Option<Millis> {
        self.payments.next_due()
    }

    fn books(&self) -> Books {
        self.read_books()
    }

    fn subscribe(
        &mut self,
        url: &str,
        topics: &[String],
        secret: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<serde_json::Value, String> {
        self.hooks.subscribe(url, topics, secret, world)
    }

    fn calls(&self) -> Calls {
        self.calls.clone()
    }
}
