//! The normal distribution.

use std::f64::consts::{PI, SQRT_2};

use crate::num::exp;
use crate::special::{erfc, normal_quantile};

/// A normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, above zero.
    pub deviation: f64,
}

impl Normal {
    /// Mean 0, deviation 1.
    pub const STANDARD: Self = Self { mean: 0.0, deviation: 1.0 };

    fn z(&self, x: f64) -> f64 {
        (x - self.mean) / self.deviation
    }

    /// Density.
    pub fn density(&self, x: f64) -> f64 {
        let z = self.z(x);
        exp(-0.5 * z * z) / (self.deviation * (2.0 * PI).sqrt())
    }

    /// $P(X\le x)$.
    pub fn cdf(&self, x: f64) -> f64 {
        0.5 * erfc(-self.z(x) / SQRT_2)
    }

    /// The $x$ with $P(X\le x)=p$.
    pub fn quantile(&self, p: f64) -> f64 {
        self.mean + self.deviation * normal_quantile(p)
    }

    /// $E[(x-X)^+]$: what is left of a stock $x$.
    pub fn left_over(&self, x: f64) -> f64 {
        ((x - self.mean) * self.cdf(x) + self.deviation * self.deviation * self.density(x)).max(0.0)
    }
}
