//! Clover, emulated: one merchant, which is one location with its tills, and the v3 REST API.
//!
//! The HTTP shell and the simulator drive [`Clover`] through [`Machine`]. Built from the vendor's own documents: one line
//! item for every piece, stock that is only ever set, thin events of the whole app in one POST with a static secret,
//! token pairs that die when they are renewed. It is a pure state machine and knows nothing of the hub.
//!
//! A call passes the `door`, is sent on by `routes`, and is answered by the `calls` of a folder; what people do inside
//! the platform comes in through `acts`.

mod acts;
mod books;
mod catalog;
mod counters;
mod customers;
mod door;
mod filter;
mod hooks;
mod id;
mod merchant;
mod oauth;
mod orders;
mod payments;
mod quantity;
mod query;
mod rate;
mod routes;
mod settings;
mod shelf;
mod staff;
#[cfg(test)]
mod tests;
mod tokens;
mod url;
mod wire;

pub use hooks::TOPICS;
pub use settings::Settings;

use crate::EmulatorError;
use crate::machine::{Act, Attempt, Books, Calls, Keys, Machine, Millis, Opened, Opening, Outgoing, World, with_date};
use bytes::Bytes;
use http::{Request, Response};
use std::collections::HashMap;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

/// Unpublished; a table of the usual kind, which ends within a day.
const RETRY_PAUSES: [Millis; 6] = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR];
/// Unpublished.
const DELIVERY_TIMEOUT_MS: Millis = 10 * SECOND;
/// Calls of one token in flight at once, as the vendor names the limit in its answer.
const TOKEN_AT_ONCE: u32 = 5;

/// Opens a new, empty account.
///
/// # Errors
/// When the currency is no ISO 4217 code or the time zone is empty.
pub fn open(opening: &Opening) -> Result<Opened, EmulatorError> {
    let settings = Settings::of(opening);
    if settings.currency.len() != 3 || !settings.currency.bytes().all(|sign| sign.is_ascii_uppercase()) {
        return Err(EmulatorError::Settings { reason: format!("{:?} is not a currency", settings.currency) });
    }
    if settings.zone.is_empty() {
        return Err(EmulatorError::Settings { reason: "a merchant needs a time zone".into() });
    }
    let keys = Keys {
        account: settings.merchant_id.clone(),
        access_token: settings.access_token.clone(),
        refresh_token: settings.refresh_token.clone(),
        client_id: settings.app_id.clone(),
        client_secret: settings.app_secret.clone(),
        webhook_secret: settings.auth_code.clone(),
        ..Keys::default()
    };
    // A return without a sale is a credit, which has no lines: nobody who reads the API can know what came back.
    Ok(Opened { machine: Box::new(Clover::new(settings)), keys, one_location: true, unlinked_returns: false })
}

/// One Clover merchant.
#[derive(Debug)]
pub struct Clover {
    settings: Settings,
    installed: bool,
    tokens: tokens::Tokens,
    app_rate: rate::Rate,
    token_rates: HashMap<String, rate::Rate>,
    hooks: hooks::Hooks,
    merchant: merchant::Merchant,
    staff: staff::Staff,
    catalog: catalog::Catalog,
    orders: orders::Orders,
    payments: payments::Payments,
    customers: customers::Customers,
    /// The tester's name of a document → index of its order; `None` for a return, which no later act can name.
    documents: HashMap<String, Option<usize>>,
    log: Vec<books::Entry>,
    calls: Calls,
}

impl Clover {
    /// A merchant without a location, items or sales, on which the app is installed.
    pub fn new(settings: Settings) -> Self {
        Self {
            installed: true,
            tokens: tokens::Tokens::new(&settings),
            app_rate: rate::Rate::new(settings.app_per_s, settings.ban_ms),
            token_rates: HashMap::new(),
            hooks: hooks::Hooks::new(&settings),
            merchant: merchant::Merchant { name: None, zone: settings.zone.clone(), opened: 0 },
            staff: staff::Staff,
            catalog: catalog::Catalog::default(),
            orders: orders::Orders::default(),
            payments: payments::Payments::default(),
            customers: customers::Customers::default(),
            documents: HashMap::new(),
            log: Vec::new(),
            calls: Calls::default(),
            settings,
        }
    }

    /// Sends what a call or an act has caused; the app hears nothing of a merchant who has not installed it.
    fn send_events(&mut self, world: &mut World<'_>) {
        if self.installed {
            self.hooks.flush(world);
        } else {
            self.hooks.forget();
        }
    }
}

impl Machine for Clover {
    fn platform(&self) -> &'static str {
        "clover"
    }

    fn handle(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        with_date(self.answer(request, world), world.now)
    }

    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<serde_json::Value, String> {
        let done = self.carry_out_act(act, world);
        self.send_events(world);
        done
    }

    /// The machine itself answers at once and so never has two calls in flight; this is the limit that it leaves out.
    fn throttled(&self, _request: &Request<Bytes>) -> Response<Bytes> {
        wire::Refused::throttled("x-ratelimit-tokenconcurrentlimit", TOKEN_AT_ONCE).retry_after(1).respond()
    }

    fn retry_pauses(&self) -> &'static [Millis] {
        &RETRY_PAUSES
    }

    fn delivery_timeout(&self) -> Millis {
        DELIVERY_TIMEOUT_MS
    }

    /// A retry is the same POST: the vendor names no header that counts attempts.
    fn on_retry(&self, _delivery: &mut Outgoing, _attempt: u32, _previous: Attempt) {}

    /// Nothing is known to happen: the URL stays.
    fn gave_up(&mut self, _subscription: &str, _world: &mut World<'_>) {}

    fn unsubscribe(&mut self, _world: &mut World<'_>) {
        self.hooks.clear();
    }

    fn tick(&mut self, _world: &mut World<'_>) {}

    fn next_tick(&self) -> Option<Millis> {
        None
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
