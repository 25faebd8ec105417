//! How many of so many, when the rate itself is only known as a beta distribution.

use super::Beta;
use crate::num::exp;
use crate::special::{ln_beta, ln_gamma};

/// Most trials that are counted one by one; beyond, the rate's own spread is all that can be seen.
const COUNTED_MAX: u32 = 100_000;

/// A distribution over `0..=trials`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaBinomial {
    /// What is known of the rate.
    pub rate: Beta,
    /// How many chances there were.
    pub trials: u32,
}

impl BetaBinomial {
    /// Mean.
    pub fn mean(&self) -> f64 {
        f64::from(self.trials) * self.rate.mean()
    }

    /// Variance.
    pub fn variance(&self) -> f64 {
        let (n, sum, p) = (f64::from(self.trials), self.rate.a + self.rate.b, self.rate.mean());
        n * p * (1.0 - p) * (sum + n) / (sum + 1.0)
    }

    /// $P(X=k)$; not a number unless both parameters of the rate are above zero.
    pub fn at(&self, k: u32) -> f64 {
        if k > self.trials {
            return 0.0;
        }
        let (n, k, Beta { a, b }) = (f64::from(self.trials), f64::from(k), self.rate);
        if a <= 0.0 || b <= 0.0 {
            return f64::NAN;
        }
        let ways = ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
        exp(ways + ln_beta(k + a, n - k + b) - ln_beta(a, b))
    }

    /// $P(X\ge r)$: how often chance alone does as much.
    pub fn tail(&self, r: u32) -> f64 {
        if r == 0 {
            return 1.0;
        }
        if r > self.trials {
            return 0.0;
        }
        if self.trials > COUNTED_MAX {
            return 1.0 - self.rate.cdf((f64::from(r) - 0.5) / f64::from(self.trials));
        }
        // The side away from the mean: it is small, and small terms keep their digits.
        if f64::from(r) > self.mean() {
            self.sum(r, self.trials).clamp(0.0, 1.0)
        } else {
            (1.0 - self.sum(0, r - 1)).clamp(0.0, 1.0)
        }
    }

    /// $P(from\le X\le to)$, each term from the one before.
    fn sum(&self, from: u32, to: u32) -> f64 {
        let (n, Beta { a, b }) = (f64::from(self.trials), self.rate);
        let (mut term, mut sum) = (self.at(from), 0.0);
        for k in from..=to {
            sum += term;
            let k = f64::from(k);
            term *= (n - k) * (k + a) / ((k + 1.0) * (n - k - 1.0 + b));
        }
        sum
    }
}
