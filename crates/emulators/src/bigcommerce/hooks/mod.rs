//! Webhooks of the app, and the thin notices that go to them.
//!
//! The rest of the store calls [`Hooks::emit`]; `calls` serves the webhook endpoints. Nothing in here knows what a
//! notice means.

mod calls;
mod scopes;
mod signature;

pub use scopes::SCOPES;

use super::draw;
use super::settings::Settings;
use crate::machine::{Millis, Outgoing, World};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;

/// Pauses before the eleven retries, about 48 hours in total.
pub const RETRY_PAUSES: [Millis; 11] = [
    MINUTE,
    3 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    14 * HOUR,
    24 * HOUR,
];

/// One webhook of the app.
#[derive(Clone, Debug)]
pub struct Hook {
    id: u64,
    scope: String,
    destination: String,
    is_active: bool,
    /// Switched off by the vendor after the last retry, which only the admin list tells apart.
    deactivated: bool,
    headers: Map<String, Value>,
    created_at: Millis,
    updated_at: Millis,
}

/// All webhooks of the app.
#[derive(Debug)]
pub struct Hooks {
    store_id: String,
    store_hash: String,
    client_id: String,
    client_secret: String,
    signed: bool,
    /// False once the app is uninstalled.
    pub connected: bool,
    hooks: Vec<Hook>,
    made: u64,
    emails: Vec<Value>,
}

/// The body of a notice, in the vendor's order of fields.
#[derive(Serialize)]
struct Notice<'n> {
    scope: &'n str,
    store_id: &'n str,
    data: &'n Value,
    hash: &'n str,
    created_at: i64,
    producer: &'n str,
}

impl Hooks {
    /// None yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            store_id: settings.store_id.clone(),
            store_hash: settings.store_hash.clone(),
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            signed: settings.signed,
            connected: true,
            hooks: Vec::new(),
            made: 0,
            emails: Vec::new(),
        }
    }

    /// Sends a notice to every active webhook that listens to its scope, each with an id of its own.
    pub fn emit(&self, world: &mut World<'_>, scope: &str, data: Value) {
        if !self.hooks.iter().any(|hook| hook.is_active && scopes::matches(&hook.scope, scope)) {
            return;
        }
        let body = self.body(scope, &data, world.now);
        for hook in self.hooks.iter().filter(|hook| hook.is_active && scopes::matches(&hook.scope, scope)) {
            let id = format!("msg_{}", draw::hex(world.dice, 27));
            let headers = self.headers(hook, &id, &body, world.now);
            world.outbox.push(Outgoing {
                id,
                topic: scope.to_owned(),
                subscription: hook.id.to_string(),
                url: hook.destination.clone(),
                headers,
                body: body.clone(),
            });
        }
    }

    fn body(&self, scope: &str, data: &Value, now: Millis) -> Bytes {
        let producer = format!("stores/{}", self.store_hash);
        let mut notice = Notice {
            scope,
            store_id: &self.store_id,
            data,
            hash: "",
            created_at: now.div_euclid(1_000),
            producer: &producer,
        };
        // A fingerprint of the content: the same content at the same second has the same one.
        let hash = signature::fingerprint(&written(&notice));
        notice.hash = &hash;
        Bytes::from(written(&notice))
    }

    fn headers(&self, hook: &Hook, id: &str, body: &[u8], now: Millis) -> Vec<(String, String)> {
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        for (name, value) in &hook.headers {
            headers.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
        }
        if self.signed {
            headers.extend(signature::headers(&self.client_secret, id, now.div_euclid(1_000), body));
        }
        headers
    }

    /// A retry keeps its id and is signed anew at its own time.
    pub fn sign_again(&self, delivery: &mut Outgoing, at: Millis) {
        if !self.signed {
            return;
        }
        delivery.headers.retain(|(name, _)| !name.starts_with("webhook-"));
        let signed = signature::headers(&self.client_secret, &delivery.id, at.div_euclid(1_000), &delivery.body);
        delivery.headers.extend(signed);
    }

    /// After the last retry the vendor switches the webhook off.
    pub fn deactivate(&mut self, id: &str, now: Millis) {
        for hook in self.hooks.iter_mut().filter(|hook| hook.id.to_string() == id) {
            hook.is_active = false;
            hook.deactivated = true;
            hook.updated_at = now;
        }
    }

    /// All webhooks are gone.
    pub fn clear(&mut self) {
        self.hooks.clear();
    }

    /// One webhook for each scope, without a call. `secret` becomes the header `X-Hub-Secret`, as the vendor's way of
    /// telling a delivery by a secret of the subscriber's own.
    ///
    /// # Errors
    /// An unknown scope, an address that the vendor would not take, more than ten of one scope.
    pub fn subscribe(
        &mut self,
        url: &str,
        topics: &[String],
        secret: Option<&str>,
        now: Millis,
    ) -> Result<Value, String> {
        let all: Vec<String> = SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
        let mut made = Vec::new();
        for scope in if topics.is_empty() { &all } else { topics } {
            let headers = secret.map(|secret| json!({"X-Hub-Secret": secret}));
            let form = json!({"scope": scope, "destination": url, "headers": headers});
            let index = self.create(&form, now).map_err(|refused| refused.title)?;
            made.push(self.render(&self.hooks[index]));
        }
        Ok(Value::Array(made))
    }
}

fn written(notice: &Notice<'_>) -> Vec<u8> {
    serde_json::to_vec(notice).expect("text, numbers and a JSON value can always be written")
}
