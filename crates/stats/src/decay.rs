//! Sums that forget: an addend of age $t$ weighs $2^{-t/T}$ with half-life $T$.

use crate::num::exp2;

/// A decayed sum, stamped with its time. One more addend costs the same however many there were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Decayed {
    sum: f64,
    at: f64,
}

impl Decayed {
    /// From its two numbers, as [`parts`](Self::parts) gave them.
    pub fn from_parts(sum: f64, at: f64) -> Self {
        Self { sum, at }
    }

    /// The sum as it was at its time, and that time.
    pub fn parts(&self) -> (f64, f64) {
        (self.sum, self.at)
    }

    /// Adds at a time, in the unit of the half-life. What comes late is decayed to the sum's own time.
    pub fn add(&mut self, value: f64, at: f64, half_life: f64) {
        if at >= self.at {
            self.sum = self.read(at, half_life) + value;
            self.at = at;
        } else {
            self.sum += value * weight(self.at - at, half_life);
        }
    }

    /// The sum at a time; not before the last addend's.
    pub fn read(&self, at: f64, half_life: f64) -> f64 {
        self.sum * weight((at - self.at).max(0.0), half_life)
    }
}

/// $2^{-age/T}$; 1 when the half-life is not above zero.
pub fn weight(age: f64, half_life: f64) -> f64 {
    if half_life > 0.0 { exp2(-age / half_life) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_left_after_a_half_life() {
        let mut sum = Decayed::default();
        sum.add(8.0, 0.0, 14.0);
        assert_eq!(sum.read(14.0, 14.0), 4.0);
        sum.add(1.0, 28.0, 14.0);
        assert_eq!(sum.read(28.0, 14.0), 3.0);
    }

    #[test]
    fn a_late_addend_counts_as_if_it_had_come_in_time() {
        let (mut late, mut prompt) = (Decayed::default(), Decayed::default());
        late.add(8.0, 14.0, 14.0);
        late.add(8.0, 0.0, 14.0);
        prompt.add(8.0, 0.0, 14.0);
        prompt.add(8.0, 14.0, 14.0);
        assert_eq!(late, prompt);
    }
}
