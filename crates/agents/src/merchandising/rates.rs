//! Units per day on which an item could be bought: sums that forget, pulled toward the category.
//!
//! $\hat\lambda=\frac{\kappa\lambda_{cat}+\sum w y}{\kappa+\sum w e}$ with weights $w=2^{-age/T}$ and exposure $e$ in days. A day
//! without stock is no day without demand: its exposure is zero.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use stats::num::exp2;

/// How fast it forgets, and how much it leans on the category.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Settings {
    /// $T$: half-life in days.
    #[n(0)]
    pub half_life: f64,
    /// $\kappa$: days that the category's rate counts for.
    #[n(1)]
    pub prior: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { half_life: 14.0, prior: 7.0 }
    }
}

/// Units and exposure, both forgetting, as they were at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
struct Sums {
    #[n(0)]
    units: f64,
    #[n(1)]
    days: f64,
    /// In days.
    #[n(2)]
    at: f64,
    /// How many can be bought now; exposure grows by it.
    #[n(3)]
    open: f64,
}

impl Sums {
    /// The same at a later time.
    fn until(&self, at: f64, half_life: f64) -> Self {
        let passed = (at - self.at).max(0.0);
        let (left, grown) = if half_life > 0.0 {
            let left = exp2(-passed / half_life);
            // The integral of the weight over the days that passed.
            (left, half_life / std::f64::consts::LN_2 * (1.0 - left))
        } else {
            (1.0, passed)
        };
        Self {
            units: self.units * left,
            days: self.days * left + self.open * grown,
            at: self.at.max(at),
            open: self.open,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Item {
    #[n(0)]
    category: u32,
    #[n(1)]
    sums: Sums,
}

/// Rates of all items.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Rates {
    #[n(0)]
    settings: Settings,
    #[n(1)]
    items: BTreeMap<u32, Item>,
    #[n(2)]
    categories: BTreeMap<u32, Sums>,
}

impl Rates {
    /// Nothing seen yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Units sold at a time in days; O(log items). What is no number, or not above zero, is passed over.
    pub fn sold(&mut self, item: u32, units: f64, day: f64) {
        if units > 0.0 && units.is_finite() && day.is_finite() {
            self.change(item, day, |sums| sums.units += units);
        }
    }

    /// Whether an item can be bought, from a time in days on.
    pub fn open(&mut self, item: u32, open: bool, day: f64) {
        let now = f64::from(u8::from(open));
        let before = self.items.get(&item).map_or(0.0, |item| item.sums.open);
        if day.is_finite() && now != before {
            self.change(item, day, |sums| sums.open += now - before);
        }
    }

    /// The category an item is compared with; what was seen of it before stays with the former one.
    pub fn belongs(&mut self, item: u32, category: u32) {
        let known = self.items.entry(item).or_default();
        let (from, open, at) = (std::mem::replace(&mut known.category, category), known.sums.open, known.sums.at);
        if from != category && open > 0.0 {
            let half_life = self.settings.half_life;
            for (group, by) in [(from, -open), (category, open)] {
                let sums = self.categories.entry(group).or_default();
                *sums = sums.until(at, half_life);
                sums.open += by;
            }
        }
    }

    fn change(&mut self, item: u32, day: f64, by: impl Fn(&mut Sums)) {
        let half_life = self.settings.half_life;
        let known = self.items.entry(item).or_default();
        known.sums = known.sums.until(day, half_life);
        by(&mut known.sums);
        let group = self.categories.entry(known.category).or_default();
        *group = group.until(day, half_life);
        by(group);
    }

    /// Units a day while it can be bought, and the days of exposure behind it.
    pub fn rate(&self, item: u32, day: f64) -> (f64, f64) {
        self.items.get(&item).map_or((0.0, 0.0), |item| self.of(item, day))
    }

    fn of(&self, item: &Item, day: f64) -> (f64, f64) {
        let half_life = self.settings.half_life;
        let group = self.categories.get(&item.category).map(|group| group.until(day, half_life)).unwrap_or_default();
        // A category of one day or less says little; without any exposure there is no rate.
        let prior = if group.days > 0.0 { group.units / group.days.max(1.0) } else { 0.0 };
        let own = item.sums.until(day, half_life);
        let weight = self.settings.prior.max(1e-9);
        ((weight * prior + own.units) / (weight + own.days), own.days)
    }

    /// All items by score, the highest first, ties by the smaller number; `worth` turns an item's rate into its score.
    pub fn ranked(&self, day: f64, worth: impl Fn(u32, f64) -> f64) -> Vec<(u32, f64)> {
        let score = |(number, item): (&u32, &Item)| (*number, worth(*number, self.of(item, day).0));
        let mut ranked: Vec<(u32, f64)> = self.items.iter().map(score).filter(|(_, score)| score.is_finite()).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use proptest::prelude::*;

    #[test]
    fn days_without_stock_do_not_make_a_best_seller_a_slow_one() {
        let mut rates = Rates::default();
        for item in [1, 2] {
            rates.belongs(item, item);
            rates.open(item, true, 0.0);
        }
        // Both sell ten a day; the second is out of stock for the second half of the month.
        for day in 0..30 {
            rates.sold(1, 10.0, f64::from(day) + 0.5);
            if day < 15 {
                rates.sold(2, 10.0, f64::from(day) + 0.5);
            }
        }
        rates.open(2, false, 15.0);
        let (always, half) = (rates.rate(1, 30.0).0, rates.rate(2, 30.0).0);
        assert!((always - 10.0).abs() < 0.3 && (half - 10.0).abs() < 0.6, "{always} {half}");
    }

    #[test]
    fn a_new_item_starts_at_its_categorys_rate() {
        let mut rates = Rates::default();
        rates.open(1, true, 0.0);
        (0..40).for_each(|day| rates.sold(1, 4.0, f64::from(day)));
        rates.open(2, true, 40.0);
        assert!((rates.rate(2, 40.0).0 - 4.0).abs() < 0.3, "{}", rates.rate(2, 40.0).0);
        assert_eq!(rates.rate(99, 40.0), (0.0, 0.0));
    }

    proptest! {
        #[test]
        fn stored_anywhere_and_read_again_the_same_news_end_in_the_same_bits(
            news in prop::collection::vec((0..4_u32, 0.0..9.0_f64, any::<f64>(), 0..3_u8), 1..40), cut in 0..40_usize,
        ) {
            let (mut whole, mut parts) = (Rates::default(), Rates::default());
            let mut day = 0.0;
            for (place, (item, days, units, what)) in news.iter().enumerate() {
                day += days;
                if place == cut {
                    parts = restore(1, &snapshot(1, &parts)).expect("what was stored");
                }
                for rates in [&mut whole, &mut parts] {
                    match what {
                        0 => rates.sold(*item, units % 1e6, day),
                        1 => rates.open(*item, *units > 0.0, day),
                        _ => rates.belongs(*item, item % 2),
                    }
                }
            }
            prop_assert_eq!(snapshot(1, &whole), snapshot(1, &parts));
            prop_assert!(whole.ranked(day + 1.0, |_, rate| rate).iter().all(|(_, score)| *score >= 0.0));
        }
    }
}
