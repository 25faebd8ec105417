//! Facts about what is what.

use model::{ChannelId, ExternalItem, ExternalLocation, ItemId, LocationId, MappingQuestion};

use super::stock;
use crate::state::State;

pub(super) fn item(
    state: &mut State,
    channel: ChannelId,
    external: &ExternalItem,
    item: Option<ItemId>,
    counted: bool,
) {
    if let Some(before) = state.catalogue.mapped_item(channel, external).filter(|_| counted) {
        state.listings.forget(channel, before);
    }
    state.catalogue.map_item(channel, external.clone(), item, counted);
    let Some(item) = item else { return };
    state.dismissed.remove(&MappingQuestion::Item { channel, external: external.clone() });
    if counted {
        stock::number_unknown(state, channel, item);
    }
    stock::touch_item(state, item);
}

pub(super) fn location(
    state: &mut State,
    channel: ChannelId,
    external: &ExternalLocation,
    location: Option<LocationId>,
) {
    state.catalogue.map_location(channel, external.clone(), location);
    state.touched.all = true;
    let Some(location) = location else {
        state.catalogue.forget_strange(channel, external);
        return;
    };
    state.dismissed.remove(&MappingQuestion::Location { channel, external: external.clone() });
    let here = |row: &&crate::state::ShownLevel| {
        row.channel == channel && state.positions.row(row.position).location == location
    };
    let rows: Vec<u32> = state.shown.iter().filter(here).map(|row| row.position).collect();
    for row in rows {
        state.shown.forget(channel, row, state.seq);
    }
}
