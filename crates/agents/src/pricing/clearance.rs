//! The next markdown of a season as a proposal: planned, held by the rails, and said only when it gains for sure.

use model::{Currency, Money};

use super::Demand;
use super::markdown::{Plan, Season, earns, plan};
use super::rails::{Rails, Standing, held};
use super::regular::{Kept, Reprice};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Deviations of elasticity at which a gain is looked at: the median, and out to the 1st and 99th percentile.
const POINTS: [f64; 7] = [0.0, -0.8, 0.8, -1.645, 1.645, -2.3, 2.3];
/// Of these, the ones at which it must gain.
const SURE: f64 = 1.645;

/// Whether to mark down now, and to what. The season's ladder holds the prices below the one of now that may be asked.
///
/// # Errors
/// Why the price of now is kept.
pub fn clearance(
    season: &Season,
    demand: &Demand,
    standing: &Standing,
    rails: &Rails,
    currency: Currency,
) -> Result<Proposal<Reprice>, Kept> {
    let now = standing.price as f64;
    let whole = with_first(season, now);
    let first = plan(&whole, demand).ok_or(Kept::Unknown)?;
    let wanted = whole.ladder[first.step(0, season.stock, 0)];
    let to = held(wanted, standing, rails).map_err(Kept::Rails)?;
    if to.price >= standing.price {
        return Err(Kept::Rails(Vec::new()));
    }
    // The rails may have moved the price, so the season is planned again with the price that would be asked.
    let below = with_first(season, to.price as f64);
    let railed = with_first(&below, now);
    let plan = plan(&railed, demand).ok_or(Kept::Unknown)?;
    let gains = POINTS.map(|off| (off, gain(&railed, &demand.if_off_by(off), &plan)));
    if gains.iter().any(|(off, gain)| off.abs() <= SURE && (gain.is_nan() || *gain <= 0.0)) {
        return Err(Kept::Unsure);
    }
    let reasons = reasons(&railed, demand, &plan, &gains, currency);
    Ok(Proposal { action: Reprice { to, currency }, reasons, undo: "set the price back; what was sold stays sold" })
}

/// The season with a price before those that lie below it.
fn with_first(season: &Season, price: f64) -> Season {
    let below = season.ladder.iter().copied().filter(|rung| *rung < price);
    Season { ladder: std::iter::once(price).chain(below).collect(), ..season.clone() }
}

/// Taking the second step now and the plan's after it, over the first step throughout.
fn gain(season: &Season, demand: &Demand, plan: &Plan) -> f64 {
    earns(season, demand, plan, 1, false) - earns(season, demand, plan, 0, true)
}

fn reasons(season: &Season, demand: &Demand, plan: &Plan, gains: &[(f64, f64)], currency: Currency) -> Reasons {
    let this_week = |price: f64| {
        let units = season.stock as f64;
        price * (units - demand.week(price, season.weeks[0]).left_over(units))
    };
    let all = gains[0].1;
    let now = this_week(season.ladder[1]) - this_week(season.ladder[0]);
    let terms = vec![
        Term { name: "earned this week, over the price of now", input: season.ladder[1], adds: now },
        Term { name: "earned later and on what is left", input: season.stock as f64, adds: all - now },
    ];
    // Points stand for the parts of a normal distribution around them.
    let weight = |off: f64| stats::num::exp(-off * off / 2.0);
    let (good, whole) = gains.iter().fold((0.0, 0.0), |(good, whole), (off, gain)| {
        (good + if *gain > 0.0 { weight(*off) } else { 0.0 }, whole + weight(*off))
    });
    let mut reasons = Reasons::of(terms, Confidence::new(good / whole));
    let kept = plan.now[0] - earns(season, demand, plan, 0, true);
    reasons.runner_up = Some(RunnerUp { what: "keep the price this week and plan again".to_owned(), score: kept });
    let name = "earned later and on what is left";
    reasons.flip = gains.iter().find(|(_, gain)| *gain <= 0.0).map(|(off, _)| Flip {
        input: name,
        from: demand.elasticity,
        to: demand.if_off_by(*off).elasticity,
    });
    let value = all.round();
    reasons.value = (value.abs() < 9e15).then_some(Money { minor: value as i64, currency });
    reasons
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
        Rails { cost: Some(300), step_max: 0.35, changes_max: 1, endings: vec![99], ..Rails::default() }
    }

    const NOW: Standing = Standing { price: 999, changes: 0, lowest: 999 };

    fn season(stock: u64) -> Season {
        Season { ladder: vec![900.0, 800.0, 700.0, 500.0], weeks: vec![1.0; 8], stock, salvage: 50.0 }
    }

    fn demand(elasticity: f64, deviation: f64) -> Demand {
        Demand { mean: 10.0, at: 999.0, elasticity, deviation, dispersion: 1.3 }
    }

    #[test]
    fn too_much_stock_is_marked_down_within_the_rails_and_the_terms_add_up() {
        let told = clearance(&season(300), &demand(2.5, 0.2), &NOW, &rails(), euro()).expect("a markdown");
        assert!(told.action.to.price < 999 && told.action.to.was == Some(999));
        assert!(broken(&told.action.to, &NOW, &rails()).is_empty());
        let sum: f64 = told.reasons.terms.iter().map(|term| term.adds).sum();
        assert!((sum - told.reasons.score).abs() < 1e-6 && told.reasons.score > 0.0);
    }

    #[test]
    fn little_stock_little_certainty_or_no_cost_keep_the_price() {
        let ask = |stock, demand: Demand, rails: &Rails| {
            clearance(&season(stock), &demand, &NOW, rails, euro()).expect_err("kept")
        };
        assert_eq!(ask(20, demand(2.5, 0.2), &rails()), Kept::Rails(Vec::new()));
        assert_eq!(ask(0, demand(2.5, 0.2), &rails()), Kept::Unknown);
        assert_eq!(ask(300, demand(1.3, 1.5), &rails()), Kept::Unsure);
        let unknown = Rails { cost: None, ..rails() };
        assert!(matches!(ask(300, demand(2.5, 0.2), &unknown), Kept::Rails(_)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn whatever_demand_says_the_rails_hold(
            mean in 0.0..100.0_f64, elasticity in 0.3..6.0_f64, price in 1..3_000_i64, cost in 0..2_000_i64, stock in 0..400_u64,
        ) {
            let standing = Standing { price, changes: 0, lowest: price };
            let rails = Rails { cost: Some(cost), ..rails() };
            let demand = Demand { mean, at: price as f64, elasticity, deviation: 0.1, dispersion: 1.3 };
            let season = Season { weeks: vec![1.0; 3], ..season(stock) };
            if let Ok(told) = clearance(&season, &demand, &standing, &rails, euro()) {
                prop_assert!(broken(&told.action.to, &standing, &rails).is_empty() && told.action.to.price < price);
            }
        }
    }
}
