//! A season of items whose elasticity is known: what the mind's prices earn beside an oracle's, who knows it too.
//!
//! The mind sees a year of weeks (with a season, promotions for some items, noise) and learns from them alone. Then it
//! clears a season's stock: each week it looks at what is left, corrects the level by what was sold, and plans anew. The
//! oracle plans with the true demand. A calendar marks everything down at fixed weeks. All meet the same luck.

use agents::pricing::markdown::{Season, plan};
use agents::pricing::rails::{Rails, Standing, broken, held};
use agents::pricing::{Demand, Learnt, Week, learn, regular};
use model::Currency;
use serde_json::{Value, json};
use stats::dice::Dice;
use stats::num::{exp, pow, sin};

use crate::calibration::Calibration;
use crate::measure::round;
use crate::progress;

const ITEMS: u32 = 120;
const CATEGORIES: u32 = 8;
const HISTORY: i32 = 52;
const WEEKS: usize = 12;
const RUNS: u64 = 5;
const LADDER: [f64; 8] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
/// Weeks of sales that the level learnt from history counts for.
const BELIEF: f64 = 6.0;

struct Thing {
    demand: Demand,
    category: u32,
    stock: u64,
    cost: f64,
}

/// Draws, learns, clears, counts.
pub fn run(seed: u64) -> Value {
    let mut dice = Dice::seeded(seed);
    let things: Vec<Thing> = things(&mut dice);
    let learnt = learn(&history(&things, &mut dice));
    let (mut mind, mut oracle, mut calendar, mut full, mut violations) = (0.0, 0.0, 0.0, 0.0, 0);
    let bar = progress::bar(u64::from(ITEMS) * RUNS, "seasons");
    for (number, thing) in things.iter().enumerate() {
        let known = known(number as u32, thing, &learnt);
        for _ in 0..RUNS {
            let luck: Vec<f64> = (0..WEEKS).map(|_| dice.open_unit()).collect();
            let season = season(thing);
            mind += clear(thing, &luck, &mut learning(thing, known, &mut violations));
            if let Some(plan) = plan(&season, &thing.demand) {
                oracle += clear(thing, &luck, &mut |week, left, from, _| plan.step(week, left, from));
            }
            calendar += clear(thing, &luck, &mut |week, _, _, _| [0, 0, 0, 0, 2, 2, 2, 2, 4, 4, 6, 7][week]);
            full += clear(thing, &luck, &mut |_, _, _, _| 0);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let off: Vec<f64> = things
        .iter()
        .enumerate()
        .map(|(n, thing)| known(n as u32, thing, &learnt).elasticity - thing.demand.elasticity)
        .collect();
    let error = (off.iter().map(|off| off * off).sum::<f64>() / off.len() as f64).sqrt();
    json!({
        "seed": seed,
        "items": ITEMS,
        "seasons": u64::from(ITEMS) * RUNS,
        "markdown_revenue_to_oracle": round(mind / oracle),
        "calendar_revenue_to_oracle": round(calendar / oracle),
        "full_price_revenue_to_oracle": round(full / oracle),
        "regular_profit_to_oracle": regular(&things, &learnt),
        "elasticity_error": round(error),
        "elasticity_within_its_90_interval": round(within(&things, &learnt)),
        "confidence": confidence(&things, &learnt).json(),
        "rails_broken": violations,
    })
}

fn things(dice: &mut Dice) -> Vec<Thing> {
    let groups: Vec<f64> = (0..CATEGORIES).map(|_| 1.2 + 1.8 * dice.unit()).collect();
    (0..ITEMS)
        .map(|item| {
            let category = item % CATEGORIES;
            let elasticity = (groups[category as usize] + 0.4 * dice.normal()).clamp(0.5, 5.0);
            let at = 500.0 + 4_500.0 * dice.unit();
            let mean = 12.0 * exp(0.6 * dice.normal());
            let demand = Demand { mean, at, elasticity, deviation: 0.0, dispersion: 1.5 };
            let stock = (mean * WEEKS as f64 * (0.8 + 1.7 * dice.unit())) as u64 + 1;
            Thing { demand, category, stock, cost: at * (0.3 + 0.3 * dice.unit()) }
        })
        .collect()
}

/// A year of sales: six items of ten were promoted now and then, the others' prices hardly moved.
fn history(things: &[Thing], dice: &mut Dice) -> Vec<Week> {
    let mut weeks = Vec::new();
    for (item, thing) in things.iter().enumerate() {
        let promoted = dice.happens(0.6);
        for week in 0..HISTORY {
            let off = match promoted && dice.happens(0.15) {
                true => 0.7 + 0.25 * dice.unit(),
                false => 1.0 + 0.01 * dice.normal(),
            };
            let price = thing.demand.at * off;
            let season = 1.0 + 0.25 * sin(f64::from(week) * 0.12 + f64::from(thing.category));
            let units = thing.demand.week(price, season).quantile(dice.open_unit()) as f64;
            weeks.push(Week { item: item as u32, category: thing.category, week, units, price, promotion: 0.0 });
        }
    }
    weeks
}

/// Demand as the mind believes it.
fn known(item: u32, thing: &Thing, learnt: &Learnt) -> Demand {
    let (elasticity, deviation, _, dispersion) = learnt.of(item, thing.category);
    let (mean, at) = learnt.items.get(&item).map_or((1.0, thing.demand.at), |item| (item.level, item.price));
    let believed = Demand { mean, at, elasticity, deviation, dispersion };
    Demand { mean: believed.mean_at(thing.demand.at), at: thing.demand.at, ..believed }
}

fn season(thing: &Thing) -> Season {
    let ladder = LADDER.iter().map(|part| part * thing.demand.at).collect();
    Season { ladder, weeks: vec![1.0; WEEKS], stock: thing.stock, salvage: 0.1 * thing.demand.at }
}

/// Minor units taken by a rule that says the step for (week, left, step, units sold last week, whether all were).
fn clear(thing: &Thing, luck: &[f64], rule: &mut dyn FnMut(usize, u64, usize, (f64, bool)) -> usize) -> f64 {
    let (mut left, mut step, mut taken, mut last) = (thing.stock, 0, 0.0, (0.0, true));
    for (week, luck) in luck.iter().enumerate() {
        step = rule(week, left, step, last).max(step);
        let price = LADDER[step] * thing.demand.at;
        let wanted = thing.demand.week(price, 1.0).quantile(*luck);
        let sold = wanted.min(left);
        left -= sold;
        taken += sold as f64 * price;
        last = (sold as f64, left == 0);
    }
    taken + left as f64 * 0.1 * thing.demand.at
}

/// The mind's rule: the level by what was sold, the plan made anew, the rails last.
fn learning<'a>(
    thing: &'a Thing,
    believed: Demand,
    violations: &'a mut u32,
) -> impl FnMut(usize, u64, usize, (f64, bool)) -> usize + 'a {
    let (mut sold, mut expected) = (BELIEF * believed.mean, BELIEF);
    move |week, left, from, (last, out)| {
        if week > 0 && !out {
            sold += last;
            expected += pow(LADDER[from], -believed.elasticity);
        }
        let now = Demand { mean: sold / expected, ..believed };
        let whole = season(thing);
        let rest = Season { weeks: whole.weeks[week..].to_vec(), stock: left, ..whole };
        let step = plan(&rest, &now).map_or(from, |plan| plan.step(0, left, from));
        railed(thing, from, step, violations)
    }
}

/// The step, unless the rails leave another price than it.
fn railed(thing: &Thing, from: usize, step: usize, violations: &mut u32) -> usize {
    let minor = |step: usize| (LADDER[step] * thing.demand.at).round();
    let rails =
        Rails { cost: Some((0.29 * thing.demand.at) as i64), step_max: 0.99, changes_max: 1, ..Rails::default() };
    let standing = Standing { price: minor(from) as i64, changes: 0, lowest: minor(from) as i64 };
    match held(minor(step), &standing, &rails) {
        Ok(proposed) => {
            *violations += broken(&proposed, &standing, &rails).len() as u32;
            if proposed.price == minor(step) as i64 { step } else { from }
        }
        Err(_) => from,
    }
}

/// The part of the items whose true elasticity lies between the 5th and the 95th percentile of what is believed.
fn within(things: &[Thing], learnt: &Learnt) -> f64 {
    let covered = things.iter().enumerate().filter(|(number, thing)| {
        let known = known(*number as u32, thing, learnt);
        (thing.demand.elasticity - known.elasticity).abs() <= 1.645 * known.deviation
    });
    covered.count() as f64 / things.len().max(1) as f64
}

/// Regular prices that are proposed: how sure the mind is that they gain, and whether they do under the true demand.
fn confidence(things: &[Thing], learnt: &Learnt) -> Calibration {
    let mut told = Calibration::default();
    let Some(currency) = Currency::parse("EUR") else { return told };
    for (number, thing) in things.iter().enumerate() {
        let now = thing.demand.at.round();
        let ladder: Vec<f64> = (0..31).map(|step| (now * (0.7 + 0.02 * f64::from(step))).round()).collect();
        let standing = Standing { price: now as i64, changes: 0, lowest: now as i64 };
        let rails = Rails { cost: Some(thing.cost as i64), step_max: 0.99, changes_max: 1, ..Rails::default() };
        let known = known(number as u32, thing, learnt);
        if let Ok(proposal) = regular::regular(&known, &ladder, &standing, &rails, currency) {
            let profit = |price: f64| (price - thing.cost) * thing.demand.mean_at(price);
            let gains = profit(proposal.action.to.price as f64) > profit(now);
            told.add(proposal.reasons.confidence.value(), gains);
        }
    }
    told
}

/// Profit of an ordinary week at the prices chosen, over that of the best prices.
fn regular(things: &[Thing], learnt: &Learnt) -> f64 {
    let (mut earned, mut best) = (0.0, 0.0);
    for (number, thing) in things.iter().enumerate() {
        let profit = |demand: &Demand, price: f64| (price - thing.cost) * demand.mean_at(price);
        let prices: Vec<f64> = (0..31).map(|step| thing.demand.at * (0.7 + 0.02 * f64::from(step))).collect();
        let choose = |demand: &Demand| {
            prices
                .iter()
                .copied()
                .max_by(|a, b| profit(demand, *a).total_cmp(&profit(demand, *b)))
                .unwrap_or(thing.demand.at)
        };
        earned += profit(&thing.demand, choose(&known(number as u32, thing, learnt)));
        best += profit(&thing.demand, choose(&thing.demand));
    }
    round(earned / best)
}
