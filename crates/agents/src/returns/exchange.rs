//! What to offer instead of money: the same product in another size or colour, as others exchanged before.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::ItemId;

/// Exchanges that likeness counts for while few were seen.
const PRIOR: f64 = 5.0;

/// What may be offered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Other {
    /// Which.
    pub item: ItemId,
    /// How alike, above zero: 1 for the next size or colour of the same product, less for anything farther.
    pub alike: f64,
    /// Whether it can be had.
    pub available: bool,
}

/// What was taken instead of what, by item that came back.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Exchanges {
    #[n(0)]
    taken: BTreeMap<ItemId, BTreeMap<ItemId, f64>>,
}

impl Exchanges {
    /// One came back and another was taken.
    pub fn exchanged(&mut self, back: ItemId, taken: ItemId) {
        *self.taken.entry(back).or_default().entry(taken).or_default() += 1.0;
    }

    /// What can be had, the likeliest first, with its chance to be taken among what can be had.
    pub fn suggest(&self, back: ItemId, others: &[Other], most: usize) -> Vec<(ItemId, f64)> {
        let known = self.taken.get(&back);
        let offered: Vec<&Other> = others
            .iter()
            .filter(|other| other.available && other.item != back && other.alike > 0.0 && other.alike.is_finite())
            .collect();
        let alike: f64 = offered.iter().map(|other| other.alike).sum();
        let weight = |other: &&Other| {
            let seen = known.and_then(|known| known.get(&other.item)).copied().unwrap_or(0.0);
            (other.item, seen + PRIOR * other.alike / alike)
        };
        let mut ranked: Vec<(ItemId, f64)> = offered.iter().map(weight).collect();
        let all: f64 = ranked.iter().map(|(_, weight)| weight).sum();
        ranked.iter_mut().for_each(|(_, weight)| *weight /= all);
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.dedup_by_key(|(item, _)| *item);
        ranked.truncate(most);
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_took_comes_first_and_what_is_gone_is_not_offered() {
        let other = |item, alike, available| Other { item: ItemId(item), alike, available };
        let others = [other(1, 1.0, true), other(2, 1.0, true), other(3, 0.2, true), other(4, 1.0, false)];
        let mut exchanges = Exchanges::default();
        let first = |exchanges: &Exchanges| {
            exchanges.suggest(ItemId(0), &others, 2).iter().map(|(item, _)| item.0).collect::<Vec<_>>()
        };
        assert_eq!(first(&exchanges), [1, 2]);
        (0..9).for_each(|_| exchanges.exchanged(ItemId(0), ItemId(3)));
        exchanges.exchanged(ItemId(0), ItemId(4));
        assert_eq!(first(&exchanges), [3, 1]);
        let chances: f64 = exchanges.suggest(ItemId(0), &others, 9).iter().map(|(_, chance)| chance).sum();
        assert!((chances - 1.0).abs() < 1e-12);
        assert!(exchanges.suggest(ItemId(0), &[], 3).is_empty());
    }
}
