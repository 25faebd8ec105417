//! Answers kept per endpoint and idempotency key, so that a repeated write is answered and not done again.
//!
//! Asked by the door for every write that carries a key. Only answers of success are kept: a write that was refused
//! has done nothing, and may be tried again with the same key.

use crate::machine::Millis;
use bytes::Bytes;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The vendor does not say how long keys live; a day is longer than any retry of a hub should be.
const KEPT_MS: Millis = 24 * 3_600_000;
const KEPT_MAX: usize = 20_000;

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// Never used, or long ago.
    New,
    /// Used with the same body: this was the answer.
    Same(Bytes),
    /// Used with another body.
    Reused,
}

/// The seller's store of keys.
#[derive(Debug, Default)]
pub struct Keys {
    answers: HashMap<(String, String), (u64, Bytes)>,
    order: VecDeque<(Millis, (String, String))>,
}

impl Keys {
    /// Looks a key up.
    pub fn look_up(&self, endpoint: &str, key: &str, body: &Value) -> Seen {
        match self.answers.get(&(endpoint.to_owned(), key.to_owned())) {
            None => Seen::New,
            Some((hash, answer)) if *hash == fingerprint(body) => Seen::Same(answer.clone()),
            Some(_) => Seen::Reused,
        }
    }

    /// Keeps the answer of a write that succeeded, and forgets the oldest keys.
    pub fn keep(&mut self, endpoint: &str, key: &str, body: &Value, answer: Bytes, now: Millis) {
        let name = (endpoint.to_owned(), key.to_owned());
        self.answers.insert(name.clone(), (fingerprint(body), answer));
        self.order.push_back((now, name));
        while let Some((kept_at, _)) = self.order.front()
            && (self.order.len() > KEPT_MAX || *kept_at < now - KEPT_MS)
        {
            if let Some((_, name)) = self.order.pop_front() {
                self.answers.remove(&name);
            }
        }
    }
}

/// The same for two bodies that are the same JSON, whatever the order of their keys.
pub fn fingerprint(body: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash_value(body, &mut hasher);
    hasher.finish()
}

fn hash_value(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(name, _)| name.as_str());
            sorted.len().hash(hasher);
            for (name, field) in sorted {
                name.hash(hasher);
                hash_value(field, hasher);
            }
        }
        Value::Array(elements) => {
            (elements.len(), '[').hash(hasher);
            elements.iter().for_each(|element| hash_value(element, hasher));
        }
        scalar => scalar.to_string().hash(hasher),
    }
}
