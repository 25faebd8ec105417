//! Writes to channels: intended, sent, settled.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{Change, ChannelId, IdempotencyKey, Instant, ItemId, Level, Listing, LocationId, Note, WriteId};

/// How a level is brought to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum WriteMode {
    /// A relative change, not compared: for less stock, which must never wait.
    #[n(0)]
    Lower,
    /// A relative change, compared with what the platform should show where it can compare: for more stock.
    #[n(1)]
    Raise,
    /// An absolute level, dated with the reading that showed it to be wrong: for drift.
    #[n(2)]
    Correct,
    /// What a listing says: price, title, barcodes.
    #[n(3)]
    List,
}

/// One level to be changed on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Write {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// Location.
    #[n(1)]
    pub location: LocationId,
    /// What the channel is believed to show.
    #[n(2)]
    pub from: Level,
    /// What it should show.
    #[n(3)]
    pub to: Level,
}

impl Write {
    /// The relative change.
    pub fn change(&self) -> Change {
        self.from.to(self.to)
    }
}

/// What a channel should list of an item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ListingWrite {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// What the channel is believed to list.
    #[n(1)]
    pub from: Listing,
    /// What it should list.
    #[n(2)]
    pub to: Listing,
}

/// A batch of writes, journaled before it is sent. Sent again unchanged until its outcome is known.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct WritesIntended {
    /// Which batch.
    #[n(0)]
    pub id: WriteId,
    /// Where to.
    #[n(1)]
    pub channel: ChannelId,
    /// How.
    #[n(2)]
    pub mode: WriteMode,
    /// The key the platform knows it by.
    #[n(3)]
    pub key: IdempotencyKey,
    /// When the levels were computed; the date of a `Correct` batch is its reading's.
    #[n(4)]
    pub dated: Instant,
    /// What is written.
    #[n(5)]
    pub writes: Vec<Write>,
    /// The exact request body.
    #[n(6)]
    #[cbor(with = "minicbor::bytes")]
    #[serde(skip)]
    pub body: Vec<u8>,
    /// What is written instead of levels, with [`WriteMode::List`].
    #[n(7)]
    #[cbor(skip_if = "Vec::is_empty")]
    pub listings: Vec<ListingWrite>,
}

impl WritesIntended {
    /// How many outcomes there must be.
    pub fn len(&self) -> usize {
        self.writes.len() + self.listings.len()
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What became of one write.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The platform took it; `after` is what it says it shows now, when it says so.
    #[n(0)]
    Done {
        /// Level told by the platform.
        #[n(0)]
        after: Option<Level>,
    },
    /// Nothing was changed: it shows something else than we believed. Read, then decide again.
    #[n(1)]
    Stale,
    /// Nothing was changed, and sending it again later may work.
    #[n(2)]
    Again,
    /// Nothing was changed and nothing will be: shown to a person.
    #[n(3)]
    Never {
        /// The platform's words.
        #[n(0)]
        because: Note,
    },
    /// It may or may not have been taken and cannot be asked again. Read before the next difference is taken.
    #[n(4)]
    Unknown,
}

/// How a batch ended, one outcome per write, in order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct WritesSettled {
    /// Which batch.
    #[n(0)]
    pub id: WriteId,
    /// Where.
    #[n(1)]
    pub channel: ChannelId,
    /// One per write.
    #[n(2)]
    pub outcomes: Vec<Outcome>,
}
