//! Are things as likely as they were told to be? Expected calibration error: over ten bins of what was told, the mean
//! distance of what was told and what came true (Naeini, Cooper and Hauskrecht 2015). Called by the commands' judges.

use serde_json::{Value, json};

/// Bins, each a tenth of what can be told.
const BINS: usize = 10;

/// What was told and what came of it, so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Calibration {
    /// By bin: weight, sum told, sum that came true.
    bins: [(f64, f64, f64); BINS],
}

impl Calibration {
    /// Something was told at `told` (0 to 1) and came true or not.
    pub fn add(&mut self, told: f64, came: bool) {
        self.add_share(told, f64::from(u8::from(came)), 1.0);
    }

    /// A share was told, and this share came, of `weight` things. What is no number is not counted.
    pub fn add_share(&mut self, told: f64, came: f64, weight: f64) {
        if told.is_finite() && came.is_finite() && weight > 0.0 && weight.is_finite() {
            let bin = &mut self.bins[((told.max(0.0) * BINS as f64) as usize).min(BINS - 1)];
            *bin = (bin.0 + weight, bin.1 + told * weight, bin.2 + came * weight);
        }
    }

    /// What another one was told, too.
    pub fn add_all(&mut self, other: &Self) {
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            *bin = (bin.0 + more.0, bin.1 + more.1, bin.2 + more.2);
        }
    }

    /// The error; nothing when nothing was told.
    pub fn error(&self) -> Option<f64> {
        let weight: f64 = self.bins.iter().map(|bin| bin.0).sum();
        let off: f64 = self.bins.iter().map(|(_, told, came)| (told - came).abs()).sum();
        (weight > 0.0).then(|| off / weight)
    }

    /// As printed: the error, how much was told, the mean told and the share that came true.
    pub fn json(&self) -> Value {
        let sum = |of: fn(&(f64, f64, f64)) -> f64| self.bins.iter().map(of).sum::<f64>();
        let (weight, told, came) = (sum(|bin| bin.0), sum(|bin| bin.1), sum(|bin| bin.2));
        let part = |sum: f64| (weight > 0.0).then(|| crate::measure::round(sum / weight));
        json!({ "error": self.error().map(crate::measure::round), "count": weight, "told": part(told), "came": part(came) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_that_of_its_definition() {
        let mut told = Calibration::default();
        assert_eq!(told.error(), None);
        // Nine of ten come true at 0.9, none of ten at 0.3.
        (0..10).for_each(|place| told.add(0.9, place > 0));
        (0..10).for_each(|_| told.add(0.3, false));
        assert!((told.error().expect("told") - 0.15).abs() < 1e-12);
        assert_eq!((&told.json()["count"], &told.json()["came"]), (&json!(20.0), &json!(0.45)));
    }

    #[test]
    fn what_is_no_number_is_not_counted_and_the_ends_have_bins() {
        let mut told = Calibration::default();
        told.add(f64::NAN, true);
        told.add_share(0.5, 0.5, f64::INFINITY);
        assert_eq!(told.error(), None);
        told.add(1.0, true);
        told.add(0.0, false);
        told.add(-0.0, false);
        assert_eq!(told.error(), Some(0.0));
    }
}
