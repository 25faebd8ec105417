//! Nobody's promise breaks in silence, and nobody is told twice: while stock only goes, what makers of live promises
//! were told is missing adds up to what is missing.

use std::collections::BTreeMap;

use model::{Fact, Level, OrderId, Quantity, ReservationId};
use proptest::prelude::*;

use crate::support::*;

#[derive(Clone, Debug)]
enum Event {
    /// A till sells.
    Till(u32),
    /// A web shop promises.
    Web(u32),
    /// A promise of the API, refused when nothing is left.
    Reserve(u32),
    /// Some of a web order leaves.
    Fulfil { order: usize, units: u32 },
    /// A promise of the API leaves.
    Commit(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => (1..3_u32).prop_map(Event::Till),
        3 => (1..4_u32).prop_map(Event::Web),
        2 => (1..4_u32).prop_map(Event::Reserve),
        3 => (0..6_usize, 1..3_u32).prop_map(|(order, units)| Event::Fulfil { order, units }),
        1 => (1..4_u64).prop_map(Event::Commit),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Maker {
    Order(OrderId),
    Reservation(ReservationId),
}

/// Web orders as they are: version, promised, gone.
type Orders = Vec<(u64, u32, u32)>;

fn command(hub: &Hub, orders: &mut Orders, event: &Event, number: usize) -> Option<model::Action> {
    Some(match event {
        Event::Till(units) => News::till(&number.to_string()).gone(CAP, B, *units).heard(),
        Event::Web(units) => {
            orders.push((1, *units, 0));
            News::web(&(orders.len() - 1).to_string()).promised(CAP, B, *units).heard()
        }
        Event::Reserve(units) => reserve(hub, &[(CAP, B, *units)]),
        Event::Fulfil { order, units } => {
            let (version, promised, gone) = orders.get_mut(*order)?;
            let leaving = (*units).min(*promised);
            (*version, *promised, *gone) = (*version + 1, *promised - leaving, *gone + leaving);
            let news = News::web(&order.to_string()).version(*version);
            news.promised(CAP, B, *promised).gone(CAP, B, *gone).heard()
        }
        Event::Commit(reservation) => commit(*reservation),
    })
}

/// What each live promise holds.
fn live(hub: &Hub) -> BTreeMap<Maker, Quantity> {
    let held =
        hub.state.reservations().newest_first().map(|(id, live)| (Maker::Reservation(id), live.lines[0].quantity));
    let ordered = hub.state.orders().open_newest_first().map(|(id, order)| {
        let promised = order.holdings.iter().map(|holding| holding.promised).sum();
        (Maker::Order(id), Quantity::from_parts(promised))
    });
    held.chain(ordered).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn what_was_told_adds_up_to_what_is_missing(caps in 0..6, events in prop::collection::vec(event(), 0..25)) {
        let mut hub = Hub::with_caps_at_b(caps);
        let (mut orders, mut told) = (Orders::new(), BTreeMap::<Maker, Quantity>::new());
        for (number, event) in events.iter().enumerate() {
            let Some(command) = command(&hub, &mut orders, event, number) else { continue };
            let facts = hub.run(command).unwrap_or_default();
            let promises = live(&hub);
            told.retain(|maker, _| promises.contains_key(maker));
            for (maker, missing) in &mut told {
                // What left of a promise is missing no more.
                *missing = (*missing).min(promises[maker]);
            }
            for fact in facts {
                let Fact::Shorted(shorted) = fact else { continue };
                let maker = shorted.order.map(Maker::Order).or(shorted.reservation.map(Maker::Reservation));
                let missing = told.entry(maker.expect("somebody is told")).or_default();
                *missing = missing.plus(shorted.missing);
            }
            let position = hub.at(CAP, B);
            let missing = position.free().to(Level::ZERO);
            let missing = if missing.is_loss() { Quantity::ZERO } else { missing.size() };
            let sum = told.values().fold(Quantity::ZERO, |sum, missing| sum.plus(*missing));
            prop_assert_eq!(sum, missing.min(position.reserved().positive()), "{:?} after {:?}", &told, event);
            for (maker, missing) in &told {
                prop_assert!(*missing <= promises[maker], "{:?} was told {} of {}", maker, missing, promises[maker]);
            }
        }
    }
}
