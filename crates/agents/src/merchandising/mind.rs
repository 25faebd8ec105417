//! The mind: stock and sales of all locations together become rates, rates become places and badges.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Cause, Entry, Fact, ItemId, LocationId, Moved, Seq};

use super::{Badges, Place, Rates, Seen, Shop, place};
use crate::{Mind, Proposal};

const DAY_MS: f64 = 86_400_000.0;
/// Hundred-thousandths in a unit.
const PARTS: f64 = 1e5;

/// What sells, and how much of it is there.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Merchandising {
    #[n(0)]
    rates: Rates,
    /// On hand less promised, by item and location, in hundred-thousandths; what is below zero at one location does not
    /// take from another.
    #[n(1)]
    stock: BTreeMap<(ItemId, LocationId), i64>,
    /// By item: the sum of what is above zero.
    #[n(2)]
    available: BTreeMap<ItemId, i64>,
    #[n(3)]
    badges: Badges,
    #[n(4)]
    now: i64,
}

impl Merchandising {
    /// The form in which it is stored.
    pub const FORM: u32 = 1;

    /// The category an item is compared with. Not a fact yet.
    pub fn belongs(&mut self, item: ItemId, category: u32) {
        self.rates.belongs(item.0, category);
    }

    /// Time of the last fact, in days.
    fn day(&self) -> f64 {
        self.now as f64 / DAY_MS
    }

    /// Where an item goes on a shop; `margin` in major units, `sizes` the part of its product that can be bought.
    pub fn place(&self, item: ItemId, margin: Option<f64>, sizes: f64, shop: &Shop) -> Proposal<Place> {
        let (rate, days) = self.rates.rate(item.0, self.day());
        let available = self.available.get(&item).copied().unwrap_or(0) as f64 / PARTS;
        place(&Seen { rate, days, available, margin, sizes }, shop)
    }

    /// All items by score, the best first; ranks all, so once an hour is often enough.
    pub fn ranked(&self, worth: impl Fn(ItemId, f64) -> f64) -> Vec<ItemId> {
        let can_be_had = |item: &ItemId| self.available.get(item).is_some_and(|parts| *parts > 0);
        let ranked = self.rates.ranked(self.day(), |item, rate| worth(ItemId(item), rate));
        ranked.into_iter().map(|(item, _)| ItemId(item)).filter(can_be_had).collect()
    }

    /// Gives and takes badges by the ranking of now.
    pub fn look(&mut self, n: usize, worth: impl Fn(ItemId, f64) -> f64) -> &Badges {
        let ranked: Vec<u32> = self.ranked(worth).into_iter().map(|item| item.0).collect();
        self.badges.look(&ranked, n);
        &self.badges
    }

    fn moved(&mut self, moved: &Moved) {
        let day = self.day();
        let stock = self.stock.entry((moved.item, moved.location)).or_default();
        let before = (*stock).max(0);
        let change =
            moved.on_hand.parts().saturating_sub(moved.reserved.parts()).saturating_sub(moved.unsellable.parts());
        *stock = stock.saturating_add(change);
        let after = (*stock).max(0);
        let available = self.available.entry(moved.item).or_default();
        *available = available.saturating_add(after - before);
        let open = *available > 0;
        // It could be bought until this very sale, so exposure runs until now and ends after it.
        if let Some(units) = bought(moved) {
            self.rates.sold(moved.item.0, units, day);
        }
        self.rates.open(moved.item.0, open, day);
    }
}

/// Units wanted by a customer: promised to a web order, or gone over the counter without a promise before.
fn bought(moved: &Moved) -> Option<f64> {
    let parts = match moved.cause {
        Cause::Order => moved.reserved.parts(),
        // What leaves and was promised was counted when it was promised.
        Cause::Sale => moved.on_hand.parts().saturating_neg().saturating_add(moved.reserved.parts()),
        _ => 0,
    };
    (parts > 0).then_some(parts as f64 / PARTS)
}

impl Mind for Merchandising {
    fn apply(&mut self, _seq: Seq, entry: &Entry) {
        self.now = self.now.max(entry.at.0);
        if let Fact::Moved(moved) = &entry.fact {
            self.moved(moved);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use model::{Actor, Change, Instant};
    use proptest::prelude::*;

    fn moved(item: u32, location: u32, cause: Cause, on_hand: i32, reserved: i32) -> Fact {
        Fact::Moved(Moved {
            item: ItemId(item),
            location: LocationId(location),
            cause,
            on_hand: Change::units(on_hand),
            reserved: Change::units(reserved),
            in_transit: Change::units(0),
            unsellable: Change::units(0),
            happened_at: Instant(0),
            order: None,
            shown: None,
            note: None,
        })
    }

    fn tell(mind: &mut Merchandising, day: i64, fact: Fact) {
        mind.apply(Seq(0), &Entry { at: Instant(day * 86_400_000), by: Actor::System, fact });
    }

    #[test]
    fn a_web_order_counts_when_it_is_promised_and_not_again_when_it_leaves() {
        assert_eq!(
            [
                (Cause::Order, 0, 2),
                (Cause::Sale, -2, -2),
                (Cause::Sale, -3, 0),
                (Cause::Count, -3, 0),
                (Cause::Order, 0, -2),
            ]
            .map(|(cause, on_hand, reserved)| match moved(0, 0, cause, on_hand, reserved) {
                Fact::Moved(moved) => bought(&moved),
                _ => None,
            }),
            [Some(2.0), None, Some(3.0), None, None]
        );
    }

    #[test]
    fn what_can_be_had_is_ranked_by_its_rate_and_what_is_gone_is_not() {
        let mut mind = Merchandising::default();
        (1..=3).for_each(|item| tell(&mut mind, 0, moved(item, 0, Cause::Opening, 20, 0)));
        for day in 1..10 {
            tell(&mut mind, day, moved(1, 0, Cause::Sale, -1, 0));
            tell(&mut mind, day, moved(2, 0, Cause::Sale, -2, 0));
        }
        tell(&mut mind, 10, moved(3, 0, Cause::Sale, -20, 0));
        assert_eq!(mind.ranked(|_, rate| rate), [ItemId(2), ItemId(1)]);
        assert!(mind.look(1, |_, rate| rate).wears(2));
        assert_eq!(
            mind.place(ItemId(3), None, 1.0, &Shop { theta: 0.0, hides_sold_out: true, pinned: false }).action,
            Place::Hidden
        );
    }

    proptest! {
        #[test]
        fn stored_anywhere_and_read_again_the_same_news_end_in_the_same_bits(
            news in prop::collection::vec((0..3_u32, 0..2_u32, 0..4_i64, -5..9_i32, -2..3_i32, any::<bool>()), 1..40), cut in 0..40_usize,
        ) {
            let (mut whole, mut parts) = (Merchandising::default(), Merchandising::default());
            let mut day = 0;
            for (place, (item, location, days, on_hand, reserved, sale)) in news.iter().enumerate() {
                day += days;
                if place == cut {
                    parts = restore(Merchandising::FORM, &snapshot(Merchandising::FORM, &parts)).expect("what was stored");
                }
                let cause = if *sale { Cause::Sale } else { Cause::Order };
                tell(&mut whole, day, moved(*item, *location, cause, *on_hand, *reserved));
                tell(&mut parts, day, moved(*item, *location, cause, *on_hand, *reserved));
            }
            prop_assert_eq!(snapshot(Merchandising::FORM, &whole), snapshot(Merchandising::FORM, &parts));
            let open: i64 = whole.stock.values().map(|parts| (*parts).max(0)).sum();
            prop_assert_eq!(whole.available.values().sum::<i64>(), open);
        }
    }
}
