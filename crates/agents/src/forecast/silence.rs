//! What a silence says: an item that should have sold ten units and sold none is probably not there to be bought, or
//! nobody wants it any more. Called when a period closes and when a forecast is asked for; learnt over all series of a
//! location, so that nobody has to tell it which shelves are empty.

use minicbor::{Decode, Encode};

/// Lower ends of the classes, in units that the silence left unsold.
const CLASSES: [f64; 11] = [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0, 22.0, 40.0, 80.0];
/// Expected units that a class must have seen to be half believed.
const BELIEVED: f64 = 30.0;
/// What is kept of the sums after one period.
const KEEP: f64 = 0.998;

/// Units that came, and units that were expected, on the first period after a silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Silence {
    #[n(0)]
    classes: [(f64, f64); CLASSES.len()],
}

impl Silence {
    fn class(missed: f64) -> Option<usize> {
        CLASSES.partition_point(|low| *low <= missed).checked_sub(1)
    }

    /// Takes in what came after a silence that left so many units unsold.
    pub fn take(&mut self, missed: f64, units: f64, expected: f64) {
        if let Some(class) = Self::class(missed).filter(|_| expected > 0.0) {
            self.classes[class].0 += units.clamp(0.0, 10.0 * expected + 10.0);
            self.classes[class].1 += expected;
        }
    }

    /// A period passed.
    pub fn pass(&mut self) {
        self.classes.iter_mut().for_each(|(came, expected)| (*came, *expected) = (*came * KEEP, *expected * KEEP));
    }

    /// What share of the expected comes in the first period after such a silence, at most 1.
    pub fn factor(&self, missed: f64) -> f64 {
        Self::class(missed).map_or(1.0, |class| {
            let (came, expected) = self.classes[class];
            ((came + BELIEVED) / (expected + BELIEVED)).clamp(0.0, 1.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_silences_that_went_on_are_believed_and_short_ones_are_not_doubted() {
        let mut silence = Silence::default();
        assert_eq!(silence.factor(50.0), 1.0);
        for _ in 0..500 {
            silence.take(50.0, 0.0, 2.0);
            silence.take(0.5, 0.0, 2.0);
            silence.take(2.5, 2.0, 2.0);
        }
        assert!(silence.factor(50.0) < 0.05, "{}", silence.factor(50.0));
        assert_eq!((silence.factor(0.5), silence.factor(2.5)), (1.0, 1.0));
    }
}
