//! Whether two products are the same: learnt from pairs, or by fixed weights where nobody has told any pair yet.

use std::collections::BTreeSet;

use minicbor::{CborLen, Decode, Encode};
use stats::Isotonic;
use stats::num::{logit, sigmoid, sum};
use stats::trees::{Fit, Forest, Loss, Settings};

use super::compare::{BASE, COLOURS_CONTRADICT, SAME_GTIN, SIZES_CONTRADICT, features, name};
use super::corpus::View;
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Parts that are left out in turn. What is left out gives the curve and the thresholds; all parts answer together.
const FOLDS: u64 = 5;
/// Forests that are grown for each part; their mean is steadier than one.
const FORESTS: u64 = 2;
/// Fewest pairs of each kind to learn from.
const FEWEST: usize = 10;
/// Precision that left-out pairs must show for what may be done without a person. 99 in 100 are promised; half of the
/// errors that allows are kept in hand, because the best of many cuts flatters itself.
const AUTOMATIC_PRECISION: f64 = 0.995;
/// Share of matched products that have one partner only, from which each is taken to have one.
const ONE_PARTNER: f64 = 0.98;

/// What to do about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mapping {
    /// They are the same: map one to the other.
    Map,
    /// Perhaps: a person decides.
    Ask,
    /// They differ.
    Differ,
}

/// Two products made ready, and whether they are the same.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// One product: any number that names it on its side.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// Left, made ready.
    pub left_view: &'a View,
    /// Right, made ready.
    pub right_view: &'a View,
    /// The truth.
    pub same: bool,
}

/// A matcher. Scores are log odds.
#[derive(Clone, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Matcher {
    /// Some per part that was left out; none for fixed weights.
    #[n(0)]
    #[cbor(cbor_len = "stored_length")]
    forests: Vec<Forest>,
    /// Curve from score to probability.
    #[n(1)]
    curve: Vec<(f64, f64)>,
    /// Score from which a pair is taken for the same.
    #[n(2)]
    threshold: f64,
    /// Score from which nobody need be asked; `None` when too few pairs were told to be that sure.
    #[n(3)]
    automatic: Option<f64>,
    /// Whether each product has at most one partner on the other side.
    #[n(4)]
    one_to_one: bool,
}

/// Bytes of stored forests, which do not tell them by themselves.
fn stored_length<C>(forests: &[Forest], context: &mut C) -> usize {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = minicbor::encode_with(forests, &mut bytes, context);
    bytes.len()
}

/// Fixed weights, believed and not learnt: (feature, from, at most, weight). A feature adds
/// weight × min(value − from, at most).
const BELIEVED: [(usize, f64, f64, f64); 13] = [
    (0, 0.0, 1.0, 5.0),
    (1, 0.0, 1.0, 2.0),
    (2, 0.0, 1.0, 2.0),
    (4, 0.0, 1.0, 2.0),
    (9, 0.0, 1.0, 2.5),
    (11, 0.0, 1.0, 1.5),
    (13, 0.0, 1.0, -2.0),
    (18, 0.0, 1.0, 1.0),
    (SIZES_CONTRADICT, 0.0, 2.0, -1.5),
    (COLOURS_CONTRADICT, 0.0, 1.0, -1.0),
    (35, 0.0, 2.0, -1.0),
    (36, 0.0, 1.0, 0.5),
    (SAME_GTIN, 0.5, 0.5, 16.0),
];
/// Log odds of a pair with nothing in common.
const BELIEVED_START: f64 = -6.0;

fn believed(row: &[f32]) -> Vec<(usize, f64)> {
    BELIEVED
        .iter()
        .filter_map(|(feature, from, most, weight)| {
            let value = f64::from(*row.get(*feature)?);
            value.is_finite().then(|| (*feature, weight * (value - from).min(*most)))
        })
        .collect()
}

/// Whether size, pack or colour say that these are two variants.
fn contradicts(row: &[f32]) -> bool {
    row[SIZES_CONTRADICT] > 0.0 || row[COLOURS_CONTRADICT] > 0.0
}

fn part_of(left: u32) -> u64 {
    model::stable_hash(&[&left.to_le_bytes()]) % FOLDS
}

fn settings(seed: u64) -> Settings {
    Settings {
        loss: Loss::Logistic,
        trees: 300,
        rate: 0.05,
        max_leaves: 15,
        min_rows: 10,
        lambda: 2.0,
        row_share: 0.8,
        column_share: 0.5,
        seed,
        ..Settings::default()
    }
}

fn grown(rows: &[Vec<f32>], labels: &[f64], seed: u64) -> Option<Forest> {
    let flat: Vec<f32> = rows.iter().flatten().copied().collect();
    let width = rows.first()?.len();
    Forest::fit(&Fit { width, rows: &flat, labels, ..Fit::default() }, &settings(seed)).ok()
}

impl Matcher {
    /// Fixed weights, for where nobody has told any pair. It never lets anything be done without a person, except for
    /// equal trade item numbers.
    pub fn believed() -> Self {
        Self { forests: Vec::new(), curve: Vec::new(), threshold: 0.0, automatic: None, one_to_one: false }
    }

    /// Learns from pairs; with too few of either kind, fixed weights stay.
    pub fn learn(pairs: &[Pair], seed: u64) -> Self {
        let same = pairs.iter().filter(|pair| pair.same).count();
        if same < FEWEST || pairs.len() - same < FEWEST {
            return Self::believed();
        }
        let rows: Vec<Vec<f32>> = pairs.iter().map(|pair| features(pair.left_view, pair.right_view)).collect();
        let mut matcher = Self { one_to_one: has_one_partner(pairs), ..Self::believed() };
        let mut held: Vec<(f64, usize)> = Vec::with_capacity(pairs.len());
        for part in 0..FOLDS {
            let inside = |place: &usize| part_of(pairs[*place].left) == part;
            let (out, learnt): (Vec<usize>, Vec<usize>) = (0..pairs.len()).partition(inside);
            let chosen: Vec<Vec<f32>> = learnt.iter().map(|place| rows[*place].clone()).collect();
            let labels: Vec<f64> = learnt.iter().map(|place| f64::from(u8::from(pairs[*place].same))).collect();
            let forests: Vec<Forest> = (0..FORESTS)
                .filter_map(|n| grown(&chosen, &labels, seed.wrapping_mul(100).wrapping_add(part * FORESTS + n)))
                .collect();
            let mean = |row: &[f32]| forests.iter().map(|forest| forest.raw(row)).sum::<f64>() / forests.len() as f64;
            if !forests.is_empty() {
                held.extend(out.iter().map(|place| (mean(&rows[*place]), *place)));
                matcher.forests.extend(forests);
            }
        }
        matcher.set_thresholds(pairs, &rows, held);
        matcher
    }

    fn set_thresholds(&mut self, pairs: &[Pair], rows: &[Vec<f32>], mut held: Vec<(f64, usize)>) {
        let truth = |place: usize| f64::from(u8::from(pairs[place].same));
        let points: Vec<(f64, f64, f64)> = held.iter().map(|(score, place)| (*score, truth(*place), 1.0)).collect();
        self.curve = Isotonic::fit(&points).points().to_vec();
        held.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let all = pairs.iter().filter(|pair| pair.same).count() as f64;
        let (mut taken, mut right, mut best) = (0.0, 0.0, -1.0);
        let (mut sure, mut sure_right) = (0.0, 0.0);
        for (at, (score, place)) in held.iter().enumerate() {
            taken += 1.0;
            right += truth(*place);
            if !contradicts(&rows[*place]) {
                sure += 1.0;
                sure_right += truth(*place);
            }
            // Between two scores, so that neither is decided by rounding.
            let cut = held.get(at + 1).map_or(*score, |(next, _)| 0.5 * (score + next));
            let f1 = 2.0 * right / (taken + all);
            if f1 > best {
                (best, self.threshold) = (f1, cut);
            }
            // One more is counted as wrong: from few pairs nobody can be that sure.
            if sure_right / (sure + 1.0) >= AUTOMATIC_PRECISION {
                self.automatic = Some(cut);
            }
        }
    }

    /// Score from which a pair is taken for the same.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Score from which nobody need be asked.
    pub fn automatic(&self) -> Option<f64> {
        self.automatic
    }

    /// Whether each product has at most one partner.
    pub fn one_to_one(&self) -> bool {
        self.one_to_one
    }

    /// Score of a pair: log odds before calibration.
    pub fn score(&self, left: &View, right: &View) -> f64 {
        self.raw(&features(left, right))
    }

    fn raw(&self, row: &[f32]) -> f64 {
        if self.forests.is_empty() {
            return BELIEVED_START + believed(row).iter().map(|(_, adds)| adds).sum::<f64>();
        }
        self.forests.iter().map(|forest| forest.raw(row)).sum::<f64>() / self.forests.len() as f64
    }

    /// Calibrated probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        if self.curve.is_empty() {
            return sigmoid(score);
        }
        Isotonic::from_points(self.curve.clone()).at(score).clamp(0.0, 1.0)
    }

    /// What a pair's score and its variant allow. A contradicting size, pack or colour is never mapped without a person; an equal
    /// trade item number always is, unless they contradict.
    pub fn mapping(&self, left: &View, right: &View) -> Mapping {
        let row = features(left, right);
        self.decide(&row, self.raw(&row))
    }

    fn decide(&self, row: &[f32], score: f64) -> Mapping {
        let contradict = contradicts(row);
        let same_number = row[SAME_GTIN] == 1.0;
        let sure = same_number || self.automatic.is_some_and(|automatic| score >= automatic);
        match (sure, contradict) {
            (true, false) => Mapping::Map,
            (true, true) => Mapping::Ask,
            (false, _) if score >= self.threshold => Mapping::Ask,
            (false, _) => Mapping::Differ,
        }
    }

    /// What to do about a pair, and why.
    pub fn answer(&self, left: &View, right: &View) -> Proposal<Mapping> {
        let row = features(left, right);
        let terms = self.terms(&row);
        let score = sum(terms.iter().map(|term| term.adds));
        let action = self.decide(&row, score);
        let probability = self.probability(score);
        let sure = match action {
            Mapping::Map | Mapping::Ask => probability,
            Mapping::Differ => 1.0 - probability,
        };
        let mut reasons = Reasons::of(terms, Confidence::new(sure));
        let next = if action == Mapping::Differ { "they are the same" } else { "they differ" };
        reasons.runner_up = Some(RunnerUp { what: next.to_owned(), score: logit(1.0 - sure) });
        reasons.flip = self.flip(&row, action);
        let undo = match action {
            Mapping::Map => "take the mapping away; stock is compared anew",
            Mapping::Ask | Mapping::Differ => "map them by hand",
        };
        Proposal { action, reasons, undo }
    }

    fn terms(&self, row: &[f32]) -> Vec<Term> {
        let start = |adds: f64| Term { name: "how seldom two products are the same", input: 0.0, adds };
        let term = |feature: usize, adds: f64| Term { name: name(feature), input: f64::from(row[feature]), adds };
        if self.forests.is_empty() {
            let parts = believed(row).into_iter().filter(|(_, adds)| *adds != 0.0);
            return parts.map(|(feature, adds)| term(feature, adds)).chain([start(BELIEVED_START)]).collect();
        }
        let count = self.forests.len() as f64;
        let mut parts = vec![0.0; row.len()];
        let mut begin = 0.0;
        for forest in &self.forests {
            let explained = forest.path_terms(row);
            begin += explained.start / count;
            parts.iter_mut().zip(&explained.terms).for_each(|(part, adds)| *part += adds / count);
        }
        let told = parts.into_iter().enumerate().filter(|(_, adds)| *adds != 0.0);
        told.map(|(feature, adds)| term(feature, adds)).chain([start(begin)]).collect()
    }

    /// The one feature that, at the end of its range or unknown, would decide otherwise; the first in order.
    fn flip(&self, row: &[f32], action: Mapping) -> Option<Flip> {
        let mut changed = row.to_vec();
        for feature in 0..row.len().min(BASE) {
            for value in [0.0, 1.0, 2.0, 8.0] {
                changed[feature] = value;
                if value != row[feature] && self.decide(&changed, self.raw(&changed)) != action {
                    return Some(Flip { input: name(feature), from: f64::from(row[feature]), to: f64::from(value) });
                }
            }
            changed[feature] = row[feature];
        }
        None
    }
}

/// Whether matched products mostly have one partner, on both sides.
fn has_one_partner(pairs: &[Pair]) -> bool {
    let same: BTreeSet<(u32, u32)> =
        pairs.iter().filter(|pair| pair.same).map(|pair| (pair.left, pair.right)).collect();
    let lefts: BTreeSet<u32> = same.iter().map(|(left, _)| *left).collect();
    let rights: BTreeSet<u32> = same.iter().map(|(_, right)| *right).collect();
    let fewer = lefts.len().min(rights.len()) as f64;
    !same.is_empty() && fewer >= ONE_PARTNER * same.len() as f64
}

/// One to one: of pairs (left, right, score) those from `threshold` up, best first, each product once, none that is
/// `taken` already on its side. Of equal scores the smaller numbers come first.
pub fn one_to_one(pairs: &[(u32, u32, f64)], threshold: f64, taken: &[(u32, u32)]) -> Vec<bool> {
    let mut lefts: BTreeSet<u32> = taken.iter().map(|(left, _)| *left).collect();
    let mut rights: BTreeSet<u32> = taken.iter().map(|(_, right)| *right).collect();
    let mut order: Vec<usize> = (0..pairs.len()).filter(|place| pairs[*place].2 >= threshold).collect();
    order.sort_by(|a, b| {
        let (one, other) = (pairs[*a], pairs[*b]);
        other.2.total_cmp(&one.2).then((one.0, one.1, a).cmp(&(other.0, other.1, b)))
    });
    let mut chosen = vec![false; pairs.len()];
    for place in order {
        let (left, right, _) = pairs[place];
        if !lefts.contains(&left) && !rights.contains(&right) {
            lefts.insert(left);
            rights.insert(right);
            chosen[place] = true;
        }
    }
    chosen
}
