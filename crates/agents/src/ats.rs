//! How facts change what is available to sell. Called by the minds that plan with stock; holds no levels itself, only what
//! is needed to undo a promise.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Fact, ItemId, LocationId, ReservationId, ReservedLine};

/// Open promises and safety stocks.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Ats {
    #[n(0)]
    promises: BTreeMap<ReservationId, Vec<ReservedLine>>,
    #[n(1)]
    safety: BTreeMap<(ItemId, LocationId), i64>,
}

impl Ats {
    /// What a fact changes: item, location, hundred-thousandths of a unit more or less. Costs O(log n) for each line.
    pub fn changes(&mut self, fact: &Fact) -> Vec<(ItemId, LocationId, i64)> {
        match fact {
            Fact::Moved(moved) => {
                let change = moved.on_hand.parts().saturating_sub(moved.reserved.parts());
                if change == 0 { Vec::new() } else { vec![(moved.item, moved.location, change)] }
            }
            Fact::SafetySet { item, location, quantity } => {
                let before = self.safety.insert((*item, *location), quantity.parts()).unwrap_or(0);
                vec![(*item, *location, before.saturating_sub(quantity.parts()))]
            }
            Fact::Reserved(reserved) => {
                self.promises.insert(reserved.reservation, reserved.lines.clone());
                reserved.lines.iter().map(|line| (line.item, line.location, -line.quantity.parts())).collect()
            }
            // The goods left: what was promised is gone, and so is the promise.
            Fact::Committed { reservation } => {
                self.promises.remove(reservation);
                Vec::new()
            }
            Fact::Released { reservation, .. } | Fact::Expired { reservation } => {
                let lines = self.promises.remove(reservation).unwrap_or_default();
                lines.iter().map(|line| (line.item, line.location, line.quantity.parts())).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Instant, Note, Quantity, Reserved};

    #[test]
    fn a_promise_takes_and_gives_back_unless_the_goods_left() {
        let line = ReservedLine { item: ItemId(1), location: LocationId(2), quantity: Quantity::units(3) };
        let reserved = |id| {
            let reservation = ReservationId(id);
            let expires_at = Instant(0);
            Fact::Reserved(Reserved { reservation, lines: vec![line], expires_at, key: None, note: None })
        };
        let mut ats = Ats::default();
        assert_eq!(ats.changes(&reserved(1)), [(ItemId(1), LocationId(2), -300_000)]);
        let reason = Note::new("changed her mind");
        let released = Fact::Released { reservation: ReservationId(1), reason };
        assert_eq!(ats.changes(&released), [(ItemId(1), LocationId(2), 300_000)]);
        assert_eq!(ats.changes(&released), []);
        ats.changes(&reserved(2));
        assert_eq!(ats.changes(&Fact::Committed { reservation: ReservationId(2) }), []);
        assert_eq!(ats.changes(&Fact::Expired { reservation: ReservationId(2) }), []);
    }

    #[test]
    fn safety_stock_is_a_level_not_a_change() {
        let set = |units| {
            let quantity = Quantity::units(units);
            Fact::SafetySet { item: ItemId(0), location: LocationId(0), quantity }
        };
        let mut ats = Ats::default();
        let changes: Vec<i64> =
            [2, 5, 0].into_iter().flat_map(|units| ats.changes(&set(units))).map(|it| it.2).collect();
        assert_eq!(changes, [-200_000, -300_000, 500_000]);
    }
}
