//! The beta distribution: what is known of a rate.

use crate::special::beta_inc;

/// A beta distribution; both parameters above zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    /// Successes, with the prior's.
    pub a: f64,
    /// Failures, with the prior's.
    pub b: f64,
}

/// Least and most a prior counts for, in trials.
const PRIOR_RANGE: (f64, f64) = (0.5, 10_000.0);
/// Mean of a prior from nothing but failures or successes stays so far from the end.
const MEAN_MIN: f64 = 1e-6;

impl Beta {
    /// A prior from many groups of (successes, trials), by the moments of the beta-binomial: the more the groups differ
    /// beyond chance, the less it counts for. `None` without any trial.
    pub fn prior(groups: &[(f64, f64)]) -> Option<Self> {
        let usable = || groups.iter().filter(|(s, n)| *n > 0.0 && n.is_finite() && *s >= 0.0 && s <= n);
        let trials: f64 = usable().map(|(_, n)| n).sum();
        if trials <= 0.0 {
            return None;
        }
        let mean = (usable().map(|(s, _)| s).sum::<f64>() / trials).clamp(MEAN_MIN, 1.0 - MEAN_MIN);
        let spread: f64 =
            usable().map(|(s, n)| n * (s / n - mean) * (s / n - mean)).sum::<f64>() / (mean * (1.0 - mean));
        let free = usable().count() as f64 - 1.0;
        let seen = trials - usable().map(|(_, n)| n * n).sum::<f64>() / trials - free;
        // Correlation of two trials of one group; nothing beyond chance, or nothing to tell it by, is none.
        let alike = if seen > 0.0 { ((spread - free) / seen).clamp(0.0, 1.0) } else { 0.0 };
        let size = (1.0 / alike - 1.0).clamp(PRIOR_RANGE.0, PRIOR_RANGE.1);
        Some(Self { a: mean * size, b: (1.0 - mean) * size })
    }

    /// What is known after so many more successes and failures.
    pub fn after(self, successes: f64, failures: f64) -> Self {
        Self { a: self.a + successes, b: self.b + failures }
    }

    /// Its mean.
    pub fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// $P(X\le x)$.
    pub fn cdf(&self, x: f64) -> f64 {
        beta_inc(self.a, self.b, x.clamp(0.0, 1.0))
    }

    /// The $x$ with $P(X\le x)=p$, by bisection to the last bit that moves it.
    pub fn quantile(&self, p: f64) -> f64 {
        if p.is_nan() || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.cdf(middle) < p { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn a_prior_finds_the_rates_that_groups_were_drawn_from() {
        let (mut dice, drawn) = (Dice::seeded(4), Beta { a: 3.0, b: 27.0 });
        let group = |dice: &mut Dice| {
            let (rate, trials) = (drawn.quantile(dice.open_unit()), 20 + dice.below(60));
            ((0..trials).filter(|_| dice.happens(rate)).count() as f64, trials as f64)
        };
        let groups: Vec<(f64, f64)> = (0..2_000).map(|_| group(&mut dice)).collect();
        let found = Beta::prior(&groups).expect("trials");
        assert!((found.mean() - 0.1).abs() < 0.004 && (found.a + found.b - 30.0).abs() < 6.0, "{found:?}");
    }

    #[test]
    fn groups_that_never_differ_make_a_firm_prior_and_no_trials_make_none() {
        let alike = Beta::prior(&[(5.0, 50.0); 40]).expect("trials");
        assert!((alike.mean() - 0.1).abs() < 1e-12 && (alike.a + alike.b - 10_000.0).abs() < 1e-6, "{alike:?}");
        assert_eq!(Beta::prior(&[(0.0, 0.0), (f64::NAN, 3.0)]), None);
        let never = Beta::prior(&[(0.0, 9.0), (0.0, 4.0)]).expect("trials");
        assert!(never.a > 0.0 && never.b.is_finite(), "{never:?}");
    }
}
