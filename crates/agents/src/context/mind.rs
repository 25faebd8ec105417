//! The mind: each sale as a small vector of what surrounded it. No person is in it.

use std::convert::Infallible;

use minicbor::{Decode, Encode};
use model::{Entry, Fact, Instant, OrderKind, OrderPut, Seq, stable_hash};
use stats::num::{cos, ln_1p, sin};

use super::{BruteForce, Near, Store};
use crate::Mind;

/// Numbers of a vector: time of day, of week, of year, size and value of the basket, kind of sale, and its items by hash.
pub const SIZE: usize = 9 + ITEMS;
/// Places that items are hashed to.
const ITEMS: usize = 23;
const DAY_MS: f64 = 86_400_000.0;

/// What surrounded an order, as a vector. Two orders of the same items on the same weekday at the same hour are near.
pub fn situation(order: &OrderPut) -> [f32; SIZE] {
    let mut vector = [0.0; SIZE];
    let days = order.placed_at.0 as f64 / DAY_MS;
    for (place, period) in [1.0, 7.0, 365.25].into_iter().enumerate() {
        let angle = 2.0 * std::f64::consts::PI * (days / period).fract();
        vector[2 * place] = sin(angle) as f32;
        vector[2 * place + 1] = cos(angle) as f32;
    }
    let units: f64 = order.lines.iter().map(|line| line.quantity.parts() as f64 / 1e5).sum();
    vector[6] = ln_1p(units.max(0.0)) as f32;
    vector[7] = ln_1p(order.total.minor.max(0) as f64 / 100.0) as f32 / 2.0;
    vector[8] = if order.kind == OrderKind::Web { 1.0 } else { 0.0 };
    // Signed hashing keeps inner products right on average (Weinberger et al. 2009).
    let items = order.lines.iter().filter_map(|line| line.item);
    let part = 1.0 / (order.lines.len().max(1) as f32).sqrt();
    for item in items {
        let hash = stable_hash(&[b"situation", &item.0.to_le_bytes()]);
        let place = 9 + (hash % ITEMS as u64) as usize;
        vector[place] += if hash >> 63 == 0 { part } else { -part };
    }
    vector
}

/// Situations kept, when it is on.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Context {
    #[n(0)]
    on: bool,
    #[n(1)]
    store: BruteForce,
    /// Orders are numbered as they are heard of; those below were seen.
    #[n(2)]
    orders: u32,
}

impl Context {
    /// The form in which it is stored.
    pub const FORM: u32 = 1;

    /// Off: nothing is kept.
    pub fn off() -> Self {
        Self::default()
    }

    /// On: every order from now on is kept as a situation.
    pub fn on() -> Self {
        Self { on: true, ..Self::default() }
    }

    /// The situations before a time that were most like this one, to be cited.
    pub fn like(&self, situation: &[f32], before: Instant, most: usize) -> Vec<Near> {
        let Ok(found) = self.store.nearest(situation, before, most);
        found
    }

    /// Situations kept.
    pub fn kept(&self) -> usize {
        self.store.len()
    }
}

impl Mind for Context {
    fn apply(&mut self, seq: Seq, entry: &Entry) {
        let Fact::OrderPut(order) = &entry.fact else { return };
        if self.on && order.order.0 >= self.orders {
            self.orders = order.order.0.saturating_add(1);
            let kept: Result<(), Infallible> = self.store.put(seq, order.placed_at, &situation(order));
            let Ok(()) = kept;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use model::{
        Actor, ChannelId, Currency, DocumentKey, ItemId, LinePut, Money, Note, OrderId, OrderState, Quantity, Sku,
    };

    fn order(number: u32, hours: i64, items: &[u32]) -> OrderPut {
        let line = |item: &u32| LinePut {
            line: Note::from("1"),
            item: Some(ItemId(*item)),
            sku: Sku::from("s"),
            quantity: Quantity::units(1),
            price: None,
        };
        OrderPut {
            order: OrderId(number),
            channel: ChannelId(0),
            document: DocumentKey::from("d"),
            reference: Note::from("r"),
            version: 1,
            placed_at: Instant(hours * 3_600_000),
            kind: OrderKind::Till,
            customer: None,
            contact: None,
            tax_inclusive: true,
            total: Money { minor: 1_000, currency: Currency::parse("EUR").expect("a code") },
            state: OrderState::Completed,
            lines: items.iter().map(line).collect(),
            telling: None,
        }
    }

    fn tell(mind: &mut Context, order: OrderPut) {
        let seq = Seq(u64::from(order.order.0) + 100);
        mind.apply(seq, &Entry { at: order.placed_at, by: Actor::System, fact: Fact::OrderPut(Box::new(order)) });
    }

    #[test]
    fn the_same_basket_a_week_later_is_nearest_and_the_future_is_not_found() {
        let mut mind = Context::on();
        tell(&mut mind, order(0, 10, &[1, 2]));
        tell(&mut mind, order(1, 22, &[7]));
        tell(&mut mind, order(2, 60, &[3, 4, 5]));
        let now = order(9, 10 + 168, &[1, 2]);
        let told = mind.like(&situation(&now), now.placed_at, 2);
        assert_eq!(told[0].seq, Seq(100));
        assert!(told[0].distance < told[1].distance);
        assert!(mind.like(&situation(&now), Instant(0), 2).is_empty());
    }

    #[test]
    fn it_keeps_nothing_while_it_is_off_and_the_same_bits_when_stored() {
        let (mut off, mut on) = (Context::off(), Context::on());
        tell(&mut off, order(0, 1, &[1]));
        tell(&mut on, order(0, 1, &[1]));
        tell(&mut on, order(0, 1, &[1]));
        assert_eq!((off.kept(), on.kept()), (0, 1));
        let again: Context = restore(Context::FORM, &snapshot(Context::FORM, &on)).expect("what was stored");
        assert_eq!(again, on);
    }
}
