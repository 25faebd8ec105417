//! What is worked out from all trails at once, when the mind studies. Read by the evidence; it knows numbers of items
//! only.

use minicbor::{CborLen, Decode, Encode};
use stats::num::{exp2, ln};

use super::Settings;
use super::rows::Rows;
use super::trails::Trails;
use super::vectors::Vectors;

/// Items lately wanted most, which can always be offered.
const FAVOURITES: usize = 50;
/// Share of all trails in which what is wanted lately halves.
const LATELY_HALF: f64 = 0.03;
/// Less than this is not wanted lately.
pub(super) const LATELY_LEAST: f64 = 0.05;

/// What was worked out from all trails at once.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Tables {
    #[n(0)]
    pub(super) next: Rows,
    #[n(1)]
    pub(super) together: Rows,
    #[n(2)]
    pub(super) vectors: Vectors,
    #[n(3)]
    pub(super) often: Vec<f32>,
    #[n(4)]
    pub(super) lately: Vec<f32>,
    #[n(5)]
    pub(super) favourites: Vec<u32>,
}

impl Tables {
    /// Works them out; `watch` is told what is being done.
    pub(super) fn of(past: &Trails, settings: &Settings, watch: &mut dyn FnMut(&str)) -> Self {
        let (trails, items) = (past.all(), past.items());
        let (mut often, mut lately) = (vec![0.0_f64; items], vec![0.0_f64; items]);
        for (age, trail) in trails.iter().rev().enumerate() {
            let weight = exp2(-(age as f64) / trails.len() as f64 / LATELY_HALF);
            for item in trail {
                often[*item as usize] += 1.0;
                lately[*item as usize] += weight;
            }
        }
        let mut favourites: Vec<u32> = (0..items as u32).collect();
        let order = |a: &u32, b: &u32| lately[*b as usize].total_cmp(&lately[*a as usize]).then(a.cmp(b));
        favourites.sort_by(order);
        favourites.truncate(FAVOURITES);
        watch("what comes next");
        let next = settings.next.weights(trails, items);
        watch("what goes together");
        let together = settings.together.weights(trails, items);
        let vectors = Vectors::learn(trails, items, &settings.lesson, &mut |round| {
            watch(&format!("vectors, round {}", round + 1))
        });
        let logs = |values: &[f64], floor: f64| values.iter().map(|value| ln(value + floor) as f32).collect();
        Self { next, together, vectors, often: logs(&often, 1.0), lately: logs(&lately, LATELY_LEAST), favourites }
    }

    /// Whether every number names one of so many items.
    pub(super) fn is_whole(&self, items: usize) -> bool {
        self.next.is_whole(items)
            && self.together.is_whole(items)
            && self.vectors.is_whole()
            && self.favourites.iter().all(|item| (*item as usize) < items)
    }
}
