//! $e^{-n r}$ for whole $n$, from two short tables: asked for thousands of times within an answer.

use stats::num::exp;

/// The powers of one rate.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Powers {
    rate: f64,
    most: usize,
    bits: u32,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Powers {
    /// Makes the tables for a rate and the largest $n$, unless they are those already.
    pub(super) fn set(&mut self, rate: f64, most: usize) {
        if self.rate == rate && self.most == most && !self.low.is_empty() {
            return;
        }
        let bits = (usize::BITS - most.leading_zeros()).div_ceil(2);
        let power = |n: usize| exp(-(n as f64) * rate);
        *self = Self {
            rate,
            most,
            bits,
            low: (0..1 << bits).map(power).collect(),
            high: (0..=most >> bits).map(|n| power(n << bits)).collect(),
        };
    }

    /// $e^{-n r}$; beyond the largest $n$ as there.
    pub(super) fn at(&self, n: usize) -> f64 {
        let n = n.min(self.most);
        self.low[n & ((1 << self.bits) - 1)] * self.high[n >> self.bits]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn powers_are_those_of_the_exponential(rate in 0.0..2.0_f64, most in 0..5_000_usize, n in 0..6_000_usize) {
            let mut powers = Powers::default();
            powers.set(rate, most);
            let wanted = exp(-(n.min(most) as f64) * rate);
            prop_assert!((powers.at(n) - wanted).abs() <= 1e-12 * wanted);
        }
    }
}
