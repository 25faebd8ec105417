//! BigCommerce, emulated: one store with its pages, its control panel, and its v2 and v3 API.
//!
//! The HTTP shell and the simulator drive [`Store`] through [`Machine`]. Built from the vendor's own documents: thin
//! notices in several scopes per change, stock by location that is adjusted a moment after the answer, orders in v2
//! and refunds in v3, a budget of calls per window. It is a pure state machine and knows nothing of the hub.
//!
//! A call passes the `door`, is sent on by `routes`, and is answered by the `calls` of a folder; what people do inside
//! the store comes in through `acts`.

mod acts;
mod amount;
mod books;
mod catalog;
mod clock;
mod counters;
mod customers;
mod door;
mod draw;
mod hooks;
mod information;
mod locations;
mod oauth;
mod orders;
mod prices;
mod query;
mod rate;
mod refunds;
mod routes;
mod settings;
mod stock;
#[cfg(test)]
mod tests;
mod wire;

pub use hooks::SCOPES as TOPICS;
pub use settings::{OnHand, SCOPES, Settings};

use crate::EmulatorError;
use crate::machine::{Act, Attempt, Books, Calls, Keys, Machine, Millis, Opened, Opening, Outgoing, World, with_date};
use bytes::Bytes;
use http::{Request, Response};
use std::collections::HashMap;

/// The vendor publishes no limit; ten seconds is what its advice to answer at once and work later allows for.
const DELIVERY_TIMEOUT_MS: Millis = 10_000;

/// Opens a new, empty store. The vendor has no order in which locations are sold from, so `sells_from` is not looked
/// at: the first location that is put is the default one, and the shop sells from it.
///
/// # Errors
/// When the time zone is unknown.
pub fn open(opening: &Opening) -> Result<Opened, EmulatorError> {
    if jiff::tz::TimeZone::get(&opening.zone).is_err() {
        return Err(EmulatorError::Settings { reason: format!("{:?} is no time zone", opening.zone) });
    }
    let settings = Settings::of(opening);
    let keys = Keys {
        account: settings.store_hash.clone(),
        access_token: settings.access_token.clone(),
        client_id: settings.client_id.clone(),
        client_secret: settings.client_secret.clone(),
        webhook_secret: settings.client_secret.clone(),
        ..Keys::default()
    };
    Ok(Opened { machine: Box::new(Store::new(settings)), keys, one_location: false, unlinked_returns: false })
}

/// One BigCommerce store.
#[derive(Debug)]
pub struct Store {
    settings: Settings,
    window: rate::Window,
    access: oauth::Access,
    hooks: hooks::Hooks,
    locations: locations::Locations,
    catalog: catalog::Catalog,
    stock: stock::Stock,
    orders: orders::Orders,
    refunds: refunds::Refunds,
    customers: customers::Customers,
    prices: prices::Prices,
    /// The tester's name of a document → index of its order; none for a return.
    documents: HashMap<String, Option<usize>>,
    log: Vec<books::Entry>,
    changes_noted: u64,
    calls: Calls,
}

impl Store {
    /// A store with its default location and nothing else.
    pub fn new(settings: Settings) -> Self {
        let mut store = Self {
            window: rate::Window::new(settings.quota, settings.window_ms),
            access: oauth::Access::new(&settings),
            hooks: hooks::Hooks::new(&settings),
            locations: locations::Locations::new(&settings),
            catalog: catalog::Catalog::default(),
            stock: stock::Stock::default(),
            orders: orders::Orders::default(),
            refunds: refunds::Refunds::default(),
            customers: customers::Customers::default(),
            prices: prices::Prices::default(),
            documents: HashMap::new(),
            log: Vec::new(),
            changes_noted: 0,
            calls: Calls::default(),
            settings,
        };
        store.grow_stock();
        store
    }
}

impl Machine for Store {
    fn platform(&self) -> &'static str {
        "bigcommerce"
    }

    fn handle(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        with_date(self.answer(request, world), world.now)
    }

    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<serde_json::Value, String> {
        self.carry_out(act, world)
    }

    fn throttled(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let v2 = request.uri().path().split('/').nth(3) == Some("v2");
        let dialect = if v2 { wire::Dialect::V2 } else { wire::Dialect::V3 };
        let told = self.window.told();
        let reset_ms = told.reset_ms / Millis::from(self.settings.time_scale.max(1));
        let told = rate::Told { left: 0, reset_ms, ..told };
        door::told(door::write(&Err(door::too_many()), dialect), told)
    }

    fn retry_pauses(&self) -> &'static [Millis] {
        &hooks::RETRY_PAUSES
    }

    fn delivery_timeout(&self) -> Millis {
        DELIVERY_TIMEOUT_MS
    }

    fn on_retry(&self, _delivery: &mut Outgoing, _attempt: u32, _previous: Attempt) {}

    fn dated(&self, delivery: &mut Outgoing, at: Millis) {
        self.hooks.sign_again(delivery, at);
    }

    fn gave_up(&mut self, subscription: &str, world: &mut World<'_>) {
        self.hooks.deactivate(subscription, world.now);
    }

    fn unsubscribe(&mut self, _world: &mut World<'_>) {
        self.hooks.clear();
    }

    fn tick(&mut self, world: &mut World<'_>) {
        self.apply_due(world);
    }

    fn next_tick(&self) -> Option<Millis> {
        self.stock.next_due()
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
        self.hooks.subscribe(url, topics, secret, world.now)
    }

    fn calls(&self) -> Calls {
        self.calls.clone()
    }
}
