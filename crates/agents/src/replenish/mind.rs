//! The mind's memory: what is free where, and how it sells, from facts alone.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Cause, Entry, Fact, ItemId, LocationId, Seq};

use super::{Order, Position, Running, Terms, order};
use crate::ats::Ats;
use crate::{Mind, Proposal};

const UNIT: f64 = 100_000.0;
const DAY_MS: i64 = 86_400_000;

/// An item at a location.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Place {
    /// Parts free.
    #[n(0)]
    free: i64,
    /// Parts on their way here from other locations.
    #[n(1)]
    in_transit: i64,
    /// What is known of its demand up to yesterday.
    #[n(2)]
    demand: Running,
    /// The day that is being counted, its units so far, and whether anything was there when it began.
    #[n(3)]
    today: Option<(i64, f64, bool)>,
}

/// Folds stock and sales of every item at every location.
///
/// Days are UTC days: facts do not carry a location's own day. Costs, suppliers and lead times are not in facts; they
/// come with the question.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Replenisher {
    #[n(0)]
    places: BTreeMap<(ItemId, LocationId), Place>,
    #[n(1)]
    ats: Ats,
}

impl Replenisher {
    /// How much to order of an item for a location, counting days up to yesterday of `day` (days since 1970).
    /// `arrivals` are purchases on their way; transfers on their way are known and taken to arrive tomorrow.
    pub fn order(
        &self,
        item: ItemId,
        location: LocationId,
        day: i64,
        terms: &Terms,
        arrivals: &[(u32, f64)],
    ) -> Proposal<Order> {
        let mut place = self.places.get(&(item, location)).cloned().unwrap_or_default();
        place.close(day);
        let mut arrivals = arrivals.to_vec();
        if place.in_transit > 0 {
            arrivals.push((1, place.in_transit as f64 / UNIT));
        }
        order(terms, &Position { free: place.free as f64 / UNIT, arrivals }, &place.demand)
    }
}

impl Place {
    /// Counts the open day and every day after it that is over on `day`; a day without a fact is a zero, or, with
    /// nothing on the shelf, no day at all.
    fn close(&mut self, day: i64) {
        let Some((from, units, there)) = self.today else { return };
        if day <= from {
            return;
        }
        let stocked = self.free > 0;
        self.demand.see(from, units, if there || stocked { 1.0 } else { 0.0 });
        // A year of silence says all there is to say.
        for silent in from.saturating_add(1).max(day.saturating_sub(365))..day {
            self.demand.see(silent, 0.0, if stocked { 1.0 } else { 0.0 });
        }
        self.today = Some((day, 0.0, stocked));
    }
}

impl Mind for Replenisher {
    fn apply(&mut self, _: Seq, entry: &Entry) {
        let mut sold = None;
        if let Fact::Moved(moved) = &entry.fact {
            let place = self.places.entry((moved.item, moved.location)).or_default();
            place.in_transit = place.in_transit.saturating_add(moved.in_transit.parts());
            // A sale takes what is there; a promise is the sale of a web order.
            let units = match moved.cause {
                Cause::Sale | Cause::Order => moved.reserved.parts().saturating_sub(moved.on_hand.parts()),
                _ => 0,
            };
            sold = Some((moved.item, moved.location, units as f64 / UNIT));
        }
        if let Some((item, location, units)) = sold {
            let day = entry.at.0.div_euclid(DAY_MS);
            let place = self.places.entry((item, location)).or_default();
            place.close(day);
            let free = place.free > 0;
            let (_, today, _) = place.today.get_or_insert((day, 0.0, free));
            *today += units;
        }
        for (item, location, parts) in self.ats.changes(&entry.fact) {
            let place = self.places.entry((item, location)).or_default();
            place.free = place.free.saturating_add(parts);
        }
    }
}
