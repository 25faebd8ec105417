//! What is on the shelves, and the adjustments that are accepted but not yet there.
//!
//! Changed by adjustments, orders and people; the endpoints read it. It knows variants and locations by their index
//! only.

mod adjust;
mod calls;
mod moves;

use crate::machine::Millis;
use std::collections::BTreeMap;

/// The most that a shelf can hold.
pub const QUANTITY_MAX: i64 = 2_147_483_647;

/// One variant at one location.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The vendor's total inventory on hand.
    pub on_hand: i64,
    /// Sold and still there; always zero where an order takes the goods at once.
    pub committed: i64,
    /// Kept back from selling.
    pub safety: i64,
    /// The owner is told when less is left.
    pub warning: i64,
    /// False when the owner has taken it off sale here.
    pub in_stock: bool,
    /// Where it lies.
    pub bin: Option<Box<str>>,
    /// False until the first absolute adjustment: the vendor calls it undefined and shows 0.
    pub counted: bool,
    /// Sum of the relative adjustments that are accepted but not yet there.
    queued: i64,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { on_hand: 0, committed: 0, safety: 0, warning: 0, in_stock: true, bin: None, counted: false, queued: 0 }
    }
}

impl Shelf {
    /// What the store shows and sells against.
    pub fn available(&self) -> i64 {
        self.on_hand - self.committed - self.safety
    }
}

/// What an adjustment does to a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The number on hand becomes this.
    Absolute(i64),
    /// The number on hand moves by this.
    Relative(i64),
}

/// A change of one shelf.
#[derive(Clone, Copy, Debug)]
pub struct Adjustment {
    /// Index of the variant under which the stock is counted.
    pub shelf: usize,
    /// Index of the location.
    pub location: usize,
    /// What happens.
    pub change: Change,
}

/// All shelves.
#[derive(Debug, Default)]
pub struct Stock {
    /// By variant, then by location.
    shelves: Vec<Vec<Shelf>>,
    locations: usize,
    /// Accepted changes by the time at which they show.
    pending: BTreeMap<(Millis, u64), Vec<Adjustment>>,
    accepted: u64,
}

impl Stock {
    /// Makes room for so many variants and locations.
    pub fn grow(&mut self, variants: usize, locations: usize) {
        if locations > self.locations {
            self.locations = locations;
            self.shelves.iter_mut().for_each(|row| row.resize_with(locations, Shelf::default));
        }
        self.shelves.resize_with(variants, || vec![Shelf::default(); locations]);
    }

    /// The shelf of a variant at a location.
    pub fn get(&self, variant: usize, location: usize) -> &Shelf {
        &self.shelves[variant][location]
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, variant: usize, location: usize) -> &mut Shelf {
        &mut self.shelves[variant][location]
    }

    /// What can be sold of a variant, all locations together.
    pub fn total(&self, variant: usize) -> i64 {
        self.shelves[variant].iter().map(Shelf::available).sum()
    }

    /// Remembers accepted changes until they show.
    pub fn accept(&mut self, changes: Vec<Adjustment>, at: Millis) {
        for change in &changes {
            if let Change::Relative(delta) = change.change {
                self.get_mut(change.shelf, change.location).queued += delta;
            }
        }
        self.accepted += 1;
        self.pending.insert((at, self.accepted), changes);
    }

    /// The changes that show by now, in the order of their times.
    pub fn due(&mut self, now: Millis) -> Vec<Vec<Adjustment>> {
        let mut due = Vec::new();
        while let Some(entry) = self.pending.first_entry().filter(|entry| entry.key().0 <= now) {
            let changes = entry.remove();
            for change in &changes {
                if let Change::Relative(delta) = change.change {
                    self.get_mut(change.shelf, change.location).queued -= delta;
                }
            }
            due.push(changes);
        }
        due
    }

    /// When the next change shows.
    pub fn next_due(&self) -> Option<Millis> {
        self.pending.keys().next().map(|(at, _)| *at)
    }

    /// What would be left above the safety stock after this and every queued change.
    fn left_after(&self, shelf: usize, location: usize, delta: i64) -> i64 {
        let known = self.get(shelf, location);
        known.available() + known.queued.min(0) + delta
    }
}
