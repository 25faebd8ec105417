//! What errors are divided by: mean squared and mean absolute difference from one period to the next, from the first sale
//! on (Makridakis et al. 2022, the M5 competition). One pass over rows in the order of time, for series and for sums of
//! series alike; periods without a row are zeros.

/// Running sums of one series, or of a sum of them.
#[derive(Clone, Copy, Debug, Default)]
struct Running {
    /// Period of the first units.
    first: Option<i32>,
    /// The last period that had any, its units so far, and those of the period before it.
    last: i32,
    units: f64,
    before: f64,
    squared: f64,
    absolute: f64,
}

impl Running {
    fn add(&mut self, difference: f64) {
        self.squared += difference * difference;
        self.absolute += difference.abs();
    }

    /// The last period is complete, and the next units come at `period`, or none up to it.
    fn settle(&mut self, period: i32) {
        if self.first != Some(self.last) {
            self.add(self.units - self.before);
        }
        let next = self.last + 1 == period;
        if !next {
            self.add(self.units);
        }
        self.before = if next { self.units } else { 0.0 };
    }
}

/// Scales of many series.
#[derive(Debug)]
pub struct Scales {
    running: Vec<Running>,
}

impl Scales {
    /// Of so many.
    pub fn new(count: usize) -> Self {
        Self { running: vec![Running::default(); count] }
    }

    /// Takes in units; periods never fall.
    pub fn take(&mut self, which: usize, period: i32, units: f64) {
        let running = &mut self.running[which];
        match running.first {
            None => *running = Running { first: Some(period), last: period, units, ..Running::default() },
            Some(_) if running.last == period => running.units += units,
            Some(_) => {
                running.settle(period);
                (running.last, running.units) = (period, units);
            }
        }
    }

    /// Mean squared and mean absolute difference up to a period that is not before the last units; both 0 when there is
    /// no difference yet.
    pub fn until(&self, which: usize, period: i32) -> (f64, f64) {
        let mut running = self.running[which];
        let count = running.first.map_or(0, |first| period - first);
        if count < 1 {
            return (0.0, 0.0);
        }
        // As if units came after the period: then everything up to it is settled.
        if running.last == period {
            if running.first != Some(period) {
                running.add(running.units - running.before);
            }
        } else {
            let last = running.last;
            running.settle(last + 2);
        }
        (running.squared / f64::from(count), running.absolute / f64::from(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, over every period.
    fn plainly(units: &[u32]) -> (f64, f64) {
        let first = units.iter().position(|units| *units > 0).unwrap_or(units.len());
        let differences: Vec<f64> =
            units[first.min(units.len())..].windows(2).map(|two| f64::from(two[1]) - f64::from(two[0])).collect();
        let mean = |of: fn(f64) -> f64| {
            if differences.is_empty() {
                0.0
            } else {
                differences.iter().map(|d| of(*d)).sum::<f64>() / differences.len() as f64
            }
        };
        (mean(|d| d * d), mean(f64::abs))
    }

    proptest! {
        #[test]
        fn one_pass_over_what_was_sold_gives_the_scales_of_the_definition(
            units in prop::collection::vec(prop_oneof![Just(0_u32), Just(0), 0..9_u32], 1..40)
        ) {
            let mut scales = Scales::new(1);
            for (period, units) in units.iter().enumerate().filter(|(_, units)| **units > 0) {
                // In two rows, as two series of one sum would come.
                scales.take(0, period as i32, 1.0);
                scales.take(0, period as i32, f64::from(*units) - 1.0);
            }
            let (squared, absolute) = scales.until(0, units.len() as i32 - 1);
            let wanted = plainly(&units);
            prop_assert!((squared - wanted.0).abs() < 1e-9 && (absolute - wanted.1).abs() < 1e-9, "{squared} {absolute} {wanted:?}");
        }
    }
}
