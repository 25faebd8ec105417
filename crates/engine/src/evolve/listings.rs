//! Facts about what channels list.

use model::{ChannelId, ItemId, ItemPut, Listing, Outcome, WritesIntended};

use crate::state::{Listed, State};

/// Our own record of an item changed: channels still list what it was.
pub(super) fn item_changed(state: &mut State, put: &ItemPut) {
    let Some(old) = state.catalogue.item(put.item).map(ItemPut::listing) else { return };
    if old == put.listing() {
        return;
    }
    for channel in channels(state) {
        if state.catalogue.external_item(channel, put.item).is_some() && state.listings.get(channel, put.item).is_none()
        {
            let listed = Listed { seen: Some(old.clone()), ..Listed::default() };
            state.listings.put(channel, put.item, listed, None);
        }
    }
}

/// After a change of our record, a mapping or a channel: what is to be written now.
pub(super) fn settle_item(state: &mut State, item: ItemId) {
    for channel in channels(state) {
        settle(state, channel, item);
    }
}

pub(super) fn settle_all(state: &mut State) {
    for (channel, item) in state.listings.keys() {
        settle(state, channel, item);
    }
}

fn channels(state: &State) -> Vec<ChannelId> {
    state.catalogue.channels().iter().map(|channel| channel.channel).collect()
}

fn settle(state: &mut State, channel: ChannelId, item: ItemId) {
    if let Some(listed) = state.listings.get(channel, item).cloned() {
        put(state, channel, item, listed);
    }
}

fn put(state: &mut State, channel: ChannelId, item: ItemId, listed: Listed) {
    let ours = state.catalogue.item(item).map(ItemPut::listing);
    state.listings.put(channel, item, listed, ours.as_ref());
    let due = state.listing_due(channel, item);
    state.listings.set_due(channel, item, due);
}

pub(super) fn listed(state: &mut State, channel: ChannelId, item: ItemId, seen: Option<Listing>) {
    let known = state.listings.get(channel, item).cloned().unwrap_or_default();
    // Another listing than the one that was refused: what is wanted is worth another try.
    let refused = known.refused.filter(|_| known.seen == seen);
    put(state, channel, item, Listed { seen, refused, in_flight: known.in_flight });
}

pub(super) fn unblocked(state: &mut State, channel: ChannelId, item: ItemId) {
    if let Some(mut listed) = state.listings.get(channel, item).cloned() {
        listed.refused = None;
        put(state, channel, item, listed);
    }
}

pub(super) fn intended(state: &mut State, intended: &WritesIntended) {
    for write in &intended.listings {
        if let Some(mut listed) = state.listings.get(intended.channel, write.item).cloned() {
            listed.in_flight = Some(intended.id);
            put(state, intended.channel, write.item, listed);
        }
    }
}

/// A listing is written as it should be, not by a difference, so trying again after an unknown outcome does no harm.
pub(super) fn settled(state: &mut State, batch: &WritesIntended, outcomes: &[Outcome]) {
    for (write, outcome) in batch.listings.iter().zip(outcomes) {
        let Some(mut listed) = state.listings.get(batch.channel, write.item).cloned() else { continue };
        listed.in_flight = None;
        match outcome {
            Outcome::Done { .. } => listed.seen = Some(write.to.clone()),
            Outcome::Never { because } => listed.refused = Some((write.to.clone(), because.clone())),
            Outcome::Stale | Outcome::Again | Outcome::Unknown => {}
        }
        put(state, batch.channel, write.item, listed);
    }
}
