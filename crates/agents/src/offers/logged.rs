//! What another way of choosing offers would have earned, from a log of what was shown and with which chance: inverse
//! propensity, its self-normalised form (Swaminathan and Joachims 2015), and doubly robust (Dudík et al. 2011).
//!
//! Called by the evaluation and by whoever compares ways of choosing before one is switched on.

use std::collections::BTreeMap;

/// Weights above this are cut: one lucky row must not decide.
const WEIGHT_MAX: f64 = 100.0;
/// Rows of average reward that stand behind an action's own.
const BELIEF: f64 = 50.0;

/// One row of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logged {
    /// Where it was shown; actions of different slots are different things.
    pub slot: u32,
    /// What was shown.
    pub action: u32,
    /// The chance with which it was, above 0.
    pub propensity: f64,
    /// What came of it.
    pub reward: f64,
}

/// Estimates of the mean reward, each with its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Valued {
    /// Rows that could be used.
    pub rows: usize,
    /// Rows' worth of evidence: $(\sum w)^2/\sum w^2$.
    pub effective: f64,
    /// Inverse propensity.
    pub ips: (f64, f64),
    /// Self-normalised.
    pub snips: (f64, f64),
    /// Doubly robust.
    pub dr: (f64, f64),
}

/// Values the policy that shows `action` in `slot` with the chance `policy(slot, action)`. Rows without a usable
/// propensity or reward are left out.
pub fn value(log: &[Logged], policy: &dyn Fn(u32, u32) -> f64) -> Valued {
    let usable = |row: &&Logged| row.propensity > 0.0 && row.propensity <= 1.0 && row.reward.is_finite();
    let rows: Vec<&Logged> = log.iter().filter(usable).collect();
    if rows.is_empty() {
        return Valued::default();
    }
    let weights: Vec<f64> = rows.iter().map(|row| (chance(policy, row) / row.propensity).min(WEIGHT_MAX)).collect();
    let (sum, squares) = (total(weights.iter().copied()), total(weights.iter().map(|weight| weight * weight)));
    let plain: Vec<f64> = rows.iter().zip(&weights).map(|(row, weight)| weight * row.reward).collect();
    let snips = if sum > 0.0 { total(plain.iter().copied()) / sum } else { 0.0 };
    let off = total(
        rows.iter()
            .zip(&weights)
            .map(|(row, weight)| (weight * (row.reward - snips)) * (weight * (row.reward - snips))),
    );
    Valued {
        rows: rows.len(),
        effective: if squares > 0.0 { sum * sum / squares } else { 0.0 },
        ips: mean(&plain),
        snips: (snips, if sum > 0.0 { off.sqrt() / sum } else { 0.0 }),
        dr: mean(&doubly_robust(&rows, &weights, policy)),
    }
}

fn chance(policy: &dyn Fn(u32, u32) -> f64, row: &Logged) -> f64 {
    let chance = policy(row.slot, row.action);
    if chance.is_finite() { chance.clamp(0.0, 1.0) } else { 0.0 }
}

/// Per row: what a model expects of the policy, put right by the row's own surprise. The model of a row is learnt from
/// the rows of the other parity, so that no row vouches for itself.
fn doubly_robust(rows: &[&Logged], weights: &[f64], policy: &dyn Fn(u32, u32) -> f64) -> Vec<f64> {
    let models = [Model::of(rows.iter().skip(1).step_by(2)), Model::of(rows.iter().step_by(2))];
    let mut expected: BTreeMap<(usize, u32), f64> = BTreeMap::new();
    let mut actions: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in rows {
        actions.entry(row.slot).or_default().push(row.action);
    }
    for (slot, actions) in &mut actions {
        actions.sort_unstable();
        actions.dedup();
        for (side, model) in models.iter().enumerate() {
            let parts = actions.iter().map(|action| {
                let row = Logged { slot: *slot, action: *action, propensity: 1.0, reward: 0.0 };
                chance(policy, &row) * model.reward(*slot, *action)
            });
            expected.insert((side, *slot), total(parts));
        }
    }
    let one = |(place, (row, weight)): (usize, (&&Logged, &f64))| {
        let side = place % 2;
        let model = models[side].reward(row.slot, row.action);
        expected.get(&(side, row.slot)).copied().unwrap_or(0.0) + weight * (row.reward - model)
    };
    rows.iter().zip(weights).enumerate().map(one).collect()
}

/// Mean reward by slot and action, drawn towards the mean of all.
struct Model {
    sums: BTreeMap<(u32, u32), (f64, f64)>,
    all: f64,
}

impl Model {
    fn of<'a>(rows: impl Iterator<Item = &'a &'a Logged>) -> Self {
        let mut sums: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
        for row in rows {
            let (count, sum) = sums.entry((row.slot, row.action)).or_default();
            *count += 1.0;
            *sum += row.reward;
        }
        let (count, sum) = sums.values().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        Self { sums, all: if count > 0.0 { sum / count } else { 0.0 } }
    }

    fn reward(&self, slot: u32, action: u32) -> f64 {
        let (count, sum) = self.sums.get(&(slot, action)).copied().unwrap_or_default();
        (sum + BELIEF * self.all) / (count + BELIEF)
    }
}

fn total(values: impl IntoIterator<Item = f64>) -> f64 {
    stats::num::sum(values)
}

/// The mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = total(values.iter().copied()) / count;
    let spread = total(values.iter().map(|value| (value - mean) * (value - mean)));
    (mean, (spread / (count - 1.0).max(1.0) / count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stats::dice::Dice;

    #[test]
    fn every_estimate_finds_the_value_of_a_policy_that_was_not_run() {
        // Three actions with rates 0.1, 0.2, 0.6, logged with 0.5, 0.3, 0.2; the policy always takes the last.
        let (rates, chances) = ([0.1, 0.2, 0.6], [0.5, 0.3, 0.2]);
        let mut dice = Dice::seeded(9);
        let log: Vec<Logged> = (0..40_000)
            .map(|_| {
                let drawn = dice.unit();
                let action = if drawn < 0.5 {
                    0
                } else if drawn < 0.8 {
                    1
                } else {
                    2
                };
                let reward = f64::from(u8::from(dice.happens(rates[action])));
                Logged { slot: 0, action: action as u32, propensity: chances[action], reward }
            })
            .collect();
        let valued = value(&log, &|_, action| if action == 2 { 1.0 } else { 0.0 });
        for (estimate, error) in [valued.ips, valued.snips, valued.dr] {
            assert!((estimate - 0.6).abs() < 4.0 * error && error < 0.02, "{valued:?}");
        }
        assert!(valued.effective < 9_000.0 && valued.effective > 7_000.0);
    }

    #[test]
    fn the_policy_that_was_run_is_worth_what_it_earned() {
        let log: Vec<Logged> =
            (0..100).map(|at| Logged { slot: 0, action: at % 2, propensity: 0.5, reward: f64::from(at % 4) }).collect();
        let valued = value(&log, &|_, _| 0.5);
        assert!((valued.ips.0 - 1.5).abs() < 1e-12 && (valued.snips.0 - 1.5).abs() < 1e-12, "{valued:?}");
    }

    proptest! {
        #[test]
        fn nothing_in_a_log_makes_an_estimate_that_is_no_number(
            rows in prop::collection::vec((0..3_u32, 0..3_u32, any::<f64>(), -1e6..1e6_f64), 0..20), chance in any::<f64>()
        ) {
            let log: Vec<Logged> = rows.into_iter()
                .map(|(slot, action, propensity, reward)| Logged { slot, action, propensity, reward }).collect();
            let valued = value(&log, &|_, _| chance);
            for number in [valued.ips.0, valued.ips.1, valued.snips.0, valued.snips.1, valued.dr.0, valued.dr.1] {
                prop_assert!(number.is_finite(), "{valued:?}");
            }
        }
    }
}
