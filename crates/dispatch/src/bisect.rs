//! A batch that is refused whole, without saying which row is to blame, is cut in halves until the row is found, so
//! that one bad item never stops the others.

use std::collections::BTreeMap;

use model::{ItemId, LocationId};

/// What one row of a batch is about: an item's level at a location, or its listing.
pub type Target = (ItemId, Option<LocationId>);

/// Which rows are under suspicion, and how small the next batch with them must be.
#[derive(Clone, Debug, Default)]
pub struct Bisection {
    suspects: BTreeMap<Target, usize>,
}

impl Bisection {
    /// A batch with these rows was refused whole. Answers the row to blame when it was the only one.
    pub fn refused(&mut self, rows: &[Target]) -> Option<Target> {
        if let [only] = rows {
            self.suspects.remove(only);
            return Some(*only);
        }
        let half = rows.len().div_ceil(2);
        for row in rows {
            self.suspects.insert(*row, half);
        }
        None
    }

    /// A batch with these rows was taken: none of them is to blame.
    pub fn taken(&mut self, rows: &[Target]) {
        for row in rows {
            self.suspects.remove(row);
        }
    }

    /// Cuts a batch so that suspects are tried in halves and never together with others: the longest prefix of `rows`
    /// that may be sent.
    pub fn prefix(&self, rows: &[Target]) -> usize {
        let Some(first) = rows.first() else { return 0 };
        match self.suspects.get(first) {
            Some(most) => {
                let suspects = rows.iter().take_while(|row| self.suspects.contains_key(*row)).count();
                suspects.min((*most).max(1))
            }
            None => rows.iter().take_while(|row| !self.suspects.contains_key(*row)).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn every_bad_row_is_found_and_every_good_row_gets_through(
            count in 1_u32..60, bad in prop::collection::btree_set(0_u32..60, 0..6),
        ) {
            let bad: BTreeSet<u32> = bad.into_iter().filter(|b| *b < count).collect();
            let mut open: Vec<Target> = (0..count).map(|i| (ItemId(i), Some(LocationId(0)))).collect();
            let mut bisection = Bisection::default();
            let (mut found, mut sent) = (BTreeSet::new(), 0);
            while !open.is_empty() {
                let batch = open[..bisection.prefix(&open)].to_vec();
                prop_assert!(!batch.is_empty());
                sent += 1;
                prop_assert!(sent <= 12 * (bad.len() + 1), "too many requests: {}", sent);
                if batch.iter().any(|(item, _)| bad.contains(&item.0)) {
                    if let Some(row) = bisection.refused(&batch) {
                        found.insert(row.0.0);
                        open.retain(|other| *other != row);
                    }
                } else {
                    bisection.taken(&batch);
                    open.retain(|row| !batch.contains(row));
                }
            }
            prop_assert_eq!(found, bad);
        }
    }
}
