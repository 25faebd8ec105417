//! Precision, recall and F1 of chosen pairs. Called by `lockstep eval match`.

use serde_json::{Value, json};

/// What was chosen, against the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Judged {
    /// Chosen and the same.
    pub right: f64,
    /// Chosen.
    pub chosen: f64,
    /// The same.
    pub same: f64,
    /// Pairs in all.
    pub pairs: f64,
}

impl Judged {
    /// Counts (chosen, same) pairs.
    pub fn of(pairs: impl Iterator<Item = (bool, bool)>) -> Self {
        let count = |value: bool| f64::from(u8::from(value));
        pairs.fold(Self::default(), |sum, (chosen, same)| Self {
            right: sum.right + count(chosen && same),
            chosen: sum.chosen + count(chosen),
            same: sum.same + count(same),
            pairs: sum.pairs + 1.0,
        })
    }

    /// Share of the chosen that are the same; `None` when nothing was chosen.
    pub fn precision(&self) -> Option<f64> {
        (self.chosen > 0.0).then(|| self.right / self.chosen)
    }

    /// Share of the same that was chosen; `None` when none is.
    pub fn recall(&self) -> Option<f64> {
        (self.same > 0.0).then(|| self.right / self.same)
    }

    /// Harmonic mean of both.
    pub fn f1(&self) -> Option<f64> {
        (self.same > 0.0).then(|| 2.0 * self.right / (self.chosen + self.same))
    }

    /// Share of all pairs that was chosen.
    pub fn share(&self) -> f64 {
        if self.pairs > 0.0 { self.chosen / self.pairs } else { 0.0 }
    }

    /// As printed.
    pub fn to_json(self) -> Value {
        json!({ "precision": self.precision(), "recall": self.recall(), "f1": self.f1() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_their_definitions() {
        let judged = Judged::of([(true, true), (true, true), (true, false), (false, true), (false, false)].into_iter());
        assert_eq!(
            (judged.precision(), judged.recall(), judged.f1()),
            (Some(2.0 / 3.0), Some(2.0 / 3.0), Some(2.0 / 3.0))
        );
        assert_eq!((judged.share(), Judged::of(std::iter::empty()).f1()), (0.6, None));
    }
}
