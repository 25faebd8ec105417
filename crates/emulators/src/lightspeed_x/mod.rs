//! Lightspeed Retail X-Series, emulated: one retailer with tills, eCom, a back office and the public API of 2026-07.
//!
//! The HTTP shell and the simulator drive [`LightspeedX`] through [`Machine`]. Built from the vendor's own documents:
//! one version counter for everything, fixed rate windows, hooks in old shapes that do not say what they are. It is a
//! pure state machine and knows nothing of the hub.
//!
//! A call passes the `door`, is sent on by `routes`, and is answered by the `calls` of a folder; what people do inside
//! the platform comes in through `acts`.

mod account;
mod acts;
mod books;
mod clock;
mod consignments;
mod counters;
mod decimal;
mod door;
mod feed;
mod form;
mod goods;
mod hooks;
mod ids;
mod money;
mod oauth;
mod paging;
mod people;
mod rate;
mod routes;
mod sales;
mod settings;
mod stock;
#[cfg(test)]
mod tests;
mod wire;
mod workflows;

pub use hooks::TOPICS;
pub use settings::{API_VERSION, SCOPES, Settings};

use crate::EmulatorError;
use crate::machine::{Act, Attempt, Books, Calls, Keys, Machine, Millis, Opened, Opening, Outgoing, World, with_date};
use bytes::Bytes;
use http::{Request, Response};
use std::collections::HashMap;

const MINUTE: Millis = 60_000;

/// Up to twenty tries over 48 hours, with growing gaps. The gaps themselves are not published; these add up to it.
const RETRY_PAUSES: [Millis; 19] = [
    MINUTE,
    2 * MINUTE,
    4 * MINUTE,
    8 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    45 * MINUTE,
    60 * MINUTE,
    90 * MINUTE,
    120 * MINUTE,
    150 * MINUTE,
    180 * MINUTE,
    210 * MINUTE,
    240 * MINUTE,
    270 * MINUTE,
    300 * MINUTE,
    345 * MINUTE,
    375 * MINUTE,
    435 * MINUTE,
];
const DELIVERY_TIMEOUT_MS: Millis = 5_000;

/// Opens a new, empty account with ten registers.
///
/// # Errors
/// When the currency is no ISO 4217 code.
pub fn open(opening: &Opening) -> Result<Opened, EmulatorError> {
    let code = &opening.currency;
    if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(EmulatorError::Settings { reason: format!("{code:?} is not a currency code") });
    }
    let settings = Settings::opened(opening);
    let keys = Keys {
        account: settings.domain_prefix.clone(),
        access_token: settings.access_token.clone(),
        refresh_token: settings.refresh_token.clone(),
        client_id: settings.client_id.clone(),
        client_secret: settings.client_secret.clone(),
        webhook_secret: settings.client_secret.clone(),
        ..Keys::default()
    };
    Ok(Opened { machine: Box::new(LightspeedX::new(settings)), keys, one_location: false, unlinked_returns: true })
}

/// One X-Series retailer.
#[derive(Debug)]
pub struct LightspeedX {
    settings: Settings,
    money: money::Money,
    versions: feed::Versions,
    grants: oauth::Grants,
    window: rate::Window,
    token_window: rate::Window,
    /// The latest time that was passed in, for an answer that is asked for without one.
    seen: Millis,
    account: account::Account,
    goods: goods::Goods,
    stock: stock::Stock,
    people: people::People,
    sales: sales::Sales,
    consignments: consignments::Consignments,
    hooks: hooks::Hooks,
    workflows: workflows::Workflows,
    /// The tester's name of a document → index of its sale.
    documents: HashMap<String, usize>,
    /// Name of a product with variants → index of its first one.
    families: HashMap<String, usize>,
    log: Vec<books::Entry>,
    calls: Calls,
}

impl LightspeedX {
    /// A retailer without outlets, goods or sales.
    pub fn new(settings: Settings) -> Self {
        let mut versions = feed::Versions::default();
        let account = account::Account::new(&settings, &mut versions);
        Self {
            money: money::Money::new(&settings),
            versions,
            grants: oauth::Grants::new(&settings),
            window: rate::Window::new(settings::WINDOW_MS, settings.budget()),
            token_window: rate::Window::new(
                MINUTE,
                u64::from(settings.token_calls) * u64::from(settings.rate_scale.max(1)),
            ),
            seen: 0,
            hooks: hooks::Hooks::new(&settings, account.retailer_id),
            account,
            goods: goods::Goods::default(),
            stock: stock::Stock::default(),
            people: people::People::default(),
            sales: sales::Sales::default(),
            consignments: consignments::Consignments::default(),
            workflows: workflows::Workflows::default(),
            documents: HashMap::new(),
            families: HashMap::new(),
            log: Vec::new(),
            calls: Calls::default(),
            settings,
        }
    }

    fn see(&mut self, now: Millis) {
        self.seen = self.seen.max(now);
        self.grants.begin(now);
    }
}

impl Machine for LightspeedX {
    fn platform(&self) -> &'static str {
        "lightspeed-x"
    }

    fn handle(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        with_date(self.answer(request, world), world.now)
    }

    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<serde_json::Value, String> {
        self.see(world.now);
        self.carry_out_act(act, world)
    }

    fn throttled(&self, _request: &Request<Bytes>) -> Response<Bytes> {
        // The budget is not spent, and nothing but this refusal says how long to stay away.
        let left_ms = self.window.ends(self.seen).saturating_sub(self.seen);
        let pause_ms = left_ms / Millis::from(self.settings.time_scale.max(1));
        self.refuse_for_rate(self.seen.saturating_add(pause_ms))
    }

    fn retry_pauses(&self) -> &'static [Millis] {
        &RETRY_PAUSES
    }

    fn delivery_timeout(&self) -> Millis {
        DELIVERY_TIMEOUT_MS
    }

    /// A repeated attempt looks like the first one.
    /// Redirects and refusals are final; only silence and failures are tried again.
    fn is_final(&self, attempt: Attempt) -> bool {
        matches!(attempt, Attempt::Answered(300..=499))
    }

    fn on_retry(&self, _delivery: &mut Outgoing, _attempt: u32, _previous: Attempt) {}

    /// The vendor is not known to do anything: the subscription stays.
    fn gave_up(&mut self, _subscription: &str, _world: &mut World<'_>) {}

    fn unsubscribe(&mut self, _world: &mut World<'_>) {
        self.hooks.clear();
    }

    /// Everything happens at once here.
    fn tick(&mut self, _world: &mut World<'_>) {}

    fn next_tick(&self) -> Option<Millis> {
        None
    }

    fn books(&self) -> Books {
        self.read_books()
    }

    /// The signing key is the application's secret; the vendor lets no subscriber choose another.
    fn subscribe(
        &mut self,
        url: &str,
        topics: &[String],
        _secret: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<serde_json::Value, String> {
        self.hooks.subscribe(url, topics, world)
    }

    fn calls(&self) -> Calls {
        self.calls.clone()
    }
}
