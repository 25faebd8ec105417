//! What a known customer buys again and again: per item a sum of purchases that forgets. Fed by the mind's fold.

use std::collections::BTreeMap;

use minicbor::{CborLen, Decode, Encode};
use model::{ChannelId, CustomerKey, Instant, ItemId, stable_hash};
use stats::decay::Decayed;

/// Days in which a purchase loses half its weight.
const HALF_LIFE: f64 = 45.0;
const DAY_MS: f64 = 86_400_000.0;

/// A customer of a channel, as a number that says nothing about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Buyer(pub u64);

impl Buyer {
    /// From the platform's customer.
    pub fn of(channel: ChannelId, customer: &CustomerKey) -> Self {
        Self(stable_hash(&[b"buyer", &channel.0.to_le_bytes(), customer.as_str().as_bytes()]))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Habits {
    /// Buyer and item: decayed purchases, their time in days, and the last purchase in days.
    #[n(0)]
    bought: BTreeMap<(u64, u32), (f64, f64, f64)>,
}

impl Habits {
    /// One purchase more, or one that did not happen after all (`change` -1).
    pub(super) fn count(&mut self, buyer: Buyer, item: ItemId, at: Instant, change: f64) {
        let days = at.0 as f64 / DAY_MS;
        let (sum, stamp, last) = self.bought.entry((buyer.0, item.0)).or_insert((0.0, days, f64::MIN));
        let mut decayed = Decayed::from_parts(*sum, *stamp);
        decayed.add(change, days, HALF_LIFE);
        (*sum, *stamp) = decayed.parts();
        if change > 0.0 {
            *last = last.max(days);
        }
    }

    /// How often lately: purchases, older ones counting less.
    pub(super) fn often(&self, buyer: Buyer, item: ItemId, now: Instant) -> f64 {
        let bought = self.bought.get(&(buyer.0, item.0));
        bought
            .map_or(0.0, |(sum, at, _)| Decayed::from_parts(*sum, *at).read(now.0 as f64 / DAY_MS, HALF_LIFE).max(0.0))
    }

    /// Days since the last purchase.
    pub(super) fn days_since(&self, buyer: Buyer, item: ItemId, now: Instant) -> Option<f64> {
        self.bought.get(&(buyer.0, item.0)).map(|(_, _, last)| now.0 as f64 / DAY_MS - last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purchase_of_a_half_life_ago_counts_half_and_one_taken_back_not_at_all() {
        let day = |days: i64| Instant(days * 86_400_000);
        let (buyer, item, mut habits) = (Buyer(1), ItemId(7), Habits::default());
        habits.count(buyer, item, day(0), 1.0);
        habits.count(buyer, item, day(45), 1.0);
        assert_eq!(habits.often(buyer, item, day(45)), 1.5);
        habits.count(buyer, item, day(0), -1.0);
        assert_eq!(habits.often(buyer, item, day(45)), 1.0);
        assert_eq!(habits.days_since(buyer, item, day(50)), Some(5.0));
        assert_eq!(habits.often(Buyer(2), item, day(45)), 0.0);
    }
}
