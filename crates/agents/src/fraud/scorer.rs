//! The two models and their calibration: logistic regression and boosted trees, their log odds averaged, an isotonic
//! curve from score to probability. Learnt from rows as they were served.

use minicbor::{CborLen, Decode, Encode};
use stats::num::{sigmoid, sum};
use stats::trees::{Fit, Forest, Loss, Settings as TreeSettings};
use stats::{Isotonic, Logistic};

use super::payment::Key;
use super::row::{WIDTH, name};
use crate::Term;

/// Parts of the customers that are left out in turn, so that the curve is fitted to scores of rows not learnt from.
const FOLDS: u64 = 3;
/// Fewest rows of each outcome to learn from.
const FEWEST: usize = 10;
/// Rows of the logistic regression at most; more would change its weights by less than it is sure of them.
const LOGISTIC_ROWS: usize = 150_000;
/// Values per feature that are tried when asking what would decide otherwise.
const RUNGS: usize = 12;

/// A payment as it was seen, and what became of it as far as is known.
#[derive(Clone, Debug, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Lesson {
    #[n(0)]
    pub(super) id: u64,
    /// Milliseconds.
    #[n(1)]
    pub(super) at: i64,
    /// Customer, terminal, device.
    #[n(2)]
    pub(super) keys: [Option<Key>; 3],
    /// Which part it belongs to: by customer, so that one customer's payments stay together.
    #[n(3)]
    pub(super) fold: u64,
    #[n(4)]
    pub(super) row: Vec<f32>,
    #[n(5)]
    pub(super) fraud: bool,
}

/// What is learnt: weights, trees, the curve. Score 0 = even odds before calibration.
#[derive(Clone, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Scorer {
    /// Log odds when every feature is at its mean.
    #[n(0)]
    intercept: f64,
    /// Per feature: mean, deviation, weight.
    #[n(1)]
    weights: Vec<(f64, f64, f64)>,
    #[n(2)]
    #[cbor(cbor_len = "stored_length")]
    forest: Forest,
    /// Curve from score to probability.
    #[n(3)]
    curve: Vec<(f64, f64)>,
    /// Per feature: values from low to high that rows had.
    #[n(4)]
    ladder: Vec<Vec<f32>>,
    /// Rows it was learnt from, and frauds among them.
    #[n(5)]
    lessons: (u64, u64),
}

/// Bytes of a stored forest, which does not tell them by itself.
fn stored_length<C>(forest: &Forest, context: &mut C) -> usize {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = minicbor::encode_with(forest, &mut bytes, context);
    bytes.len()
}

/// Large numbers drawn together, so that a straight line fits.
fn squashed(value: f32) -> f64 {
    let value = f64::from(value);
    if value < 0.0 { -stats::num::ln_1p(-value) } else { stats::num::ln_1p(value) }
}

fn logistic(lessons: &[&Lesson], l2: f64) -> Option<Logistic> {
    let step = lessons.len().div_ceil(LOGISTIC_ROWS).max(1);
    // Frauds are few: all of them are kept, and the intercept is put right for the share of others that was left out.
    let kept: Vec<&Lesson> =
        lessons.iter().enumerate().filter(|(place, one)| one.fraud || place % step == 0).map(|(_, one)| *one).collect();
    let rows: Vec<Vec<f64>> = kept.iter().map(|one| one.row.iter().map(|v| squashed(*v)).collect()).collect();
    let labels: Vec<bool> = kept.iter().map(|one| one.fraud).collect();
    let mut model = Logistic::fit(&rows, &labels, l2).ok()?;
    model.intercept -= stats::num::ln(step as f64);
    Some(model)
}

fn forest(lessons: &[&Lesson], settings: &TreeSettings) -> Option<Forest> {
    let rows: Vec<f32> = lessons.iter().flat_map(|one| one.row.iter().copied()).collect();
    let labels: Vec<f64> = lessons.iter().map(|one| f64::from(u8::from(one.fraud))).collect();
    Forest::fit(&Fit { width: WIDTH, rows: &rows, labels: &labels, ..Fit::default() }, settings).ok()
}

/// How the models are fitted.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Learning {
    /// Penalty of the logistic regression.
    #[n(0)]
    pub l2: f64,
    /// Trees.
    #[n(1)]
    pub trees: u32,
    /// Splits between root and leaf.
    #[n(2)]
    pub depth: u32,
    /// Share of its step each tree makes.
    #[n(3)]
    pub rate: f64,
    /// Least rows in a leaf.
    #[n(4)]
    pub min_rows: u32,
    /// Seed of the rows and columns each tree sees.
    #[n(5)]
    pub seed: u64,
}

impl Default for Learning {
    fn default() -> Self {
        Self { l2: 1.0, trees: 200, depth: 5, rate: 0.05, min_rows: 20, seed: 1 }
    }
}

impl Learning {
    fn trees(&self) -> TreeSettings {
        TreeSettings {
            loss: Loss::Logistic,
            trees: self.trees as usize,
            rate: self.rate,
            max_depth: Some(self.depth as usize),
            min_rows: self.min_rows as usize,
            lambda: 5.0,
            row_share: 0.8,
            column_share: 0.5,
            seed: self.seed,
            ..TreeSettings::default()
        }
    }
}

impl Scorer {
    /// Learns. `None` with too few frauds or too few others to tell them apart.
    pub(super) fn fit(lessons: &[&Lesson], how: &Learning) -> Option<Self> {
        let mut scorer = Self::uncalibrated(lessons, how)?;
        let mut points = Vec::with_capacity(lessons.len());
        for fold in 0..FOLDS {
            let (held, rest): (Vec<&Lesson>, Vec<&Lesson>) = lessons.iter().partition(|one| one.fold % FOLDS == fold);
            let Some(part) = Self::uncalibrated(&rest, how) else { continue };
            points.extend(held.iter().map(|one| (part.score(&one.row), f64::from(u8::from(one.fraud)), 1.0)));
        }
        scorer.curve = Isotonic::fit(&points).points().to_vec();
        Some(scorer)
    }

    fn uncalibrated(lessons: &[&Lesson], how: &Learning) -> Option<Self> {
        let frauds = lessons.iter().filter(|one| one.fraud).count();
        if frauds < FEWEST || lessons.len() - frauds < FEWEST {
            return None;
        }
        let line = logistic(lessons, how.l2)?;
        Some(Self {
            intercept: line.intercept,
            weights: line.features,
            forest: forest(lessons, &how.trees())?,
            curve: Vec::new(),
            ladder: (0..WIDTH).map(|feature| ladder(lessons, feature)).collect(),
            lessons: (lessons.len() as u64, frauds as u64),
        })
    }

    /// Rows it was learnt from, and frauds among them.
    pub fn lessons(&self) -> (u64, u64) {
        self.lessons
    }

    fn line(&self, feature: usize, value: f32) -> f64 {
        let Some((mean, deviation, weight)) = self.weights.get(feature) else { return 0.0 };
        // Outside what was learnt from, a straight line knows nothing: it stays level.
        let rungs = self.ladder.get(feature).and_then(|rungs| Some((*rungs.first()?, *rungs.last()?)));
        match rungs {
            Some((low, high)) if value.is_finite() => (squashed(value.max(low).min(high)) - mean) / deviation * weight,
            _ => 0.0,
        }
    }

    /// Mean of both log odds.
    pub fn score(&self, row: &[f32]) -> f64 {
        let line: f64 = row.iter().enumerate().map(|(feature, value)| self.line(feature, *value)).sum();
        0.5 * (self.intercept + line) + 0.5 * self.forest.raw(row)
    }

    /// Calibrated probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        if self.curve.is_empty() {
            return sigmoid(score);
        }
        Isotonic::from_points(self.curve.clone()).at(score).clamp(0.0, 1.0)
    }

    /// What each feature adds to the score, and what is there before any is known; together the score.
    pub(super) fn terms(&self, row: &[f32]) -> Vec<Term> {
        let trees = self.forest.path_terms(row);
        let feature = |(place, value): (usize, &f32)| Term {
            name: name(place),
            input: f64::from(*value),
            adds: 0.5 * self.line(place, *value) + 0.5 * trees.terms.get(place).copied().unwrap_or(0.0),
        };
        let mut terms: Vec<Term> = row.iter().enumerate().map(feature).filter(|term| term.adds != 0.0).collect();
        let start = 0.5 * self.intercept + 0.5 * trees.start;
        terms.push(Term { name: "how usual fraud is", input: self.usual(), adds: start });
        terms
    }

    /// Share of frauds among what it was learnt from.
    pub fn usual(&self) -> f64 {
        self.lessons.1 as f64 / (self.lessons.0 as f64).max(1.0)
    }

    /// Amounts that are usual, the nearest first as a multiple; of equal ones the smaller.
    pub(super) fn amounts_from(&self, own: f64) -> Vec<f64> {
        let mut amounts: Vec<f64> =
            self.ladder.first().into_iter().flatten().map(|amount| f64::from(*amount)).collect();
        let apart = |amount: f64| (stats::num::ln_1p(amount) - stats::num::ln_1p(own)).abs();
        amounts.sort_by(|a, b| apart(*a).total_cmp(&apart(*b)).then(a.total_cmp(b)));
        amounts
    }

    /// The value of one feature nearest to the row's own, in rungs of what is usual, at which `decides` holds for the
    /// row, over the given features.
    pub(super) fn nearest(
        &self,
        row: &[f32],
        features: &[usize],
        decides: impl Fn(&[f32]) -> bool,
    ) -> Option<(usize, f32)> {
        let mut best: Option<(usize, usize, f32)> = None;
        let mut changed = row.to_vec();
        for feature in features {
            let (Some(rungs), Some(own)) = (self.ladder.get(*feature), row.get(*feature).copied()) else { continue };
            let here = rungs.partition_point(|rung| *rung < own);
            for (place, rung) in rungs.iter().enumerate() {
                let steps = place.abs_diff(here);
                if best.is_some_and(|(least, ..)| least <= steps) || *rung == own {
                    continue;
                }
                changed[*feature] = *rung;
                if decides(&changed) {
                    best = Some((steps, *feature, *rung));
                }
            }
            changed[*feature] = own;
        }
        best.map(|(_, feature, value)| (feature, value))
    }
}

/// Values of a feature at even shares of the rows, without repetition; the first and last are the least and the largest
/// of all.
fn ladder(lessons: &[&Lesson], feature: usize) -> Vec<f32> {
    let all = || lessons.iter().filter_map(|one| one.row.get(feature).copied()).filter(|value| value.is_finite());
    let step = lessons.len().div_ceil(4_096).max(1);
    let mut values: Vec<f32> = all().step_by(step).collect();
    values.extend(all().reduce(f32::min));
    values.extend(all().reduce(f32::max));
    values.sort_by(f32::total_cmp);
    let rung = |place: usize| values.get(place * values.len().saturating_sub(1) / (RUNGS - 1)).copied();
    let mut rungs: Vec<f32> = (0..RUNGS).filter_map(rung).collect();
    rungs.dedup();
    rungs
}

/// The sum of the terms, in their order.
pub(super) fn total(terms: &[Term]) -> f64 {
    sum(terms.iter().map(|term| term.adds))
}
