//! One emulated shop on Shopify: online store, tills and the Admin API 2026-10 that one installed app uses.
//!
//! A pure state machine. The shell and the simulator drive it through [`Machine`]; it opens no socket, reads no clock
//! and knows nothing of the hub. Where the vendor's documents are silent, the choice is said beside the code.

mod acts;
mod api;
mod body;
mod books;
mod happened;
mod hooks;
mod ids;
mod oauth;
mod records;
mod settings;
mod shop;
#[cfg(test)]
mod tests;
mod tokens;
mod topics;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use self::api::{Bucket, Bulks, Documents, Keys};
use self::happened::{Event, Happened};
use self::hooks::Hooks;
use self::ids::Kind;
use self::shop::Shop;
use self::tokens::Tokens;
use self::topics::TOPICS;
use crate::EmulatorError;
use crate::machine::{Act, Attempt, Books, Calls, Machine, Millis, Opened, Opening, Outgoing, World, with_date};

pub use settings::Settings;

/// Eight retries over four hours, each pause about twice the one before. The vendor publishes the count and the span,
/// not the single pauses.
const RETRY_PAUSES: [Millis; 8] = [60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_840_000, 6_780_000];

/// The vendor waits this long for an answer to a webhook.
const DELIVERY_TIMEOUT: Millis = 5_000;

/// Scopes of the token that the app begins with.
const SCOPES: [&str; 17] = [
    "read_orders",
    "write_orders",
    "read_products",
    "write_products",
    "read_inventory",
    "write_inventory",
    "read_locations",
    "read_customers",
    "read_customer_merge",
    "read_fulfillments",
    "read_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
    "read_returns",
    "write_merchant_managed_fulfillment_orders",
    "write_customers",
    "read_inventory_transfers",
    "write_inventory_transfers",
];

/// Opens a new, empty shop on the standard plan.
///
/// # Errors
/// When the zone is unknown.
pub fn open(opening: &Opening) -> Result<Opened, EmulatorError> {
    let standard = Settings::default();
    let settings = Settings {
        currency: opening.currency.clone(),
        taxes_included: opening.tax_inclusive,
        zone: opening.zone.clone(),
        web_locations: opening.sells_from.clone(),
        restore_rate: standard.restore_rate * i64::from(opening.rate_scale.max(1)),
        bucket: standard.bucket * i64::from(opening.rate_scale.max(1)),
        client_secret: opening.webhook_secret.clone().unwrap_or(standard.client_secret),
        ..Settings::default()
    };
    let keys = crate::machine::Keys {
        account: settings.shop_domain.clone(),
        client_id: settings.client_id.clone(),
        refresh_token: settings.refresh_token.clone(),
        access_token: settings.access_token.clone(),
        client_secret: settings.client_secret.clone(),
        webhook_secret: settings.client_secret.clone(),
        ..Default::default()
    };
    Ok(Opened { machine: Box::new(Shopify::new(settings)?), keys, one_location: false, unlinked_returns: false })
}

/// One emulated shop with one installed app.
#[derive(Debug)]
pub struct Shopify {
    shop: Shop,
    hooks: Hooks,
    bulks: Bulks,
    documents: Documents,
    keys: Keys,
    bucket: Bucket,
    calls: Calls,
    tokens: Tokens,
    installed: bool,
}

impl Shopify {
    /// An empty shop: no locations, no items, no subscriptions.
    ///
    /// # Errors
    ///
    /// [`EmulatorError::Settings`] when the zone is unknown.
    pub fn new(settings: Settings) -> Result<Self, EmulatorError> {
        let zone = settings.time_zone()?;
        let mut shop = Shop::new(settings.clone(), zone);
        shop.scopes = SCOPES.map(str::to_owned).to_vec();
        Ok(Self {
            hooks: Hooks::new(&settings),
            bulks: Bulks::default(),
            documents: Documents::default(),
            keys: Keys::default(),
            bucket: Bucket::new(settings.bucket, settings.restore_rate),
            calls: Calls::default(),
            installed: true,
            tokens: Tokens::new(&settings.access_token, &settings.refresh_token),
            shop,
        })
    }

    /// Announces what happened. A product that is announced because its stock changed carries the time of the change.
    fn publish(&mut self, mut happened: Happened, world: &mut World<'_>) {
        let rate = self.shop.settings.product_echo_per_million;
        let changed: Vec<usize> = happened.levels.iter().map(|(article, _)| *article).collect();
        for article in changed {
            if world.dice.chance(rate) {
                let product = self.shop.articles[article].family;
                self.shop.articles[article].updated = world.now;
                self.shop.products[product].updated = world.now;
                happened.note(Event::Product { product, topic: "PRODUCTS_UPDATE" });
            }
        }
        self.hooks.publish(&self.shop, &happened, world);
    }

    fn count_rows(&mut self, mutation: &str, rows: u64) {
        *self.calls.rows.entry(mutation.to_owned()).or_default() += rows;
    }

    fn finish_bulk(&mut self, id: u64, query: &str, world: &mut World<'_>) {
        let lines = match self.documents.check(query) {
            Ok(document) => api::lines(&document, (&self.shop, &self.hooks, &self.bulks)),
            Err(_) => Err("the query is no longer valid".to_owned()),
        };
        self.bulks.finish(id, lines, world.now);
        let mut happened = Happened::default();
        happened.note(Event::Bulk { id });
        self.publish(happened, world);
    }
}

impl Machine for Shopify {
    fn platform(&self) -> &'static str {
        "shopify"
    }

    fn handle(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        self.tick(world);
        with_date(api::answer(self, request, world), world.now)
    }

    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<Value, String> {
        let mut happened = Happened::default();
        let answer = acts::perform(&mut self.shop, act, world.now, &mut happened)?;
        self.publish(happened, world);
        if matches!(act, Act::Uninstall {}) {
            // The token is dead before the last webhook arrives, and no subscription outlives the app.
            self.installed = false;
            self.tokens.revoke();
            self.hooks.clear();
        }
        if matches!(act, Act::RevokeToken {}) {
            self.tokens.revoke_access();
        }
        Ok(answer)
    }

    fn throttled(&self, _request: &Request<Bytes>) -> Response<Bytes> {
        let body = api::throttled_body(&self.bucket, api::COST_MAX);
        let mut response = Response::new(Bytes::from(body.to_string()));
        let kind = http::HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
        response
    }

    fn retry_pauses(&self) -> &'static [Millis] {
        &RETRY_PAUSES
    }

    fn delivery_timeout(&self) -> Millis {
        DELIVERY_TIMEOUT
    }

    /// A retry is the first attempt again, sent to the address that the subscription has now.
    fn on_retry(&self, delivery: &mut Outgoing, _attempt: u32, _previous: Attempt) {
        let subscription = delivery.subscription.parse().ok().and_then(|id| self.hooks.find(id));
        if let Some(subscription) = subscription {
            delivery.url.clone_from(&subscription.uri);
        }
    }

    /// A subscription that was made through the API is deleted after eight failures in a row.
    fn gave_up(&mut self, subscription: &str, _world: &mut World<'_>) {
        if let Ok(id) = subscription.parse() {
            self.hooks.remove(id);
        }
    }

    fn unsubscribe(&mut self, _world: &mut World<'_>) {
        self.hooks.clear();
    }

    fn tick(&mut self, world: &mut World<'_>) {
        if self.shop.opened == 0 {
            self.shop.opened = world.now;
        }
        while let Some((id, query)) = self.bulks.due(world.now) {
            self.finish_bulk(id, &query, world);
        }
    }

    fn next_tick(&self) -> Option<Millis> {
        self.bulks.next_due()
    }

    fn books(&self) -> Books {
        books::books(&self.shop)
    }

    fn subscribe(
        &mut self,
        url: &str,
        topics: &[String],
        secret: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let all: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).collect();
        let known = |topic: &str| {
            let found = TOPICS.iter().find(|(name, path)| *name == topic || *path == topic);
            found.map(|(name, _)| *name).ok_or_else(|| format!("there is no topic '{topic}'"))
        };
        let wanted = match topics {
            [] => all,
            some => some.iter().map(|topic| known(topic)).collect::<Result<_, _>>()?,
        };
        let mut made = Vec::new();
        for topic in wanted {
            let id = self.shop.ids.give(Kind::WebhookSubscription, [0, 0, 0]);
            self.hooks.add(id, topic, url, secret, world.now)?;
            made.push(json!({ "id": id.to_string(), "topic": topic }));
        }
        Ok(Value::Array(made))
    }

    fn calls(&self) -> Calls {
        self.calls.clone()
    }
}
