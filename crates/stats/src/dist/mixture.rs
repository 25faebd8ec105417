//! Mixtures of counts: demand over a time that is itself uncertain.

use super::Count;

/// Counts, each with its probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    parts: Vec<(f64, Count)>,
}

impl Mixture {
    /// From counts with weights, which are scaled to add up to one; what has no weight above zero is left out. Of
    /// nothing it is always zero.
    pub fn new(parts: impl IntoIterator<Item = (f64, Count)>) -> Self {
        let mut parts: Vec<(f64, Count)> =
            parts.into_iter().filter(|(weight, _)| weight.is_finite() && *weight > 0.0).collect();
        if parts.is_empty() {
            parts.push((1.0, Count::new(0.0, 1.0)));
        }
        let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
        parts.iter_mut().for_each(|(weight, _)| *weight /= total);
        // Beside a far larger one a weight comes to nothing, and nothing times an endless loss is no number.
        parts.retain(|(weight, _)| *weight > 0.0);
        Self { parts }
    }

    /// Demand over a number of days that is uncertain: `days` are pairs of days and weight.
    pub fn over(daily: Count, days: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(days.into_iter().map(|(days, weight)| (weight, daily.over(days))))
    }

    fn sum(&self, value: impl Fn(&Count) -> f64) -> f64 {
        self.parts.iter().map(|(weight, count)| weight * value(count)).sum()
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.sum(Count::mean)
    }

    /// Variance: the parts' own, and that between them.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        self.sum(|count| count.mean() * count.dispersion() + (count.mean() - mean) * (count.mean() - mean))
    }

    /// $P(X=k)$.
    pub fn at(&self, k: u64) -> f64 {
        self.sum(|count| count.at(k))
    }

    /// $P(X\le k)$.
    pub fn cdf(&self, k: u64) -> f64 {
        self.sum(|count| count.cdf(k)).min(1.0)
    }

    /// The smallest $k$ with $P(X\le k)\ge u$; the largest count there is when $u\ge1$.
    pub fn quantile(&self, u: f64) -> u64 {
        // Every part has reached u at the largest of the parts' quantiles, and none before the smallest.
        let quantiles = || self.parts.iter().map(|(_, count)| count.quantile(u));
        let (mut low, mut high) = (quantiles().min().unwrap_or(0), quantiles().max().unwrap_or(0));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.cdf(middle) >= u { high = middle } else { low = middle + 1 }
        }
        high
    }

    /// $E[(x-X)^+]$: what is expected to be left of a stock $x$.
    pub fn left_over(&self, x: f64) -> f64 {
        self.sum(|count| count.left_over(x))
    }

    /// $E[(X-x)^+]$: what is expected to be lost with a stock $x$.
    pub fn lost(&self, x: f64) -> f64 {
        self.sum(|count| count.lost(x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_lies_between_its_parts_and_one_part_alone_is_itself() {
        let daily = Count::new(2.5, 1.8);
        let mixed = Mixture::over(daily, [(3.0, 0.5), (9.0, 0.5)]);
        assert_eq!(mixed.mean(), 15.0);
        let (short, long) = (daily.over(3.0), daily.over(9.0));
        for u in [0.05, 0.3, 0.5, 0.9, 0.99] {
            let k = mixed.quantile(u);
            assert!((short.quantile(u)..=long.quantile(u)).contains(&k), "{u}: {k}");
            assert!(mixed.cdf(k) >= u && (k == 0 || mixed.cdf(k - 1) < u), "{u}: {k}");
            assert_eq!(Mixture::new([(7.0, long)]).quantile(u), long.quantile(u));
        }
    }

    #[test]
    fn nothing_to_mix_is_no_demand() {
        let nothing = Mixture::new([(0.0, Count::new(5.0, 1.0)), (f64::NAN, Count::new(5.0, 1.0))]);
        assert_eq!((nothing.mean(), nothing.quantile(0.99), nothing.lost(0.0)), (0.0, 0, 0.0));
    }
}
