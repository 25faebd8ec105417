//! Webhook subscriptions, and turning what happened into signed deliveries. Several topics of one cause share the
//! event id and, where they carry the same object, the same bytes and so the same signature.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::body;
use super::happened::{Event, Happened};
use super::settings::Settings;
use super::shop::Shop;
use super::topics::header_topic;
use crate::machine::{Dice, Millis, Outgoing, World};

/// The API version that subscriptions and replies follow.
pub(super) const API_VERSION: &str = "2026-10";

/// One subscription.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) id: u64,
    /// The vendor's enum name.
    pub(super) topic: String,
    pub(super) uri: String,
    pub(super) name: Option<String>,
    /// Top-level fields that are sent; empty means all.
    pub(super) include_fields: Vec<String>,
    pub(super) created: Millis,
    pub(super) updated: Millis,
    key: Option<hmac::Key>,
}

/// All subscriptions of the one app that is installed.
#[derive(Debug)]
pub(super) struct Hooks {
    key: hmac::Key,
    shop_domain: String,
    escaped_slash_per_million: u32,
    by_topic: BTreeMap<String, Vec<Subscription>>,
}

impl Hooks {
    /// No subscriptions; deliveries are signed with the app's secret.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, settings.client_secret.as_bytes()),
            shop_domain: settings.shop_domain.clone(),
            escaped_slash_per_million: settings.escaped_slash_per_million,
            by_topic: BTreeMap::new(),
        }
    }

    /// All subscriptions, by topic and then by age.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Subscription> {
        self.by_topic.values().flatten()
    }

    /// The subscription with this id.
    pub(super) fn find(&self, id: u64) -> Option<&Subscription> {
        self.iter().find(|subscription| subscription.id == id)
    }

    /// Adds a subscription. `secret` replaces the app's secret for this one, which only tests ask for.
    ///
    /// # Errors
    ///
    /// The address is already subscribed to the topic, or is no address.
    pub(super) fn add(
        &mut self,
        id: u64,
        topic: &str,
        uri: &str,
        secret: Option<&str>,
        now: Millis,
    ) -> Result<&mut Subscription, String> {
        check_uri(uri)?;
        let list = self.by_topic.entry(topic.to_owned()).or_default();
        if list.iter().any(|subscription| subscription.uri == uri) {
            return Err("Address for this topic has already been taken".to_owned());
        }
        list.push(Subscription {
            id,
            topic: topic.to_owned(),
            uri: uri.to_owned(),
            name: None,
            include_fields: Vec::new(),
            created: now,
            updated: now,
            key: secret.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())),
        });
        Ok(list.last_mut().expect("a subscription was pushed on the line above"))
    }

    /// The subscription with this id, to be changed.
    pub(super) fn find_mut(&mut self, id: u64) -> Option<&mut Subscription> {
        self.by_topic.values_mut().flatten().find(|subscription| subscription.id == id)
    }

    /// Removes a subscription; answers whether it was there.
    pub(super) fn remove(&mut self, id: u64) -> bool {
        let before = self.iter().count();
        for list in self.by_topic.values_mut() {
            list.retain(|subscription| subscription.id != id);
        }
        before != self.iter().count()
    }

    /// Removes every subscription.
    pub(super) fn clear(&mut self) {
        self.by_topic.clear();
    }

    /// Announces everything that one cause changed.
    pub(super) fn publish(&self, shop: &Shop, happened: &Happened, world: &mut World<'_>) {
        if self.by_topic.is_empty() {
            return;
        }
        let event_id = uuid(world.dice);
        for event in &happened.events {
            self.publish_event(shop, event, &event_id, world);
        }
        for &(article, location) in &happened.levels {
            self.send(&["INVENTORY_LEVELS_UPDATE"], &event_id, world, || body::level(shop, article, location));
        }
    }

    fn publish_event(&self, shop: &Shop, event: &Event, event_id: &str, world: &mut World<'_>) {
        match *event {
            Event::Order { order, topics } => {
                self.send(topics, event_id, world, || body::order(shop, order));
            }
            Event::OrderEdited { order, line, delta } => {
                let now = world.now;
                self.send(&["ORDERS_EDITED"], event_id, world, || body::order_edited(shop, order, line, delta, now));
            }
            Event::Refund { order, refund } => {
                self.send(&["REFUNDS_CREATE"], event_id, world, || body::refund(shop, order, refund));
            }
            Event::Fulfilment { order, fulfilment } => {
                self.send(&["FULFILLMENTS_CREATE"], event_id, world, || body::fulfilment(shop, order, fulfilment));
            }
            Event::Product { product, topic } => {
                self.send(&[topic], event_id, world, || body::product(shop, product));
            }
            Event::Item { article, topic } => {
                self.send(&[topic], event_id, world, || body::item(shop, article));
            }
            Event::Location { location, topic } => {
                self.send(&[topic], event_id, world, || body::location(shop, location));
            }
            Event::Customer { customer, topic } => {
                self.send(&[topic], event_id, world, || body::customer(shop, customer));
            }
            Event::CustomersMerged { kept, gone } => {
                self.send(&["CUSTOMERS_MERGE"], event_id, world, || body::merged(shop, kept, gone));
            }
            Event::CustomerRedacted { customer } => self.send_redact(shop, customer, event_id, world),
            Event::Bulk { id } => {
                let now = world.now;
                self.send(&["BULK_OPERATIONS_FINISH"], event_id, world, || body::bulk(shop, id, now));
            }
            Event::Uninstalled => {
                let now = world.now;
                self.send(&["APP_UNINSTALLED"], event_id, world, || body::shop(shop, now));
            }
        }
    }

    /// Sends one object to every subscriber of these topics. The body is made only when somebody listens.
    fn send(&self, topics: &[&str], event_id: &str, world: &mut World<'_>, make: impl Fn() -> String) {
        let mut made: Option<(Bytes, String)> = None;
        for topic in topics {
            for subscription in self.by_topic.get(*topic).into_iter().flatten() {
                let (bytes, signature) = made.get_or_insert_with(|| {
                    let bytes = self.written(make(), world.dice);
                    let signature = sign(&self.key, &bytes);
                    (bytes, signature)
                });
                let delivery = if subscription.key.is_none() && subscription.include_fields.is_empty() {
                    self.deliver(subscription, event_id, (bytes.clone(), signature.clone()), world)
                } else {
                    let bytes = only_fields(bytes, &subscription.include_fields);
                    let signature = sign(subscription.key.as_ref().unwrap_or(&self.key), &bytes);
                    self.deliver(subscription, event_id, (bytes, signature), world)
                };
                world.outbox.push(delivery);
            }
        }
    }

    /// Privacy topics cannot be subscribed to by API: an app names one address for them in its configuration. There is no
    /// configuration here, so they go where the oldest subscription goes.
    fn send_redact(&self, shop: &Shop, customer: usize, event_id: &str, world: &mut World<'_>) {
        let Some(oldest) = self.iter().min_by_key(|subscription| subscription.id) else { return };
        let bytes = self.written(body::redact(shop, customer), world.dice);
        let signature = sign(oldest.key.as_ref().unwrap_or(&self.key), &bytes);
        let mut delivery = self.deliver(oldest, event_id, (bytes, signature), world);
        delivery.topic = "customers/redact".to_owned();
        for (name, value) in &mut delivery.headers {
            if name == "X-Shopify-Topic" {
                value.clone_from(&delivery.topic);
            }
        }
        world.outbox.push(delivery);
    }

    /// The vendor's JSON writer escapes slashes now and then, which a signature over re-written JSON does not survive.
    fn written(&self, text: String, dice: &mut Dice) -> Bytes {
        if dice.chance(self.escaped_slash_per_million) {
            Bytes::from(text.replace('/', "\\/"))
        } else {
            Bytes::from(text)
        }
    }

    fn deliver(
        &self,
        subscription: &Subscription,
        event_id: &str,
        (body, signature): (Bytes, String),
        world: &mut World<'_>,
    ) -> Outgoing {
        let id = uuid(world.dice);
        let topic = header_topic(&subscription.topic);
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![
            header("Content-Type", "application/json"),
            header("User-Agent", "Shopify-Captain-Hook"),
            header("X-Shopify-Topic", &topic),
            header("X-Shopify-Hmac-Sha256", &signature),
            header("X-Shopify-Shop-Domain", &self.shop_domain),
            header("X-Shopify-API-Version", API_VERSION),
            header("X-Shopify-Webhook-Id", &id),
            header("X-Shopify-Event-Id", event_id),
            header("X-Shopify-Triggered-At", &body::instant(world.now)),
        ];
        if let Some(name) = &subscription.name {
            headers.push(header("X-Shopify-Name", name));
        }
        let subscription_id = subscription.id.to_string();
        let url = subscription.uri.clone();
        Outgoing { id, topic, subscription: subscription_id, url, headers, body }
    }
}

/// `base64(HMAC-SHA256(secret, exact body bytes))`.
fn sign(key: &hmac::Key, bytes: &[u8]) -> String {
    STANDARD.encode(hmac::sign(key, bytes))
}

/// The body with only the top-level fields that the subscription asked for.
fn only_fields(bytes: &Bytes, fields: &[String]) -> Bytes {
    if fields.is_empty() {
        return bytes.clone();
    }
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes) {
        Ok(mut object) => {
            object.retain(|name, _| fields.contains(name));
            Bytes::from(serde_json::Value::Object(object).to_string())
        }
        Err(_) => bytes.clone(),
    }
}

fn check_uri(uri: &str) -> Result<(), String> {
    let known = ["https://", "http://"].iter().any(|scheme| uri.starts_with(scheme));
    if known { Ok(()) } else { Err("Address protocol is not supported".to_owned()) }
}

/// A random (version 4) UUID.
pub(super) fn uuid(dice: &mut Dice) -> String {
    let (a, b) = (dice.draw(), dice.draw());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xFFFF,
        a & 0xFFF,
        0x8000 | ((b >> 48) & 0x3FFF),
        b & 0xFFFF_FFFF_FFFF
    )
}
