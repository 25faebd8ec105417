//! Journeys counted: everything that any rule of credit needs, as running sums. One more journey costs its own length.

use minicbor::{Decode, Encode};
use stats::num::exp2;

use super::Chain;

/// A touch weighs half of what the one `DECAY_TOUCHES` after it weighs, where journeys carry no times.
pub const DECAY_TOUCHES: f64 = 1.0;
/// Touches that are looked at; of a longer journey the last ones.
const TOUCHES_MAX: usize = 1_000;
/// Channels with higher numbers are none: numbers are dense, so that many are a mistake.
const CHANNELS_MAX: usize = 1 << 20;

/// Sales credited to one channel by rules that need no model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Rules {
    /// All to the last touch.
    #[n(0)]
    pub last: f64,
    /// All to the first touch.
    #[n(1)]
    pub first: f64,
    /// To every touch alike.
    #[n(2)]
    pub linear: f64,
    /// To every touch, the later the more.
    #[n(3)]
    pub decay: f64,
    /// To every channel of the journey alike: the Shapley value of $v(S)$ = sales of journeys within $S$ (Zhao 2018).
    #[n(4)]
    pub shapley: f64,
}

/// Journeys counted.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Paths {
    /// Sales by channel.
    #[n(0)]
    sales: Vec<Rules>,
    /// Their value by channel.
    #[n(1)]
    value: Vec<Rules>,
    #[n(2)]
    one: Chain,
    #[n(3)]
    two: Chain,
    /// Sales, their value, journeys without a sale.
    #[n(4)]
    totals: (f64, f64, f64),
}

impl Default for Paths {
    fn default() -> Self {
        Self { sales: Vec::new(), value: Vec::new(), one: Chain::new(1), two: Chain::new(2), totals: (0.0, 0.0, 0.0) }
    }
}

impl Paths {
    /// Counts journeys that touched these channels (dense numbers from 0) in this order: so many with a sale, worth so
    /// much together, and so many without. What is below zero or no number counts as zero, a journey without a touch
    /// not at all.
    pub fn add(&mut self, channels: &[u32], sales: f64, value: f64, without: f64) {
        let amount = |number: f64| if number.is_finite() { number.max(0.0) } else { 0.0 };
        let (sales, value, without) = (amount(sales), amount(value), amount(without));
        let channels = &channels[channels.len().saturating_sub(TOUCHES_MAX)..];
        let (Some(last), true) = (channels.last(), sales + without > 0.0) else { return };
        let most = channels.iter().max().map_or(0, |most| *most as usize + 1);
        if most > CHANNELS_MAX {
            return;
        }
        if most > self.sales.len() {
            self.sales.resize(most, Rules::default());
            self.value.resize(most, Rules::default());
        }
        self.one.add(channels, sales, without);
        self.two.add(channels, sales, without);
        self.totals = (self.totals.0 + sales, self.totals.1 + value, self.totals.2 + without);
        if sales > 0.0 {
            credit(&mut self.sales, channels, *last, sales);
            credit(&mut self.value, channels, *last, value);
        }
    }

    /// Channels met: one more than the largest number.
    pub fn channels(&self) -> u32 {
        self.sales.len() as u32
    }

    /// Sales counted.
    pub fn sales(&self) -> f64 {
        self.totals.0
    }

    /// Their value.
    pub fn value(&self) -> f64 {
        self.totals.1
    }

    /// Journeys without a sale.
    pub fn without(&self) -> f64 {
        self.totals.2
    }

    /// Sales by channel and rule.
    pub fn rules(&self) -> &[Rules] {
        &self.sales
    }

    /// Value by channel and rule.
    pub fn rules_of_value(&self) -> &[Rules] {
        &self.value
    }

    /// The chain over single touches.
    pub fn chain(&self) -> &Chain {
        &self.one
    }

    /// The chain over pairs of touches, when there are at least 1,000 journeys for each of its steps.
    pub fn chain_of_pairs(&self) -> Option<&Chain> {
        let journeys = self.totals.0 + self.totals.2;
        (self.two.steps() > 0 && journeys >= 1_000.0 * self.two.steps() as f64).then_some(&self.two)
    }
}

fn credit(rules: &mut [Rules], channels: &[u32], last: u32, amount: f64) {
    rules[last as usize].last += amount;
    rules[channels[0] as usize].first += amount;
    let each = amount / channels.len() as f64;
    // 1 + q + q² + …, with the newest touch first.
    let q = exp2(-1.0 / DECAY_TOUCHES);
    let mut part = 1.0;
    let all: f64 = channels.iter().fold((0.0, 1.0), |(sum, part), _| (sum + part, part * q)).0;
    let mut distinct = 0;
    for (place, channel) in channels.iter().enumerate().rev() {
        let rules = &mut rules[*channel as usize];
        rules.linear += each;
        rules.decay += amount * part / all;
        part *= q;
        distinct += usize::from(is_first_of_its_kind(channels, place));
    }
    let each = amount / distinct as f64;
    for (place, channel) in channels.iter().enumerate() {
        if is_first_of_its_kind(channels, place) {
            rules[*channel as usize].shapley += each;
        }
    }
}

fn is_first_of_its_kind(channels: &[u32], place: usize) -> bool {
    !channels[..place].contains(&channels[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use proptest::prelude::*;

    #[test]
    fn each_rule_credits_a_journey_as_it_says() {
        let mut paths = Paths::default();
        paths.add(&[0, 1, 0, 2], 1.0, 10.0, 3.0);
        let of = |channel: usize| paths.rules()[channel];
        assert_eq!((of(2).last, of(0).first, of(0).linear), (1.0, 1.0, 0.5));
        assert_eq!(of(1).shapley, 1.0 / 3.0);
        // 8 + 4 + 2 + 1 fifteenths, the newest first.
        assert!((of(0).decay - 5.0 / 15.0).abs() < 1e-15 && (of(2).decay - 8.0 / 15.0).abs() < 1e-15);
        assert!((paths.rules_of_value()[2].decay - 80.0 / 15.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_that_are_none_and_journeys_without_touches_count_for_nothing() {
        let mut paths = Paths::default();
        paths.add(&[], 1.0, 1.0, 1.0);
        paths.add(&[0], f64::NAN, f64::INFINITY, -3.0);
        assert_eq!(paths, Paths::default());
    }

    proptest! {
        #[test]
        fn every_rule_gives_away_exactly_what_was_sold(
            journeys in prop::collection::vec((prop::collection::vec(0..5_u32, 1..9), 0..4_u32, 0..4_u32), 1..30)
        ) {
            let mut paths = Paths::default();
            for (path, sales, without) in &journeys {
                paths.add(path, f64::from(*sales), 2.0 * f64::from(*sales), f64::from(*without));
            }
            let total = |part: fn(&Rules) -> f64| paths.rules().iter().map(part).sum::<f64>();
            for sum in [total(|r| r.last), total(|r| r.first), total(|r| r.linear), total(|r| r.decay), total(|r| r.shapley)] {
                prop_assert!((sum - paths.sales()).abs() < 1e-9);
            }
        }

        #[test]
        fn stored_half_way_and_read_again_it_ends_in_the_same_bits(
            journeys in prop::collection::vec((prop::collection::vec(0..5_u32, 0..9), 0..4_u32, 0..4_u32), 1..30),
            cut in 0..30_usize,
        ) {
            let (mut whole, mut parts) = (Paths::default(), Paths::default());
            for (place, (path, sales, without)) in journeys.iter().enumerate() {
                if place == cut {
                    parts = restore(1, &snapshot(1, &parts)).expect("what was stored");
                }
                for paths in [&mut whole, &mut parts] {
                    paths.add(path, f64::from(*sales) / 3.0, 0.7, f64::from(*without));
                }
            }
            prop_assert_eq!(snapshot(1, &whole), snapshot(1, &parts));
        }
    }
}
