//! What may be offered and what it is worth: stock, price, cost, how often it comes back. Folded from facts, beside the
//! few things that no fact tells yet ([`Known`]).

use std::collections::BTreeMap;

use minicbor::{CborLen, Decode, Encode};
use model::{Currency, Fact, ItemId, LocationId, Money};

/// Sales that stand behind the average return rate when an item has few of its own.
const RETURNS_BELIEF: f64 = 20.0;

/// What no fact tells yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Of which item.
    pub item: ItemId,
    /// Cost of one unit.
    pub cost: Option<Money>,
    /// Product type; not more than two of one are offered together.
    pub kind: Option<String>,
    /// Days after which somebody who bought it may want another one; `None` = at any time.
    pub again_after_days: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Shelf {
    #[n(0)]
    goods: BTreeMap<u32, Goods>,
    /// (item, location): what can be sold, in parts of a unit.
    #[n(1)]
    stock: BTreeMap<(u32, u32), i64>,
    #[n(2)]
    safety: BTreeMap<(u32, u32), i64>,
    /// Reservation: its (item, location, parts).
    #[n(3)]
    promised: BTreeMap<u64, Vec<(u32, u32, i64)>>,
    #[n(4)]
    sold: i64,
    #[n(5)]
    returned: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Goods {
    #[n(0)]
    price: Option<Amount>,
    #[n(1)]
    cost: Option<Amount>,
    /// Has no stock of its own: a service.
    #[n(2)]
    untracked: bool,
    #[n(3)]
    components: Vec<(u32, i64)>,
    #[n(4)]
    pub(super) kind: Option<String>,
    #[n(5)]
    pub(super) again_after_days: Option<u32>,
    #[n(6)]
    sold: i64,
    #[n(7)]
    returned: i64,
}

/// Money as it is stored here.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode, CborLen)]
struct Amount {
    #[n(0)]
    minor: i64,
    #[n(1)]
    code: [u8; 3],
}

impl Amount {
    fn of(money: Money) -> Self {
        let mut code = *b"XXX";
        code.iter_mut().zip(money.currency.code().bytes()).for_each(|(to, from)| *to = from);
        Self { minor: money.minor, code }
    }
}

impl Shelf {
    /// Takes in what concerns it.
    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::ItemPut(put) => {
                let goods = self.goods.entry(put.item.0).or_default();
                goods.price = put.price.map(Amount::of);
                goods.untracked = !put.tracked;
                goods.components = put.components.iter().map(|part| (part.item.0, part.quantity.parts())).collect();
            }
            Fact::Moved(moved) => {
                self.add(moved.item, moved.location, moved.on_hand.parts().saturating_sub(moved.reserved.parts()));
            }
            Fact::SafetySet { item, location, quantity } => {
                self.safety.insert((item.0, location.0), quantity.parts());
            }
            Fact::Reserved(reserved) => {
                let lines = reserved.lines.iter().map(|line| (line.item.0, line.location.0, line.quantity.parts()));
                let lines: Vec<_> = lines.collect();
                for (item, location, parts) in &lines {
                    self.add(ItemId(*item), LocationId(*location), parts.saturating_neg());
                }
                self.promised.insert(reserved.reservation.0, lines);
            }
            // What was promised has left: it could not be sold before either.
            Fact::Committed { reservation } => drop(self.promised.remove(&reservation.0)),
            Fact::Released { reservation, .. } | Fact::Expired { reservation } => {
                for (item, location, parts) in self.promised.remove(&reservation.0).unwrap_or_default() {
                    self.add(ItemId(item), LocationId(location), parts);
                }
            }
            Fact::Returned(returned) => {
                if let Some(item) = returned.item {
                    self.goods.entry(item.0).or_default().returned += 1;
                    self.returned += 1;
                }
            }
            _ => {}
        }
    }

    pub(super) fn know(&mut self, known: &Known) {
        let goods = self.goods.entry(known.item.0).or_default();
        goods.cost = known.cost.map(Amount::of);
        goods.kind.clone_from(&known.kind);
        goods.again_after_days = known.again_after_days;
    }

    /// An item is in one more basket, or in one less.
    pub(super) fn count_sold(&mut self, item: ItemId, change: i64) {
        self.goods.entry(item.0).or_default().sold += change;
        self.sold += change;
    }

    pub(super) fn goods(&self, item: ItemId) -> Option<&Goods> {
        self.goods.get(&item.0)
    }

    fn add(&mut self, item: ItemId, location: LocationId, parts: i64) {
        let stock = self.stock.entry((item.0, location.0)).or_default();
        *stock = stock.saturating_add(parts);
    }

    /// Whether a unit can be sold at a location, or anywhere. Of a bundle, whether every part can.
    pub(super) fn can_sell(&self, item: ItemId, location: Option<LocationId>) -> bool {
        match self.goods(item) {
            None => false,
            Some(goods) if goods.untracked => true,
            Some(goods) if goods.components.is_empty() => self.left(item.0, location) > 0,
            Some(goods) => goods.components.iter().all(|(part, parts)| self.left(*part, location) >= (*parts).max(1)),
        }
    }

    fn left(&self, item: u32, location: Option<LocationId>) -> i64 {
        let at = |key: &(u32, u32), stock: i64| stock.saturating_sub(self.safety.get(key).copied().unwrap_or(0));
        match location {
            Some(location) => {
                let key = (item, location.0);
                at(&key, self.stock.get(&key).copied().unwrap_or(0))
            }
            None => {
                let everywhere = self.stock.range((item, 0)..=(item, u32::MAX));
                everywhere.fold(0, |sum: i64, (key, stock)| sum.saturating_add(at(key, *stock).max(0)))
            }
        }
    }

    /// What is left of the price after the cost of one unit; `None` when one is not known or in another currency.
    pub(super) fn margin(&self, item: ItemId) -> Option<Money> {
        let goods = self.goods(item)?;
        let (price, cost) = (goods.price?, goods.cost?);
        let currency = Currency::parse(std::str::from_utf8(&price.code).ok()?)?;
        (price.code == cost.code).then_some(Money { minor: price.minor.checked_sub(cost.minor)?, currency })
    }

    /// The share that comes back, from the item's own sales and, where they are few, from all.
    pub(super) fn return_rate(&self, item: ItemId) -> f64 {
        let rate = |returned: i64, sold: i64, belief: f64| {
            ((returned.max(0) as f64 + RETURNS_BELIEF * belief) / (sold.max(0) as f64 + RETURNS_BELIEF)).min(0.95)
        };
        let all = rate(self.returned, self.sold, 0.0);
        self.goods(item).map_or(all, |goods| rate(goods.returned, goods.sold, all))
    }
}
