//! What was looked at or bought together, in order: the memory that everything else of this mind is worked out from.
//! Fed by the mind and by the evaluation; it knows no customer, price or time.

use std::collections::BTreeMap;

use minicbor::{CborLen, Decode, Decoder, Encode, Encoder};
use model::ItemId;

/// Sessions or baskets, oldest first, each an ordered list of items.
///
/// Items get dense numbers in the order in which they are first met. One more trail costs $O(\text{length}\cdot\log n)$.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trails {
    stored: Stored,
    numbers: BTreeMap<ItemId, u32>,
    /// Per item: the trails it is in, oldest first.
    holders: Vec<Vec<u32>>,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
struct Stored {
    #[n(0)]
    items: Vec<u32>,
    #[n(1)]
    trails: Vec<Vec<u32>>,
}

impl Trails {
    /// How many trails.
    pub fn len(&self) -> usize {
        self.stored.trails.len()
    }

    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.stored.trails.is_empty()
    }

    /// How many different items.
    pub fn items(&self) -> usize {
        self.stored.items.len()
    }

    /// The item with a number of this memory.
    pub fn item(&self, number: u32) -> Option<ItemId> {
        self.stored.items.get(number as usize).copied().map(ItemId)
    }

    /// The number of an item; `None` when it was never met.
    pub fn number(&self, item: ItemId) -> Option<u32> {
        self.numbers.get(&item).copied()
    }

    /// Adds one at the end, and gives its place.
    pub fn push(&mut self, trail: &[ItemId]) -> usize {
        let place = self.stored.trails.len();
        self.stored.trails.push(Vec::new());
        self.replace(place, trail);
        place
    }

    /// Puts another list in the place of a trail, for a basket that was changed after it was told. Without such a place
    /// nothing happens.
    pub fn replace(&mut self, place: usize, trail: &[ItemId]) {
        let Some(before) = self.stored.trails.get_mut(place).map(std::mem::take) else { return };
        for number in before {
            let holders = &mut self.holders[number as usize];
            if let Ok(at) = holders.binary_search(&(place as u32)) {
                holders.remove(at);
            }
        }
        let numbers: Vec<u32> = trail.iter().map(|item| self.meet(*item)).collect();
        for number in &numbers {
            self.hold(*number, place as u32);
        }
        self.stored.trails[place] = numbers;
    }

    /// The number of an item, a new one if it was never met.
    pub fn meet(&mut self, item: ItemId) -> u32 {
        let next = self.stored.items.len() as u32;
        let number = *self.numbers.entry(item).or_insert(next);
        if number == next {
            self.stored.items.push(item.0);
            self.holders.push(Vec::new());
        }
        number
    }

    fn hold(&mut self, number: u32, place: u32) {
        let holders = &mut self.holders[number as usize];
        // Nearly always at the end.
        if holders.last().is_none_or(|last| *last < place) {
            holders.push(place);
        } else if let Err(at) = holders.binary_search(&place) {
            holders.insert(at, place);
        }
    }

    /// All, by number.
    pub(super) fn all(&self) -> &[Vec<u32>] {
        &self.stored.trails
    }

    /// The trails that hold an item, oldest first.
    pub(super) fn holders(&self, number: u32) -> &[u32] {
        self.holders.get(number as usize).map_or(&[], Vec::as_slice)
    }

    /// The oldest of them as a memory of its own, with the same numbers of items.
    pub(super) fn oldest(&self, many: usize) -> Self {
        let many = many.min(self.len());
        let earlier = |list: &Vec<u32>| list[..list.partition_point(|place| (*place as usize) < many)].to_vec();
        Self {
            stored: Stored { items: self.stored.items.clone(), trails: self.stored.trails[..many].to_vec() },
            numbers: self.numbers.clone(),
            holders: self.holders.iter().map(earlier).collect(),
        }
    }
}

impl<C> Encode<C> for Trails {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.stored.encode(e, ctx)
    }
}

impl<C> CborLen<C> for Trails {
    fn cbor_len(&self, ctx: &mut C) -> usize {
        self.stored.cbor_len(ctx)
    }
}

impl<'b, C> Decode<'b, C> for Trails {
    /// Also builds anew what was not stored, and refuses numbers that no item has.
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let stored = Stored::decode(d, ctx)?;
        let damaged = || minicbor::decode::Error::message("trails name an item that is not there, or one twice");
        let numbers: BTreeMap<ItemId, u32> = stored.items.iter().map(|item| ItemId(*item)).zip(0..).collect();
        if numbers.len() != stored.items.len() {
            return Err(damaged());
        }
        let mut trails = Self { holders: vec![Vec::new(); stored.items.len()], stored: Stored::default(), numbers };
        for (trail, place) in stored.trails.iter().zip(0..) {
            for number in trail {
                if *number as usize >= stored.items.len() {
                    return Err(damaged());
                }
                trails.hold(*number, place);
            }
        }
        trails.stored = stored;
        Ok(trails)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_changed_trail_leaves_the_memory_as_if_it_had_always_been_so(
            lists in prop::collection::vec(prop::collection::vec(0..9_u32, 0..6), 1..8),
            place in 0..8_usize, other in prop::collection::vec(0..9_u32, 0..6)
        ) {
            let ids = |list: &[u32]| list.iter().copied().map(ItemId).collect::<Vec<_>>();
            let place = place % lists.len();
            let (mut changed, mut told) = (Trails::default(), Trails::default());
            // The numbers are given in the order of meeting; meet everything first.
            for memory in [&mut changed, &mut told] {
                memory.push(&ids(&[0, 1, 2, 3, 4, 5, 6, 7, 8]));
            }
            for (at, list) in lists.iter().enumerate() {
                changed.push(&ids(list));
                told.push(&ids(if at == place { &other } else { list }));
            }
            changed.replace(place + 1, &ids(&other));
            prop_assert_eq!(&changed, &told);
            let bytes = crate::snapshot(1, &changed);
            prop_assert_eq!(&crate::restore::<Trails>(1, &bytes).expect("stored"), &changed);
        }
    }

    #[test]
    fn numbers_of_no_item_are_refused() {
        let stored = Stored { items: vec![7], trails: vec![vec![0, 1]] };
        assert!(crate::restore::<Trails>(1, &crate::snapshot(1, &stored)).is_err());
    }
}
