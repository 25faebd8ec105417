//! Stock: one ledger per variation and location, and the list of every change that was ever made.
//!
//! `calls` shows it, `batch` takes the hub's changes, orders and acts move goods through [`Stock::apply`]. It knows
//! variations and locations by index only, and no prices.

pub mod batch;
pub mod calls;
pub mod ledger;
pub mod reason;

use super::draw;
use super::quantity::Quantity;
use crate::machine::{Millis, World};
use ledger::{Ledger, Move};
use serde_json::Value;
use std::sync::Arc;

/// The states of goods that this seller's movements use, in the vendor's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nowhere: goods that come from outside.
    None,
    /// On the shelf, to be sold.
    InStock,
    /// Sold.
    Sold,
    /// Written off.
    Waste,
    /// Handed in without a sale.
    UnlinkedReturn,
}

impl State {
    /// The vendor's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::InStock => "IN_STOCK",
            Self::Sold => "SOLD",
            Self::Waste => "WASTE",
            Self::UnlinkedReturn => "UNLINKED_RETURN",
        }
    }

    /// Reads the vendor's word; `None` for states that cannot be written.
    pub fn read(word: &str) -> Option<Self> {
        [Self::None, Self::InStock, Self::Sold, Self::Waste, Self::UnlinkedReturn]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// What a change says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// So many were counted.
    Count(State),
    /// So many went from one state to another.
    Adjustment(State, State),
}

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The API: the hub.
    Api,
    /// A till.
    Till,
    /// The web shop.
    Online,
    /// The back office.
    Dashboard,
}

impl Source {
    /// The vendor's `source.product`.
    pub fn product(self) -> &'static str {
        match self {
            Self::Api => "EXTERNAL_API",
            Self::Till => "SQUARE_POS",
            Self::Online => "ONLINE_STORE",
            Self::Dashboard => "DASHBOARD",
        }
    }
}

/// A change to be made.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Count or adjustment.
    pub what: What,
    /// Index of the variation.
    pub variation: usize,
    /// Index of the location.
    pub location: usize,
    /// Never negative for adjustments; counts may be.
    pub quantity: Quantity,
    /// When it happened.
    pub occurred_at: Millis,
    /// The caller's own name for it.
    pub reference: Option<String>,
    /// Why, as `reason_id` on the wire.
    pub reason: Option<Box<Value>>,
    /// Who.
    pub source: Source,
    /// The id of the order that moved the goods, shared by all its lines.
    pub order: Option<Arc<str>>,
}

/// A change that was made.
#[derive(Debug)]
pub struct Change {
    /// The vendor's id.
    pub id: String,
    /// As it was asked for.
    pub wanted: Wanted,
    created_at: Millis,
}

/// The stock of one variation at one location.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    ledger: Ledger,
    waste: Quantity,
    calculated_at: Millis,
}

/// All shelves and all changes.
#[derive(Debug, Default)]
pub struct Stock {
    /// By variation, then by location.
    shelves: Vec<Vec<Shelf>>,
    /// In the order in which they were made.
    changes: Vec<Change>,
}

impl Stock {
    /// Makes room: every variation is stocked at every location, at zero.
    pub fn grow(&mut self, variations: usize, locations: usize, now: Millis) {
        let empty = Shelf { calculated_at: now, ..Shelf::default() };
        let had = self.shelves.first().map_or(0, Vec::len);
        if had < locations {
            self.shelves.iter_mut().for_each(|row| row.resize(locations, empty.clone()));
        }
        if self.shelves.len() < variations {
            self.shelves.resize(variations, vec![empty; locations]);
        }
    }

    /// What is in stock now; may be negative.
    pub fn level(&self, variation: usize, location: usize) -> Quantity {
        self.shelves[variation][location].ledger.level()
    }

    /// The log of a shelf added up anew.
    pub fn sum(&self, variation: usize, location: usize) -> Quantity {
        self.shelves[variation][location].ledger.sum()
    }

    /// Whether the change would leave the level as it is.
    pub fn is_unchanged(&self, wanted: &Wanted) -> bool {
        let ledger = &self.shelves[wanted.variation][wanted.location].ledger;
        effect(wanted).is_none_or(|what| ledger.preview(wanted.occurred_at, what) == ledger.level())
    }

    /// Makes a change; answers its index in the list, and whether the level in stock has moved.
    pub fn apply(&mut self, wanted: Wanted, world: &mut World<'_>) -> (usize, bool) {
        let shelf = &mut self.shelves[wanted.variation][wanted.location];
        let before = shelf.ledger.level();
        if let Some(what) = effect(&wanted) {
            shelf.ledger.push(wanted.occurred_at, what, world.now);
        }
        shelf.waste += wasted(&wanted, shelf.waste);
        shelf.calculated_at = world.now;
        let moved = shelf.ledger.level() != before;
        self.changes.push(Change { id: draw::id(world.dice, 20), wanted, created_at: world.now });
        (self.changes.len() - 1, moved)
    }

    /// A change by its index.
    pub fn change(&self, index: usize) -> &Change {
        &self.changes[index]
    }
}

/// What a change does to the goods in stock; `None` when it is about other states.
fn effect(wanted: &Wanted) -> Option<Move> {
    match wanted.what {
        What::Count(State::InStock) => Some(Move::Set(wanted.quantity)),
        What::Adjustment(_, State::InStock) => Some(Move::Add(wanted.quantity)),
        What::Adjustment(State::InStock, _) => Some(Move::Add(-wanted.quantity)),
        What::Count(_) | What::Adjustment(_, _) => None,
    }
}

/// What a change does to the goods written off.
fn wasted(wanted: &Wanted, before: Quantity) -> Quantity {
    match wanted.what {
        What::Count(State::Waste) => wanted.quantity - before,
        What::Adjustment(_, State::Waste) => wanted.quantity,
        What::Adjustment(State::Waste, _) => -wanted.quantity,
        What::Count(_) | What::Adjustment(_, _) => Quantity::ZERO,
    }
}
