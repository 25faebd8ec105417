//! Past events, which the vendor lets an application search for 28 days.
//!
//! Filled by [`super::Hooks::emit`], read by `POST /v2/events`.

use super::super::cursor;
use super::super::settings::API_VERSION;
use super::super::wire::{self, Answer, Refused};
use crate::machine::Millis;
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::VecDeque;

const KEPT_MS: Millis = 28 * 24 * 3_600_000;

#[derive(Debug)]
struct PastEvent {
    at: Millis,
    serial: u64,
    id: String,
    topic: &'static str,
    location: Option<String>,
    body: Bytes,
}

/// A window of events, oldest first.
#[derive(Debug)]
pub struct Past {
    /// `PUT /v2/events/enable` and `disable`.
    pub enabled: bool,
    kept_max: usize,
    serial: u64,
    events: VecDeque<PastEvent>,
}

impl Past {
    /// An empty window of at most `kept_max` events.
    pub fn new(kept_max: usize) -> Self {
        Self { enabled: true, kept_max, serial: 0, events: VecDeque::new() }
    }

    /// Adds an event and lets the oldest go.
    pub fn remember(&mut self, at: Millis, id: String, topic: &'static str, location: Option<String>, body: Bytes) {
        if !self.enabled {
            return;
        }
        self.serial += 1;
        self.events.push_back(PastEvent { at, serial: self.serial, id, topic, location, body });
        while let Some(oldest) = self.events.front()
            && (self.events.len() > self.kept_max || oldest.at < at - KEPT_MS)
        {
            self.events.pop_front();
        }
    }

    /// `POST /v2/events`: newest first unless the sort says ASC.
    ///
    /// # Errors
    /// A bad cursor, limit or time.
    pub fn search(&self, body: &Value, merchant_id: &str, now: Millis) -> Answer {
        let limit = wire::limit(body, 100, 100)?;
        let after = cursor::read(body)?.map(|(_, serial)| serial);
        let ascending = wire::text(body, "/query/sort/order") == Some("ASC");
        let filter = Filter::read(body, merchant_id, now)?;
        let due = |event: &&PastEvent| {
            let further = after.is_none_or(|after| if ascending { event.serial > after } else { event.serial < after });
            further && filter.admits(event)
        };
        let mut found: Vec<&PastEvent> = if ascending {
            self.events.iter().filter(due).take(limit + 1).collect()
        } else {
            self.events.iter().rev().filter(due).take(limit + 1).collect()
        };
        let more = found.len() > limit;
        found.truncate(limit);
        Ok(page(body, &found, more))
    }
}

fn page(body: &Value, found: &[&PastEvent], more: bool) -> Value {
    let events: Vec<Value> = found.iter().filter_map(|event| serde_json::from_slice(&event.body).ok()).collect();
    let metadata: Vec<Value> =
        found.iter().map(|event| json!({"event_id": event.id, "api_version": API_VERSION})).collect();
    let mut answer = json!({"events": events, "metadata": metadata});
    if let Some(last) = found.last().filter(|_| more) {
        answer["cursor"] = json!(cursor::write(body, (last.at, last.serial)));
    }
    answer
}

struct Filter {
    topics: Vec<String>,
    locations: Vec<String>,
    nobody: bool,
    from: Millis,
    until: Millis,
}

impl Filter {
    fn read(body: &Value, merchant_id: &str, now: Millis) -> Result<Self, Refused> {
        let merchants = wire::texts(body, "/query/filter/merchant_ids")?;
        Ok(Self {
            topics: wire::texts(body, "/query/filter/event_types")?,
            locations: wire::texts(body, "/query/filter/location_ids")?,
            nobody: !merchants.is_empty() && !merchants.iter().any(|id| id == merchant_id),
            from: wire::time(body, "/query/filter/created_at/start_at")?.unwrap_or(now - KEPT_MS),
            until: wire::time(body, "/query/filter/created_at/end_at")?.unwrap_or(Millis::MAX),
        })
    }

    fn admits(&self, event: &PastEvent) -> bool {
        let topic = self.topics.is_empty() || self.topics.iter().any(|topic| topic == event.topic);
        let location = self.locations.is_empty()
            || event.location.as_ref().is_some_and(|location| self.locations.contains(location));
        !self.nobody && topic && location && (self.from..=self.until).contains(&event.at)
    }
}
