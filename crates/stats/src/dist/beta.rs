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

impl Beta {
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
