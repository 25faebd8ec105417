//! Reading stock: `/v2/inventory/{counts,changes}/batch-retrieve`, single counts and changes, and how they look.
//!
//! Called by the routes, and by whoever announces counts.

use super::super::clock::rfc3339;
use super::super::cursor;
use super::super::hooks::Event;
use super::super::wire::{self, Answer, Call, Refused};
use super::super::{Square, draw};
use super::{Change, State, What};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

impl Square {
    /// `POST /v2/inventory/counts/batch-retrieve`, in the order of variations, locations and states.
    ///
    /// # Errors
    /// An unknown location, a bad cursor, limit or time.
    pub(crate) fn counts(&self, call: &Call<'_>) -> Answer {
        let limit = wire::limit(&call.body, 1_000, 1_000)?;
        let from = cursor::read(&call.body)?.map_or(0, |(_, place)| place.saturating_add(1));
        let after = wire::time(&call.body, "/updated_after")?.unwrap_or(Millis::MIN);
        let states = wire::texts(&call.body, "/states")?;
        let shows = |state: State| states.is_empty() || states.iter().any(|word| word == state.word());
        let locations = self.asked_locations(call)?;
        let variations = self.asked_variations(call)?;
        let width = self.locations.count() as u64 * 2;
        let mut found = Vec::new();
        'all: for variation in variations {
            for &location in &locations {
                let shelf = &self.stock.shelves[variation][location];
                if shelf.calculated_at <= after || !self.catalog.variation(variation).tracked {
                    continue;
                }
                for (offset, state) in [State::InStock, State::Waste].into_iter().enumerate() {
                    let place = variation as u64 * width + location as u64 * 2 + offset as u64;
                    let empty = state == State::Waste && shelf.waste.is_zero();
                    if place < from || empty || !shows(state) {
                        continue;
                    }
                    found.push((place, self.count(variation, location, state)));
                    if found.len() > limit {
                        break 'all;
                    }
                }
            }
        }
        Ok(page("counts", &call.body, found, limit))
    }

    /// `GET /v2/inventory/{catalog_object_id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn counts_of(&self, id: &str) -> Answer {
        let variation = self.catalog.find_variation(id);
        let variation = variation.ok_or_else(|| Refused::not_found(format!("Catalog object `{id}` not found.")))?;
        let counts: Vec<Value> =
            (0..self.locations.count()).map(|location| self.count(variation, location, State::InStock)).collect();
        Ok(json!({"counts": counts}))
    }

    /// `POST /v2/inventory/changes/batch-retrieve`, oldest first.
    ///
    /// # Errors
    /// An unknown location, a bad cursor, limit or time.
    pub(crate) fn changes(&self, call: &Call<'_>) -> Answer {
        let body = &call.body;
        let limit = wire::limit(body, 1_000, 1_000)?;
        let after = wire::time(body, "/updated_after")?.unwrap_or(Millis::MIN);
        let before = wire::time(body, "/updated_before")?.unwrap_or(Millis::MAX);
        let types = wire::texts(body, "/types")?;
        let states = wire::texts(body, "/states")?;
        let locations = self.asked_locations(call)?;
        let ids = wire::texts(body, "/catalog_object_ids")?;
        let first = self.stock.changes.partition_point(|change| change.created_at <= after);
        let from = match cursor::read(body)? {
            Some((_, place)) => usize::try_from(place).unwrap_or(usize::MAX).saturating_add(1),
            None => first,
        };
        let wanted = |change: &Change| {
            (types.is_empty() || types.iter().any(|kind| kind == change.kind()))
                && (states.is_empty() || states.iter().any(|state| change.is_about(state)))
                && locations.contains(&change.wanted.location)
                && (ids.is_empty() || ids.contains(&self.catalog.variation(change.wanted.variation).id))
        };
        let later = self.stock.changes.iter().enumerate().skip(from);
        let found = later
            .take_while(|(_, change)| change.created_at < before)
            .filter(|(_, change)| wanted(change))
            .take(limit + 1)
            .map(|(index, change)| (index as u64, self.show_change(change)))
            .collect();
        Ok(page("changes", body, found, limit))
    }

    /// `GET /v2/inventory/adjustments/{id}` and `physical-counts/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn change_by_id(&self, id: &str, kind: &str) -> Answer {
        let field = if kind == "ADJUSTMENT" { "adjustment" } else { "count" };
        let found = self.stock.changes.iter().rev().find(|change| change.id == id && change.kind() == kind);
        let found = found.ok_or_else(|| Refused::not_found(format!("`{id}` not found.")))?;
        Ok(json!({ field: self.show_change(found)[found.field()] }))
    }

    fn asked_locations(&self, call: &Call<'_>) -> Result<Vec<usize>, Refused> {
        let mut asked = self.locations.all_of(&wire::texts(&call.body, "/location_ids")?, "location_ids")?;
        if asked.is_empty() {
            asked = (0..self.locations.count()).collect();
        }
        asked.sort_unstable();
        asked.dedup();
        Ok(asked)
    }

    /// Unknown ids are left out, as the vendor does.
    fn asked_variations(&self, call: &Call<'_>) -> Result<Vec<usize>, Refused> {
        let ids = wire::texts(&call.body, "/catalog_object_ids")?;
        if ids.is_empty() {
            return Ok((0..self.catalog.variation_count()).collect());
        }
        let mut asked: Vec<usize> = ids.iter().filter_map(|id| self.catalog.find_variation(id)).collect();
        asked.sort_unstable();
        asked.dedup();
        Ok(asked)
    }

    /// One count as the API and the events show it.
    pub(crate) fn count(&self, variation: usize, location: usize, state: State) -> Value {
        let shelf = &self.stock.shelves[variation][location];
        let quantity = if state == State::Waste { shelf.waste } else { shelf.ledger.level() };
        json!({
            "catalog_object_id": self.catalog.variation(variation).id,
            "catalog_object_type": "ITEM_VARIATION",
            "state": state.word(),
            "location_id": self.locations.get(location).id,
            "quantity": quantity.to_string(),
            "calculated_at": rfc3339(shelf.calculated_at),
            "is_estimated": false,
        })
    }

    /// One change as the API shows it.
    pub(crate) fn show_change(&self, change: &Change) -> Value {
        let wanted = &change.wanted;
        let location = &self.locations.get(wanted.location).id;
        let mut shown = json!({
            "id": change.id,
            "catalog_object_id": self.catalog.variation(wanted.variation).id,
            "catalog_object_type": "ITEM_VARIATION",
            "quantity": wanted.quantity.to_string(),
            "occurred_at": rfc3339(wanted.occurred_at),
            "created_at": rfc3339(change.created_at),
            "source": {"product": wanted.source.product(), "application_id": self.settings.application_id},
        });
        if let Some(reference) = &wanted.reference {
            shown["reference_id"] = json!(reference);
        }
        if let Some(reason) = &wanted.reason {
            shown["reason_id"] = (**reason).clone();
        }
        if let Some(order) = &wanted.order {
            shown["transaction_id"] = json!(&**order);
        }
        match wanted.what {
            What::Count(state) => {
                shown["state"] = json!(state.word());
                shown["location_id"] = json!(location);
            }
            What::Adjustment(from, to) => {
                shown["from_state"] = json!(from.word());
                shown["to_state"] = json!(to.word());
                shown["from_location_id"] = json!(location);
                shown["to_location_id"] = json!(location);
            }
        }
        json!({"type": change.kind(), change.field(): shown})
    }

    /// Tells the subscribers the counts of these shelves, all of one cause in one event.
    pub(crate) fn announce_counts(&mut self, shelves: &[(usize, usize)], world: &mut World<'_>) {
        if shelves.is_empty() {
            return;
        }
        let mut told: Vec<(usize, usize)> = shelves.to_vec();
        told.sort_unstable();
        told.dedup();
        let counts: Vec<Value> =
            told.iter().map(|(variation, location)| self.count(*variation, *location, State::InStock)).collect();
        let mut data = json!({"type": "inventory_counts", "id": draw::uuid(world.dice), "object": {}});
        data["object"]["inventory_counts"] = Value::Array(counts);
        self.hooks.emit(world, Event { topic: "inventory.count.updated", location: None, data });
    }
}

impl Change {
    /// The vendor's type.
    pub fn kind(&self) -> &'static str {
        match self.wanted.what {
            What::Count(_) => "PHYSICAL_COUNT",
            What::Adjustment(_, _) => "ADJUSTMENT",
        }
    }

    fn field(&self) -> &'static str {
        match self.wanted.what {
            What::Count(_) => "physical_count",
            What::Adjustment(_, _) => "adjustment",
        }
    }

    fn is_about(&self, state: &str) -> bool {
        match self.wanted.what {
            What::Count(counted) => counted.word() == state,
            What::Adjustment(from, to) => from.word() == state || to.word() == state,
        }
    }
}

fn page(name: &str, body: &Value, mut found: Vec<(u64, Value)>, limit: usize) -> Value {
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().map(|(place, _)| *place).filter(|_| more);
    let shown: Vec<Value> = found.into_iter().map(|(_, value)| value).collect();
    let mut answer = json!({});
    answer[name] = Value::Array(shown);
    if let Some(place) = next {
        answer["cursor"] = json!(cursor::write(body, (0, place)));
    }
    answer
}
