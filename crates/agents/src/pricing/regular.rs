//! The regular price: what earns most a week over a ladder of prices, and whether that is sure enough to be said.

use model::{Currency, Money};

use super::Demand;
use super::rails::{Held, Rail, Rails, Standing, held};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Deviations to the 5th and 95th percentile.
const BOUND: f64 = 1.645;
/// Points of elasticity at which a gain is looked at.
const POINTS: i32 = 20;

/// A price for all channels and everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reprice {
    /// The price, and what it may be said to be reduced from.
    pub to: Held,
    /// Its currency.
    pub currency: Currency,
}

/// Why no price is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The rails leave none; without names, the best price is the one of now.
    Rails(Vec<Rail>),
    /// Nothing on the ladder earns more for sure.
    Unsure,
    /// Nothing is known of its demand.
    Unknown,
}

/// The price that earns most a week, held by the rails, when it earns more than the one of now even at the 5th
/// percentile over what elasticity may be.
///
/// # Errors
/// Why the price of now is kept.
pub fn regular(
    demand: &Demand,
    ladder: &[f64],
    standing: &Standing,
    rails: &Rails,
    currency: Currency,
) -> Result<Proposal<Reprice>, Kept> {
    let cost = rails.cost.ok_or_else(|| Kept::Rails(vec![Rail::Cost]))? as f64;
    if !(demand.mean > 0.0 && demand.mean.is_finite() && demand.elasticity.is_finite() && demand.deviation.is_finite())
    {
        return Err(Kept::Unknown);
    }
    let earns = |demand: &Demand, price: f64| (price - cost) * demand.mean_at(price);
    let ranked = ranked(ladder, |price| earns(demand, price));
    let best = *ranked.first().ok_or(Kept::Unknown)?;
    let to = held(best, standing, rails).map_err(Kept::Rails)?;
    let (now, then) = (standing.price as f64, to.price as f64);
    let gain = |off: f64| {
        let demand = demand.if_off_by(off);
        earns(&demand, then) - earns(&demand, now)
    };
    if gain(-BOUND).min(gain(BOUND)) <= 0.0 {
        return Err(Kept::Unsure);
    }
    let mut reasons = Reasons::of(terms(demand, now, then, cost), confidence(&gain));
    let second = ranked.get(1).copied().unwrap_or(now);
    reasons.runner_up = Some(RunnerUp {
        what: format!("a price of {}", Money { minor: second.round() as i64, currency }),
        score: earns(demand, second) - earns(demand, now),
    });
    reasons.flip = flip(demand, &gain);
    let value = gain(0.0).round();
    reasons.value = value.is_finite().then_some(Money { minor: value as i64, currency });
    Ok(Proposal { action: Reprice { to, currency }, reasons, undo: "set the price back to what it was" })
}

/// Prices of the ladder, the best first; of two that earn the same the lower.
fn ranked(ladder: &[f64], earns: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut prices: Vec<f64> = ladder.iter().copied().filter(|price| price.is_finite() && *price > 0.0).collect();
    prices.sort_by(|a, b| earns(*b).total_cmp(&earns(*a)).then(a.total_cmp(b)));
    prices
}

/// What the change earns on the units of now, and what the change of units earns: they add up to the gain.
fn terms(demand: &Demand, now: f64, then: f64, cost: f64) -> Vec<Term> {
    let (units, later) = (demand.mean_at(now), demand.mean_at(then));
    vec![
        Term { name: "earned more or less on every unit", input: then - now, adds: (then - now) * units },
        Term { name: "earned on more or fewer units", input: later - units, adds: (then - cost) * (later - units) },
    ]
}

/// The part of what elasticity may be in which the change gains.
fn confidence(gain: &impl Fn(f64) -> f64) -> Confidence {
    let points = (-POINTS..=POINTS).map(|point| f64::from(point) * 3.0 / f64::from(POINTS));
    let (mut good, mut all) = (0.0, 0.0);
    for off in points {
        let weight = stats::num::exp(-off * off / 2.0);
        all += weight;
        good += if gain(off) > 0.0 { weight } else { 0.0 };
    }
    Confidence::new(good / all)
}

/// The elasticity nearest to what is believed at which the change gains nothing.
fn flip(demand: &Demand, gain: &impl Fn(f64) -> f64) -> Option<Flip> {
    let steps = (1..=200).map(|step| f64::from(step) * 0.05);
    let off = steps.flat_map(|off| [-off, off]).find(|off| gain(*off) <= 0.0)?;
    Some(Flip { input: "earned on more or fewer units", from: demand.elasticity, to: demand.if_off_by(off).elasticity })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::rails::broken;
    use proptest::prelude::*;

    fn euro() -> Currency {
        Currency::parse("EUR").expect("a code")
    }

    fn rails() -> Rails {
        Rails { cost: Some(500), margin_min: 0.05, step_max: 1.0, changes_max: 1, ..Rails::default() }
    }

    const LADDER: [f64; 5] = [700.0, 800.0, 900.0, 1_000.0, 1_100.0];

    fn demand(elasticity: f64, deviation: f64) -> Demand {
        Demand { mean: 40.0, at: 1_000.0, elasticity, deviation, dispersion: 1.5 }
    }

    #[test]
    fn an_elastic_item_gets_cheaper_and_the_terms_add_up() {
        // The best price for a constant elasticity of 3.5 and a cost of 500 is 500 × 3.5 / 2.5 = 700.
        let standing = Standing { price: 1_000, changes: 0, lowest: 1_000 };
        let told = regular(&demand(3.5, 0.2), &LADDER, &standing, &rails(), euro()).expect("a proposal");
        assert_eq!(told.action.to, Held { price: 700, was: Some(1_000) });
        let demand = demand(3.5, 0.2);
        let gain = 200.0 * demand.mean_at(700.0) - 500.0 * demand.mean_at(1_000.0);
        assert!((told.reasons.score - gain).abs() < 1e-6 * gain);
        assert!(told.reasons.confidence.value() > 0.95);
        let flip = told.reasons.flip.expect("less elastic");
        assert!(flip.to < flip.from);
    }

    #[test]
    fn in_doubt_or_without_cost_or_demand_the_price_is_kept() {
        let standing = Standing { price: 1_000, changes: 0, lowest: 1_000 };
        let ask =
            |demand: Demand, rails: &Rails| regular(&demand, &LADDER, &standing, rails, euro()).expect_err("kept");
        assert_eq!(ask(demand(2.6, 1.0), &rails()), Kept::Unsure);
        assert_eq!(ask(demand(3.5, 0.2), &Rails { cost: None, ..rails() }), Kept::Rails(vec![Rail::Cost]));
        assert_eq!(ask(Demand { mean: 0.0, ..demand(3.5, 0.2) }, &rails()), Kept::Unknown);
    }

    proptest! {
        #[test]
        fn whatever_demand_says_the_rails_hold(
            mean in any::<f64>(), elasticity in any::<f64>(), deviation in 0.0..2.0_f64, price in 1..3_000_i64,
            cost in 0..2_000_i64, step in 0.0..0.6_f64, ladder in prop::collection::vec(any::<f64>(), 0..6),
        ) {
            let standing = Standing { price, changes: 0, lowest: price };
            let rails = Rails { cost: Some(cost), margin_min: 0.1, step_max: step, changes_max: 1, endings: vec![99], ..Rails::default() };
            let demand = Demand { mean, at: 1_000.0, elasticity, deviation, dispersion: 1.0 };
            if let Ok(told) = regular(&demand, &ladder, &standing, &rails, euro()) {
                prop_assert!(broken(&told.action.to, &standing, &rails).is_empty());
            }
        }
    }
}
