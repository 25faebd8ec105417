//! Day by day: rank by what was seen, compare with the days after. Half-life and prior are chosen on the first half of the days,
//! the figures are of the second.

use std::collections::{BTreeMap, VecDeque};

use agents::merchandising::{Badges, Rates, Settings};
use serde_json::{Value, json};

use super::reading::Sold;
use crate::measure::round;
use crate::progress;

/// Days after that a ranking is compared with.
const AHEAD: usize = 14;
/// Days before the first ranking.
const WARM: usize = 28;
/// Days between two rankings that are compared; badges are looked at every day.
const EVERY: usize = 7;
const HALF_LIVES: [f64; 4] = [7.0, 14.0, 21.0, 28.0];
/// Days that the category's rate counts for.
const PRIORS: [f64; 2] = [1.0, 7.0];
/// What shops do: sum up so many days.
const SUMS: [usize; 3] = [7, 14, 28];

/// Figures over all days.
pub fn judge(days: &[Vec<Sold>], top: usize) -> Value {
    let half = days.len() / 2;
    if days.len() < 2 * (WARM + AHEAD) {
        return json!({ "days": days.len(), "top": top, "judged": 0 });
    }
    let bar = progress::bar((HALF_LIVES.len() * PRIORS.len()) as u64 + 2, "half-lives");
    let mut chosen = (f64::MIN, Settings::default());
    for settings in HALF_LIVES.into_iter().flat_map(|half_life| PRIORS.map(|prior| Settings { half_life, prior })) {
        let early = pass(days, WARM, half, top, settings).by_units.mean();
        if early > chosen.0 {
            chosen = (early, settings);
        }
        bar.inc(1);
    }
    let usual = pass(days, half, days.len(), top, Settings::default());
    let best = pass(days, half, days.len(), top, chosen.1);
    bar.finish_and_clear();
    let sums: BTreeMap<String, Value> =
        SUMS.iter().map(|window| (format!("last_{window}_days"), summed(days, half, top, *window))).collect();
    json!({
        "days": days.len(),
        "top": top,
        "judged": best.by_units.count,
        "half_life_days": chosen.1.half_life,
        "prior_days": chosen.1.prior,
        "mind": best.json(),
        "mind_at_defaults": usual.json(),
        "sums": sums,
    })
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn mean(&self) -> f64 {
        self.sum / f64::from(self.count.max(1))
    }
}

#[derive(Default)]
struct Pass {
    by_units: Mean,
    by_value: Mean,
    days: u32,
    badges: Badges,
    /// Badges without hysteresis: on and off at the same rank.
    bare: Badges,
}

impl Pass {
    fn json(&self) -> Value {
        let days = f64::from(self.days.max(1));
        json!({
            "overlap_by_units": round(self.by_units.mean()),
            "overlap_by_value": round(self.by_value.mean()),
            "flips_per_day": round(self.badges.flips() as f64 / days),
            "flips_per_day_without_hysteresis": round(self.bare.flips() as f64 / days),
        })
    }
}

/// One run over all days, judged from one day to another.
fn pass(days: &[Vec<Sold>], from: usize, to: usize, top: usize, settings: Settings) -> Pass {
    let mut rates = Rates::new(settings);
    let mut pass = Pass::default();
    // The same rates over what was taken instead of units.
    let mut values = Rates::new(settings);
    for (day, sold) in days.iter().enumerate() {
        let now = day as f64;
        if (from..to).contains(&day) {
            let by_units: Vec<u32> = rates.ranked(now, |_, rate| rate).into_iter().map(|(item, _)| item).collect();
            if day > from {
                pass.days += 1;
                pass.badges.look(&by_units, top);
                look_bare(&mut pass.bare, &by_units, top);
            } else {
                // The first badges are no flips.
                pass.badges = Badges::wearing(by_units.iter().take(top).copied());
                pass.bare = Badges::wearing(by_units.iter().take(top).copied());
            }
            if (day - from).is_multiple_of(EVERY) && day + AHEAD <= to {
                let by_value = values.ranked(now, |_, rate| rate);
                pass.by_units.add(overlap(&by_units, &days[day..day + AHEAD], top, |sold| sold.units));
                let by_value: Vec<u32> = by_value.into_iter().map(|(item, _)| item).collect();
                pass.by_value.add(overlap(&by_value, &days[day..day + AHEAD], top, |sold| sold.value));
            }
        }
        for sold in sold {
            for (rates, amount) in [(&mut rates, sold.units), (&mut values, sold.value)] {
                rates.belongs(sold.item, sold.category);
                rates.open(sold.item, sold.in_stock, now);
                rates.sold(sold.item, amount, now + 0.5);
            }
        }
    }
    pass
}

fn look_bare(bare: &mut Badges, ranked: &[u32], top: usize) {
    // With nothing below the first N to keep, on and off are one line.
    bare.look(&ranked[..top.min(ranked.len())], top);
}

/// The part of the best sellers of the days after that the ranking has among its first.
fn overlap(ranked: &[u32], after: &[Vec<Sold>], top: usize, of: impl Fn(&Sold) -> f64) -> f64 {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for sold in after.iter().flatten() {
        *sums.entry(sold.item).or_default() += of(sold);
    }
    let best = first(&sums, top);
    let wanted = best.len().max(1) as f64;
    best.iter().filter(|item| ranked.iter().take(top).any(|other| other == *item)).count() as f64 / wanted
}

/// The items with the largest sums, ties by the smaller number.
fn first(sums: &BTreeMap<u32, f64>, top: usize) -> Vec<u32> {
    let mut ranked: Vec<(u32, f64)> =
        sums.iter().map(|(item, sum)| (*item, *sum)).filter(|(_, sum)| *sum > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().take(top).map(|(item, _)| item).collect()
}

/// The same judgement of a plain sum over a window of days.
fn summed(days: &[Vec<Sold>], from: usize, top: usize, window: usize) -> Value {
    let (mut by_units, mut by_value, mut flips, mut judged) = (Mean::default(), Mean::default(), 0_u64, 0_u32);
    let mut before: Option<Badges> = None;
    let mut held: VecDeque<&Vec<Sold>> = VecDeque::new();
    for (day, sold) in days.iter().enumerate() {
        if day >= from {
            let sums = |of: fn(&Sold) -> f64| {
                let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
                held.iter().flat_map(|day| day.iter()).for_each(|sold| *sums.entry(sold.item).or_default() += of(sold));
                first(&sums, top)
            };
            let ranked = sums(|sold| sold.units);
            let mut badges = before.take().unwrap_or_else(|| Badges::wearing(ranked.iter().copied()));
            let counted = badges.flips();
            look_bare(&mut badges, &ranked, top);
            flips += badges.flips() - counted;
            judged += 1;
            before = Some(badges);
            if (day - from).is_multiple_of(EVERY) && day + AHEAD <= days.len() {
                by_units.add(overlap(&ranked, &days[day..day + AHEAD], top, |sold| sold.units));
                by_value.add(overlap(&sums(|sold| sold.value), &days[day..day + AHEAD], top, |sold| sold.value));
            }
        }
        held.push_back(sold);
        if held.len() > window {
            held.pop_front();
        }
    }
    json!({
        "overlap_by_units": round(by_units.mean()),
        "overlap_by_value": round(by_value.mean()),
        "flips_per_day": round(flips as f64 / f64::from(judged.max(1))),
    })
}
