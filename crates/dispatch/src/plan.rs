//! The next batch for a channel: lowered levels first, since they prevent overselling, then raised ones, then drift.

use std::collections::BTreeMap;

use model::{ItemId, Level, ListingWrite, LocationId, Write, WriteMode};

use crate::Target;

/// How far the believed level may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// As good as we know.
    Known,
    /// The platform shows something else; lowering is still right.
    Stale,
    /// Nothing may be written before a reading.
    Unusable,
    /// The last reading did not agree with it.
    Drifted,
}

/// A difference between what a channel should show and what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// How it is closed.
    pub mode: WriteMode,
    /// What is written.
    pub write: Write,
}

/// The next batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How.
    pub mode: WriteMode,
    /// What, most urgent first; empty with [`WriteMode::List`].
    pub writes: Vec<Write>,
    /// Listings; only with [`WriteMode::List`].
    pub listings: Vec<ListingWrite>,
}

impl Plan {
    /// Listings are cosmetics: they are planned when no level is wrong.
    pub fn of_listings(listings: Vec<ListingWrite>) -> Option<Self> {
        (!listings.is_empty()).then_some(Self { mode: WriteMode::List, writes: Vec::new(), listings })
    }

    /// What its rows are about, in order.
    pub fn targets(&self) -> Vec<Target> {
        let levels = self.writes.iter().map(|write| (write.item, Some(write.location)));
        levels.chain(self.listings.iter().map(|listing| (listing.item, None))).collect()
    }

    /// Keeps the first rows.
    pub fn truncate(&mut self, rows: usize) {
        self.writes.truncate(rows);
        self.listings.truncate(rows);
    }
}

/// The gap of one level, `None` when there is nothing that may be done about it now.
pub fn gap(item: ItemId, location: LocationId, shown: Level, wanted: Level, belief: Belief) -> Option<Gap> {
    if shown == wanted {
        return None;
    }
    let write = Write { item, location, from: shown, to: wanted };
    let mode = match belief {
        Belief::Unusable => return None,
        Belief::Drifted => WriteMode::Correct,
        Belief::Known | Belief::Stale if write.change().is_loss() => WriteMode::Lower,
        Belief::Known => WriteMode::Raise,
        Belief::Stale => return None,
    };
    Some(Gap { mode, write })
}

/// The most urgent batch of one mode, at most `batch_max` writes. Lowered levels that end lowest go first: they are
/// the ones about to be oversold. An item's other levels go with its lowest: where a platform takes an item at all places
/// in one call, calls are what there is too little of.
pub fn plan(mut gaps: Vec<Gap>, batch_max: usize) -> Option<Plan> {
    let mode = gaps.iter().map(|gap| gap.mode).min_by_key(|mode| urgency(*mode))?;
    gaps.retain(|gap| gap.mode == mode);
    let mut lowest: BTreeMap<ItemId, Level> = BTreeMap::new();
    for Gap { write, .. } in &gaps {
        let level = lowest.entry(write.item).or_insert(write.to);
        *level = write.to.min(*level);
    }
    gaps.sort_by_key(|gap| (lowest.get(&gap.write.item).copied(), gap.write.item, gap.write.location));
    gaps.dedup_by_key(|gap| (gap.write.item, gap.write.location));
    gaps.truncate(batch_max.max(1));
    Some(Plan { mode, writes: gaps.into_iter().map(|gap| gap.write).collect(), listings: Vec::new() })
}

/// Lower comes first.
fn urgency(mode: WriteMode) -> u8 {
    match mode {
        WriteMode::Lower => 0,
        WriteMode::Raise => 1,
        WriteMode::Correct => 2,
        WriteMode::List => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(item: u32, shown: i32, wanted: i32) -> Option<Gap> {
        gap(ItemId(item), LocationId(0), Level::units(shown), Level::units(wanted), Belief::Known)
    }

    #[test]
    fn lowered_levels_go_first_and_the_lowest_of_them_foremost() {
        let gaps = [known(1, 3, 9), known(2, 9, 5), known(3, 4, 0), known(4, 7, 7)];
        let plan = plan(gaps.into_iter().flatten().collect(), 10).expect("there are gaps");
        assert_eq!(plan.mode, WriteMode::Lower);
        assert_eq!(plan.writes.iter().map(|w| w.item.0).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn an_items_levels_go_together_with_the_lowest_of_them() {
        let at = |item, place, wanted| {
            gap(ItemId(item), LocationId(place), Level::units(9), Level::units(wanted), Belief::Known)
        };
        let gaps = [at(1, 0, 5), at(2, 0, 3), at(1, 1, 0), at(3, 0, 1), at(1, 2, 8)];
        let plan = plan(gaps.into_iter().flatten().collect(), 4).expect("there are gaps");
        let places: Vec<(u32, u32)> = plan.writes.iter().map(|w| (w.item.0, w.location.0)).collect();
        assert_eq!(places, [(1, 0), (1, 1), (1, 2), (3, 0)]);
    }

    #[test]
    fn a_stale_belief_is_lowered_but_not_raised_and_a_doubtful_one_is_left_alone() {
        let of = |wanted, belief| gap(ItemId(1), LocationId(0), Level::units(5), Level::units(wanted), belief);
        assert_eq!(of(4, Belief::Stale).map(|g| g.mode), Some(WriteMode::Lower));
        assert_eq!(of(6, Belief::Stale), None);
        assert_eq!(of(4, Belief::Unusable), None);
        assert_eq!(of(6, Belief::Drifted).map(|g| g.mode), Some(WriteMode::Correct));
    }

    proptest! {
        #[test]
        fn closing_the_planned_gaps_again_and_again_ends_with_none(
            levels in prop::collection::vec((0_i32..9, 0_i32..9), 0..40), batch_max in 1_usize..7,
        ) {
            let mut shown: Vec<i32> = levels.iter().map(|(shown, _)| *shown).collect();
            let mut rounds = 0;
            loop {
                let gaps = levels.iter().enumerate().filter_map(|(i, (_, wanted))| known(i as u32, shown[i], *wanted));
                let Some(plan) = plan(gaps.collect(), batch_max) else { break };
                prop_assert!(plan.writes.len() <= batch_max);
                for write in plan.writes {
                    shown[write.item.0 as usize] = i32::try_from(write.to.floor_units()).expect("small");
                }
                rounds += 1;
                prop_assert!(rounds <= levels.len(), "more rounds than gaps");
            }
            prop_assert_eq!(shown, levels.iter().map(|(_, wanted)| *wanted).collect::<Vec<_>>());
        }
    }
}
