//! Items as points: what is wanted next lies in the direction of what was looked at. Learnt by sampled softmax
//! (Jean et al. 2015, Hidasi and Karatzoglou 2018) over the mean of the trail's items, by AdaGrad (Duchi et al. 2011),
//! row by row. It knows of items that were never met together, which no count does.
//!
//! Called when the mind studies; the dice are seeded, so that the same trails give the same bits.

use minicbor::{CborLen, Decode, Encode};
use stats::num::exp;

use super::school::School;

/// Positions that are learnt from with one drawing of negatives.
const BATCH: usize = 64;
/// Latest items of a trail that count.
pub(super) const LAST: usize = 10;
/// Positions read per round, the newest: what is older than a million steps hardly says what is wanted now.
const PLACES_MOST: usize = 1_000_000;

/// How vectors are learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lesson {
    /// Numbers per vector; a multiple of eight.
    pub width: usize,
    /// Times that everything is read.
    pub rounds: usize,
    /// Negatives drawn per batch.
    pub negatives: usize,
    /// First step's size; it falls to nothing in a straight line.
    pub step: f64,
    /// Steps after which an item of the trail weighs $1/e$.
    pub reach: f64,
    /// Negatives are drawn by the items' counts to this power.
    pub power: f64,
}

/// Two vectors and a bias per item: as one that was looked at, and as one that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Vectors {
    #[n(0)]
    pub(super) width: u32,
    #[n(1)]
    pub(super) reach: f64,
    #[n(2)]
    pub(super) seen: Vec<f32>,
    #[n(3)]
    pub(super) wanted: Vec<f32>,
    #[n(4)]
    pub(super) bias: Vec<f32>,
    /// Length of each vector, of both kinds.
    #[n(5)]
    pub(super) lengths: Vec<(f32, f32)>,
}

impl Vectors {
    /// Where a trail stands: the mean of its latest items, the later the heavier. Items that were not learnt count for
    /// nothing.
    pub(super) fn stand(&self, trail: &[u32], stand: &mut Vec<f32>) {
        stand.clear();
        stand.resize(self.width as usize, 0.0);
        let mut all = 0.0;
        for (back, item) in trail.iter().rev().take(LAST).enumerate() {
            let Some(vector) = row(&self.seen, self.width as usize, *item) else { continue };
            let weight = exp(-(back as f64) / self.reach) as f32;
            all += weight;
            stand.iter_mut().zip(vector).for_each(|(sum, value)| *sum += weight * value);
        }
        if all > 0.0 {
            stand.iter_mut().for_each(|value| *value /= all);
        }
    }

    /// How much an item is wanted from where a trail stands: a logit; zero when it was not learnt.
    pub(super) fn pull(&self, stand: &[f32], item: u32) -> f32 {
        match (row(&self.wanted, self.width as usize, item), self.bias.get(item as usize)) {
            (Some(vector), Some(bias)) => dot(stand, vector) + bias,
            _ => 0.0,
        }
    }

    /// The cosines between two items: as ones that are looked at, and as ones that are wanted.
    pub(super) fn alike(&self, one: u32, other: u32) -> (f32, f32) {
        let (Some(a), Some(b)) = (self.lengths.get(one as usize), self.lengths.get(other as usize)) else {
            return (0.0, 0.0);
        };
        let cosine = |values: &[f32], lengths: f32| match (
            row(values, self.width as usize, one),
            row(values, self.width as usize, other),
        ) {
            (Some(a), Some(b)) if lengths > 0.0 => dot(a, b) / lengths,
            _ => 0.0,
        };
        (cosine(&self.seen, a.0 * b.0), cosine(&self.wanted, a.1 * b.1))
    }

    fn measure(&mut self) {
        let length = |vector: &[f32]| dot(vector, vector).sqrt();
        let width = self.width as usize;
        let both = self.seen.chunks_exact(width).zip(self.wanted.chunks_exact(width));
        self.lengths = both.map(|(seen, wanted)| (length(seen), length(wanted))).collect();
    }

    /// Whether the parts fit each other and are numbers.
    pub(super) fn is_whole(&self) -> bool {
        let cells = self.bias.len() * self.width as usize;
        let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
        let lengths = self.lengths.iter().all(|(seen, wanted)| seen.is_finite() && wanted.is_finite());
        self.seen.len() == cells && self.wanted.len() == cells && lengths && finite(&self.seen) && finite(&self.wanted)
    }

    /// Learns them; `watch` is told after each round.
    pub(super) fn learn(trails: &[Vec<u32>], items: usize, lesson: &Lesson, watch: &mut dyn FnMut(usize)) -> Self {
        let mut places: Vec<(u32, u32)> = Vec::new();
        for (trail, at) in trails.iter().zip(0..) {
            places.extend((1..trail.len() as u32).map(|cut| (at, cut)));
        }
        places.drain(..places.len().saturating_sub(PLACES_MOST));
        let mut school = School::new(trails, items, lesson);
        if places.is_empty() || items < 2 {
            return school.vectors;
        }
        for round in 0..lesson.rounds {
            school.step = (lesson.step * (1.0 - round as f64 / lesson.rounds as f64)) as f32;
            school.dice.shuffle(&mut places);
            for batch in places.chunks(BATCH) {
                school.learn(trails, batch);
            }
            watch(round);
        }
        school.vectors.measure();
        school.vectors
    }
}

/// The inner product in eight strands, which are added in a fixed order.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut strands = [0.0_f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (strand, (x, y)) in strands.iter_mut().zip(x.iter().zip(y)) {
            *strand += x * y;
        }
    }
    let [a, b, c, d, e, f, g, h] = strands;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// One item's part of values that stand one item after the other.
pub(super) fn row(values: &[f32], width: usize, item: u32) -> Option<&[f32]> {
    values.get(item as usize * width..(item as usize + 1) * width)
}

/// Adds a multiple of values.
pub(super) fn add(sum: &mut [f32], factor: f32, values: &[f32]) {
    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += factor * value);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: Lesson = Lesson { width: 8, rounds: 30, negatives: 16, step: 0.1, reach: 2.0, power: 0.75 };

    #[test]
    fn items_of_one_circle_pull_each_other_more_than_those_of_another() {
        // Two circles of five items; nothing ever leads from one to the other, and 0 is never followed by 2.
        let mut trails = Vec::new();
        for turn in 0..200_u32 {
            let base = 5 * (turn % 2);
            trails.push((0..4).map(|step| base + (turn / 2 + step) % 5).collect::<Vec<u32>>());
        }
        let vectors = Vectors::learn(&trails, 10, &LESSON, &mut |_| {});
        let mut stand = Vec::new();
        vectors.stand(&[0], &mut stand);
        let pulls: Vec<f32> = (0..10).map(|item| vectors.pull(&stand, item)).collect();
        let across = pulls[5..].iter().fold(f32::MIN, |a, b| a.max(*b));
        assert!(pulls[1] > across && pulls[2] > across, "{pulls:?}");
        assert_eq!(vectors, Vectors::learn(&trails, 10, &LESSON, &mut |_| {}));
        assert!(vectors.is_whole());
    }

    #[test]
    fn nothing_to_learn_from_and_items_never_met_are_no_trouble() {
        for trails in [vec![], vec![vec![]], vec![vec![0]]] {
            let vectors = Vectors::learn(&trails, 1, &LESSON, &mut |_| {});
            let mut stand = Vec::new();
            vectors.stand(&[0, 99], &mut stand);
            assert!(vectors.pull(&stand, 0).is_finite());
            assert_eq!(vectors.pull(&stand, 99), 0.0);
        }
    }
}
