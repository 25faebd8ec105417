//! What channels list of each item, where that is not simply what we have: titles, prices, barcodes.
//!
//! An item that is mapped and has no row here is believed to be listed as our own record has it, so memory is taken by
//! differences only.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use model::{ChannelId, ItemId, Listing, Note, WriteId};

/// What a channel lists of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Listed {
    /// What it is believed to list; `None` while nobody knows.
    #[n(0)]
    pub seen: Option<Listing>,
    /// The batch that changes it at the moment.
    #[n(1)]
    pub in_flight: Option<WriteId>,
    /// What the platform refused to list, and its words: not tried again until something else is wanted.
    #[n(2)]
    pub refused: Option<(Listing, Note)>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Listings {
    rows: BTreeMap<(ChannelId, ItemId), Listed>,
    /// Items to be written, by channel. Follows from the rest, so it is neither stored nor hashed.
    due: BTreeMap<ChannelId, BTreeSet<ItemId>>,
}

impl Listings {
    /// What a channel lists of an item; `None` = what our own record has, if the item is mapped there.
    pub fn get(&self, channel: ChannelId, item: ItemId) -> Option<&Listed> {
        self.rows.get(&(channel, item))
    }

    /// Everything that is not listed as we have it.
    pub fn iter(&self) -> impl Iterator<Item = (ChannelId, ItemId, &Listed)> {
        self.rows.iter().map(|((channel, item), listed)| (*channel, *item, listed))
    }

    /// What is to be written to a channel.
    pub fn due(&self, channel: ChannelId) -> impl Iterator<Item = ItemId> + '_ {
        self.due.get(&channel).into_iter().flatten().copied()
    }

    pub(crate) fn put(&mut self, channel: ChannelId, item: ItemId, listed: Listed, ours: Option<&Listing>) {
        if listed.in_flight.is_none()
            && listed.refused.is_none()
            && listed.seen.is_some()
            && listed.seen.as_ref() == ours
        {
            self.rows.remove(&(channel, item));
        } else {
            self.rows.insert((channel, item), listed);
        }
    }

    pub(crate) fn forget(&mut self, channel: ChannelId, item: ItemId) {
        self.rows.remove(&(channel, item));
        self.set_due(channel, item, false);
    }

    pub(crate) fn set_due(&mut self, channel: ChannelId, item: ItemId, due: bool) {
        if due {
            self.due.entry(channel).or_default().insert(item);
        } else if let Some(items) = self.due.get_mut(&channel) {
            items.remove(&item);
        }
    }

    pub(crate) fn keys(&self) -> Vec<(ChannelId, ItemId)> {
        self.rows.keys().copied().collect()
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(&self.rows, out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        Ok(Self { rows: decoder.decode()?, due: BTreeMap::new() })
    }
}
