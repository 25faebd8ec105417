//! The best split of a leaf, by what it takes off the loss.

use super::histogram::{Builder, CODES, Histogram, Sums};
use super::{Settings, Trend};

/// Share of a score below which a gain is rounding.
const ROUNDING: f64 = 1e-10;

/// Where a leaf's value must lie, so that columns with a trend keep it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// A split that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) gain: f64,
    pub(super) column: usize,
    /// The last code that goes below.
    pub(super) code: u8,
    pub(super) missing_below: bool,
    pub(super) below: Sums,
}

/// How leaves are valued in one tree.
pub(super) struct Scale<'a> {
    pub(super) settings: &'a Settings,
    pub(super) g_step: f64,
    pub(super) h_step: f64,
}

impl Scale<'_> {
    /// The value that makes the loss smallest, within bounds, and half the loss it takes off.
    fn valued(&self, sums: &Sums, bounds: Bounds) -> (f64, f64) {
        let g = sums.g as f64 * self.g_step;
        let h = sums.h as f64 * self.h_step + self.settings.lambda;
        if h <= 0.0 {
            return (0.0, 0.0);
        }
        let value = (-g / h).max(bounds.low).min(bounds.high);
        // For a value that no bound moved this is g² / 2h.
        (value, -value * (g + 0.5 * h * value))
    }

    /// The value of a leaf.
    pub(super) fn value(&self, sums: &Sums, bounds: Bounds) -> f64 {
        self.valued(sums, bounds).0
    }

    fn may_stand(&self, sums: &Sums) -> bool {
        sums.n >= self.settings.min_rows.max(1) as i64 && sums.h as f64 * self.h_step >= self.settings.min_child_weight
    }

    /// Bounds of both sides, when a leaf within `bounds` is split so.
    pub(super) fn handed_down(&self, whole: &Sums, choice: &Choice, bounds: Bounds) -> (Bounds, Bounds) {
        let above = whole.less(&choice.below);
        let middle = 0.5 * (self.value(&choice.below, bounds) + self.value(&above, bounds));
        let (lower, upper) = (Bounds { high: middle, ..bounds }, Bounds { low: middle, ..bounds });
        match self.settings.trend(choice.column) {
            Trend::Free => (bounds, bounds),
            Trend::Rising => (lower, upper),
            Trend::Falling => (upper, lower),
        }
    }

    /// The best split over all columns of the tree; of equals the first column, the lowest code, missing above.
    pub(super) fn best(
        &self,
        histogram: &Histogram,
        builder: &Builder<'_>,
        whole: &Sums,
        bounds: Bounds,
    ) -> Option<Choice> {
        let unsplit = self.valued(whole, bounds).1;
        let mut best: Option<Choice> = None;
        for column in &builder.columns {
            let scan = Scan {
                scale: self,
                trend: self.settings.trend(*column),
                column: *column,
                sums: &histogram.0[*column],
                codes: builder.codes.cuts[*column].codes(),
                whole,
                bounds,
                unsplit,
            };
            scan.better(&mut best);
        }
        best
    }
}

/// One look through a column.
struct Scan<'a> {
    scale: &'a Scale<'a>,
    trend: Trend,
    column: usize,
    sums: &'a [Sums; CODES],
    codes: usize,
    whole: &'a Sums,
    bounds: Bounds,
    unsplit: f64,
}

impl Scan<'_> {
    fn better(&self, best: &mut Option<Choice>) {
        let missing = &self.sums[0];
        let mut seen = Sums::default();
        for code in 1..self.codes {
            let these = &self.sums[code];
            if these.n == 0 {
                continue;
            }
            seen.add(these);
            if missing.n == 0 {
                // Nothing says where the missing belong: they go with the more.
                self.consider(seen, code, 2 * seen.n >= self.whole.n, best);
            } else {
                self.consider(seen, code, false, best);
                let mut with_missing = seen;
                with_missing.add(missing);
                self.consider(with_missing, code, true, best);
            }
        }
    }

    fn consider(&self, below: Sums, code: usize, missing_below: bool, best: &mut Option<Choice>) {
        let above = self.whole.less(&below);
        if !self.scale.may_stand(&below) || !self.scale.may_stand(&above) {
            return;
        }
        let (value_below, score_below) = self.scale.valued(&below, self.bounds);
        let (value_above, score_above) = self.scale.valued(&above, self.bounds);
        let kept = match self.trend {
            Trend::Free => true,
            Trend::Rising => value_below <= value_above,
            Trend::Falling => value_below >= value_above,
        };
        let gain = score_below + score_above - self.unsplit - self.scale.settings.gamma;
        let least = ROUNDING * (score_below + score_above).abs();
        if kept && gain > best.map_or(least, |best| best.gain.max(least)) {
            // Codes end at 255.
            *best = Some(Choice { gain, column: self.column, code: code as u8, missing_below, below });
        }
    }
}
