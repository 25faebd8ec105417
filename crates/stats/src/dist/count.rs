//! Counts of demand by mean and dispersion: negative binomial, Poisson when the variance is the mean, normal when the
//! mean is so large that nobody can tell.

use super::Normal;
use crate::num::{exp, ln, ln_1p};
use crate::special::{beta_pq, gamma_pq, ln_gamma, ln_gamma_rise};

/// Largest mean that is counted unit by unit, if the shape is near the normal's.
const COUNTED_MAX: f64 = 1e4;
/// Shape $r$ above which skewness, about $2/\sqrt r$, is not seen.
const ROUND_ABOVE: f64 = 1e3;
/// Largest stock over which it is summed unit by unit; beyond, the closed form is cheaper.
const SUMMED_MAX: u64 = 200;
/// Largest mean: beyond, numbers have no halves.
const MEAN_MAX: f64 = 1e15;
/// Largest stock that is compared with demand: beyond, nothing can be lost.
const STOCK_MAX: f64 = 1e18;
/// Largest dispersion.
const DISPERSION_MAX: f64 = 1e9;
/// Dispersion below which the variance is taken for the mean.
const POISSON_BELOW: f64 = 1.0 + 1e-9;

/// A distribution over 0, 1, 2 …
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    mean: f64,
    dispersion: f64,
}

impl Count {
    /// From the mean and the ratio of variance to mean. What is not a number, or below what is possible (mean 0,
    /// dispersion 1), is taken for that; means end at $10^{15}$, dispersions at $10^9$.
    pub fn new(mean: f64, dispersion: f64) -> Self {
        let mean = if mean.is_finite() { mean.clamp(0.0, MEAN_MAX) } else { 0.0 };
        let dispersion = if dispersion.is_finite() { dispersion.clamp(1.0, DISPERSION_MAX) } else { 1.0 };
        Self { mean, dispersion }
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Variance over mean.
    pub fn dispersion(&self) -> f64 {
        self.dispersion
    }

    /// The sum over so many independent days like this one.
    pub fn over(&self, days: f64) -> Self {
        Self::new(self.mean * days, self.dispersion)
    }

    fn is_poisson(&self) -> bool {
        self.dispersion < POISSON_BELOW
    }

    fn normal(&self) -> Option<Normal> {
        let deviation = (self.mean * self.dispersion).sqrt();
        let round = self.is_poisson() || self.shape().0 > ROUND_ABOVE;
        (self.mean > COUNTED_MAX && round).then_some(Normal { mean: self.mean, deviation })
    }

    /// $r$, $p$ and $1-p$ of the negative binomial.
    fn shape(&self) -> (f64, f64, f64) {
        let beyond = self.dispersion - 1.0;
        (self.mean / beyond, 1.0 / self.dispersion, beyond / self.dispersion)
    }

    /// $P(X=k)$.
    pub fn at(&self, k: u64) -> f64 {
        if self.mean == 0.0 {
            return if k == 0 { 1.0 } else { 0.0 };
        }
        let x = k as f64;
        if let Some(normal) = self.normal() {
            return (normal.cdf(x + 0.5) - normal.cdf(x - 0.5)).max(0.0);
        }
        if self.is_poisson() {
            return exp(x * ln(self.mean) - self.mean - ln_gamma(x + 1.0));
        }
        let (r, _, q) = self.shape();
        let ways = if k == 0 { 0.0 } else { ln_gamma_rise(r, x) - ln_gamma(x + 1.0) };
        exp(ways - r * ln_1p(self.dispersion - 1.0) + x * ln(q))
    }

    /// $P(X\le k)$.
    pub fn cdf(&self, k: u64) -> f64 {
        if self.mean == 0.0 {
            return 1.0;
        }
        let x = k as f64;
        if let Some(normal) = self.normal() {
            return normal.cdf(x + 0.5);
        }
        if self.is_poisson() {
            return gamma_pq(x + 1.0, self.mean).1;
        }
        let (r, p, q) = self.shape();
        beta_pq(r, x + 1.0, p, q).0
    }

    /// The smallest $k$ with $P(X\le k)\ge u$; the largest count there is when $u\ge1$.
    pub fn quantile(&self, u: f64) -> u64 {
        if u.is_nan() || u <= 0.0 || self.mean == 0.0 {
            return 0;
        }
        if u >= 1.0 {
            return u64::MAX;
        }
        // From a normal guess outwards until it is caught, then halves.
        let deviation = (self.mean * self.dispersion).sqrt();
        let guess = Normal { mean: self.mean, deviation }.quantile(u).clamp(0.0, STOCK_MAX) as u64;
        let mut step = (deviation as u64).max(1);
        let (mut low, mut high) = (guess, guess);
        while low > 0 && self.cdf(low) >= u {
            high = low;
            low = low.saturating_sub(step);
            step = step.saturating_mul(2);
        }
        if low == 0 && self.cdf(0) >= u {
            return 0;
        }
        let mut step = (deviation as u64).max(1);
        while self.cdf(high) < u {
            if high == u64::MAX {
                return high;
            }
            low = high;
            high = high.saturating_add(step);
            step = step.saturating_mul(2);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.cdf(middle) >= u { high = middle } else { low = middle }
        }
        high
    }

    /// $E[(x-X)^+]$: what is expected to be left of a stock $x$. Linear between whole numbers.
    pub fn left_over(&self, x: f64) -> f64 {
        if x.is_nan() || x <= 0.0 {
            return 0.0;
        }
        if let Some(normal) = self.normal() {
            return normal.left_over(x);
        }
        if x > STOCK_MAX {
            return x - self.mean;
        }
        let whole = x.floor() as u64;
        if whole > SUMMED_MAX {
            return self.left_over_whole(whole) + (x - x.floor()) * self.cdf(whole);
        }
        let (mut term, mut below, mut sum) = (self.at(0), 0.0, 0.0);
        for k in 0..whole {
            below += term;
            sum += below;
            term = self.next(term, k);
        }
        sum + (x - x.floor()) * (below + term)
    }

    /// $xF(x)-E[X;X\le x]$, where $kP(X=k)$ is the mean times $P(X'=k-1)$ with $r+1$ for $r$.
    fn left_over_whole(&self, whole: u64) -> f64 {
        let x = whole as f64;
        let below = if self.is_poisson() {
            self.cdf(whole - 1)
        } else {
            let (r, p, q) = self.shape();
            beta_pq(r + 1.0, x, p, q).0
        };
        (x * self.cdf(whole) - self.mean * below).max(0.0)
    }

    /// $E[(X-x)^+]$: what is expected to be lost with a stock $x$.
    pub fn lost(&self, x: f64) -> f64 {
        (self.mean - x + self.left_over(x)).max(0.0)
    }

    /// $P(X=k+1)$ from $P(X=k)$.
    fn next(&self, term: f64, k: u64) -> f64 {
        let x = k as f64;
        if self.is_poisson() {
            return term * self.mean / (x + 1.0);
        }
        let (r, _, q) = self.shape();
        term * (r + x) / (x + 1.0) * q
    }
}
