//! The mind: touches and sales by person become journeys, journeys become counts.
//!
//! Touches are not facts yet, so they come by [`Attribution::touched`]; sales are read from orders. A journey ends with a
//! sale, or 30 days after its last touch.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use model::{ChannelId, Currency, CustomerKey, Entry, Fact, Instant, OrderPut, OrderState, Seq, stable_hash};

use super::{Credits, Paths, credits};
use crate::Mind;

/// A journey without a sale ends so long after its last touch.
const TIMEOUT_MS: i64 = 30 * 86_400_000;
/// Touches of a journey that are kept, the last ones.
const KEPT: usize = 100;

/// Somebody met a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Who, by a number of the caller's: a profile, or a visitor who is nobody yet.
    pub person: u64,
    /// The campaign's number, dense from 0.
    pub campaign: u32,
    /// When.
    pub at: Instant,
}

/// Somebody bought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sale {
    /// Who, as in [`Touch`].
    pub person: u64,
    /// How surely the sale is this person's, in 0..=1; a sale at a till is joined by identity.
    pub probability: f64,
    /// What it was worth, in major units.
    pub value: f64,
    /// When.
    pub at: Instant,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Journey {
    #[n(0)]
    campaigns: Vec<u32>,
    /// When it ends by itself.
    #[n(1)]
    ends: i64,
}

/// Journeys under way and journeys counted.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Attribution {
    #[n(0)]
    paths: Paths,
    #[n(1)]
    open: BTreeMap<u64, Journey>,
    /// Open journeys by their end.
    #[n(2)]
    ends: BTreeSet<(i64, u64)>,
    /// Customers of channels who are known to be a person, and how surely.
    #[n(3)]
    people: BTreeMap<u64, (u64, f64)>,
    /// Orders are numbered as they are heard of; those below were seen.
    #[n(4)]
    orders: u32,
    /// The currency of the first sale; the value of sales in others is not counted.
    #[n(5)]
    currency: Option<Currency>,
}

impl Attribution {
    /// The form in which it is stored.
    pub const FORM: u32 = 1;

    /// Everything counted so far.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Credit of everything counted so far.
    pub fn credits(&self) -> Credits {
        credits(&self.paths)
    }

    /// The person number of a channel's customer who is not linked to anybody.
    pub fn person(channel: ChannelId, customer: &CustomerKey) -> u64 {
        stable_hash(&[b"customer", &channel.0.to_le_bytes(), customer.as_str().as_bytes()])
    }

    /// From now on this customer's sales are this person's, as surely as said.
    pub fn linked(&mut self, channel: ChannelId, customer: &CustomerKey, person: u64, probability: f64) {
        self.people.insert(Self::person(channel, customer), (person, probability));
    }

    /// A touch; O(log open journeys), beside the journeys that end meanwhile.
    pub fn touched(&mut self, touch: Touch) {
        self.pass(touch.at);
        let journey = self.open.entry(touch.person).or_default();
        self.ends.remove(&(journey.ends, touch.person));
        journey.ends = journey.ends.max(touch.at.plus_ms(TIMEOUT_MS).0);
        if journey.campaigns.len() == KEPT {
            journey.campaigns.remove(0);
        }
        journey.campaigns.push(touch.campaign);
        self.ends.insert((journey.ends, touch.person));
    }

    /// A sale. Without a journey it is nobody's; with one, the journey ends.
    pub fn sold(&mut self, sale: Sale) {
        self.pass(sale.at);
        if let Some(journey) = self.open.remove(&sale.person) {
            self.ends.remove(&(journey.ends, sale.person));
            let part = if sale.probability.is_finite() { sale.probability.clamp(0.0, 1.0) } else { 0.0 };
            self.paths.add(&journey.campaigns, part, part * sale.value, 1.0 - part);
        }
    }

    /// Time went by: journeys that are over are counted.
    pub fn pass(&mut self, now: Instant) {
        while let Some((ends, person)) = self.ends.first().copied().filter(|(ends, _)| *ends <= now.0) {
            self.ends.remove(&(ends, person));
            if let Some(journey) = self.open.remove(&person) {
                self.paths.add(&journey.campaigns, 0.0, 0.0, 1.0);
            }
        }
    }

    fn ordered(&mut self, order: &OrderPut) {
        if order.order.0 < self.orders || order.state == OrderState::Cancelled {
            return;
        }
        self.orders = order.order.0.saturating_add(1);
        let Some(customer) = &order.customer else { return };
        let key = Self::person(order.channel, customer);
        let (person, probability) = self.people.get(&key).copied().unwrap_or((key, 1.0));
        let currency = *self.currency.get_or_insert(order.total.currency);
        let unit = stats::num::pow(10.0, f64::from(currency.decimals()));
        let value = if order.total.currency == currency { order.total.minor as f64 / unit } else { 0.0 };
        self.sold(Sale { person, probability, value, at: order.placed_at });
    }
}

impl Mind for Attribution {
    fn apply(&mut self, _seq: Seq, entry: &Entry) {
        if let Fact::OrderPut(order) = &entry.fact {
            self.ordered(order);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000;

    fn touch(person: u64, campaign: u32, day: i64) -> Touch {
        Touch { person, campaign, at: Instant(day * DAY) }
    }

    #[test]
    fn a_sale_takes_its_journey_and_a_journey_ends_after_thirty_days() {
        let mut mind = Attribution::default();
        mind.touched(touch(1, 0, 0));
        mind.touched(touch(2, 1, 0));
        mind.touched(touch(1, 1, 20));
        mind.sold(Sale { person: 1, probability: 1.0, value: 9.0, at: Instant(40 * DAY) });
        assert_eq!((mind.paths().sales(), mind.paths().value(), mind.paths().without()), (1.0, 9.0, 1.0));
        assert_eq!(mind.paths().rules()[1].last, 1.0);
        mind.sold(Sale { person: 1, probability: 1.0, value: 9.0, at: Instant(41 * DAY) });
        assert_eq!(mind.paths().sales(), 1.0);
    }

    #[test]
    fn a_sale_that_may_be_somebody_elses_counts_in_part() {
        let mut mind = Attribution::default();
        mind.touched(touch(1, 0, 0));
        mind.sold(Sale { person: 1, probability: 0.75, value: 100.0, at: Instant(DAY) });
        assert_eq!((mind.paths().sales(), mind.paths().value(), mind.paths().without()), (0.75, 75.0, 0.25));
    }

    proptest! {
        #[test]
        fn stored_anywhere_and_read_again_the_same_news_end_in_the_same_bits(
            news in prop::collection::vec((0..4_u64, 0..5_u32, 0..9_i64, any::<bool>()), 1..60),
            cut in 0..60_usize,
        ) {
            let (mut whole, mut parts) = (Attribution::default(), Attribution::default());
            let mut day = 0;
            for (place, (person, campaign, days, buys)) in news.iter().enumerate() {
                day += days;
                if place == cut {
                    parts = restore(Attribution::FORM, &snapshot(Attribution::FORM, &parts)).expect("what was stored");
                }
                for mind in [&mut whole, &mut parts] {
                    if *buys {
                        mind.sold(Sale { person: *person, probability: 0.9, value: 3.3, at: Instant(day * DAY) });
                    } else {
                        mind.touched(touch(*person, *campaign, day));
                    }
                }
            }
            prop_assert_eq!(snapshot(Attribution::FORM, &whole), snapshot(Attribution::FORM, &parts));
        }
    }
}
