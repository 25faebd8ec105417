//! The small language of the scenarios.

use emulators::machine::{Act, ActLine};
use model::{ItemId, Level, LocationId};
use sim::World;

/// Lines of one item.
fn lines(sku: &str, units: u32) -> Vec<ActLine> {
    vec![ActLine { sku: sku.into(), quantity: units.to_string(), unit_price_minor: 1_000, of_line: None }]
}

/// A sale at a till.
pub fn till_sale(reference: &str, location: &str, sku: &str, units: u32) -> Act {
    let (reference, location) = (reference.into(), location.into());
    Act::TillSale { reference, location, lines: lines(sku, units), customer: None, offline_ms: 0 }
}

/// An order of the web shop.
pub fn web_order(reference: &str, sku: &str, units: u32) -> Act {
    let reference = reference.into();
    Act::WebOrder { reference, lines: lines(sku, units), customer: None, force: false, pickup: None }
}

/// The order is handed over.
pub fn fulfil(reference: &str) -> Act {
    Act::Fulfil { reference: reference.into() }
}

/// One unit comes back.
pub fn give_back(reference: &str, of: &str, location: &str, sku: &str) -> Act {
    let (reference, of, location) = (reference.into(), Some(of.into()), location.into());
    let line = ActLine { of_line: Some(0), ..lines(sku, 1)[0].clone() };
    Act::Return { reference, of, location, lines: vec![line], restock: true }
}

/// What lies of the first item at a location, by number.
pub async fn on_hand(world: &World, location: u32) -> Level {
    let hub = world.hub().expect("the hub runs");
    let read = hub.read(move |state| state.positions().get(ItemId(0), LocationId(location)).on_hand());
    read.await.expect("the hub answers")
}

/// Every position: on hand and reserved.
pub async fn positions(world: &World) -> Vec<(Level, Level)> {
    let hub = world.hub().expect("the hub runs");
    let all = |state: &flow::State| {
        let positions = state.positions();
        let rows = 0..u32::try_from(positions.len()).expect("a small world");
        let mut all: Vec<_> = rows.map(|row| positions.row(row)).collect();
        all.sort_by_key(|position| (position.item, position.location));
        all.iter().map(|position| (position.on_hand(), position.reserved())).collect()
    };
    hub.read(all).await.expect("the hub answers")
}
