//! Webhook subscriptions of the application, and the events that go to them.
//!
//! The rest of the seller calls [`Hooks::emit`]; `calls` serves the subscription endpoints and `past` the event search.
//! Nothing in here knows what an event means.

pub mod calls;
pub mod past;
mod signature;

use super::clock::rfc3339;
use super::draw;
use super::settings::{API_VERSION, Proxy, Settings};
use crate::machine::{Attempt, Millis, Outgoing, World};
use bytes::Bytes;
use past::Past;
use serde_json::{Value, json};

/// Every topic this seller can send, sorted.
pub const TOPICS: [&str; 18] = [
    "catalog.version.updated",
    "customer.created",
    "customer.deleted",
    "customer.updated",
    "inventory.count.updated",
    "location.created",
    "location.updated",
    "oauth.authorization.revoked",
    "order.created",
    "order.fulfillment.updated",
    "order.updated",
    "payment.created",
    "payment.updated",
    "refund.created",
    "refund.updated",
    "transfer_order.created",
    "vendor.created",
    "vendor.updated",
];

/// One subscription of the application.
#[derive(Clone, Debug)]
pub struct Subscription {
    id: String,
    name: String,
    enabled: bool,
    topics: Vec<String>,
    url: String,
    key: String,
    created_at: Millis,
    updated_at: Millis,
}

/// All subscriptions, and the events of the last weeks.
#[derive(Debug)]
pub struct Hooks {
    merchant_id: String,
    proxy: Option<Proxy>,
    /// False once the seller has taken the application's access away: nothing is sent any more.
    pub connected: bool,
    subscriptions: Vec<Subscription>,
    past: Past,
}

/// What happened, without the envelope.
#[derive(Debug)]
pub struct Event {
    /// One of [`TOPICS`].
    pub topic: &'static str,
    /// The location it happened at, where the vendor tells it.
    pub location: Option<String>,
    /// `data` of the envelope.
    pub data: Value,
}

impl Hooks {
    /// No subscriptions yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            merchant_id: settings.merchant_id.clone(),
            proxy: settings.proxy.clone(),
            connected: true,
            subscriptions: Vec::new(),
            past: Past::new(settings.events_kept),
        }
    }

    /// Sends an event to every enabled subscription that lists its topic, and remembers it for the event search.
    pub fn emit(&mut self, world: &mut World<'_>, mut event: Event) {
        if !self.connected {
            return;
        }
        let event_id = draw::uuid(world.dice);
        let body = self.envelope(&event_id, &mut event, world.now);
        for subscription in &self.subscriptions {
            if subscription.enabled && subscription.topics.iter().any(|topic| topic == event.topic) {
                world.outbox.push(self.delivery(subscription, &event_id, event.topic, &body, world.now));
            }
        }
        self.past.remember(world.now, event_id, event.topic, event.location, body);
    }

    /// Takes the data out of the event: it may be long.
    fn envelope(&self, event_id: &str, event: &mut Event, now: Millis) -> Bytes {
        let mut envelope = json!({
            "merchant_id": self.merchant_id,
            "type": event.topic,
            "event_id": event_id,
            "created_at": rfc3339(now),
        });
        if let Some(location) = &event.location {
            envelope["location_id"] = json!(location);
        }
        envelope["data"] = event.data.take();
        Bytes::from(envelope.to_string())
    }

    fn delivery(&self, to: &Subscription, event_id: &str, topic: &str, body: &Bytes, now: Millis) -> Outgoing {
        let signature = signature::sign(&to.key, &to.url, body);
        Outgoing {
            id: event_id.to_owned(),
            topic: topic.to_owned(),
            subscription: to.id.clone(),
            url: self.called_url(&to.url),
            headers: vec![
                ("content-type".into(), "application/json".into()),
                ("user-agent".into(), "Square Connect v2".into()),
                ("x-square-hmacsha256-signature".into(), signature),
                ("square-initial-delivery-timestamp".into(), rfc3339(now)),
            ],
            body: body.clone(),
        }
    }

    /// The URL behind the proxy, when there is one.
    fn called_url(&self, subscribed: &str) -> String {
        let behind = self
            .proxy
            .as_ref()
            .and_then(|proxy| subscribed.strip_prefix(&proxy.public).map(|rest| format!("{}{rest}", proxy.inside)));
        behind.unwrap_or_else(|| subscribed.to_owned())
    }

    /// The vendor disables a subscription that has failed for weeks.
    pub fn disable(&mut self, id: &str, now: Millis) {
        for subscription in self.subscriptions.iter_mut().filter(|subscription| subscription.id == id) {
            subscription.enabled = false;
            subscription.updated_at = now;
        }
    }

    /// Somebody deleted every subscription in the developer console.
    pub fn clear(&mut self) {
        self.subscriptions.clear();
    }
}

impl Subscription {
    /// With the key: shown when it is created and when it is retrieved.
    fn render(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "enabled": self.enabled,
            "event_types": self.topics,
            "notification_url": self.url,
            "api_version": API_VERSION,
            "signature_key": self.key,
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
        })
    }
}

/// The two headers that repeated attempts carry beside the first one's.
pub fn mark_retry(delivery: &mut Outgoing, attempt: u32, previous: Attempt) {
    let reason = match previous {
        Attempt::Answered(_) => "http_error",
        Attempt::TimedOut => "http_timeout",
        Attempt::Failed => "other_error",
    };
    delivery.headers.retain(|(name, _)| name != "square-retry-number" && name != "square-retry-reason");
    delivery.headers.push(("square-retry-number".into(), attempt.to_string()));
    delivery.headers.push(("square-retry-reason".into(), reason.into()));
}
