//! Locations, articles with their levels, customers, and the notes of counts and changes by hand.

use crate::machine::Millis;

/// A place that holds stock.
#[derive(Debug)]
pub(in crate::shopify) struct Location {
    pub(in crate::shopify) id: u64,
    pub(in crate::shopify) name: String,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) updated: Millis,
}

/// States of goods that stand on the shelf and are neither sold against nor promised.
pub(in crate::shopify) const SET_ASIDE: [&str; 4] = ["damaged", "quality_control", "reserved", "safety_stock"];

/// Stock of one article at one location, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::shopify) struct Level {
    pub(in crate::shopify) available: i64,
    pub(in crate::shopify) committed: i64,
    /// In the order of [`SET_ASIDE`].
    pub(in crate::shopify) set_aside: [i64; SET_ASIDE.len()],
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) updated: Millis,
}

impl Level {
    /// Everything that stands on the shelf.
    pub(in crate::shopify) fn on_hand(&self) -> i64 {
        self.available + self.committed + self.set_aside.iter().sum::<i64>()
    }

    /// The quantity of a state by the vendor's name; `None` when there is no such state.
    pub(in crate::shopify) fn named(&self, name: &str) -> Option<i64> {
        match name {
            "available" => Some(self.available),
            "committed" => Some(self.committed),
            "on_hand" => Some(self.on_hand()),
            // A transfer arrives in the moment in which it leaves, so nothing is ever on its way.
            "incoming" => Some(0),
            _ => SET_ASIDE.iter().position(|state| *state == name).map(|at| self.set_aside[at]),
        }
    }
}

/// What variants have in common.
#[derive(Debug)]
pub(in crate::shopify) struct Product {
    pub(in crate::shopify) id: u64,
    pub(in crate::shopify) title: String,
    /// Indices of its variants, deleted ones among them, oldest first.
    pub(in crate::shopify) articles: Vec<usize>,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) updated: Millis,
}

/// One variant with its inventory item.
#[derive(Debug)]
pub(in crate::shopify) struct Article {
    /// Id of its product.
    pub(in crate::shopify) product: u64,
    /// Index of its product.
    pub(in crate::shopify) family: usize,
    pub(in crate::shopify) variant: u64,
    pub(in crate::shopify) item: u64,
    pub(in crate::shopify) sku: String,
    /// Of its product.
    pub(in crate::shopify) title: String,
    /// Its option; `None` for the only variant of a product without options.
    pub(in crate::shopify) option: Option<String>,
    pub(in crate::shopify) barcode: Option<String>,
    pub(in crate::shopify) price_minor: i64,
    pub(in crate::shopify) compare_at_minor: Option<i64>,
    pub(in crate::shopify) tracked: bool,
    pub(in crate::shopify) deleted: bool,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) updated: Millis,
    /// By location index; empty for an article that is not tracked.
    pub(in crate::shopify) levels: Vec<Level>,
}

impl Article {
    /// Its option as the vendor writes it.
    pub(in crate::shopify) fn option_title(&self) -> &str {
        self.option.as_deref().unwrap_or("Default Title")
    }

    /// For people: the product's title, and the option where there is one.
    pub(in crate::shopify) fn name(&self) -> String {
        match &self.option {
            Some(option) => format!("{} - {option}", self.title),
            None => self.title.clone(),
        }
    }

    /// Available over all locations.
    pub(in crate::shopify) fn available(&self) -> i64 {
        self.levels.iter().map(|level| level.available).sum()
    }
}

/// Where a person lives; an empty field was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::shopify) struct Address {
    pub(in crate::shopify) id: u64,
    pub(in crate::shopify) address1: String,
    pub(in crate::shopify) address2: String,
    pub(in crate::shopify) zip: String,
    pub(in crate::shopify) city: String,
    /// ISO 3166 code.
    pub(in crate::shopify) country: String,
}

/// One person.
#[derive(Clone, Debug)]
pub(in crate::shopify) struct Customer {
    pub(in crate::shopify) id: u64,
    pub(in crate::shopify) given_name: String,
    pub(in crate::shopify) family_name: String,
    pub(in crate::shopify) email: String,
    pub(in crate::shopify) phone: String,
    /// Addresses as typed, the default one first.
    pub(in crate::shopify) addresses: Vec<Address>,
    pub(in crate::shopify) tags: Vec<String>,
    pub(in crate::shopify) orders: u64,
    /// Merged into another one, and no longer there.
    pub(in crate::shopify) gone: bool,
    pub(in crate::shopify) created: Millis,
    pub(in crate::shopify) updated: Millis,
}

/// Stock that is to go from one location to another. A draft: nothing of it has moved.
#[derive(Debug)]
pub(in crate::shopify) struct Transfer {
    pub(in crate::shopify) id: u64,
    /// Location index; `None` while it is not decided.
    pub(in crate::shopify) from: Option<usize>,
    /// Location index; `None` while it is not decided.
    pub(in crate::shopify) to: Option<usize>,
    /// Article index, units.
    pub(in crate::shopify) lines: Vec<(usize, i64)>,
    /// What the program calls it; empty when nothing.
    pub(in crate::shopify) reference: String,
    pub(in crate::shopify) note: String,
    pub(in crate::shopify) created: Millis,
}

/// A count or a change by hand, kept for the books.
#[derive(Debug)]
pub(in crate::shopify) struct Note {
    pub(in crate::shopify) kind: &'static str,
    pub(in crate::shopify) reference: String,
    pub(in crate::shopify) document: u64,
    pub(in crate::shopify) article: usize,
    pub(in crate::shopify) location: usize,
    pub(in crate::shopify) quantity: i64,
    pub(in crate::shopify) at: Millis,
}
