//! What is wanted next after a trail: candidates in order, each with its chance and what speaks for it. Called by the
//! mind's answers and by the evaluation.

use minicbor::{CborLen, Decode, Encode};
use stats::Isotonic;
use stats::num::exp;

use super::blend::score;
use super::evidence::{Evidence, NAMES, WIDTH, plain_kind};
use super::near::Looking;
use super::tables::Tables;
use super::trails::Trails;
use super::{Kind, Settings};
use crate::{Confidence, Term};

/// Weights for a trail of one item, of two or three, and of more: what counts differs.
pub type Weights = [[f32; WIDTH]; 3];

/// Which of the [`Weights`] a trail of such a length has.
pub(super) fn stage(length: usize) -> usize {
    match length {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => 2,
    }
}

/// What was learnt from the trails until some moment. The memory goes on without it, and is still looked at as it is.
#[derive(Clone, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Learnt {
    #[n(0)]
    pub(super) kind: Kind,
    #[n(1)]
    pub(super) tables: Tables,
    #[n(2)]
    pub(super) weights: Weights,
    /// Points of the curve from a chance to how often it came true; empty while too little is known.
    #[n(3)]
    pub(super) calibration: Vec<(f64, f64)>,
}

/// One candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Its number in the memory.
    pub number: u32,
    /// The sum of its terms.
    pub score: f64,
    /// Its share of all candidates, not yet calibrated.
    pub share: f64,
    /// Place among the candidates found, for [`Asking::terms`].
    place: u32,
}

/// Space for one question after the other. It is as large as catalogue and memory, and costs nothing to use again.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    pub(super) evidence: Evidence,
    trail: Vec<u32>,
    ranked: Vec<Ranked>,
    looking: Looking,
    sums: Vec<(f32, u32)>,
}

impl Learnt {
    /// The best candidates after a trail of numbers, best first, ties by the smaller number. With [`Kind::Browsing`]
    /// what was looked at may be looked at again; what is in a cart is not put in twice.
    pub fn rank<'a>(&self, past: &Trails, trail: &[u32], most: usize, asking: &'a mut Asking) -> &'a [Ranked] {
        let settings = Settings::of(self.kind);
        // What no item has says nothing.
        asking.trail.clear();
        asking.trail.extend(trail.iter().filter(|number| (**number as usize) < past.items()));
        let trail = &asking.trail[..];
        asking.evidence.gather(past, &self.tables, &settings, trail);
        let weights = &self.weights[stage(trail.len())];
        let ranked = &mut asking.ranked;
        ranked.clear();
        let found = asking.evidence.found.iter().zip(&asking.evidence.inputs).zip(0..);
        ranked.extend(found.map(|((number, inputs), place)| {
            let score = f64::from(score(inputs, weights));
            Ranked { number: *number, score, share: 0.0, place }
        }));
        let largest = ranked.iter().map(|one| one.score).fold(f64::NEG_INFINITY, f64::max);
        let mut all = 0.0;
        for one in ranked.iter_mut() {
            one.share = exp(one.score - largest);
            all += one.share;
        }
        let order = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number));
        if ranked.len() > most {
            ranked.select_nth_unstable_by(most, order);
            ranked.truncate(most);
        }
        ranked.sort_unstable_by(order);
        ranked.iter_mut().for_each(|one| one.share /= all);
        ranked
    }

    /// How often candidates with such a share of all were wanted; none while too little was seen to tell.
    pub fn confidence(&self, share: f64) -> Confidence {
        if self.calibration.is_empty() {
            return Confidence::NONE;
        }
        Confidence::new(Isotonic::from_points(self.calibration.clone()).at(share))
    }

    /// For which of the two this was learnt.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The weights of [`NAMES`].
    pub fn weights(&self) -> Weights {
        self.weights
    }

    /// What a candidate's score is made of, after a trail of such a length. Valid until the next question.
    pub(super) fn terms(&self, asking: &Asking, one: &Ranked, length: usize) -> Vec<Term> {
        let inputs = asking.evidence.inputs.get(one.place as usize).copied().unwrap_or([0.0; WIDTH]);
        let mut terms: Vec<Term> = Vec::with_capacity(WIDTH);
        for (kind, (input, weight)) in inputs.into_iter().zip(self.weights[stage(length)]).enumerate() {
            let (input, adds) = (f64::from(input), f64::from(input) * f64::from(weight));
            match terms.get_mut(plain_kind(kind)) {
                Some(term) => term.adds += adds,
                None => terms.push(Term { name: NAMES[kind], input, adds }),
            }
        }
        terms
    }

    /// Whether it fits a memory of so many items, which what was read from a file must prove.
    pub(super) fn is_whole(&self, items: usize) -> bool {
        self.tables.is_whole(items) && self.weights.iter().flatten().all(|weight| weight.is_finite())
    }
}

/// VMIS-kNN alone, with nothing learnt: the peer that the blend is compared with, and its fallback. `m` 1,000, `k` 100.
pub fn rank_plain<'a>(past: &Trails, trail: &[u32], kind: Kind, most: usize, asking: &'a mut Asking) -> &'a [Ranked] {
    let near = super::Near { likeness: super::Likeness::Vmis, newest: 1_000, most: 100, last: 10 };
    let Asking { ranked, looking, sums, .. } = asking;
    sums.resize(past.items(), (0.0, 0));
    ranked.clear();
    let mut met: Vec<u32> = Vec::new();
    near.each(past, trail, looking, |item, weight| {
        let sum = &mut sums[item as usize];
        if sum.1 == 0 {
            met.push(item);
        }
        *sum = (sum.0 + weight, 1);
    });
    for (number, place) in met.into_iter().zip(0..) {
        let (score, _) = std::mem::take(&mut sums[number as usize]);
        if kind == Kind::Browsing || !trail.contains(&number) {
            ranked.push(Ranked { number, score: f64::from(score), share: 0.0, place });
        }
    }
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number)));
    ranked.truncate(most);
    ranked
}

impl Learnt {
    /// Before anything was learnt: what is believed of such trails, and the memory itself.
    pub(super) fn nothing(kind: Kind) -> Self {
        let believed = Settings::of(kind).believed;
        Self { kind, tables: Tables::default(), weights: [believed; 3], calibration: Vec::new() }
    }
}
