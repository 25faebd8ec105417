//! What a forest is fitted to, and what can be wrong with it.

use super::Settings;

/// Widest row.
pub(super) const WIDTH_MAX: usize = u16::MAX as usize;

/// Rows with their answers, lent by the caller.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fit<'a> {
    /// Features per row, 1 to 65,535.
    pub width: usize,
    /// Row after row, `width * labels.len()` values. Not a number means missing; infinities are the ends of the order.
    pub rows: &'a [f32],
    /// One answer per row, finite and within what the loss allows.
    pub labels: &'a [f64],
    /// One weight per row, finite, not below zero; none at all means 1 each. A row that weighs nothing is left out.
    pub weights: &'a [f64],
    /// What each row's raw score starts from beside the forest's own, finite; none at all means 0 each. To predict a
    /// multiple of a known mean, give its logarithm here.
    pub offsets: &'a [f64],
}

/// Why no forest was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Lengths do not fit each other, or there are no rows or columns, or too many, or no row weighs anything.
    #[error("rows, labels, weights and offsets do not fit each other")]
    Shape,
    /// A label is not finite or not one the loss knows.
    #[error("row {row} has a label that the loss does not allow")]
    Label {
        /// Zero-based.
        row: usize,
    },
    /// A weight or offset is not finite, or a weight below zero.
    #[error("row {row} has a weight or an offset that is no usable number")]
    Weight {
        /// Zero-based.
        row: usize,
    },
    /// A setting is outside its range.
    #[error("the setting {name} is out of range")]
    Setting {
        /// Its name in [`Settings`].
        name: &'static str,
    },
}

impl Fit<'_> {
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.get(row).copied().unwrap_or(1.0)
    }

    pub(super) fn offset(&self, row: usize) -> f64 {
        self.offsets.get(row).copied().unwrap_or(0.0)
    }

    /// Whether everything is as this type's fields promise.
    pub(super) fn check(&self, settings: &Settings) -> Result<(), FitError> {
        let count = self.labels.len();
        let fits = |values: &[f64]| values.is_empty() || values.len() == count;
        let sized = (1..=WIDTH_MAX).contains(&self.width) && (1..u32::MAX as usize).contains(&count);
        if !sized
            || self.width.checked_mul(count) != Some(self.rows.len())
            || !fits(self.weights)
            || !fits(self.offsets)
        {
            return Err(FitError::Shape);
        }
        let usable = |row: &usize| {
            let weight = self.weight(*row);
            weight.is_finite() && weight >= 0.0 && self.offset(*row).is_finite()
        };
        if let Some(row) = (0..count).find(|row| !usable(row)) {
            return Err(FitError::Weight { row });
        }
        if let Some(row) = self.labels.iter().position(|label| !settings.loss.allows(*label)) {
            return Err(FitError::Label { row });
        }
        if (0..count).all(|row| self.weight(row) == 0.0) { Err(FitError::Shape) } else { Ok(()) }
    }
}
