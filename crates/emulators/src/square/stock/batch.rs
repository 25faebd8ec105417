//! The hub's writes: `POST /v2/inventory/changes/batch-create`.
//!
//! Called by the routes. A batch is judged whole before any of it is done: one bad change refuses all of them, and the
//! caller must find it by the field that is named.

use super::super::Square;
use super::super::wire::{self, Answer, Call, Refused};
use super::{Source, State, Wanted, What, reason};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

const CHANGES_MAX: usize = 100;
/// How far back the vendor takes changes.
const PAST_MS: Millis = 24 * 3_600_000;
/// The ways goods may go.
const WAYS: [(State, State); 7] = [
    (State::None, State::InStock),
    (State::InStock, State::Sold),
    (State::InStock, State::Waste),
    (State::Sold, State::InStock),
    (State::Waste, State::InStock),
    (State::UnlinkedReturn, State::InStock),
    (State::UnlinkedReturn, State::Waste),
];

impl Square {
    /// Applies up to 100 changes, in the order in which they occurred.
    ///
    /// # Errors
    /// Every bad change of the batch, with its field; then nothing is written.
    pub(crate) fn change_stock(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let asked = wire::array(&call.body, "/changes");
        if asked.is_empty() {
            return Err(Refused::missing("changes"));
        }
        if asked.len() > CHANGES_MAX {
            return Err(Refused::field("ARRAY_LENGTH_TOO_LONG", "changes", "At most 100 changes."));
        }
        let mut wanted = Vec::with_capacity(asked.len());
        let mut refused = Vec::new();
        for (index, change) in asked.iter().enumerate() {
            match self.read_change(change, &format!("changes[{index}]"), world.now) {
                Ok(change) => wanted.push(change),
                Err(fault) => refused.push(fault),
            }
        }
        if let Some(refused) = Refused::together(refused) {
            return Err(refused);
        }
        wanted.sort_by_key(|change| change.occurred_at);
        let skip = call.body["ignore_unchanged_counts"].as_bool().unwrap_or(true);
        Ok(self.carry_out(wanted, skip, world))
    }

    fn carry_out(&mut self, wanted: Vec<Wanted>, skip_unchanged: bool, world: &mut World<'_>) -> Value {
        let mut made = Vec::new();
        let mut touched = Vec::new();
        let mut told = Vec::new();
        for change in wanted {
            let shelf = (change.variation, change.location);
            let count = matches!(change.what, What::Count(_));
            touched.push(shelf);
            if skip_unchanged && count && self.stock.is_unchanged(&change) {
                continue;
            }
            let (index, moved) = self.stock.apply(change, world);
            made.push(index);
            if moved || count {
                told.push(shelf);
            }
        }
        self.announce_counts(&told, world);
        touched.sort_unstable();
        touched.dedup();
        let counts: Vec<Value> =
            touched.iter().map(|(variation, location)| self.count(*variation, *location, State::InStock)).collect();
        let changes: Vec<Value> = made.iter().map(|index| self.show_change(self.stock.change(*index))).collect();
        json!({"counts": counts, "changes": changes})
    }

    fn read_change(&self, change: &Value, field: &str, now: Millis) -> Result<Wanted, Refused> {
        let kind = wire::text(change, "/type").unwrap_or_default();
        let (name, what, location_field) = match kind {
            "PHYSICAL_COUNT" => ("physical_count", read_count(change, field)?, "location_id"),
            "ADJUSTMENT" => read_adjustment(change, field)?,
            _ => {
                let detail = format!("`{kind}` is not a type of change.");
                return Err(Refused::field("INVALID_ENUM_VALUE", format!("{field}.type"), detail));
            }
        };
        let body = &change[name];
        let at = |leaf: &str| format!("{field}.{name}.{leaf}");
        let within = |leaf: &'static str| move |refused: Refused| refused.at(format!("{field}.{name}.{leaf}"));
        let quantity = wire::quantity(body, "/quantity").map_err(within("quantity"))?;
        if matches!(what, What::Adjustment(_, _)) && !quantity.is_positive() {
            return Err(Refused::field("VALUE_TOO_LOW", at("quantity"), "An adjustment moves more than nothing."));
        }
        Ok(Wanted {
            what,
            variation: self.read_variation(body, &at("catalog_object_id"))?,
            location: self.read_location(body, location_field, &at(location_field))?,
            quantity,
            occurred_at: read_time(body, &at("occurred_at"), now)?,
            reference: wire::text(body, "/reference_id").map(str::to_owned),
            reason: reason::read(body).map_err(|refused| refused.within(&format!("{field}.{name}")))?,
            source: Source::Api,
            order: None,
        })
    }

    fn read_variation(&self, body: &Value, field: &str) -> Result<usize, Refused> {
        let id = wire::required(body, "/catalog_object_id").map_err(|refused| refused.at(field))?;
        let found = self.catalog.find_variation(id).filter(|index| !self.catalog.variation(*index).deleted);
        let index =
            found.ok_or_else(|| Refused::field("NOT_FOUND", field, format!("Item variation `{id}` not found.")))?;
        if self.catalog.variation(index).tracked {
            return Ok(index);
        }
        // What the vendor does here is not documented; a refusal shows a hub that it counts a service.
        Err(Refused::field("INVALID_VALUE", field, format!("Inventory of `{id}` is not tracked.")))
    }

    fn read_location(&self, body: &Value, leaf: &str, field: &str) -> Result<usize, Refused> {
        let id = wire::required(body, &format!("/{leaf}")).map_err(|refused| refused.at(field))?;
        self.locations.find(id).ok_or_else(|| Refused::field("NOT_FOUND", field, format!("Location `{id}` not found.")))
    }
}

fn read_count(change: &Value, field: &str) -> Result<What, Refused> {
    let state = wire::text(&change["physical_count"], "/state").and_then(State::read);
    match state {
        Some(State::InStock | State::Waste) => Ok(What::Count(state.unwrap_or(State::InStock))),
        _ => Err(Refused::field(
            "INVALID_ENUM_VALUE",
            format!("{field}.physical_count.state"),
            "Only IN_STOCK and WASTE can be counted.",
        )),
    }
}

/// The way, and the field that names the location: goods on the shelf are at the location they leave or reach.
fn read_adjustment(change: &Value, field: &str) -> Result<(&'static str, What, &'static str), Refused> {
    let body = &change["adjustment"];
    let state = |leaf: &str| {
        let word = wire::text(body, leaf).unwrap_or_default();
        State::read(word).ok_or_else(|| {
            let field = format!("{field}.adjustment{}", leaf.replace('/', "."));
            Refused::field("INVALID_ENUM_VALUE", field, format!("`{word}` cannot be written."))
        })
    };
    let (from, to) = (state("/from_state")?, state("/to_state")?);
    if !WAYS.contains(&(from, to)) {
        let detail = format!("{} to {} is not a way goods can go.", from.word(), to.word());
        return Err(Refused::field("INVALID_VALUE", format!("{field}.adjustment.to_state"), detail));
    }
    let (left, reached) = (wire::text(body, "/from_location_id"), wire::text(body, "/to_location_id"));
    if let (Some(left), Some(reached)) = (left, reached)
        && left != reached
    {
        let field = format!("{field}.adjustment.to_location_id");
        return Err(Refused::field("INVALID_VALUE", field, "Goods move between locations by transfer orders."));
    }
    let location = if reached.is_none() || from == State::InStock { "from_location_id" } else { "to_location_id" };
    let location = if left.is_none() { "to_location_id" } else { location };
    Ok(("adjustment", What::Adjustment(from, to), location))
}

fn read_time(body: &Value, field: &str, now: Millis) -> Result<Millis, Refused> {
    let at = wire::time(body, "/occurred_at").map_err(|refused| refused.at(field))?;
    let at = at.ok_or_else(|| Refused::missing(field))?;
    if at > now {
        return Err(Refused::field("INVALID_TIME", field, "`occurred_at` is in the future."));
    }
    if at < now - PAST_MS {
        return Err(Refused::field("INVALID_TIME", field, "`occurred_at` is more than 24 hours ago."));
    }
    Ok(at)
}
