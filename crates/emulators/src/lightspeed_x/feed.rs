//! Versions: one counter for the whole retailer that only grows and has gaps, and per collection the order by it.
//!
//! Every change of a record asks [`Versions`] for the next number and files the record anew in its [`Feed`]; `paging`
//! reads pages from feeds. It does not know what a record is.

use crate::machine::Dice;
use std::collections::BTreeMap;
use std::ops::Bound;

/// The retailer's counter.
#[derive(Clone, Debug)]
pub struct Versions(u64);

impl Default for Versions {
    fn default() -> Self {
        Self(31_415_926_535)
    }
}

impl Versions {
    /// The next version: above all earlier ones, often not by one.
    pub fn next(&mut self, dice: &mut Dice) -> u64 {
        self.0 += 1 + dice.below(9);
        self.0
    }
}

/// A collection ordered by version: each record is in it once, at its newest version.
#[derive(Clone, Debug, Default)]
pub struct Feed(BTreeMap<u64, u32>);

impl Feed {
    /// Files a record, by its index, at `new`, and takes it away from `old` (zero when it is new).
    pub fn file(&mut self, index: usize, old: u64, new: u64) {
        self.0.remove(&old);
        let index = u32::try_from(index).expect("fewer than four thousand million records fit in memory");
        self.0.insert(new, index);
    }

    /// Records with a version above `after` and below `before`, oldest first.
    pub fn between(&self, after: u64, before: Option<u64>) -> impl DoubleEndedIterator<Item = (u64, usize)> + '_ {
        // A range must not end before it begins.
        let last = before.map_or(u64::MAX, |before| before.saturating_sub(1)).max(after);
        self.0
            .range((Bound::Excluded(after), Bound::Included(last)))
            .map(|(version, index)| (*version, *index as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_record_moves_to_the_end_of_its_feed() {
        let (mut versions, mut dice, mut feed) = (Versions::default(), Dice::new(1), Feed::default());
        let mut held = [0; 3];
        for (index, version) in held.iter_mut().enumerate() {
            *version = versions.next(&mut dice);
            feed.file(index, 0, *version);
        }
        let newer = versions.next(&mut dice);
        feed.file(0, held[0], newer);
        let order: Vec<usize> = feed.between(0, None).map(|(_, index)| index).collect();
        assert_eq!(order, [1, 2, 0]);
        assert_eq!(feed.between(held[1], Some(newer)).map(|(_, index)| index).collect::<Vec<_>>(), [2]);
        assert_eq!(feed.between(newer, Some(1)).count(), 0);
    }

    #[test]
    fn versions_have_gaps() {
        let (mut versions, mut dice) = (Versions::default(), Dice::new(1));
        let drawn: Vec<u64> = (0..50).map(|_| versions.next(&mut dice)).collect();
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(drawn.windows(2).any(|pair| pair[0] + 1 < pair[1]));
    }
}
