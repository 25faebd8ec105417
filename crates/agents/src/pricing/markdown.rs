//! When to mark down, and how far: a ladder of prices over the weeks that are left, by dynamic programming.
//!
//! $V_t(x,j)=\max_{j'\ge j}\big(p_{j'}E[\min(D_t(p_{j'}),x)]+E\,V_{t+1}(x-\min(D,x),j')\big)$, $V_{T+1}=v\,x$: a price that went
//! down does not go up again before the end (Caro and Gallien 2012).

use super::Demand;

/// Steps of the grid on which stock is told.
const GRID: u64 = 200;
/// A chance below this is none.
const NEVER: f64 = 1e-12;
/// Deviations to the 5th and 95th percentile.
const BOUND: f64 = 1.645;

/// What is to be cleared.
#[derive(Clone, Debug, PartialEq)]
pub struct Season {
    /// Prices in minor units, falling; the first one may be today's.
    pub ladder: Vec<f64>,
    /// How much each week that is left sells, over an ordinary one.
    pub weeks: Vec<f64>,
    /// Units there.
    pub stock: u64,
    /// What a unit is worth after the last week, in minor units.
    pub salvage: f64,
}

/// The best step of the ladder for every week, stock and step it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Units of one grid step.
    unit: u64,
    /// Stock of the season, in grid steps.
    stock: usize,
    steps: usize,
    /// By week, stock, step: the best step from there on.
    best: Vec<u16>,
    /// By step: what the season earns when that step is taken now and the best ones after, in minor units.
    pub now: Vec<f64>,
}

impl Plan {
    /// The best step for a week (0 = now) with so many units left, from a step of the ladder.
    pub fn step(&self, week: usize, stock: u64, from: usize) -> usize {
        let left = (stock.div_ceil(self.unit) as usize).min(self.stock);
        let place = (week * (self.stock + 1) + left) * self.steps + from.min(self.steps.saturating_sub(1));
        self.best.get(place).map_or(from, |step| usize::from(*step))
    }
}

/// The best plan; `None` without prices, weeks or stock, or with prices that do not fall.
pub fn plan(season: &Season, demand: &Demand) -> Option<Plan> {
    let falls = season.ladder.windows(2).all(|two| two[1] < two[0]) && season.ladder.iter().all(|price| *price > 0.0);
    if season.ladder.is_empty() || season.weeks.is_empty() || season.stock == 0 || !falls {
        return None;
    }
    let unit = season.stock.div_ceil(GRID);
    let (stock, steps) = (season.stock.div_ceil(unit) as usize, season.ladder.len());
    let mut plan =
        Plan { unit, stock, steps, best: vec![0; season.weeks.len() * (stock + 1) * steps], now: Vec::new() };
    let mut after = salvage(season, unit, stock, steps);
    for week in (0..season.weeks.len()).rev() {
        let earned: Vec<Vec<f64>> =
            (0..steps).map(|step| earned(season, demand, week, step, unit, &after[step])).collect();
        for left in 0..=stock {
            let mut best = steps - 1;
            for step in (0..steps).rev() {
                // The higher price when both earn the same.
                if earned[step][left] >= earned[best][left] {
                    best = step;
                }
                after[step][left] = earned[best][left];
                plan.best[(week * (stock + 1) + left) * steps + step] = best as u16;
            }
        }
        if week == 0 {
            plan.now = earned.iter().map(|earned| earned[stock]).collect();
        }
    }
    Some(plan)
}

/// What a plan earns when demand is another than it was made for; `stay` keeps the step it stands on throughout.
pub fn earns(season: &Season, demand: &Demand, plan: &Plan, from: usize, stay: bool) -> f64 {
    let mut after = salvage(season, plan.unit, plan.stock, plan.steps);
    for week in (0..season.weeks.len()).rev() {
        let earned: Vec<Vec<f64>> =
            (0..plan.steps).map(|step| earned(season, demand, week, step, plan.unit, &after[step])).collect();
        for (step, after) in after.iter_mut().enumerate() {
            for (left, value) in after.iter_mut().enumerate() {
                let taken = if stay { step } else { plan.step(week, left as u64 * plan.unit, step) };
                *value = earned[taken][left];
            }
        }
    }
    after[from.min(plan.steps - 1)][plan.stock]
}

/// What the plan gains over staying at a step, at the least of both ends of what elasticity may be.
pub fn sure_gain(season: &Season, demand: &Demand, plan: &Plan, from: usize) -> f64 {
    let gain = |off: f64| {
        let demand = demand.if_off_by(off);
        earns(season, &demand, plan, from, false) - earns(season, &demand, plan, from, true)
    };
    gain(-BOUND).min(gain(BOUND))
}

fn salvage(season: &Season, unit: u64, stock: usize, steps: usize) -> Vec<Vec<f64>> {
    vec![(0..=stock).map(|left| season.salvage * (left as u64 * unit) as f64).collect(); steps]
}

/// By stock: what a week at a step and everything after it earn.
///
/// Demand between two steps of the grid is shared between them so that its mean is kept: the chance of step $k$ is the
/// second difference of $L(x)=E[(x-D)^+]$ over the grid, and what is expected to be sold is exact.
fn earned(season: &Season, demand: &Demand, week: usize, step: usize, unit: u64, after: &[f64]) -> Vec<f64> {
    let price = season.ladder[step];
    let sold = demand.week(price, season.weeks[week]);
    let size = unit as f64;
    let left_over: Vec<f64> = (0..=after.len()).map(|left| sold.left_over(left as f64 * size)).collect();
    let chance = |gone: usize| {
        let before = if gone == 0 { 0.0 } else { left_over[gone - 1] };
        ((left_over[gone + 1] - 2.0 * left_over[gone] + before) / size).max(0.0)
    };
    let mut chances: Vec<f64> = (0..after.len()).map(chance).collect();
    while chances.last().is_some_and(|last| *last < NEVER) {
        chances.pop();
    }
    let of = |left: usize| {
        let within = &chances[..left.min(chances.len())];
        let later: f64 = within.iter().enumerate().map(|(gone, chance)| chance * after[left - gone]).sum();
        let out = (1.0 - within.iter().sum::<f64>()).max(0.0);
        price * (left as f64 * size - left_over[left]) + later + out * after[0]
    };
    (0..after.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn demand(mean: f64, elasticity: f64) -> Demand {
        Demand { mean, at: 1_000.0, elasticity, deviation: 0.3, dispersion: 1.3 }
    }

    fn season(stock: u64, weeks: usize) -> Season {
        Season { ladder: vec![1_000.0, 800.0, 600.0, 400.0], weeks: vec![1.0; weeks], stock, salvage: 50.0 }
    }

    #[test]
    fn with_one_week_it_is_the_best_of_the_ladder() {
        // One week by hand: price times expected sales plus what is left at salvage.
        let (season, demand) = (season(40, 1), demand(20.0, 2.0));
        let by_hand: Vec<f64> = season
            .ladder
            .iter()
            .map(|price| {
                let left = demand.week(*price, 1.0).left_over(40.0);
                price * (40.0 - left) + 50.0 * left
            })
            .collect();
        let plan = plan(&season, &demand).expect("a plan");
        for (told, wanted) in plan.now.iter().zip(&by_hand) {
            assert!((told - wanted).abs() < 1e-6 * wanted, "{told} {wanted}");
        }
        let best = (0..4).max_by(|a, b| by_hand[*a].total_cmp(&by_hand[*b])).expect("a price");
        assert_eq!(plan.step(0, 40, 0), best);
    }

    #[test]
    fn much_stock_is_marked_down_and_little_is_not() {
        let demand = demand(10.0, 2.5);
        let deep = plan(&season(400, 8), &demand).expect("a plan").step(0, 400, 0);
        let none = plan(&season(20, 8), &demand).expect("a plan").step(0, 20, 0);
        assert!(deep >= 2 && none == 0, "{deep} {none}");
    }

    #[test]
    fn the_plan_earns_what_it_says_and_never_less_than_staying() {
        let (season, demand) = (season(150, 6), demand(12.0, 2.2));
        let plan = plan(&season, &demand).expect("a plan");
        let told = plan.now.iter().copied().fold(f64::MIN, f64::max);
        assert!((earns(&season, &demand, &plan, 0, false) - told).abs() < 1e-6 * told);
        assert!(earns(&season, &demand, &plan, 0, true) <= told + 1e-6);
    }

    #[test]
    fn nothing_to_plan_is_no_plan() {
        let rising = Season { ladder: vec![1.0, 2.0], ..season(5, 2) };
        assert_eq!(plan(&rising, &demand(1.0, 1.0)), None);
        assert_eq!(plan(&season(0, 2), &demand(1.0, 1.0)), None);
        assert_eq!(plan(&season(9, 0), &demand(1.0, 1.0)), None);
    }

    proptest! {
        #[test]
        fn a_step_never_goes_up_again_and_nothing_is_lost_to_rounding(
            mean in 0.0..300.0_f64, elasticity in 0.3..6.0_f64, stock in 1..3_000_u64, weeks in 1..6_usize,
        ) {
            let (season, demand) = (season(stock, weeks), demand(mean, elasticity));
            let plan = plan(&season, &demand).expect("a plan");
            for from in 0..4 {
                for week in 0..weeks {
                    prop_assert!(plan.step(week, stock, from) >= from);
                }
            }
            let most = 1_000.0 * stock.div_ceil(plan.unit) as f64 * plan.unit as f64;
            prop_assert!(plan.now.iter().all(|earned| earned.is_finite() && *earned >= 0.0 && *earned <= most * (1.0 + 1e-9)));
        }
    }
}
