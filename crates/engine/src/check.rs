//! A checker apart from the decider: reads a finished state and lists what is wrong with it.

use std::collections::BTreeMap;

use model::{ItemId, LocationId};

use crate::state::State;

/// What must hold of every state, and does not. Empty when all is well.
pub fn check(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut promised: BTreeMap<(ItemId, LocationId), i64> = BTreeMap::new();
    for (_, live) in state.reservations.newest_first() {
        for line in &live.lines {
            add(&mut promised, line.item, line.location, line.quantity.parts());
        }
    }
    for number in 0..state.orders.len() as u32 {
        let Some(order) = state.orders.get(model::OrderId(number)) else { continue };
        for holding in &order.holdings {
            add(&mut promised, holding.item, holding.location, holding.promised);
            if holding.promised < 0 {
                wrong.push(format!("order {number} promises less than nothing of {}", holding.item));
            }
        }
    }
    for row in 0..state.positions.len() as u32 {
        let position = state.positions.row(row);
        let expected = promised.remove(&(position.item, position.location)).unwrap_or_default();
        if position.reserved().parts() != expected {
            wrong.push(format!(
                "{} at {} has {} reserved, but its promises add up to {}",
                position.item,
                position.location,
                position.reserved(),
                model::Change::from_parts(expected),
            ));
        }
    }
    for ((item, location), parts) in promised {
        if parts != 0 {
            wrong.push(format!("{item} at {location} is promised, but is no position"));
        }
    }
    let rows = state.shown.iter().filter_map(|row| row.in_flight.map(|id| (id, row)));
    for (id, row) in rows {
        if state.in_flight_batch(id).is_none() {
            wrong.push(format!("{id} is in flight on {}, but no such batch is open", row.channel));
        }
    }
    wrong
}

/// Adds at the same bounds as the positions do.
fn add(promised: &mut BTreeMap<(ItemId, LocationId), i64>, item: ItemId, location: LocationId, parts: i64) {
    let sum = promised.entry((item, location)).or_default();
    *sum = sum.saturating_add(parts);
}
