//! The seller's locations: their table, `/v2/locations`, and their events.
//!
//! A location's index is what the rest of the seller holds on to; ids are for the wire.

use super::clock::rfc3339;
use super::draw;
use super::hooks::Event;
use super::settings::Settings;
use super::wire::{Answer, Refused};
use crate::machine::{Millis, World};
use serde_json::{Value, json};
use std::collections::HashMap;

/// One location.
#[derive(Clone, Debug)]
pub struct Location {
    /// The vendor's id.
    pub id: String,
    /// Unique name.
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    created_at: Millis,
}

/// All locations, oldest first.
#[derive(Debug, Default)]
pub struct Locations {
    all: Vec<Location>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl Locations {
    /// How many there are; indices run below it.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The location at an index of this table.
    pub fn get(&self, index: usize) -> &Location {
        &self.all[index]
    }

    /// By the vendor's id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// By name, as people inside the platform speak.
    ///
    /// # Errors
    /// A sentence when there is no such location.
    pub fn named(&self, name: &str) -> Result<usize, String> {
        self.by_name.get(name).copied().ok_or_else(|| format!("there is no location named {name}"))
    }

    /// Opens a location; one of the same name is returned as it is, with a new zone when one is given.
    /// Answers its index and the event, when something changed.
    pub fn put(&mut self, name: &str, zone: Option<&str>, world: &mut World<'_>) -> (usize, Option<Event>) {
        if let Some(&index) = self.by_name.get(name) {
            let location = &mut self.all[index];
            let moved = zone.filter(|zone| *zone != location.zone);
            if let Some(zone) = moved {
                location.zone = zone.to_owned();
            }
            return (index, moved.map(|_| event("location.updated", &self.all[index].id)));
        }
        let index = self.all.len();
        let id = format!("L{}", draw::id(world.dice, 12));
        self.by_id.insert(id.clone(), index);
        self.by_name.insert(name.to_owned(), index);
        let created = event("location.created", &id);
        let zone = zone.unwrap_or("UTC").to_owned();
        self.all.push(Location { id, name: name.to_owned(), zone, created_at: world.now });
        (index, Some(created))
    }

    /// `GET /v2/locations`.
    ///
    /// # Errors
    /// None.
    pub fn list(&self, settings: &Settings) -> Answer {
        let all: Vec<Value> = self.all.iter().map(|location| location.render(settings)).collect();
        Ok(json!({"locations": all}))
    }

    /// `GET /v2/locations/{id}`; `main` is the first one.
    ///
    /// # Errors
    /// Not found.
    pub fn retrieve(&self, id: &str, settings: &Settings) -> Answer {
        let index = if id == "main" { (!self.all.is_empty()).then_some(0) } else { self.find(id) };
        let index = index.ok_or_else(|| Refused::not_found(format!("Location `{id}` not found.")))?;
        Ok(json!({"location": self.all[index].render(settings)}))
    }

    /// Indices of the locations named in a call.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an id that the seller does not have.
    pub fn all_of(&self, ids: &[String], field: &str) -> Result<Vec<usize>, Refused> {
        let find = |id: &String| {
            self.find(id).ok_or_else(|| Refused::field("INVALID_VALUE", field, format!("Unknown location `{id}`.")))
        };
        ids.iter().map(find).collect()
    }
}

impl Location {
    fn render(&self, settings: &Settings) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "timezone": self.zone,
            "capabilities": ["CREDIT_CARD_PROCESSING", "AUTOMATIC_TRANSFERS", "UNLINKED_REFUNDS"],
            "status": "ACTIVE",
            "created_at": rfc3339(self.created_at),
            "merchant_id": settings.merchant_id,
            "country": settings.country,
            "language_code": "en-GB",
            "currency": settings.currency,
            "type": "PHYSICAL",
        })
    }
}

fn event(topic: &'static str, id: &str) -> Event {
    Event { topic, location: Some(id.to_owned()), data: json!({"type": "location", "id": id}) }
}
