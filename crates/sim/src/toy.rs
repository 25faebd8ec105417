//! A toy model that is obviously right: what lies at a place is what lay there, plus what came, less what went.
//!
//! It hears of what the accounts accepted, never of what the hub believes, and knows no messages.

use std::collections::BTreeMap;

use emulators::machine::{Act, ActLine, Books};

use crate::{LOCATIONS, Retailer, SHOPIFY, home_of};

type Place = (String, String);

/// A web order of Square: its goods leave when it is placed and come back when it is cancelled.
#[derive(Clone, Debug, Default)]
struct Away {
    location: String,
    lines: Vec<(String, i64)>,
}

/// What an account showed and said around an act.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its books before.
    pub before: Books,
    /// When, on its own clock, in milliseconds.
    pub at: i64,
    /// What it answered.
    pub answer: serde_json::Value,
}

/// Physical stock by item and location, in whole units.
#[derive(Clone, Debug, Default)]
pub struct Toy {
    on_hand: BTreeMap<Place, i64>,
    /// Shopify orders: units handed over so far, by reference, line and location.
    handed_over: BTreeMap<(String, String, String), i64>,
    away: BTreeMap<String, Away>,
    /// Square: when a place was last counted. A sale before that was in the count, whenever it is uploaded.
    counted: BTreeMap<Place, i64>,
}

impl Toy {
    /// The opening stock, counted at this time in milliseconds.
    pub fn new(retailer: &Retailer, opened: i64) -> Self {
        let mut toy = Self::default();
        for goods in &retailer.goods {
            for (units, (location, _)) in goods.opening.iter().zip(LOCATIONS) {
                let place = (goods.sku.clone(), location.to_owned());
                toy.on_hand.insert(place.clone(), *units);
                if *units != 0 {
                    toy.counted.insert(place, opened);
                }
            }
        }
        toy
    }

    /// What lies where.
    pub fn on_hand(&self) -> &BTreeMap<(String, String), i64> {
        &self.on_hand
    }

    /// Units came (above zero) or went.
    pub fn moved(&mut self, sku: &str, location: &str, units: i64) {
        *self.on_hand.entry((sku.to_owned(), location.to_owned())).or_default() += units;
    }

    /// An account accepted an act.
    pub fn accepted(&mut self, platform: usize, act: &Act, seen: &Seen) {
        match act {
            Act::TillSale { location, lines, offline_ms, .. } if platform != SHOPIFY => {
                let since = |line: &&ActLine| seen.at - offline_ms >= self.counted_at(&line.sku, location);
                let lines: Vec<ActLine> = lines.iter().filter(since).cloned().collect();
                self.lines(&lines, location, -1);
            }
            Act::TillSale { location, lines, .. } => self.lines(lines, location, -1),
            Act::WebOrder { reference, lines, .. } if platform != SHOPIFY => {
                let location = seen.answer["location"].as_str().unwrap_or_default().to_owned();
                self.lines(lines, &location, -1);
                let lines = lines.iter().map(|line| (line.sku.clone(), units(&line.quantity))).collect();
                self.away.insert(reference.clone(), Away { location, lines });
            }
            Act::Fulfil { reference } if platform == SHOPIFY => self.hand_over(reference, &seen.before),
            Act::Cancel { reference } if platform != SHOPIFY => {
                let away = self.away.remove(reference).unwrap_or_default();
                away.lines.iter().for_each(|(sku, units)| self.moved(sku, &away.location, *units));
            }
            Act::Edit { reference, line, quantity } if platform != SHOPIFY => self.edit(reference, *line, quantity),
            Act::Return { location, lines, restock: true, .. } => self.lines(lines, location, 1),
            Act::Count { sku, location, quantity } if home_of(location) == Some(platform) => {
                let counted = units(quantity) - level(&seen.before, sku, location);
                self.moved(sku, location, counted);
                self.counted.insert((sku.clone(), location.clone()), seen.at);
            }
            Act::Adjust { sku, location, delta, .. } if home_of(location) == Some(platform) => {
                self.moved(sku, location, units(delta));
            }
            // Promised, handed over already, not restocked, or done where it is not counted: nothing moves.
            Act::WebOrder { .. }
            | Act::Fulfil { .. }
            | Act::Cancel { .. }
            | Act::Edit { .. }
            | Act::Return { .. }
            | Act::Count { .. }
            | Act::Adjust { .. }
            | Act::PutLocation { .. }
            | Act::PutItem { .. }
            | Act::DeleteItem { .. }
            | Act::PutCustomer { .. }
            | Act::MergeCustomers { .. }
            | Act::EraseCustomer { .. }
            | Act::RevokeToken {}
            | Act::Uninstall {} => {}
            // No run draws them.
            Act::Void { .. } | Act::Exchange { .. } | Act::Transfer { .. } => {}
        }
    }

    fn counted_at(&self, sku: &str, location: &str) -> i64 {
        self.counted.get(&(sku.to_owned(), location.to_owned())).copied().unwrap_or(i64::MIN)
    }

    fn lines(&mut self, lines: &[ActLine], location: &str, sign: i64) {
        lines.iter().for_each(|line| self.moved(&line.sku, location, sign * units(&line.quantity)));
    }

    /// What the order stands for now, less what was handed over before, leaves.
    fn hand_over(&mut self, reference: &str, before: &Books) {
        let mut open: BTreeMap<(String, String, String), (String, i64)> = BTreeMap::new();
        for line in before.lines.iter().filter(|line| line.kind == "web_order" && line.reference == reference) {
            let key = (reference.to_owned(), line.line.clone(), line.location.clone());
            open.entry(key).or_insert((line.sku.clone(), 0)).1 += units(&line.quantity);
        }
        for (key, (sku, total)) in open {
            let gone = total - self.handed_over.get(&key).copied().unwrap_or(0);
            self.moved(&sku, &key.2, -gone);
            self.handed_over.insert(key, total);
        }
    }

    fn edit(&mut self, reference: &str, line: usize, quantity: &str) {
        let Some(away) = self.away.get_mut(reference) else { return };
        let (location, Some(known)) = (away.location.clone(), away.lines.get_mut(line)) else { return };
        let gone = units(quantity) - known.1;
        known.1 += gone;
        let sku = known.0.clone();
        self.moved(&sku, &location, -gone);
    }
}

/// A level in an account's books; 0 where there is none.
fn level(books: &Books, sku: &str, location: &str) -> i64 {
    let found = books.levels.iter().find(|level| level.sku == sku && level.location == location);
    found.map_or(0, |level| units(&level.quantity))
}

/// The simulator's traffic is in whole units only.
fn units(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}
