//! Demand of one item as a curve of its price.

use stats::dist::Count;
use stats::num::{exp, ln};

/// Least and most that elasticity is believed to be.
pub const ELASTICITY: (f64, f64) = (0.3, 6.0);

/// $\mu(p)=\mu_0(p/p_0)^{-\beta}$ units a week, with a variance of $\phi\mu$.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// $\mu_0$: units a week at the price `at`.
    pub mean: f64,
    /// $p_0$, in minor units.
    pub at: f64,
    /// $\beta$.
    pub elasticity: f64,
    /// Standard deviation of what is known of $\beta$.
    pub deviation: f64,
    /// $\phi$: variance over mean.
    pub dispersion: f64,
}

impl Demand {
    /// Units a week at a price in minor units; of a price that is none, zero.
    pub fn mean_at(&self, price: f64) -> f64 {
        if !(price > 0.0 && self.at > 0.0) {
            return 0.0;
        }
        self.mean * exp(-self.elasticity * ln(price / self.at))
    }

    /// The distribution of a week's demand at a price, in a week that sells `season` times as much as others.
    pub fn week(&self, price: f64, season: f64) -> Count {
        Count::new(self.mean_at(price) * season, self.dispersion)
    }

    /// The same demand when elasticity is so many deviations from what is believed.
    #[must_use]
    pub fn if_off_by(&self, deviations: f64) -> Self {
        let elasticity = (self.elasticity + deviations * self.deviation).clamp(ELASTICITY.0, ELASTICITY.1);
        Self { elasticity, ..*self }
    }
}
