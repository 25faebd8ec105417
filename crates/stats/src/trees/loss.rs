//! What a forest makes small: the loss of a raw score, its derivatives, and where to start.

use minicbor::{Decode, Encode};

use super::Fit;
use crate::num::{exp, ln, ln_1p, logit, sigmoid};

/// Raw scores beyond this are as good as infinite; their exponentials still are numbers.
const RAW_MAX: f64 = 500.0;
/// Longest step of one leaf in a logarithm, before the rate. A Newton step from a mean far too low overshoots without
/// bound; 0.7 is XGBoost's default for counts.
const LOG_STEP_MAX: f64 = 0.7;
/// Least mean whose logarithm is started from.
const MEAN_MIN: f64 = 1e-9;
/// Rounds of Newton's method for the start of a logistic forest with offsets.
const ROUNDS_MAX: usize = 50;

/// What is made small. Raw scores are the answer itself (squared, quantile), its log odds, or its logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub enum Loss {
    /// Half the squared error: for means.
    #[n(0)]
    Squared,
    /// Log loss of labels in 0 to 1: for probabilities.
    #[n(1)]
    Logistic,
    /// Poisson deviance of labels not below 0: for counts.
    #[n(2)]
    Poisson,
    /// Tweedie deviance of labels not below 0: for amounts that are often zero.
    #[n(3)]
    Tweedie {
        /// Variance is mean to this power, between 1 and 2, both excluded.
        #[n(0)]
        power: f64,
    },
    /// Pinball loss: for quantiles.
    #[n(4)]
    Quantile {
        /// Which one, between 0 and 1, both excluded.
        #[n(0)]
        level: f64,
    },
}

impl Loss {
    /// The answer that a raw score stands for.
    pub fn answer(&self, raw: f64) -> f64 {
        match self {
            Self::Squared | Self::Quantile { .. } => raw,
            Self::Logistic => sigmoid(raw),
            Self::Poisson | Self::Tweedie { .. } => exp(held(raw)),
        }
    }

    /// Loss of a raw score, up to a constant of the label.
    pub fn of(&self, label: f64, raw: f64) -> f64 {
        match self {
            Self::Squared => 0.5 * (label - raw) * (label - raw),
            Self::Logistic => raw.max(0.0) - label * raw + ln_1p(exp(-raw.abs())),
            Self::Poisson => exp(held(raw)) - label * raw,
            Self::Tweedie { power } => {
                let (one, two) = powers(*power, raw);
                two / (2.0 - power) - label * one / (1.0 - power)
            }
            Self::Quantile { level } => {
                let off = label - raw;
                if off >= 0.0 { level * off } else { (level - 1.0) * off }
            }
        }
    }

    /// First and second derivative by the raw score; the second is 1 where it is nothing by nature.
    pub(super) fn slopes(&self, label: f64, raw: f64) -> (f64, f64) {
        match self {
            Self::Squared => (raw - label, 1.0),
            Self::Logistic => {
                let p = sigmoid(raw);
                (p - label, (p * (1.0 - p)).max(1e-12))
            }
            Self::Poisson => {
                let mean = exp(held(raw));
                (mean - label, mean)
            }
            Self::Tweedie { power } => {
                let (one, two) = powers(*power, raw);
                (two - label * one, (2.0 - power) * two - (1.0 - power) * label * one)
            }
            Self::Quantile { level } => (if label > raw { -level } else { 1.0 - level }, 1.0),
        }
    }

    /// Whether the second derivative is 1 everywhere.
    pub(super) fn is_level(&self) -> bool {
        matches!(self, Self::Squared | Self::Quantile { .. })
    }

    /// Longest step of one leaf, before the rate.
    pub(super) fn step_max(&self) -> f64 {
        match self {
            Self::Poisson | Self::Tweedie { .. } => LOG_STEP_MAX,
            Self::Squared | Self::Logistic | Self::Quantile { .. } => f64::INFINITY,
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        match self {
            Self::Squared | Self::Logistic | Self::Poisson => true,
            Self::Tweedie { power } => *power > 1.0 && *power < 2.0,
            Self::Quantile { level } => *level > 0.0 && *level < 1.0,
        }
    }

    pub(super) fn allows(&self, label: f64) -> bool {
        label.is_finite()
            && match self {
                Self::Squared | Self::Quantile { .. } => true,
                Self::Logistic => (0.0..=1.0).contains(&label),
                Self::Poisson | Self::Tweedie { .. } => label >= 0.0,
            }
    }

    /// The best constant beside the offsets.
    pub(super) fn start(&self, fit: &Fit<'_>) -> f64 {
        let all = 0..fit.labels.len();
        let mean = |value: &dyn Fn(usize) -> f64| {
            let weights: f64 = all.clone().map(|row| fit.weight(row)).sum();
            crate::num::sum(all.clone().map(|row| fit.weight(row) * value(row))) / weights
        };
        match self {
            Self::Squared => mean(&|row| fit.labels[row] - fit.offset(row)),
            Self::Logistic => {
                let mut start = logit(mean(&|row| fit.labels[row]).clamp(MEAN_MIN, 1.0 - MEAN_MIN));
                for _ in 0..if fit.offsets.is_empty() { 0 } else { ROUNDS_MAX } {
                    let slopes = |row: usize| self.slopes(fit.labels[row], start + fit.offset(row));
                    let step = mean(&|row| slopes(row).0) / mean(&|row| slopes(row).1);
                    // Held, because far out the curve is so flat that a full step overshoots.
                    start = (start - step.clamp(-1.0, 1.0)).clamp(-30.0, 30.0);
                }
                start
            }
            Self::Poisson => ln((mean(&|row| fit.labels[row]) / mean(&|row| exp(held(fit.offset(row))))).max(MEAN_MIN)),
            Self::Tweedie { power } => {
                let above = mean(&|row| fit.labels[row] * powers(*power, fit.offset(row)).0);
                ln((above / mean(&|row| powers(*power, fit.offset(row)).1)).max(MEAN_MIN))
            }
            Self::Quantile { level } => {
                let off = |row: usize| (fit.labels[row] - fit.offset(row), fit.weight(row));
                quantile(all.map(off).collect(), *level)
            }
        }
    }
}

/// The smallest value at or below which the given share of all weight lies; 0 of nothing.
pub(super) fn quantile(mut weighted: Vec<(f64, f64)>, level: f64) -> f64 {
    weighted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let wanted = level * weighted.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut reached = 0.0;
    for (value, weight) in &weighted {
        reached += weight;
        if reached >= wanted && *weight > 0.0 {
            return *value;
        }
    }
    weighted.last().map_or(0.0, |(value, _)| *value)
}

/// $e^{(1-\rho)f}$ and $e^{(2-\rho)f}$.
fn powers(power: f64, raw: f64) -> (f64, f64) {
    let raw = held(raw);
    let one = exp((1.0 - power) * raw);
    (one, one * exp(raw))
}

fn held(raw: f64) -> f64 {
    raw.clamp(-RAW_MAX, RAW_MAX)
}
