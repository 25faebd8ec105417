//! Dice from a seed: PCG XSL-RR 128/64 (O'Neill 2014), small, good, and the same on every machine.

use crate::dist::Normal;

const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;
const INCREMENT: u128 = 0x5851_F42D_4C95_7F2D_1405_7B7E_F767_814F;

/// A generator. Equal seeds give equal numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dice {
    state: u128,
}

impl Dice {
    /// From a seed, for example the number of a decision.
    pub fn seeded(seed: u64) -> Self {
        let mut dice = Self { state: 0 };
        dice.next();
        dice.state = dice.state.wrapping_add(u128::from(seed));
        dice.next();
        dice
    }

    /// 64 bits.
    #[expect(clippy::should_implement_trait, reason = "dice do not end")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
        let turn = (self.state >> 122) as u32;
        ((self.state >> 64) as u64 ^ self.state as u64).rotate_right(turn)
    }

    /// In $[0, 1)$, with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// In $(0, 1)$: fit for a quantile.
    pub fn open_unit(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// In `0..bound`, each equally often (Lemire 2019); 0 when the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let wide = u128::from(self.next()) * u128::from(bound);
            if wide as u64 >= threshold {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        Normal::STANDARD.quantile(self.open_unit())
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for place in (1..things.len()).rev() {
            things.swap(place, self.below(place as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_one_others() {
        let roll = |seed| {
            let mut dice = Dice::seeded(seed);
            (0..8).map(|_| dice.next()).collect::<Vec<_>>()
        };
        assert_eq!(roll(7), roll(7));
        assert_ne!(roll(7), roll(8));
    }

    #[test]
    fn bounded_numbers_are_within_and_even() {
        let mut dice = Dice::seeded(1);
        let mut seen = [0_u32; 7];
        (0..70_000).for_each(|_| seen[dice.below(7) as usize] += 1);
        // Six degrees of freedom: above 22.5 with probability 0.001.
        let chi: f64 = seen.iter().map(|n| (f64::from(*n) - 10_000.0) * (f64::from(*n) - 10_000.0) / 10_000.0).sum();
        assert!(chi < 22.5, "{chi}");
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.below(1), 0);
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_deviation_one() {
        let mut dice = Dice::seeded(3);
        let drawn: Vec<f64> = (0..100_000).map(|_| dice.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 1e5;
        let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e5;
        // Four standard errors.
        assert!(mean.abs() < 0.0127 && (variance - 1.0).abs() < 0.018, "{mean} {variance}");
    }

    #[test]
    fn a_shuffle_keeps_everything() {
        let mut things: Vec<u32> = (0..100).collect();
        Dice::seeded(5).shuffle(&mut things);
        assert_ne!(things, (0..100).collect::<Vec<_>>());
        things.sort_unstable();
        assert_eq!(things, (0..100).collect::<Vec<_>>());
    }
}
