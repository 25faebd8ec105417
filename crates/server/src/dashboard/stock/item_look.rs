//! Reads one item from the engine's state.

use flow::State;
use model::{Instant, ItemPut, LocationPut};

use super::item::{ItemPage, Place, ShownAt};
use crate::dashboard::words;

/// The item's page; places where it was never heard of are left out, unless it was heard of nowhere.
pub(super) fn look(state: &State, item: &ItemPut, now: Instant, key: String) -> ItemPage {
    let places = state.catalogue().locations().iter();
    let mut places: Vec<(bool, Place)> = places.map(|at| place(state, item, at)).collect();
    if places.iter().any(|(known, _)| *known) {
        places.retain(|(known, _)| *known);
    }
    let stocked = item.tracked && item.components.is_empty();
    ItemPage {
        now,
        sku: item.sku.to_string(),
        title: super::title(item),
        barcodes: item.barcodes.iter().map(ToString::to_string).collect(),
        price: item.price.map(words::money),
        components: item.components.iter().map(|part| component(state, part)).collect(),
        tracked: item.tracked,
        places: if stocked { places.into_iter().map(|(_, place)| place).collect() } else { Vec::new() },
        key,
    }
}

fn component(state: &State, part: &model::Component) -> String {
    let name = state.catalogue().item(part.item).map_or_else(|| part.item.to_string(), super::title);
    format!("{} × {name}", words::grouped(&part.quantity.to_string()))
}

fn place(state: &State, item: &ItemPut, at: &LocationPut) -> (bool, Place) {
    let row = state.positions().find(item.item, at.location);
    let position = state.positions().get(item.item, at.location);
    let name = |channel| state.catalogue().channel(channel).map(|put| put.name.to_string());
    let shown: Vec<ShownAt> = state
        .catalogue()
        .channels()
        .iter()
        .filter_map(|channel| {
            let wanted = state.wanted(channel.channel, item.item, at.location)?;
            let known = row.and_then(|row| state.shown().get(channel.channel, row));
            let read = known.filter(|known| known.trust != flow::Trust::Unread);
            let stuck = known
                .filter(|known| known.blocked)
                .and_then(|known| state.shown().reason(known.channel, known.position));
            Some(ShownAt {
                channel: channel.name.to_string(),
                shown: read.map(|known| known.level),
                wanted,
                at: read.map(|known| known.at),
                writing: known.is_some_and(|known| known.in_flight.is_some()),
                stuck: stuck.map(ToString::to_string),
            })
        })
        .collect();
    let known = row.is_some() || !shown.is_empty();
    let place = Place {
        location: at.location.0,
        name: at.name.to_string(),
        home: at.home.and_then(name),
        zone: words::zone(at.zone.as_str()),
        on_hand: position.on_hand(),
        promised: position.reserved(),
        in_transit: position.in_transit(),
        unsellable: position.unsellable(),
        safety: position.safety(),
        available: position.available().level(),
        counted_at: position.counted_at(),
        shown,
    };
    (known, place)
}
