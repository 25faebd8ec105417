//! An error in a mapping that was taken back leaves nothing behind: stock and attribution are as if nobody had erred.

use model::{Action, ItemId, Level, LevelSeen, LocationId};
use proptest::prelude::*;

use crate::support::*;

/// A till sale with what came back of it.
#[derive(Clone, Debug)]
struct Sale {
    item: ItemId,
    at: LocationId,
    units: u32,
    back: Option<u32>,
}

fn sale() -> impl Strategy<Value = Sale> {
    let item = prop::sample::select(vec![CAP, MUG, SET]);
    let at = prop::sample::select(vec![B, C]);
    (item, at, 1..5_u32, prop::option::of(1..3_u32)).prop_map(|(item, at, units, back)| Sale { item, at, units, back })
}

/// A wrong mapping that somebody makes and takes back.
#[derive(Clone, Debug)]
enum Error {
    Item { of: ItemId, taken_for: Option<ItemId> },
    Place { of: LocationId, taken_for: Option<LocationId> },
}

fn error() -> impl Strategy<Value = Error> {
    let items = || prop::sample::select(vec![CAP, MUG, TEA]);
    let places = || prop::sample::select(vec![B, C]);
    prop_oneof![
        (items(), prop::option::of(items())).prop_map(|(of, taken_for)| Error::Item { of, taken_for }),
        (places(), prop::option::of(places())).prop_map(|(of, taken_for)| Error::Place { of, taken_for }),
    ]
}

impl Error {
    /// The wrong mapping, and the way back: the id first, then the one that lost its item or place by it.
    fn told(&self) -> (Action, Vec<Action>) {
        match *self {
            Self::Item { of, taken_for } => {
                let map = |id, item| Action::MapItem { channel: TILLS, external: external(TILLS, id), item };
                let back = [map(of, Some(of))].into_iter().chain(taken_for.map(|other| map(other, Some(other))));
                (map(of, taken_for), back.collect())
            }
            Self::Place { of, taken_for } => {
                let map = |id, location| Action::MapLocation {
                    channel: TILLS,
                    external: external_location(TILLS, id),
                    location,
                };
                let back = [map(of, Some(of))].into_iter().chain(taken_for.map(|other| map(other, Some(other))));
                (map(of, taken_for), back.collect())
            }
        }
    }
}

fn news(number: usize, sale: &Sale) -> Action {
    let news = News::till(&number.to_string()).gone(sale.item, sale.at, sale.units).completed();
    match sale.back {
        Some(back) => news.returned("f", sale.item, back, Some(sale.at)).heard(),
        None => news.heard(),
    }
}

/// Every document and every level is read, as after each change of a mapping.
fn read_all(hub: &mut Hub, sales: &[Sale]) {
    for (number, sale) in sales.iter().enumerate() {
        hub.must(news(number, sale));
    }
    let level = |item, at| LevelSeen {
        external: external(TILLS, item),
        location: external_location(TILLS, at),
        level: Level::units(20 + item.0 as i32),
    };
    let levels = [CAP, MUG, TEA].into_iter().flat_map(|item| [B, C].map(|at| level(item, at))).collect();
    hub.must(Action::LevelsSeen { channel: TILLS, since: hub.state.seq(), read_at: hub.now, levels, whole: true });
}

/// Stock of every position, and what every order took and gave back, in one hash.
fn stock_and_attribution(hub: &Hub) -> u64 {
    let mut told = String::new();
    for item in [CAP, MUG, TEA, SET] {
        for location in LOCATIONS {
            told += &format!("{item} {location} {};", hub.books(item, location));
        }
    }
    for number in 0..hub.state.orders().len() as u32 {
        let order = hub.state.orders().get(model::OrderId(number)).expect("ids are dense");
        let mut holdings = order.holdings.clone();
        holdings.sort_by_key(|holding| (holding.line, holding.item, holding.location));
        let mut returns = order.returns.clone();
        returns.iter_mut().for_each(|back| back.stock.sort_by_key(|put| (put.item, put.location)));
        told += &format!("{} {holdings:?} {returns:?};", order.document);
    }
    model::stable_hash(&[told.as_bytes()])
}

proptest! {
    #[test]
    fn a_wrong_mapping_that_was_taken_back_leaves_stock_and_attribution_as_if_it_had_never_been(
        sales in prop::collection::vec(sale(), 0..6),
        errors in prop::collection::vec((error(), any::<bool>()), 1..4),
    ) {
        let mut right = Hub::new();
        read_all(&mut right, &sales);
        let mut wrong = Hub::new();
        read_all(&mut wrong, &sales);
        for (error, read_meanwhile) in &errors {
            let (map, back) = error.told();
            wrong.must(map);
            if *read_meanwhile {
                read_all(&mut wrong, &sales);
            }
            for action in back {
                wrong.must(action);
            }
            read_all(&mut wrong, &sales);
        }
        read_all(&mut right, &sales);
        prop_assert_eq!(stock_and_attribution(&wrong), stock_and_attribution(&right));
        prop_assert_eq!(wrong.state.quarantine().count(), 0);
    }
}
