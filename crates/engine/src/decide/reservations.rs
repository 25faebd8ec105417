//! Promises: hold, extend, commit, release, lapse. Check and hold are one step.

use std::collections::BTreeMap;

use model::{
    Change, Command, Fact, Instant, ItemId, LocationId, Note, Quantity, Refusal, ReservationId, Reserve, Reserved,
    ReservedLine, Unit,
};

use super::catalogue::must_know;
use super::oversell::{Ledger, Taken, by_hand};
use crate::state::State;

/// Most lines of one promise.
const LINES_MAX: usize = 1_000;
/// Longest promise, in milliseconds: 366 days.
const LONGEST_MS: i64 = 366 * 24 * 3_600_000;

pub(super) fn reserve(state: &State, command: &Command, ask: &Reserve) -> Result<Vec<Fact>, Refusal> {
    let known = ask.key.as_ref().and_then(|key| state.keys.get(key));
    if known.is_none() {
        check_end(command.at, ask.expires_at)?;
    }
    let reserved = Reserved {
        reservation: state.reservations.next(),
        lines: sum(state, ask)?,
        expires_at: ask.expires_at,
        key: ask.key.clone(),
        note: (!ask.note.is_empty()).then(|| ask.note.clone()),
    };
    match known {
        // The same key with the same lines is the same promise; with other lines, or used for something else, it is
        // a mistake.
        Some(asked) if *asked == reserved.asked() => Ok(Vec::new()),
        Some(_) => Err(Refusal::KeyReused),
        None => {
            must_be_available(state, &reserved.lines)?;
            Ok(vec![Fact::Reserved(reserved)])
        }
    }
}

fn must_be_available(state: &State, lines: &[ReservedLine]) -> Result<(), Refusal> {
    for line in lines {
        let available = state.positions.get(line.item, line.location).available();
        if line.quantity > available {
            let sku = state.catalogue.item(line.item).map_or_else(|| "".into(), |item| item.sku.clone());
            return Err(Refusal::NotAvailable { sku, asked: line.quantity, available });
        }
    }
    Ok(())
}

/// The demand of the whole cart per item and location, bundles taken apart, so that a bundle and its component in
/// one cart are checked together.
fn sum(state: &State, ask: &Reserve) -> Result<Vec<ReservedLine>, Refusal> {
    if ask.lines.is_empty() || ask.lines.len() > LINES_MAX {
        return Err(Refusal::Invalid { field: "lines", problem: format!("one to {LINES_MAX} lines are possible") });
    }
    if let [only] = &ask.lines[..]
        && state.catalogue.item(only.item).is_some_and(|item| item.tracked && item.components.is_empty())
    {
        check_quantity(state, only.item, only.quantity)?;
        must_know(state, only.item, Some(only.location))?;
        return Ok(vec![ReservedLine { item: only.item, location: only.location, quantity: only.quantity }]);
    }
    let mut demand: BTreeMap<(ItemId, LocationId), Quantity> = BTreeMap::new();
    for line in &ask.lines {
        must_know(state, line.item, Some(line.location))?;
        check_quantity(state, line.item, line.quantity)?;
        let item = state.catalogue.item(line.item).ok_or(Refusal::Unknown { what: line.item.to_string() })?;
        if !item.tracked {
            return Err(Refusal::Invalid { field: "lines", problem: format!("{} has no stock", item.sku) });
        }
        let mut add = |item: ItemId, quantity: Quantity| {
            let sum = demand.entry((item, line.location)).or_default();
            *sum = sum.plus(quantity);
        };
        if item.components.is_empty() {
            add(line.item, line.quantity);
        } else {
            item.components.iter().for_each(|part| add(part.item, part.quantity.times(line.quantity)));
        }
    }
    Ok(demand.into_iter().map(|((item, location), quantity)| ReservedLine { item, location, quantity }).collect())
}

/// A quantity that the item can have: above zero, and whole for what is sold by the piece.
pub(super) fn check_quantity(state: &State, item: ItemId, quantity: Quantity) -> Result<(), Refusal> {
    if quantity <= Quantity::ZERO {
        return Err(Refusal::Invalid { field: "quantity", problem: "is zero; ask for more than nothing".into() });
    }
    let piece = state.catalogue.item(item).is_some_and(|item| item.unit == Unit::Piece);
    if piece && !quantity.is_whole() {
        return Err(Refusal::Invalid {
            field: "quantity",
            problem: format!("{quantity} is not whole, and the item is sold by the piece"),
        });
    }
    Ok(())
}

fn check_end(now: Instant, end: Instant) -> Result<(), Refusal> {
    if end <= now {
        return Err(Refusal::Invalid { field: "expires_at", problem: format!("{end} has passed (it is {now})") });
    }
    if end.since(now) > LONGEST_MS {
        return Err(Refusal::Invalid { field: "expires_at", problem: "is more than 366 days away".into() });
    }
    Ok(())
}

fn must_live(state: &State, reservation: ReservationId) -> Result<(), Refusal> {
    match state.reservations.get(reservation) {
        Some(_) => Ok(()),
        None if reservation < state.reservations.next() && reservation.0 > 0 => {
            Err(Refusal::NotNow { what: format!("{reservation} has ended; make a new one") })
        }
        None => Err(Refusal::Unknown { what: reservation.to_string() }),
    }
}

pub(super) fn extend(
    state: &State,
    command: &Command,
    reservation: ReservationId,
    expires_at: Instant,
) -> Result<Vec<Fact>, Refusal> {
    must_live(state, reservation)?;
    check_end(command.at, expires_at)?;
    Ok(vec![Fact::Extended { reservation, expires_at }])
}

pub(super) fn commit(state: &State, command: &Command, reservation: ReservationId) -> Result<Vec<Fact>, Refusal> {
    must_live(state, reservation)?;
    let mut facts = vec![Fact::Committed { reservation }];
    // A promise that was broken may be kept all the same; then another one cannot be.
    let (taker, mut ledger) = (by_hand(command.at, Some(reservation)), Ledger::default());
    for line in state.reservations.get(reservation).map_or(&[][..], |live| &live.lines) {
        let (item, location, kept) = (line.item, line.location, line.quantity);
        facts.extend(ledger.take(state, &taker, &Taken { item, location, free: Change::ZERO, left: true, kept }));
    }
    Ok(facts)
}

pub(super) fn release(state: &State, reservation: ReservationId, reason: &Note) -> Result<Vec<Fact>, Refusal> {
    must_live(state, reservation)?;
    Ok(vec![Fact::Released { reservation, reason: reason.clone() }])
}

pub(super) fn expire(state: &State, command: &Command, max: usize) -> Vec<Fact> {
    let now = command.at.max(state.now);
    state.reservations.due(now, max).into_iter().map(|reservation| Fact::Expired { reservation }).collect()
}
