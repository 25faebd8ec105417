//! How often things come back: by item, pulled toward the category, and by category, pulled toward everything.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

/// Units that the category's rate counts for.
const ITEM_PRIOR: f64 = 20.0;
/// Units that the rate of everything counts for.
const CATEGORY_PRIOR: f64 = 50.0;
/// The rate before anything is known, and the units it counts for.
const PRIOR: (f64, f64) = (0.05, 20.0);

/// Units sold, and of those come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Rate {
    /// Sold.
    #[n(0)]
    pub sold: f64,
    /// Come back.
    #[n(1)]
    pub back: f64,
}

impl Rate {
    fn toward(&self, prior: f64, weight: f64) -> f64 {
        ((self.back + prior * weight) / (self.sold + weight)).clamp(0.0, 1.0)
    }
}

/// Rates of everything.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Rates {
    #[n(0)]
    all: Rate,
    #[n(1)]
    categories: BTreeMap<u32, Rate>,
    #[n(2)]
    items: BTreeMap<u32, Rate>,
}

impl Rates {
    /// So many units were sold. What is no number, or not above zero, is passed over.
    pub fn sold(&mut self, item: u32, category: u32, units: f64) {
        self.each(item, category, units, |rate, units| rate.sold += units);
    }

    /// So many of them came back.
    pub fn back(&mut self, item: u32, category: u32, units: f64) {
        self.each(item, category, units, |rate, units| rate.back += units);
    }

    fn each(&mut self, item: u32, category: u32, units: f64, add: impl Fn(&mut Rate, f64)) {
        if units > 0.0 && units.is_finite() {
            add(&mut self.all, units);
            add(self.categories.entry(category).or_default(), units);
            add(self.items.entry(item).or_default(), units);
        }
    }

    /// The part of everything that comes back.
    pub fn of_all(&self) -> f64 {
        self.all.toward(PRIOR.0, PRIOR.1)
    }

    /// The part of an item's units that comes back.
    pub fn of(&self, item: u32, category: u32) -> f64 {
        let category = self.categories.get(&category).copied().unwrap_or_default();
        let prior = category.toward(self.of_all(), CATEGORY_PRIOR);
        self.items.get(&item).copied().unwrap_or_default().toward(prior, ITEM_PRIOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_pulled_toward_its_category_until_it_has_units_of_its_own() {
        let mut rates = Rates::default();
        rates.sold(1, 0, 10_000.0);
        rates.back(1, 0, 4_000.0);
        rates.sold(2, 1, 10_000.0);
        let (new, known) = (rates.of(9, 0), rates.of(2, 1));
        assert!((new - 0.4).abs() < 0.01, "{new}");
        assert!(known < 0.001, "{known}");
        assert!((Rates::default().of(1, 1) - PRIOR.0).abs() < 1e-12);
    }
}
