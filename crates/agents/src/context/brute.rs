//! All vectors in one row of memory, all looked at: no index to be wrong, and quick up to some hundred thousand.

use std::collections::{BTreeMap, BinaryHeap};
use std::convert::Infallible;

use minicbor::{Decode, Encode};
use model::{Instant, Seq};

use super::{Near, Store};

/// Vectors of one length, that of the first one kept; others are cut or filled with zeros, and what is no number is zero.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct BruteForce {
    #[n(0)]
    size: usize,
    #[n(1)]
    known: Vec<(Seq, Instant)>,
    #[n(2)]
    values: Vec<f32>,
    /// Where each stands.
    #[n(3)]
    places: BTreeMap<Seq, usize>,
}

/// Found so far, the farthest on top.
#[derive(PartialEq)]
struct Found(Near);

impl Eq for Found {}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.distance.total_cmp(&other.0.distance).then(self.0.seq.cmp(&other.0.seq))
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl BruteForce {
    /// How many are kept.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    fn fitted(&self, vector: &[f32]) -> Vec<f32> {
        let number = |place: usize| vector.get(place).copied().filter(|value| value.is_finite()).unwrap_or(0.0);
        (0..self.size).map(number).collect()
    }
}

impl Store for BruteForce {
    type Error = Infallible;

    fn put(&mut self, seq: Seq, at: Instant, vector: &[f32]) -> Result<(), Infallible> {
        if self.known.is_empty() {
            self.size = vector.len();
        }
        let vector = self.fitted(vector);
        if let Some(place) = self.places.get(&seq) {
            self.known[*place].1 = at;
            self.values[place * self.size..(place + 1) * self.size].copy_from_slice(&vector);
        } else {
            self.places.insert(seq, self.known.len());
            self.known.push((seq, at));
            self.values.extend(vector);
        }
        Ok(())
    }

    fn nearest(&self, to: &[f32], before: Instant, most: usize) -> Result<Vec<Near>, Infallible> {
        let to = self.fitted(to);
        let mut found: BinaryHeap<Found> = BinaryHeap::new();
        for (place, (seq, at)) in self.known.iter().enumerate() {
            if at.0 >= before.0 {
                continue;
            }
            let vector = &self.values[place * self.size..(place + 1) * self.size];
            let near = Found(Near { seq: *seq, at: *at, distance: distance(vector, &to) });
            if found.len() < most {
                found.push(near);
            } else if found.peek().is_some_and(|farthest| near < *farthest) {
                found.pop();
                found.push(near);
            }
        }
        Ok(found.into_sorted_vec().into_iter().map(|found| found.0).collect())
    }

    fn forget(&mut self, seq: Seq) -> Result<(), Infallible> {
        let Some(place) = self.places.remove(&seq) else { return Ok(()) };
        let last = self.known.len() - 1;
        self.known.swap_remove(place);
        let (from, size) = (last * self.size, self.size);
        self.values.copy_within(from..from + size, place * size);
        self.values.truncate(from);
        if let Some((moved, _)) = self.known.get(place) {
            self.places.insert(*moved, place);
        }
        Ok(())
    }
}

/// Squared, in eight strands that are added in a fixed order.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    let mut strands = [0.0_f32; 8];
    let (whole, rest) = (a.chunks_exact(8).zip(b.chunks_exact(8)), a.len() / 8 * 8);
    for (a, b) in whole {
        for (strand, (a, b)) in strands.iter_mut().zip(a.iter().zip(b)) {
            *strand += (a - b) * (a - b);
        }
    }
    let rest: f32 = a[rest..].iter().zip(&b[rest..]).map(|(a, b)| (a - b) * (a - b)).sum();
    strands.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_sorting_everything_finds(
            vectors in prop::collection::vec((0..50_u64, 0..9_i64, prop::collection::vec(-3.0..3.0_f32, 11)), 1..60),
            gone in prop::collection::vec(0..50_u64, 0..10),
            to in prop::collection::vec(-3.0..3.0_f32, 11),
            before in 0..10_i64,
            most in 0..9_usize,
        ) {
            let (mut store, mut toy) = (BruteForce::default(), BTreeMap::new());
            for (seq, at, vector) in &vectors {
                let Ok(()) = store.put(Seq(*seq), Instant(*at), vector);
                toy.insert(*seq, (*at, vector.clone()));
            }
            for seq in &gone {
                let Ok(()) = store.forget(Seq(*seq));
                toy.remove(seq);
            }
            let mut wanted: Vec<(f64, u64)> = toy
                .iter()
                .filter(|(_, (at, _))| *at < before)
                .map(|(seq, (_, vector))| (vector.iter().zip(&to).map(|(a, b)| f64::from(a - b) * f64::from(a - b)).sum(), *seq))
                .collect();
            wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
            let Ok(told) = store.nearest(&to, Instant(before), most);
            prop_assert_eq!(told.len(), wanted.len().min(most));
            for (near, (distance, _)) in told.iter().zip(&wanted) {
                prop_assert!((f64::from(near.distance) - distance).abs() < 1e-3);
            }
            let again: BruteForce = restore(1, &snapshot(1, &store)).expect("what was stored");
            prop_assert_eq!(again, store);
        }
    }

    #[test]
    fn vectors_of_other_lengths_and_what_is_no_number_are_no_trouble() {
        let mut store = BruteForce::default();
        for (seq, vector) in [vec![1.0, f32::NAN], vec![1.0], vec![0.0, 0.0, 9.0], vec![]].iter().enumerate() {
            let Ok(()) = store.put(Seq(seq as u64), Instant(0), vector);
        }
        let Ok(told) = store.nearest(&[1.0, 0.0], Instant(1), 9);
        let order: Vec<u64> = told.iter().map(|near| near.seq.0).collect();
        assert_eq!(order, [0, 1, 2, 3]);
        assert_eq!(store.len(), 4);
    }
}
