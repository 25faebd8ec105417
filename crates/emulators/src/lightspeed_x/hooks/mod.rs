//! Webhook subscriptions, and the deliveries that go to them.
//!
//! The rest of the retailer asks [`Hooks::wants`] and calls [`Hooks::send`]; `calls` serves the subscription endpoints,
//! and the other files make the bodies, which have the shapes of API 1.0. Nothing in here knows what an event means.
//!
//! A delivery does not say of which type it is: subscribers use one address per type.

mod calls;
mod goods;
mod papers;
mod signature;

use super::form;
use super::ids::Id;
use super::settings::Settings;
use crate::machine::{Outgoing, World};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

/// Every type of event that can be subscribed to.
pub const TOPICS: [&str; 7] = [
    "sale.update",
    "product.update",
    "customer.update",
    "inventory.update",
    "register_closure.create",
    "consignment.send",
    "consignment.receive",
];

/// One subscription.
#[derive(Clone, Debug)]
struct Subscription {
    id: Id,
    url: String,
    active: bool,
    topic: &'static str,
}

/// All subscriptions of the application.
#[derive(Debug)]
pub struct Hooks {
    retailer_id: Id,
    domain_prefix: String,
    signer: signature::Signer,
    subscriptions: Vec<Subscription>,
}

impl Hooks {
    /// No subscriptions yet.
    pub fn new(settings: &Settings, retailer_id: Id) -> Self {
        Self {
            retailer_id,
            domain_prefix: settings.domain_prefix.clone(),
            signer: signature::Signer::new(&settings.client_secret),
            subscriptions: Vec::new(),
        }
    }

    /// Whether anybody listens to a type: a body that nobody hears is not made.
    pub fn wants(&self, topic: &str) -> bool {
        self.subscriptions.iter().any(|one| one.active && one.topic == topic)
    }

    /// Sends a body to every active subscription of its type.
    pub fn send(&self, topic: &'static str, payload: &impl Serialize, world: &mut World<'_>) {
        let payload = serde_json::to_string(payload).expect("old shapes are plain records with names for keys");
        let pairs =
            [("payload", payload.as_str()), ("domain_prefix", self.domain_prefix.as_str()), ("environment", "prod")];
        let body = Bytes::from(form::write(&pairs));
        let signature = self.signer.header(&body);
        for one in self.subscriptions.iter().filter(|one| one.active && one.topic == topic) {
            // The vendor sends no delivery id; this one only names the delivery inside the emulator.
            let id = Id::draw(world.dice).to_string();
            world.outbox.push(Outgoing {
                id,
                topic: topic.to_owned(),
                subscription: one.id.to_string(),
                url: one.url.clone(),
                headers: vec![
                    ("content-type".into(), "application/x-www-form-urlencoded".into()),
                    ("x-signature".into(), signature.clone()),
                ],
                body: body.clone(),
            });
        }
    }

    /// Nobody is told anything any more.
    pub fn clear(&mut self) {
        self.subscriptions.clear();
    }

    /// Subscribes a URL to these types, or to all; what is subscribed already stays as it is.
    ///
    /// # Errors
    /// A sentence when a type is unknown.
    pub fn subscribe(&mut self, url: &str, topics: &[String], world: &mut World<'_>) -> Result<Value, String> {
        let read = |name: &String| known_topic(name).ok_or_else(|| format!("{name} is not a webhook type"));
        let mut wanted = topics.iter().map(read).collect::<Result<Vec<_>, String>>()?;
        if wanted.is_empty() {
            wanted = TOPICS.to_vec();
        }
        let mut shown = Vec::new();
        for topic in wanted {
            let known = self.subscriptions.iter().position(|one| one.url == url && one.topic == topic);
            let index = known.unwrap_or_else(|| {
                self.subscriptions.push(Subscription {
                    id: Id::draw(world.dice),
                    url: url.to_owned(),
                    active: true,
                    topic,
                });
                self.subscriptions.len() - 1
            });
            shown.push(self.render(&self.subscriptions[index]));
        }
        Ok(Value::Array(shown))
    }

    fn render(&self, one: &Subscription) -> Value {
        json!({
            "id": one.id.to_string(),
            "retailer_id": self.retailer_id.to_string(),
            "url": one.url,
            "active": one.active,
            "type": one.topic,
        })
    }
}

fn known_topic(name: &str) -> Option<&'static str> {
    TOPICS.into_iter().find(|topic| *topic == name)
}
