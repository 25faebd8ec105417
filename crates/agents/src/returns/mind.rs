//! The mind: what was bought, what came back, by item and by customer.
//!
//! A line of an order is forgotten after its return window; categories and prices other than the order's are not looked at.

use std::collections::{BTreeMap, VecDeque};

use minicbor::{Decode, Encode};
use model::{Entry, Fact, ItemId, OrderId, OrderPut, OrderState, Returned, Seq, stable_hash};

use super::abuse::{Cohort, Record};
use super::exchange::Exchanges;
use super::rates::Rates;
use crate::Mind;

/// A line can come back so long after it was sold.
const WINDOW_MS: i64 = 100 * 86_400_000;

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Line {
    #[n(0)]
    item: ItemId,
    #[n(1)]
    units: f64,
    /// Minor units a unit.
    #[n(2)]
    price: f64,
    #[n(3)]
    back: f64,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Order {
    #[n(0)]
    customer: Option<u64>,
    #[n(1)]
    lines: Vec<Line>,
}

/// What comes back.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Returns {
    #[n(0)]
    rates: Rates,
    #[n(1)]
    exchanges: Exchanges,
    #[n(2)]
    people: BTreeMap<u64, Record>,
    #[n(3)]
    orders: BTreeMap<OrderId, Order>,
    /// Orders by the time they are forgotten.
    #[n(4)]
    ends: VecDeque<(i64, OrderId)>,
    #[n(5)]
    seen: u32,
    /// By item: category, and the product whose sizes and colours it is one of.
    #[n(6)]
    kinds: BTreeMap<ItemId, (u32, u32)>,
}

impl Returns {
    /// The form in which it is stored.
    pub const FORM: u32 = 1;

    /// How often things come back.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// What was taken instead of what.
    pub fn exchanges(&self) -> &Exchanges {
        &self.exchanges
    }

    /// One came back and another was taken, at a desk or on a page.
    pub fn exchanged(&mut self, back: ItemId, taken: ItemId) {
        self.exchanges.exchanged(back, taken);
    }

    /// An item's category, and its product. Not facts yet.
    pub fn belongs(&mut self, item: ItemId, category: u32, product: u32) {
        self.kinds.insert(item, (category, product));
    }

    /// What a customer bought and brought back, by [`Returns::customer`]'s number.
    pub fn record(&self, customer: u64) -> Record {
        self.people.get(&customer).copied().unwrap_or_default()
    }

    /// How all customers differ; reads every record, so once a day is often enough.
    pub fn cohort(&self) -> Cohort {
        Cohort::of(self.people.values())
    }

    /// The number of an order's customer.
    pub fn customer(order: &OrderPut) -> Option<u64> {
        let customer = order.customer.as_ref()?;
        Some(stable_hash(&[b"returns", &order.channel.0.to_le_bytes(), customer.as_str().as_bytes()]))
    }

    fn category(&self, item: ItemId) -> u32 {
        self.kinds.get(&item).map_or(0, |(category, _)| *category)
    }

    fn ordered(&mut self, order: &OrderPut) {
        if order.order.0 < self.seen || order.state == OrderState::Cancelled {
            return;
        }
        self.seen = order.order.0.saturating_add(1);
        let customer = Self::customer(order);
        let mut lines = Vec::with_capacity(order.lines.len());
        for line in &order.lines {
            let (Some(item), units) = (line.item, line.quantity.parts() as f64 / 1e5) else { continue };
            let category = self.category(item);
            if let Some(customer) = customer {
                // By what was known when it was sold: later returns of this customer do not excuse themselves.
                let rate = self.rates.of(item.0, category);
                let record = self.people.entry(customer).or_default();
                record.bought += units;
                record.expected += units * rate;
            }
            self.rates.sold(item.0, category, units);
            lines.push(Line { item, units, price: line.price.map_or(0.0, |price| price.minor as f64), back: 0.0 });
        }
        self.orders.insert(order.order, Order { customer, lines });
        self.ends.push_back((order.placed_at.plus_ms(WINDOW_MS).0, order.order));
    }

    fn returned(&mut self, returned: &Returned) {
        let (Some(item), units) = (returned.item, returned.quantity.parts() as f64 / 1e5) else { return };
        self.rates.back(item.0, self.category(item), units);
        let product = self.kinds.get(&item).map(|(_, product)| *product);
        let kinds = &self.kinds;
        let Some(order) = self.orders.get_mut(&returned.order) else { return };
        let Some(line) = order.lines.iter().position(|line| line.item == item && line.back < line.units) else {
            return;
        };
        order.lines[line].back += units;
        let same = |line: &&Line| {
            line.item != item && product.is_some() && kinds.get(&line.item).map(|(_, product)| *product) == product
        };
        // A choice between sizes of which one is kept.
        let chosen = order.lines.iter().filter(same).any(|line| line.back < line.units);
        let price = order.lines[line].price;
        if let (Some(customer), false) = (order.customer, chosen) {
            let record = self.people.entry(customer).or_default();
            record.back += units;
            record.value += units * price;
        }
    }

    fn forget(&mut self, now: i64) {
        while let Some((_, order)) = self.ends.front().copied().filter(|(ends, _)| *ends <= now) {
            self.ends.pop_front();
            self.orders.remove(&order);
        }
    }
}

impl Mind for Returns {
    fn apply(&mut self, _seq: Seq, entry: &Entry) {
        self.forget(entry.at.0);
        match &entry.fact {
            Fact::OrderPut(order) => self.ordered(order),
            Fact::Returned(line) => self.returned(line),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use model::{
        Actor, ChannelId, Currency, CustomerKey, DocumentKey, Instant, LineKey, LinePut, Money, Note, OrderKind,
        Quantity, Sku,
    };
    use proptest::prelude::*;

    fn euros(minor: i64) -> Money {
        Money { minor, currency: Currency::parse("EUR").expect("a code") }
    }

    fn order(number: u32, items: &[u32]) -> Fact {
        let line = |item: &u32| LinePut {
            line: Note::from("1"),
            item: Some(ItemId(*item)),
            sku: Sku::from("shirt"),
            quantity: Quantity::units(1),
            price: Some(euros(2_000)),
        };
        Fact::OrderPut(Box::new(OrderPut {
            order: OrderId(number),
            channel: ChannelId(0),
            document: DocumentKey::from("d"),
            reference: Note::from("r"),
            version: 1,
            placed_at: Instant(0),
            kind: OrderKind::Web,
            customer: Some(CustomerKey::from("c")),
            contact: None,
            tax_inclusive: true,
            total: euros(0),
            state: OrderState::Completed,
            lines: items.iter().map(line).collect(),
            telling: None,
        }))
    }

    fn back(number: u32, item: u32) -> Fact {
        Fact::Returned(Returned {
            order: OrderId(number),
            document: DocumentKey::from("b"),
            line: LineKey(1),
            item: Some(ItemId(item)),
            quantity: Quantity::units(1),
            restocked: None,
            happened_at: Instant(0),
        })
    }

    fn tell(mind: &mut Returns, fact: Fact) {
        mind.apply(Seq(0), &Entry { at: Instant(0), by: Actor::System, fact });
    }

    fn only(mind: &Returns) -> Record {
        mind.people.values().next().copied().expect("a customer")
    }

    #[test]
    fn choosing_between_sizes_is_not_a_return_but_bringing_all_back_is() {
        let mut mind = Returns::default();
        (1..=3).for_each(|item| mind.belongs(ItemId(item), 0, 7));
        tell(&mut mind, order(0, &[1, 2, 3]));
        tell(&mut mind, back(0, 1));
        tell(&mut mind, back(0, 2));
        assert_eq!((only(&mind).bought, only(&mind).back), (3.0, 0.0));
        tell(&mut mind, back(0, 3));
        assert_eq!((only(&mind).back, only(&mind).value), (1.0, 2_000.0));
    }

    #[test]
    fn an_order_told_twice_is_bought_once() {
        let mut mind = Returns::default();
        tell(&mut mind, order(0, &[1]));
        tell(&mut mind, order(0, &[1]));
        assert_eq!(only(&mind).bought, 1.0);
    }

    proptest! {
        #[test]
        fn stored_anywhere_and_read_again_the_same_news_end_in_the_same_bits(
            news in prop::collection::vec((0..4_u32, any::<bool>()), 1..40), cut in 0..40_usize,
        ) {
            let (mut whole, mut parts) = (Returns::default(), Returns::default());
            for (place, (item, buys)) in news.iter().enumerate() {
                if place == cut {
                    parts = restore(Returns::FORM, &snapshot(Returns::FORM, &parts)).expect("what was stored");
                }
                let fact = if *buys { order(place as u32, &[*item, 9]) } else { back(place as u32 / 2, *item) };
                tell(&mut whole, fact.clone());
                tell(&mut parts, fact);
            }
            prop_assert_eq!(snapshot(Returns::FORM, &whole), snapshot(Returns::FORM, &parts));
        }
    }
}
