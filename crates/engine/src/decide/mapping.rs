//! What a person says an external item is. Changing it takes back what was believed because of the old mapping: stock
//! learnt from the channel's own numbers at once, sales and returns when they are read again.

use model::{
    Cause, Change, ChannelId, ExternalItem, Fact, Instant, ItemId, LocationId, Moved, Note, NoticeAbout, OrderId,
    Refusal,
};

use super::catalogue::must_know;
use crate::state::{Order, State};

pub(super) fn map_item(
    state: &State,
    at: Instant,
    channel: ChannelId,
    external: &ExternalItem,
    item: Option<ItemId>,
) -> Result<Vec<Fact>, Refusal> {
    must_know_channel(state, channel)?;
    let before = state.catalogue.mapped_item(channel, external);
    if let Some(item) = item {
        must_know(state, item, None)?;
    }
    if before == item {
        return Ok(Vec::new());
    }
    let mut facts = Vec::new();
    if let Some(before) = before {
        facts.extend(unlearnt(state, at, channel, before));
    }
    let Some(item) = item else {
        facts.push(unmap(channel, external));
        facts.extend(attributed_anew(state, channel, before.into_iter().collect()));
        return Ok(facts);
    };
    let loser = state.catalogue.external_item(channel, item).cloned();
    facts.extend(loser.as_ref().map(|other| unmap(channel, other)));
    facts.extend(reopened(state, channel, external));
    facts.push(Fact::ItemMapped { channel, external: external.clone(), item: Some(item), counted: true });
    facts.push(Fact::Listed { channel, item, listing: None });
    facts.push(Fact::Noticed { channel, about: NoticeAbout::Catalogue });
    facts.extend(attributed_anew(state, channel, before.into_iter().chain(loser.map(|_| item)).collect()));
    // What the platform shows under this id is now another item's level.
    facts.extend(levels_unknown(state, channel, external));
    Ok(facts)
}

/// The levels of an id are read wherever it may lie.
pub(super) fn levels_unknown(state: &State, channel: ChannelId, external: &ExternalItem) -> Vec<Fact> {
    let places = state.catalogue.locations_on(channel);
    let about = places.map(|(_, place)| NoticeAbout::Level(external.clone(), place.clone()));
    about.flat_map(|about| super::inputs::notice(state, channel, &about)).collect()
}

/// Refuses channels that do not exist.
pub(super) fn must_know_channel(state: &State, channel: ChannelId) -> Result<(), Refusal> {
    match state.catalogue.channel(channel) {
        Some(_) => Ok(()),
        None => Err(Refusal::Unknown { what: channel.to_string() }),
    }
}

/// Sales, orders and returns of a channel that were taken for these items are read again, and worked out by the mapping
/// of then.
fn attributed_anew(state: &State, channel: ChannelId, items: Vec<ItemId>) -> Vec<Fact> {
    read_again(state, state.orders.of_channel(channel, |order| items.iter().any(|item| order.touches_item(*item))))
}

/// Reopens orders that are not open for that already.
pub(super) fn read_again<'s>(state: &State, orders: impl Iterator<Item = (OrderId, &'s Order)>) -> Vec<Fact> {
    let fresh = orders.filter(|(_, order)| !order.is_reopened());
    fresh
        .flat_map(|(order, known)| {
            let about = NoticeAbout::Order(known.document.clone());
            let notice = super::inputs::notice(state, known.channel, &about);
            std::iter::once(Fact::OrderReopened { order }).chain(notice)
        })
        .collect()
}

/// What the channel's own numbers taught about an item, where the channel's word is the truth, was not about this item.
fn unlearnt(state: &State, at: Instant, channel: ChannelId, item: ItemId) -> Vec<Fact> {
    let rows = state.positions.of_item(item, state.catalogue.locations().len());
    rows.into_iter().filter_map(|row| taken_back(state, at, channel, row)).collect()
}

/// The movement that takes back what was learnt about a position since the present mapping; `None` when nothing was.
pub(super) fn taken_back(state: &State, at: Instant, channel: ChannelId, row: u32) -> Option<Fact> {
    let position = state.positions.row(row);
    let learnt = state.shown.get(channel, row)?.learnt;
    let home = is_home(state, channel, position.location);
    (home && !learnt.is_zero()).then(|| {
        Fact::Moved(Moved {
            item: position.item,
            location: position.location,
            cause: Cause::Platform,
            on_hand: learnt.undo(),
            reserved: Change::ZERO,
            in_transit: Change::ZERO,
            unsellable: Change::ZERO,
            happened_at: at,
            order: None,
            shown: None,
            note: Some(Note::new("learnt under a mapping that was put right")),
        })
    })
}

fn is_home(state: &State, channel: ChannelId, location: LocationId) -> bool {
    state.catalogue.location(location).is_some_and(|location| location.home == Some(channel))
}

/// An item that was deleted there loses every id it had, by whichever of them its end was told.
pub(super) fn gone(state: &State, channel: ChannelId, item: ItemId) -> Vec<Fact> {
    let counted = state.catalogue.external_item(channel, item).map(|external| (external, true));
    let others = state.catalogue.aliases(channel, item).map(|external| (external, false));
    let ids = counted.into_iter().chain(others);
    ids.map(|(external, counted)| Fact::ItemMapped { channel, external: external.clone(), item: None, counted })
        .collect()
}

fn unmap(channel: ChannelId, external: &ExternalItem) -> Fact {
    Fact::ItemMapped { channel, external: external.clone(), item: None, counted: true }
}

/// Documents that waited for this mapping are fetched again.
pub(super) fn reopened(state: &State, channel: ChannelId, external: &ExternalItem) -> Vec<Fact> {
    let waiting = state.quarantine.values().filter(|q| q.channel == channel && q.waits_for.as_ref() == Some(external));
    waiting
        .flat_map(|waiting| {
            let again =
                waiting.document.clone().map(|document| Fact::Noticed { channel, about: NoticeAbout::Order(document) });
            let closed =
                Fact::QuarantineClosed { id: waiting.id, reason: Note::new("the item is mapped now; fetched again") };
            [Some(closed), again].into_iter().flatten()
        })
        .collect()
}
