//! `/v2/webhooks/*` and `/v2/events/*`, under the application's own token.
//!
//! Called by the routes; the door has judged the token.

use super::super::draw;
use super::super::settings::API_VERSION;
use super::super::wire::{self, Answer, Call, Refused};
use super::{Event, Hooks, Subscription, TOPICS};
use crate::machine::World;
use serde_json::{Value, json};

impl Hooks {
    /// `POST /v2/webhooks/subscriptions`.
    ///
    /// # Errors
    /// Missing URL or topics, an unknown topic, another API version.
    pub fn create(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let asked = &call.body;
        wire::object(asked, "/subscription")?;
        let url = wire::required(asked, "/subscription/notification_url")?.to_owned();
        let topics = known_topics(asked)?;
        if topics.is_empty() {
            return Err(Refused::missing("subscription.event_types"));
        }
        known_version(asked)?;
        let name = wire::text(asked, "/subscription/name").unwrap_or_default();
        let enabled = asked.pointer("/subscription/enabled").and_then(Value::as_bool).unwrap_or(true);
        let key = draw::id(world.dice, 22);
        Ok(json!({"subscription": self.add(name, enabled, topics, url, key, world)}))
    }

    /// The tester's shortcut: an enabled subscription to these topics, or to all when none is named, signing with
    /// `secret` or with a key of its own.
    ///
    /// # Errors
    /// An unknown topic, no URL.
    pub fn subscribe(
        &mut self,
        url: &str,
        topics: &[String],
        secret: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        if url.is_empty() {
            return Err("a subscription needs a URL".into());
        }
        if let Some(unknown) = topics.iter().find(|topic| !TOPICS.contains(&topic.as_str())) {
            return Err(format!("{unknown} is not a topic of Square"));
        }
        let topics =
            if topics.is_empty() { TOPICS.iter().map(|topic| (*topic).to_owned()).collect() } else { topics.to_vec() };
        let key = secret.map_or_else(|| draw::id(world.dice, 22), str::to_owned);
        Ok(json!([self.add("tester", true, topics, url.to_owned(), key, world)]))
    }

    fn add(
        &mut self,
        name: &str,
        enabled: bool,
        topics: Vec<String>,
        url: String,
        key: String,
        world: &mut World<'_>,
    ) -> Value {
        let subscription = Subscription {
            id: format!("wbhk_{}", draw::id(world.dice, 24).to_lowercase()),
            name: name.to_owned(),
            enabled,
            topics,
            url,
            key,
            created_at: world.now,
            updated_at: world.now,
        };
        let shown = subscription.render();
        self.subscriptions.push(subscription);
        shown
    }

    /// `GET /v2/webhooks/subscriptions`; disabled ones only with `include_disabled=true`.
    ///
    /// # Errors
    /// None.
    pub fn list(&self, call: &Call<'_>) -> Answer {
        let all = wire::text(&call.body, "/include_disabled") == Some("true");
        let shown: Vec<Value> =
            self.subscriptions.iter().filter(|one| all || one.enabled).map(Subscription::render).collect();
        Ok(json!({"subscriptions": shown}))
    }

    /// `GET /v2/webhooks/subscriptions/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub fn retrieve(&self, id: &str) -> Answer {
        let found = self.subscriptions.iter().find(|one| one.id == id).ok_or_else(|| unknown(id))?;
        Ok(json!({"subscription": found.render()}))
    }

    /// `PUT /v2/webhooks/subscriptions/{id}`, sparse.
    ///
    /// # Errors
    /// Not found, an unknown topic, another API version.
    pub fn update(&mut self, id: &str, call: &Call<'_>, world: &World<'_>) -> Answer {
        let topics = known_topics(&call.body)?;
        known_version(&call.body)?;
        let found = self.find(id)?;
        if let Some(enabled) = call.body.pointer("/subscription/enabled").and_then(Value::as_bool) {
            found.enabled = enabled;
        }
        if let Some(name) = wire::text(&call.body, "/subscription/name") {
            found.name = name.to_owned();
        }
        if let Some(url) = wire::text(&call.body, "/subscription/notification_url") {
            found.url = url.to_owned();
        }
        if !topics.is_empty() {
            found.topics = topics;
        }
        found.updated_at = world.now;
        Ok(json!({"subscription": found.render()}))
    }

    /// `DELETE /v2/webhooks/subscriptions/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub fn delete(&mut self, id: &str) -> Answer {
        self.find(id)?;
        self.subscriptions.retain(|one| one.id != id);
        Ok(json!({}))
    }

    /// `POST /v2/webhooks/subscriptions/{id}/signature-key`: the old key is dead at once.
    ///
    /// # Errors
    /// Not found.
    pub fn rotate(&mut self, id: &str, world: &mut World<'_>) -> Answer {
        let key = draw::id(world.dice, 22);
        let found = self.find(id)?;
        found.key = key;
        found.updated_at = world.now;
        Ok(json!({"signature_key": found.key}))
    }

    /// `POST /v2/webhooks/subscriptions/{id}/test`: a sample goes out. The subscriber's status is not in the answer,
    /// because the sample is delivered after it.
    ///
    /// # Errors
    /// Not found, an unknown topic.
    pub fn test(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let asked = wire::text(&call.body, "/event_type").unwrap_or("order.updated");
        let topic = TOPICS.into_iter().find(|topic| *topic == asked).ok_or_else(|| bad_topic("event_type", asked))?;
        let to = self.find(id)?.clone();
        let event_id = draw::uuid(world.dice);
        let noun = topic.split('.').next().unwrap_or(topic);
        let data = json!({"type": noun, "id": draw::id(world.dice, 13), "object": {}});
        let body = self.envelope(&event_id, &mut Event { topic, location: None, data }, world.now);
        world.outbox.push(self.delivery(&to, &event_id, topic, &body, world.now));
        let at = super::rfc3339(world.now);
        let payload = String::from_utf8_lossy(&body);
        let result = json!({"id": event_id, "payload": payload, "created_at": at, "updated_at": at});
        Ok(json!({"subscription_test_result": result}))
    }

    /// `GET /v2/webhooks/event-types` and `GET /v2/events/types`.
    pub fn event_types() -> Value {
        let metadata: Vec<Value> = TOPICS
            .iter()
            .map(|topic| {
                json!({"event_type": topic, "api_version_introduced": "2020-02-26", "release_status": "PUBLIC"})
            })
            .collect();
        json!({"event_types": TOPICS, "metadata": metadata})
    }

    /// `POST /v2/events`.
    ///
    /// # Errors
    /// A bad cursor, limit or time.
    pub fn search(&self, call: &Call<'_>, world: &World<'_>) -> Answer {
        self.past.search(&call.body, &self.merchant_id, world.now)
    }

    /// `PUT /v2/events/enable` and `disable`.
    ///
    /// # Errors
    /// None.
    pub fn remember_events(&mut self, enabled: bool) -> Answer {
        self.past.enabled = enabled;
        Ok(json!({}))
    }

    fn find(&mut self, id: &str) -> Result<&mut Subscription, Refused> {
        self.subscriptions.iter_mut().find(|one| one.id == id).ok_or_else(|| unknown(id))
    }
}

fn unknown(id: &str) -> Refused {
    Refused::not_found(format!("Subscription `{id}` not found."))
}

fn bad_topic(field: &str, topic: &str) -> Refused {
    Refused::field("INVALID_VALUE", field, format!("Unknown event type `{topic}`."))
}

fn known_topics(body: &Value) -> Result<Vec<String>, Refused> {
    let topics = wire::texts(body, "/subscription/event_types")?;
    match topics.iter().find(|topic| !TOPICS.contains(&topic.as_str())) {
        Some(unknown) => Err(bad_topic("subscription.event_types", unknown)),
        None => Ok(topics),
    }
}

fn known_version(body: &Value) -> Result<(), Refused> {
    match wire::text(body, "/subscription/api_version") {
        None | Some(API_VERSION) => Ok(()),
        Some(_) => Err(Refused::field(
            "INVALID_VALUE",
            "subscription.api_version",
            format!("This emulator speaks {API_VERSION} only."),
        )),
    }
}
