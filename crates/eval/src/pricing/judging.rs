//! Rolling origins: weeks foretold from weeks before them, by a model that knows prices and by one that does not.

use std::collections::BTreeMap;

use agents::pricing::{Learnt, Week, learn};
use serde_json::{Value, json};
use stats::num::{exp, exp2, ln};

use crate::measure::round;
use crate::progress;

/// Parts of all weeks after which weeks are foretold.
const ORIGINS: [f64; 5] = [0.6, 0.68, 0.76, 0.84, 0.92];
/// Weeks foretold at each origin.
const AHEAD: i32 = 4;
/// Half-life of an item's level, in weeks.
const HALF_LIFE: f64 = 6.0;
/// Weeks before an origin from which a level is told.
const LEVEL: i32 = 26;
/// A price has moved when it is so far from its mean of those weeks, in logarithms.
const MOVED: f64 = 0.05;

#[derive(Default)]
struct Errors {
    rows: u64,
    units: f64,
    with: (f64, f64),
    without: (f64, f64),
}

impl Errors {
    fn add(&mut self, units: f64, with: f64, without: f64) {
        // Poisson deviance: a proper score for a mean of counts.
        let deviance = |mean: f64| {
            let mean = mean.max(0.01);
            2.0 * (if units > 0.0 { units * ln(units / mean) } else { 0.0 } - (units - mean))
        };
        self.rows += 1;
        self.units += units;
        self.with = (self.with.0 + (units - with).abs(), self.with.1 + deviance(with));
        self.without = (self.without.0 + (units - without).abs(), self.without.1 + deviance(without));
    }

    fn json(&self) -> Value {
        let model = |(off, deviance): (f64, f64)| {
            let (units, rows) = (self.units.max(1e-9), self.rows.max(1) as f64);
            json!({ "wape": round(off / units), "deviance_per_row": round(deviance / rows) })
        };
        let saved = if self.without.1 > 0.0 { round(1.0 - self.with.1 / self.without.1) } else { 0.0 };
        json!({ "rows": self.rows, "with_prices": model(self.with), "without_prices": model(self.without), "deviance_saved": saved })
    }
}

/// Figures over all origins, and what the elasticities of the whole file look like.
pub fn judge(weeks: &[Week]) -> Value {
    let Some((first, last)) = weeks.iter().map(|week| week.week).min().zip(weeks.iter().map(|week| week.week).max())
    else {
        return json!({ "origins": 0 });
    };
    let (mut all, mut moved) = (Errors::default(), Errors::default());
    let bar = progress::bar(ORIGINS.len() as u64, "origins");
    let mut origins: Vec<i32> = ORIGINS.iter().map(|part| first + (f64::from(last - first) * part) as i32).collect();
    origins.dedup();
    for origin in &origins {
        let known: Vec<Week> = weeks.iter().filter(|week| week.week < *origin).copied().collect();
        foretell(&learn(&known), weeks, *origin, &mut all, &mut moved);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let learnt = learn(weeks);
    json!({
        "origins": origins.len(),
        "weeks_ahead": AHEAD,
        "all_rows": all.json(),
        "rows_whose_price_moved": moved.json(),
        "elasticity_by_item": quantiles(learnt.items.values().map(|item| item.elasticity).collect()),
        "elasticity_by_category": quantiles(learnt.categories.values().map(|category| category.elasticity).collect()),
        "promotion_by_category": quantiles(learnt.categories.values().map(|category| category.promotion).collect()),
    })
}

fn quantiles(mut values: Vec<f64>) -> Value {
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values.get((part * values.len().saturating_sub(1) as f64) as usize).copied().map(round);
    json!({ "count": values.len(), "q10": at(0.1), "q50": at(0.5), "q90": at(0.9) })
}

/// An item's recent weeks: units, expected units at level one (with prices, without), and logarithm of price.
#[derive(Default)]
struct Recent {
    units: f64,
    with: f64,
    without: f64,
    price: f64,
}

fn foretell(learnt: &Learnt, weeks: &[Week], origin: i32, all: &mut Errors, moved: &mut Errors) {
    let shape = |week: &Week| {
        let (elasticity, _, promotion, _) = learnt.of(week.item, week.category);
        exp(-elasticity * ln(week.price) + promotion * week.promotion)
    };
    let mut recent: BTreeMap<u32, Recent> = BTreeMap::new();
    for week in weeks.iter().filter(|week| (origin - LEVEL..origin).contains(&week.week)) {
        let weight = exp2(-f64::from(origin - week.week) / HALF_LIFE);
        let sum = recent.entry(week.item).or_default();
        sum.units += weight * week.units;
        sum.with += weight * shape(week);
        sum.without += weight;
        sum.price += weight * ln(week.price);
    }
    for week in weeks.iter().filter(|week| (origin..origin + AHEAD).contains(&week.week)) {
        // An item without a past cannot tell one model from the other.
        let Some(sum) = recent.get(&week.item).filter(|sum| sum.units > 0.0) else { continue };
        let (with, without) = (sum.units / sum.with * shape(week), sum.units / sum.without);
        all.add(week.units, with, without);
        if (ln(week.price) - sum.price / sum.without).abs() > MOVED {
            moved.add(week.units, with, without);
        }
    }
}
