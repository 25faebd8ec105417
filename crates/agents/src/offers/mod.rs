//! Offers: what else to offer with this cart, and what is wanted next in this visit. Fed with facts by a follower;
//! asked by the till and the shop, and judged by `lockstep eval offers`. It sends nothing and changes no price.

mod answer;
mod blend;
mod evidence;
mod explore;
mod habit;
mod logged;
mod near;
mod powers;
mod rank;
mod ridge;
mod rows;
mod school;
mod settings;
mod shelf;
mod study;
mod tables;
#[cfg(test)]
mod tests;
mod trails;
mod uplift;
mod vectors;

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{CborLen, Decode, Encode};
use model::{Entry, Fact, Instant, ItemId, OrderPut, OrderState, Quantity, Seq};

pub use answer::{Offer, Question};
pub use evidence::{NAMES, WIDTH};
pub use explore::{Takes, best_chances, draw};
pub use habit::Buyer;
pub use logged::{Logged, Valued, value};
pub use near::{Likeness, Near};
pub use rank::{Asking, Learnt, Ranked, rank_plain};
pub use ridge::{Order, Ridge};
pub use settings::Kind;
use settings::Settings;
pub use shelf::Known;
pub use study::study;
pub use trails::Trails;
pub use uplift::{Message, Treated, Uplift, worth_sending};
pub use vectors::Lesson;

use crate::{Mind, NotAMind};

/// The number of the stored form.
const FORM: u32 = 1;

/// The mind: baskets in the order in which they were heard of, what may be offered, what customers buy again, and what
/// was last learnt from the baskets.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub struct Offers {
    #[n(0)]
    trails: Trails,
    #[n(1)]
    baskets: BTreeMap<u32, Basket>,
    #[n(2)]
    shelf: shelf::Shelf,
    #[n(3)]
    habits: habit::Habits,
    #[n(4)]
    learnt: Option<Learnt>,
}

/// An order as it is counted.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
struct Basket {
    #[n(0)]
    place: u64,
    #[n(1)]
    items: Vec<u32>,
    #[n(2)]
    buyer: Option<u64>,
    #[n(3)]
    at: i64,
}

impl Mind for Offers {
    fn apply(&mut self, _: Seq, entry: &Entry) {
        match &entry.fact {
            Fact::OrderPut(put) => self.put(put),
            Fact::ItemPut(put) => {
                self.trails.meet(put.item);
                self.shelf.apply(&entry.fact);
            }
            fact => self.shelf.apply(fact),
        }
    }
}

impl Offers {
    /// Takes in what no fact tells yet.
    pub fn know(&mut self, known: &Known) {
        self.shelf.know(known);
    }

    /// Learns from all baskets so far: tables, weights, calibration. Minutes for a million baskets; nightly, say.
    pub fn learn(&mut self) {
        self.learnt = Some(study(&self.trails, Kind::Cart, &mut |_| {}));
    }

    /// What was learnt last.
    pub fn learnt(&self) -> Option<&Learnt> {
        self.learnt.as_ref()
    }

    /// The baskets.
    pub fn trails(&self) -> &Trails {
        &self.trails
    }

    /// As bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        crate::snapshot(FORM, self)
    }

    /// From its bytes.
    ///
    /// # Errors
    /// When they were stored in another form, or are damaged.
    pub fn restore(bytes: &[u8]) -> Result<Self, NotAMind> {
        let mind: Self = crate::restore(FORM, bytes)?;
        let items = mind.trails.items();
        let placed = mind.baskets.values().all(|basket| (basket.place as usize) < mind.trails.len());
        if !placed || mind.learnt.as_ref().is_some_and(|learnt| !learnt.is_whole(items)) {
            return Err(NotAMind::Damaged("its parts do not fit each other".into()));
        }
        Ok(mind)
    }

    /// An order, or the same order changed: what it was counted as is taken back first.
    fn put(&mut self, put: &OrderPut) {
        let items = basket(put);
        let buyer = put.customer.as_ref().map(|customer| Buyer::of(put.channel, customer));
        if let Some(before) = self.baskets.get(&put.order.0).cloned() {
            if before.items.iter().copied().map(ItemId).eq(items.iter().copied())
                && before.buyer == buyer.map(|buyer| buyer.0)
            {
                return;
            }
            self.count(&before.items, before.buyer.map(Buyer), Instant(before.at), -1);
            self.trails.replace(before.place as usize, &items);
            self.keep(put, before.place, &items, buyer);
        } else {
            let place = self.trails.push(&items) as u64;
            self.keep(put, place, &items, buyer);
        }
    }

    fn keep(&mut self, put: &OrderPut, place: u64, items: &[ItemId], buyer: Option<Buyer>) {
        let items: Vec<u32> = items.iter().map(|item| item.0).collect();
        self.count(&items, buyer, put.placed_at, 1);
        let basket = Basket { place, items, buyer: buyer.map(|buyer| buyer.0), at: put.placed_at.0 };
        self.baskets.insert(put.order.0, basket);
    }

    fn count(&mut self, items: &[u32], buyer: Option<Buyer>, at: Instant, change: i64) {
        for item in items.iter().copied().map(ItemId) {
            self.shelf.count_sold(item, change);
            if let Some(buyer) = buyer {
                self.habits.count(buyer, item, at, change as f64);
            }
        }
    }
}

/// What is in an order, each item once, as the lines stand; nothing when it was called off.
fn basket(put: &OrderPut) -> Vec<ItemId> {
    if put.state == OrderState::Cancelled {
        return Vec::new();
    }
    let mut met = BTreeSet::new();
    let sold = put.lines.iter().filter(|line| line.quantity > Quantity::ZERO).filter_map(|line| line.item);
    sold.filter(|item| met.insert(*item)).collect()
}
