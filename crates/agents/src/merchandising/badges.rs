//! Who wears the badge: on at rank N, off only below rank 1.5 N, so that nobody flickers.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

/// Items with the badge.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Badges {
    #[n(0)]
    on: BTreeSet<u32>,
    /// Badges put on or taken off, ever.
    #[n(1)]
    flips: u64,
}

impl Badges {
    /// These wear it from the start; that is no flip.
    pub fn wearing(items: impl IntoIterator<Item = u32>) -> Self {
        Self { on: items.into_iter().collect(), flips: 0 }
    }

    /// Looks at a ranking, the best first. Whoever is among the first `n` gets the badge; whoever is not among the first
    /// `1.5 n` loses it. At most `1.5 n` wear it.
    pub fn look(&mut self, ranked: &[u32], n: usize) {
        let keep: BTreeSet<u32> = ranked.iter().take(n + n / 2).copied().collect();
        let mut next: BTreeSet<u32> = self.on.intersection(&keep).copied().collect();
        next.extend(ranked.iter().take(n));
        self.flips += self.on.symmetric_difference(&next).count() as u64;
        self.on = next;
    }

    /// Whether an item wears it.
    pub fn wears(&self, item: u32) -> bool {
        self.on.contains(&item)
    }

    /// Badges put on or taken off, ever.
    pub fn flips(&self) -> u64 {
        self.flips
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_stays_until_the_item_falls_below_one_and_a_half_times_n() {
        let mut badges = Badges::default();
        badges.look(&[1, 2, 3, 4, 5], 2);
        badges.look(&[1, 3, 2, 4, 5], 2);
        assert!(badges.wears(2) && badges.wears(3));
        badges.look(&[1, 3, 4, 2, 5], 2);
        assert!(!badges.wears(2));
        assert_eq!(badges.flips(), 4);
    }
}
