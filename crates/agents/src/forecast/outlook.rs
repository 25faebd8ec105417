//! The answer: what is expected of an item at a location, how sure that is, and why. Made by the mind, read by people and
//! by the minds that buy and move.

use model::{ItemId, LocationId};
use stats::dist::Count;

use crate::{Confidence, Flip, Reasons, RunnerUp, Term};

/// Units beyond which a distribution is not walked through one by one.
const WALKED_MAX: f64 = 60.0;
/// Share of the mean that an answer may be off and still be called right.
const RIGHT: f64 = 1.0 / 3.0;

/// What is expected, period by period.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Item.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    /// First period that is told of.
    pub from: i32,
    /// Mean units, period by period.
    pub means: Vec<f64>,
    /// Ratio of variance to mean, period by period.
    pub spreads: Vec<f64>,
    /// Why: parts of the units expected in all periods together.
    pub reasons: Reasons,
    /// How it sells, for display.
    pub class: Class,
}

/// Classes of demand by mean interval between sales (1.32 periods) and squared variation of their size (0.49)
/// (Syntetos, Boylan and Croston 2005). For display only; the forecast does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Often, alike.
    Smooth,
    /// Often, not alike.
    Erratic,
    /// Seldom, alike.
    Intermittent,
    /// Seldom, not alike.
    Lumpy,
}

impl Class {
    pub(super) fn of(silent: f64, level: f64, spread: f64) -> Self {
        let selling = (1.0 - silent).clamp(1e-3, 1.0);
        let size = level / selling;
        // Var(y) = p Var(z) + p(1 - p) E(z)^2, solved for the variation of the sizes z.
        let varied = ((spread * level - selling * (1.0 - selling) * size * size) / selling).max(0.0);
        let squared = if size > 0.0 { varied / (size * size) } else { 0.0 };
        match (1.0 / selling < 1.32, squared < 0.49) {
            (true, true) => Self::Smooth,
            (true, false) => Self::Erratic,
            (false, true) => Self::Intermittent,
            (false, false) => Self::Lumpy,
        }
    }
}

impl Outlook {
    /// Units expected in all periods together.
    pub fn total(&self) -> f64 {
        stats::num::sum(self.means.iter().copied())
    }

    /// What is sold in one period, as a distribution; of nothing when it is not told of.
    pub fn period(&self, at: usize) -> Count {
        Count::new(self.means.get(at).copied().unwrap_or(0.0), self.spreads.get(at).copied().unwrap_or(1.0))
    }

    /// What is sold in a stretch of periods together. Periods are taken for independent but for the doubt in the level,
    /// which is in their spreads.
    pub fn together(&self, periods: std::ops::Range<usize>) -> Count {
        let places = || periods.clone().filter(|at| *at < self.means.len());
        let mean = stats::num::sum(places().map(|at| self.means[at]));
        let variance = stats::num::sum(places().map(|at| self.means[at] * self.spreads[at]));
        Count::new(mean, if mean > 0.0 { variance / mean } else { 1.0 })
    }

    /// A sentence for a person.
    pub fn sentence(&self) -> String {
        format!("About {:.1} units in {} periods, {}.", self.total(), self.means.len(), self.reasons.sentence(3))
    }
}

/// Quantiles of a count, the levels rising: one walk through the distribution where it is short.
pub fn quantiles<const N: usize>(count: Count, levels: &[f64; N]) -> [f64; N] {
    let mut answers = [0.0; N];
    if count.mean() > WALKED_MAX {
        return levels.map(|level| count.quantile(level) as f64);
    }
    let (mut units, mut below) = (0_u64, count.at(0));
    for (answer, level) in answers.iter_mut().zip(levels) {
        // The end is where no number can show what is left.
        while below < *level && units < 100_000 {
            units += 1;
            below += count.at(units);
        }
        *answer = units as f64;
    }
    answers
}

/// Sums of what each step of the forecast made of the one before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Why {
    pub pace: f64,
    pub calendar: f64,
    pub price: f64,
    pub silence: f64,
    pub learnt: f64,
}

impl Why {
    /// As reasons. `silence` is units missed by the present silence, `recent` units by the pace of the last weeks alone.
    pub fn reasons(self, periods: usize, missed: f64, recent: f64, together: Count, known: f64) -> Reasons {
        let count = periods.max(1) as f64;
        let terms = vec![
            Term { name: "usual pace", input: self.pace / count, adds: self.pace },
            Term { name: "days, season and events", input: ratio(self.calendar, self.pace), adds: self.calendar },
            Term { name: "price", input: ratio(self.price, self.pace), adds: self.price },
            Term { name: "silence since the last sale", input: missed, adds: self.silence },
            Term { name: "what similar cases came to", input: ratio(self.learnt, self.pace), adds: self.learnt },
        ];
        let mut reasons = Reasons::of(terms, confidence(together, known));
        reasons.runner_up = Some(RunnerUp { what: "the pace of the last weeks alone".into(), score: recent });
        if self.silence < -0.1 * self.pace {
            reasons.flip = Some(Flip { input: "silence since the last sale", from: missed, to: 0.0 });
        }
        reasons
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// How probable it is that the total comes within a third of the mean, or within half a unit of it; less while the
/// series is young. 0 when nothing is known.
fn confidence(together: Count, known: f64) -> Confidence {
    let within = (together.mean() * RIGHT).max(0.5);
    let (low, high) = (together.mean() - within, together.mean() + within);
    let below = if low > 0.0 { together.cdf((low.ceil() as u64).saturating_sub(1)) } else { 0.0 };
    Confidence::new((together.cdf(high.floor().max(0.0) as u64) - below) * known)
}
