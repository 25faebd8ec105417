//! Webhooks of the app: one URL, verified by a code, then thin events in one POST per moment.
//!
//! The rest of the merchant notes what happened; the machine sends the notes when the call or act is over. Nothing in
//! here knows what an event means. The developer dashboard, where the URL is typed, is [`Hooks::subscribe`].

use super::settings::Settings;
use crate::machine::{Millis, Outgoing, World};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use std::fmt::Display;

/// The event types that this merchant can send: app, customer, item, category, merchant, order, payment.
pub const TOPICS: [&str; 7] = ["A", "C", "I", "IC", "M", "O", "P"];

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is new.
    Create,
    /// It has changed.
    Update,
    /// It is gone.
    Delete,
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Note {
    topic: &'static str,
    object: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
struct Receiver {
    url: String,
    topics: Vec<String>,
    /// What was posted to the URL and has to be typed in.
    code: String,
    /// What deliveries carry, once the code was typed in.
    auth: Option<String>,
}

/// The app's webhooks.
#[derive(Debug)]
pub struct Hooks {
    app_id: String,
    merchant_id: String,
    auth_code: String,
    receiver: Option<Receiver>,
    notes: Vec<Note>,
    sent: u64,
}

impl Hooks {
    /// No URL yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            app_id: settings.app_id.clone(),
            merchant_id: settings.merchant_id.clone(),
            auth_code: settings.auth_code.clone(),
            receiver: None,
            notes: Vec::new(),
            sent: 0,
        }
    }

    /// The same thing happening to the same object twice in one moment is one event.
    pub fn note(&mut self, topic: &'static str, object: impl Display, kind: Kind) {
        let note = Note { topic, object: object.to_string(), kind };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Sends what was noted, in one POST.
    pub fn flush(&mut self, world: &mut World<'_>) {
        let notes = std::mem::take(&mut self.notes);
        let Some(receiver) = self.receiver.clone() else { return };
        let Some(auth) = &receiver.auth else { return };
        let wanted: Vec<&Note> =
            notes.iter().filter(|note| receiver.topics.iter().any(|topic| topic == note.topic)).collect();
        if wanted.is_empty() {
            return;
        }
        let body = self.body(&wanted, world.now);
        let mut topics: Vec<&str> = wanted.iter().map(|note| note.topic).collect();
        topics.dedup();
        let delivery = self.delivery(&receiver.url, &topics.join(","), Some(auth), body);
        world.outbox.push(delivery);
    }

    /// Drops what was noted.
    pub fn forget(&mut self) {
        self.notes.clear();
    }

    fn body(&self, notes: &[&Note], now: Millis) -> Value {
        let events: Vec<Value> = notes
            .iter()
            .map(|note| json!({"objectId": format!("{}:{}", note.topic, note.object), "type": note.kind.text(), "ts": now}))
            .collect();
        let mut merchants = Map::new();
        merchants.insert(self.merchant_id.clone(), Value::Array(events));
        json!({"appId": self.app_id, "merchants": merchants})
    }

    /// The vendor gives a delivery no id; the one in here is for the outbox alone.
    fn delivery(&mut self, url: &str, topic: &str, auth: Option<&str>, body: Value) -> Outgoing {
        self.sent += 1;
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        headers.extend(auth.map(|auth| ("x-clover-auth".to_owned(), auth.to_owned())));
        Outgoing {
            id: format!("clover-{}", self.sent),
            topic: topic.to_owned(),
            subscription: self.app_id.clone(),
            url: url.to_owned(),
            headers,
            body: Bytes::from(body.to_string()),
        }
    }

    /// What the developer types into the dashboard. A URL without a secret is posted the verification code, and hears
    /// nothing more until that code comes back as the secret; deliveries then carry the dashboard's auth code. Any
    /// other secret is a URL that was verified before, with the secret as its auth code. An app has one URL.
    ///
    /// # Errors
    /// An unknown event type, or a URL that is none.
    pub fn subscribe(
        &mut self,
        url: &str,
        topics: &[String],
        secret: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(format!("{url:?} is not a URL that can be called back"));
        }
        if let Some(unknown) = topics.iter().find(|topic| !TOPICS.contains(&topic.as_str())) {
            return Err(format!("Clover sends no {unknown:?} events here; it sends {}", TOPICS.join(", ")));
        }
        let topics = if topics.is_empty() { TOPICS.map(str::to_owned).to_vec() } else { topics.to_vec() };
        let auth = secret.map(|secret| {
            let pending = self.receiver.as_ref().filter(|receiver| receiver.url == url && receiver.code == secret);
            if pending.is_some() { self.auth_code.clone() } else { secret.to_owned() }
        });
        let code = verification_code(world);
        if auth.is_none() {
            let delivery = self.delivery(url, "verification", None, json!({"verificationCode": code}));
            world.outbox.push(delivery);
        }
        let answer = json!([{"url": url, "topics": topics, "verified": auth.is_some(), "auth_code": auth}]);
        self.receiver = Some(Receiver { url: url.to_owned(), topics, code, auth });
        Ok(answer)
    }

    /// Somebody emptied the URL in the dashboard.
    pub fn clear(&mut self) {
        self.receiver = None;
    }
}

/// In groups, as UUIDs are, so that it can be typed.
fn verification_code(world: &mut World<'_>) -> String {
    let text = format!("{:016x}{:016x}", world.dice.draw(), world.dice.draw());
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}
