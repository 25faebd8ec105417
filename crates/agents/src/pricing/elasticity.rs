//! Learns how demand answers prices, category by category, item by item as far as each item can tell.
//!
//! $E[y_{it}]=a_i\,s_t\,e^{-\beta_i\ln(p_{it}/p_i)+\gamma z_{it}}$ with counts around it (quasi-Poisson), so that weeks without
//! a sale count too; a logarithm of sales would lose them. $s_t$ is the category's week, $\beta_i$ is pulled toward the
//! category's $\beta$ as a ridge would: items whose price never moved get the category's.

use std::collections::BTreeMap;

use stats::num::{exp, ln};

use super::demand::ELASTICITY;

/// Elasticity of a category before anything is known, and its deviation.
const PRIOR: (f64, f64) = (2.0, 1.0);
/// Deviation of items around their category.
const AROUND: f64 = 0.7;
/// Deviation of what a promotion does beside its price, in logarithms.
const PROMOTED: f64 = 1.0;
/// Units of belief that a week of a category is like every other.
const WEEK_PRIOR: f64 = 10.0;
/// Prices and units beyond these are mistakes.
const PRICES: (f64, f64) = (1e-3, 1e15);
const UNITS_MAX: f64 = 1e12;
/// A price so many logarithms from its mean counts as one at that distance: twenty times as much is a mistake too.
const APART: f64 = 3.0;
const SWEEPS: usize = 4;
const NEWTON: usize = 10;

/// One item's week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Week {
    /// Item number.
    pub item: u32,
    /// Category number.
    pub category: u32,
    /// Week number, rising.
    pub week: i32,
    /// Units sold.
    pub units: f64,
    /// Mean price in minor units, above zero.
    pub price: f64,
    /// How much it was promoted, 0 to 1.
    pub promotion: f64,
}

/// What was learnt of one item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Its category.
    pub category: u32,
    /// Units of an ordinary week at `price`.
    pub level: f64,
    /// Geometric mean of its prices.
    pub price: f64,
    /// $\beta_i$, within 0.3 and 6.
    pub elasticity: f64,
    /// Standard deviation of what is known of it.
    pub deviation: f64,
    /// Weeks seen.
    pub weeks: u32,
}

/// What was learnt of one category.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// $\beta$ of the category.
    pub elasticity: f64,
    /// Its standard deviation.
    pub deviation: f64,
    /// $\gamma$: what promotion adds to the logarithm of sales, beside the price.
    pub promotion: f64,
    /// Variance over mean of a week.
    pub dispersion: f64,
    /// $s_t$ by week.
    pub weeks: BTreeMap<i32, f64>,
}

/// What was learnt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learnt {
    /// By item number.
    pub items: BTreeMap<u32, Item>,
    /// By category number.
    pub categories: BTreeMap<u32, Category>,
}

impl Learnt {
    /// Elasticity, its deviation, promotion and dispersion of an item: its own, else its category's, else what is
    /// believed of anything.
    pub fn of(&self, item: u32, category: u32) -> (f64, f64, f64, f64) {
        let group = self.categories.get(&category);
        let (promotion, dispersion) = group.map_or((0.0, 1.0), |group| (group.promotion, group.dispersion));
        let unknown = group
            .map_or(PRIOR, |group| (group.elasticity, (group.deviation * group.deviation + AROUND * AROUND).sqrt()));
        let (elasticity, deviation) = self.items.get(&item).map_or(unknown, |item| (item.elasticity, item.deviation));
        (elasticity, deviation, promotion, dispersion)
    }
}

/// Learns from weeks; those with a price that is none, or units below zero or no number, are passed over.
pub fn learn(weeks: &[Week]) -> Learnt {
    let usable = |week: &&Week| {
        let priced = week.price > PRICES.0 && week.price < PRICES.1;
        priced && week.units >= 0.0 && week.units < UNITS_MAX && week.promotion.is_finite()
    };
    let mut groups: BTreeMap<u32, BTreeMap<u32, Vec<Week>>> = BTreeMap::new();
    for week in weeks.iter().filter(usable) {
        groups.entry(week.category).or_default().entry(week.item).or_default().push(*week);
    }
    let mut learnt = Learnt::default();
    for (number, items) in groups {
        let mut group = Group::of(items.into_iter().collect());
        group.fit();
        group.items.iter().for_each(|item| {
            learnt.items.insert(item.number, item.learnt(number, group.dispersion));
        });
        let deviation = 1.0 / (group.information / group.dispersion + 1.0 / (PRIOR.1 * PRIOR.1)).sqrt();
        let category = Category {
            elasticity: group.elasticity,
            deviation,
            promotion: group.promotion,
            dispersion: group.dispersion,
            weeks: group.weeks,
        };
        learnt.categories.insert(number, category);
    }
    learnt
}

/// One row of an item: week, units, $\ln(p/p_i)$, promotion.
type Row = (i32, f64, f64, f64);

struct Fitting {
    number: u32,
    rows: Vec<Row>,
    price: f64,
    level: f64,
    elasticity: f64,
    information: f64,
}

struct Group {
    items: Vec<Fitting>,
    weeks: BTreeMap<i32, f64>,
    elasticity: f64,
    promotion: f64,
    dispersion: f64,
    information: f64,
}

impl Fitting {
    fn of(number: u32, weeks: &[Week]) -> Self {
        let mean = stats::num::sum(weeks.iter().map(|week| ln(week.price))) / weeks.len().max(1) as f64;
        let rows = weeks
            .iter()
            .map(|week| {
                (week.week, week.units, (ln(week.price) - mean).clamp(-APART, APART), week.promotion.clamp(0.0, 1.0))
            })
            .collect();
        Self { number, rows, price: exp(mean), level: 0.0, elasticity: PRIOR.0, information: 0.0 }
    }

    /// Expected units of each row when the level is one.
    fn shape(&self, weeks: &BTreeMap<i32, f64>, promotion: f64) -> Vec<f64> {
        let of =
            |(week, _, x, z): &Row| weeks.get(week).copied().unwrap_or(1.0) * exp(-self.elasticity * x + promotion * z);
        self.rows.iter().map(of).collect()
    }

    /// The level that makes expected and sold units the same; and the rows' expectations.
    fn levelled(&mut self, weeks: &BTreeMap<i32, f64>, promotion: f64) -> Vec<f64> {
        let shape = self.shape(weeks, promotion);
        let (sold, expected) = (self.rows.iter().map(|row| row.1).sum::<f64>(), shape.iter().sum::<f64>());
        self.level = if expected > 0.0 { sold / expected } else { 0.0 };
        shape.iter().map(|shape| shape * self.level).collect()
    }

    /// Newton's steps for this item's elasticity around the category's.
    fn refine(&mut self, group: f64, promotion: f64, dispersion: f64, weeks: &BTreeMap<i32, f64>) {
        self.elasticity = group;
        for _ in 0..NEWTON {
            let means = self.levelled(weeks, promotion);
            let (score, information) = moments(&self.rows, &means, |row| -row.2);
            self.information = information;
            let pull = 1.0 / (AROUND * AROUND);
            let step = (score / dispersion - pull * (self.elasticity - group)) / (information / dispersion + pull);
            self.elasticity = (self.elasticity + step.clamp(-1.0, 1.0)).clamp(ELASTICITY.0, ELASTICITY.1);
            if step.abs() < 1e-9 {
                break;
            }
        }
    }

    fn learnt(&self, category: u32, dispersion: f64) -> Item {
        Item {
            category,
            level: self.level,
            price: self.price,
            elasticity: self.elasticity,
            deviation: 1.0 / (self.information / dispersion + 1.0 / (AROUND * AROUND)).sqrt(),
            weeks: self.rows.len() as u32,
        }
    }
}

/// Score and information of one slope, the level profiled out.
fn moments(rows: &[Row], means: &[f64], slope: impl Fn(&Row) -> f64) -> (f64, f64) {
    let (mut score, mut squared, mut first, mut all) = (0.0, 0.0, 0.0, 0.0);
    for (row, mean) in rows.iter().zip(means) {
        let x = slope(row);
        score += x * (row.1 - mean);
        squared += mean * x * x;
        first += mean * x;
        all += mean;
    }
    (score, if all > 0.0 { (squared - first * first / all).max(0.0) } else { 0.0 })
}

impl Group {
    fn of(items: Vec<(u32, Vec<Week>)>) -> Self {
        let items = items.iter().map(|(number, weeks)| Fitting::of(*number, weeks)).collect();
        Self { items, weeks: BTreeMap::new(), elasticity: PRIOR.0, promotion: 0.0, dispersion: 1.0, information: 0.0 }
    }

    fn fit(&mut self) {
        for _ in 0..SWEEPS {
            self.fit_group();
            let (elasticity, promotion, dispersion) = (self.elasticity, self.promotion, self.dispersion);
            for item in &mut self.items {
                item.refine(elasticity, promotion, dispersion, &self.weeks);
            }
            self.fit_weeks();
        }
        self.fit_dispersion();
    }

    /// The category's elasticity and promotion, as if all items had the same, by turns.
    fn fit_group(&mut self) {
        for _ in 0..NEWTON {
            let (mut price, mut promoted) = ((0.0, 0.0), (0.0, 0.0));
            for item in &mut self.items {
                item.elasticity = self.elasticity;
                let means = item.levelled(&self.weeks, self.promotion);
                let (score, information) = moments(&item.rows, &means, |row| -row.2);
                price = (price.0 + score, price.1 + information);
                let (score, information) = moments(&item.rows, &means, |row| row.3);
                promoted = (promoted.0 + score, promoted.1 + information);
            }
            self.information = price.1;
            let pull = self.dispersion / (PRIOR.1 * PRIOR.1);
            let step = (price.0 - pull * (self.elasticity - PRIOR.0)) / (price.1 + pull);
            self.elasticity = (self.elasticity + step.clamp(-1.0, 1.0)).clamp(ELASTICITY.0, ELASTICITY.1);
            let pull = self.dispersion / (PROMOTED * PROMOTED);
            let turn = (promoted.0 - pull * self.promotion) / (promoted.1 + pull);
            self.promotion = (self.promotion + turn.clamp(-0.5, 0.5)).clamp(-3.0, 3.0);
            if step.abs() + turn.abs() < 1e-7 {
                break;
            }
        }
    }

    /// What each week sold, over what it would have sold as any other.
    fn fit_weeks(&mut self) {
        let mut sums: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
        for item in &mut self.items {
            let means = item.levelled(&self.weeks, self.promotion);
            for (row, mean) in item.rows.iter().zip(&means) {
                let season = self.weeks.get(&row.0).copied().unwrap_or(1.0);
                let sum = sums.entry(row.0).or_default();
                *sum = (sum.0 + row.1, sum.1 + mean / season);
            }
        }
        let factor = |(sold, expected): (f64, f64)| (sold + WEEK_PRIOR) / (expected + WEEK_PRIOR);
        self.weeks = sums.into_iter().map(|(week, sum)| (week, factor(sum))).collect();
        self.fit_dispersion();
    }

    fn fit_dispersion(&mut self) {
        let (mut chi, mut rows) = (0.0, 0.0);
        for item in &mut self.items {
            let means = item.levelled(&self.weeks, self.promotion);
            for (row, mean) in item.rows.iter().zip(&means).filter(|(_, mean)| **mean > 1e-9) {
                // Weeks that hardly sell anything would weigh beyond measure.
                chi += (row.1 - mean) * (row.1 - mean) / mean.max(0.1);
                rows += 1.0;
            }
        }
        let free = rows - self.items.len() as f64 * 1.5 - self.weeks.len() as f64;
        self.dispersion = if free > 0.0 { (chi / free).clamp(1.0, 1e6) } else { 1.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stats::dice::Dice;
    use stats::dist::Count;

    /// Weeks drawn from known elasticities; only the first items' prices move.
    fn drawn(moving: u32, still: u32) -> Vec<Week> {
        let mut dice = Dice::seeded(3);
        let mut weeks = Vec::new();
        for item in 0..moving + still {
            for week in 0..60 {
                let off = if item < moving && dice.happens(0.3) { 0.75 } else { 1.0 };
                let mean = 30.0 * stats::num::pow(off, -2.5) * (1.0 + 0.3 * stats::num::sin(f64::from(week) / 5.0));
                let units = Count::new(mean, 1.5).quantile(dice.open_unit()) as f64;
                weeks.push(Week { item, category: 0, week, units, price: 1_000.0 * off, promotion: 0.0 });
            }
        }
        weeks
    }

    #[test]
    fn elasticities_that_made_the_weeks_are_found_again() {
        let learnt = learn(&drawn(20, 0));
        let category = &learnt.categories[&0];
        assert!((category.elasticity - 2.5).abs() < 0.15, "{}", category.elasticity);
        assert!((category.dispersion - 1.5).abs() < 0.2, "{}", category.dispersion);
        for item in learnt.items.values() {
            assert!((item.elasticity - 2.5).abs() < 4.0 * item.deviation && item.deviation < 0.4, "{item:?}");
        }
    }

    #[test]
    fn an_item_whose_price_never_moved_gets_its_categorys_with_more_doubt() {
        let learnt = learn(&drawn(20, 1));
        let (still, moved) = (&learnt.items[&20], &learnt.items[&0]);
        assert!((still.elasticity - learnt.categories[&0].elasticity).abs() < 1e-6);
        assert!(still.deviation > 0.65 && moved.deviation < still.deviation);
        assert_eq!(learnt.of(99, 99), (PRIOR.0, PRIOR.1, 0.0, 1.0));
    }

    proptest! {
        #[test]
        fn any_weeks_give_numbers_within_bounds(
            weeks in prop::collection::vec((0..4_u32, 0..2_u32, 0..9_i32, any::<f64>(), any::<f64>(), -2.0..2.0_f64), 0..40)
        ) {
            let weeks: Vec<Week> = weeks
                .iter()
                .map(|(item, category, week, units, price, promotion)| Week {
                    item: *item, category: *category, week: *week, units: units % 1e6, price: price % 1e6, promotion: *promotion,
                })
                .collect();
            for item in learn(&weeks).items.values() {
                prop_assert!((0.3..=6.0).contains(&item.elasticity) && item.deviation.is_finite() && item.level.is_finite());
            }
        }
    }
}
