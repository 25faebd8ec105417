//! A toy model that is obviously right: what lies at a place is what lay there, plus what came, less what went.
//!
//! It hears of what the accounts accepted, never of what the hub believes, and knows no messages.

use std::collections::BTreeMap;

use emulators::machine::{Act, ActLine, Books};
use model::{Level, Quantity};

use crate::{Habits, Leave, Retailer, habits};

type Place = (String, String);

/// A web order whose goods leave when it is placed and come back when it is cancelled.
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

/// Physical stock by item and location, in hundred-thousandths of a unit.
#[derive(Clone, Debug)]
pub struct Toy {
    retailer: Retailer,
    on_hand: BTreeMap<Place, i64>,
    /// Orders whose goods leave when they are handed over: what left so far, by reference, line and location.
    handed_over: BTreeMap<(String, String, String), i64>,
    away: BTreeMap<String, Away>,
    /// When a place was last counted. Where counts are dated, a sale before that was in the count, whenever it is
    /// uploaded.
    counted: BTreeMap<Place, i64>,
}

impl Toy {
    /// The opening stock, counted at this time in milliseconds on our clock.
    pub fn new(retailer: &Retailer, opened: i64) -> Self {
        let mut toy = Self {
            retailer: retailer.clone(),
            on_hand: BTreeMap::new(),
            handed_over: BTreeMap::new(),
            away: BTreeMap::new(),
            counted: BTreeMap::new(),
        };
        for goods in retailer.goods.iter().filter(|goods| goods.parts().is_empty()) {
            for (units, known) in goods.opening.iter().zip(&retailer.places) {
                let place = (goods.sku.clone(), known.name.clone());
                toy.on_hand.insert(place.clone(), Level::from_units(*units).map_or(0, Level::parts));
                if *units != 0 {
                    let skew_ms = known.home.map_or(0, |home| retailer.accounts[home].skew_ms);
                    toy.counted.insert(place, opened + skew_ms);
                }
            }
        }
        toy
    }

    /// What lies where.
    pub fn on_hand(&self) -> &BTreeMap<(String, String), i64> {
        &self.on_hand
    }

    /// So much came (above zero) or went, in hundred-thousandths; of a bundle its parts.
    pub fn moved(&mut self, sku: &str, location: &str, parts: i64) {
        let components = self.retailer.item(sku).map(|goods| goods.parts().to_vec()).unwrap_or_default();
        if components.is_empty() {
            *self.on_hand.entry((sku.to_owned(), location.to_owned())).or_default() += parts;
        }
        for (component, units) in components {
            *self.on_hand.entry((component, location.to_owned())).or_default() += parts * i64::from(units);
        }
    }

    /// An account accepted an act.
    pub fn accepted(&mut self, platform: usize, act: &Act, seen: &Seen) {
        let habits = habits(self.retailer.accounts[platform].platform);
        match act {
            Act::TillSale { location, lines, offline_ms, .. } => {
                let since =
                    |line: &&ActLine| !habits.dated || seen.at - offline_ms >= self.counted_at(&line.sku, location);
                let lines: Vec<ActLine> = lines.iter().filter(since).cloned().collect();
                self.lines(&lines, location, -1);
            }
            Act::WebOrder { .. } | Act::Fulfil { .. } | Act::Cancel { .. } | Act::Edit { .. } => {
                self.web(habits, act, seen);
            }
            Act::Return { location, lines, restock: true, .. } => self.lines(lines, location, 1),
            Act::Count { .. } | Act::Adjust { .. } => self.by_hand(platform, act, seen),
            Act::Transfer { from, to, lines, .. } => {
                self.lines(lines, from, -1);
                self.lines(lines, to, 1);
            }
            // Not restocked, no goods, or never drawn by a run: nothing moves.
            Act::Return { .. }
            | Act::PutLocation { .. }
            | Act::PutItem { .. }
            | Act::DeleteItem { .. }
            | Act::PutCustomer { .. }
            | Act::MergeCustomers { .. }
            | Act::EraseCustomer { .. }
            | Act::RevokeToken {}
            | Act::Uninstall {}
            | Act::Void { .. }
            | Act::Exchange { .. } => {}
        }
    }

    fn web(&mut self, habits: Habits, act: &Act, seen: &Seen) {
        match (habits.leave, act) {
            (Leave::WhenPlaced, Act::WebOrder { reference, lines, .. }) => {
                let location = seen.answer["location"].as_str().unwrap_or_default().to_owned();
                self.lines(lines, &location, -1);
                let lines = lines.iter().map(|line| (line.sku.clone(), parts(&line.quantity))).collect();
                self.away.insert(reference.clone(), Away { location, lines });
            }
            (Leave::WhenPlaced, Act::Cancel { reference }) => {
                let away = self.away.remove(reference).unwrap_or_default();
                away.lines.iter().for_each(|(sku, parts)| self.moved(sku, &away.location, *parts));
            }
            (Leave::WhenPlaced, Act::Edit { reference, line, quantity }) => self.edit(reference, *line, quantity),
            (Leave::WhenHandedOver, Act::Fulfil { reference }) => self.hand_over(reference, &seen.before),
            // Only promised, or handed over already.
            _ => {}
        }
    }

    /// Done where it is not counted, it moves nothing: the number there is put right again.
    fn by_hand(&mut self, platform: usize, act: &Act, seen: &Seen) {
        match act {
            Act::Count { sku, location, quantity } if self.retailer.home_of(location) == Some(platform) => {
                let counted = parts(quantity) - level(&seen.before, sku, location);
                self.moved(sku, location, counted);
                self.counted.insert((sku.clone(), location.clone()), seen.at);
            }
            Act::Adjust { sku, location, delta, .. } if self.retailer.home_of(location) == Some(platform) => {
                self.moved(sku, location, parts(delta));
            }
            _ => {}
        }
    }

    fn counted_at(&self, sku: &str, location: &str) -> i64 {
        self.counted.get(&(sku.to_owned(), location.to_owned())).copied().unwrap_or(i64::MIN)
    }

    fn lines(&mut self, lines: &[ActLine], location: &str, sign: i64) {
        lines.iter().for_each(|line| self.moved(&line.sku, location, sign * parts(&line.quantity)));
    }

    /// What the order stands for now, less what was handed over before, leaves.
    fn hand_over(&mut self, reference: &str, before: &Books) {
        let mut open: BTreeMap<(String, String, String), (String, i64)> = BTreeMap::new();
        for line in before.lines.iter().filter(|line| line.kind == "web_order" && line.reference == reference) {
            let key = (reference.to_owned(), line.line.clone(), line.location.clone());
            open.entry(key).or_insert((line.sku.clone(), 0)).1 += parts(&line.quantity);
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
        let gone = parts(quantity) - known.1;
        known.1 += gone;
        let sku = known.0.clone();
        self.moved(&sku, &location, -gone);
    }
}

/// A level in an account's books; 0 where there is none.
fn level(books: &Books, sku: &str, location: &str) -> i64 {
    let found = books.levels.iter().find(|level| level.sku == sku && level.location == location);
    found.map_or(0, |level| parts(&level.quantity))
}

/// Hundred-thousandths in a signed decimal; 0 in what is none.
fn parts(text: &str) -> i64 {
    let size = Quantity::parse(text.trim_start_matches('-')).map_or(0, Quantity::parts);
    if text.starts_with('-') { -size } else { size }
}
