//! Acts: the closed set of things an agent may propose. Each names what it was worked out from, so that it can be
//! checked against now. Called by the engine's gate; moves nothing by itself.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{
    ChannelId, CustomerAt, ExternalItem, InstructionId, ItemId, Level, LocationId, MakePurchase, Money, Note, Quantity,
    TransferId,
};

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Units of an item that a channel leaves unsold.
    #[n(0)]
    SetBuffer {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// Channel.
        #[n(1)]
        channel: ChannelId,
        /// As it was seen.
        #[n(2)]
        was: Quantity,
        /// As it should be.
        #[n(3)]
        to: Quantity,
    },
    /// Units of an item that stay unsold at a location.
    #[n(1)]
    SetSafety {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// Location.
        #[n(1)]
        location: LocationId,
        /// As it was seen.
        #[n(2)]
        was: Quantity,
        /// As it should be.
        #[n(3)]
        to: Quantity,
    },
    /// A purchase order, made on a channel.
    #[n(2)]
    Purchase {
        /// Where it is made.
        #[n(0)]
        channel: ChannelId,
        /// What.
        #[n(1)]
        purchase: MakePurchase,
        /// What covers demand of each line's item there (on hand and on its way, less what is promised), as it was
        /// seen; in the order of the lines.
        #[n(2)]
        cover: Vec<Level>,
    },
    /// A transfer between two locations of ours, as a draft.
    #[n(3)]
    Transfer {
        /// From.
        #[n(0)]
        from: LocationId,
        /// To.
        #[n(1)]
        to: LocationId,
        /// What.
        #[n(2)]
        lines: Vec<(ItemId, Quantity)>,
        /// What covers demand of each line's item at the destination, as it was seen; in the order of the lines.
        #[n(3)]
        cover: Vec<Level>,
    },
    /// Two customer records are one person.
    #[n(4)]
    LinkCustomers {
        /// One of them.
        #[n(0)]
        one: CustomerAt,
        /// The other.
        #[n(1)]
        other: CustomerAt,
    },
    /// An external id is an item of ours.
    #[n(5)]
    MapItem {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalItem,
        /// As it was seen.
        #[n(2)]
        was: Option<ItemId>,
        /// As it should be.
        #[n(3)]
        to: Option<ItemId>,
    },
    /// The list price of an item.
    #[n(6)]
    SetPrice {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// As it was seen.
        #[n(1)]
        was: Option<Money>,
        /// As it should be.
        #[n(2)]
        to: Money,
    },
    /// Stock is set to another number than people counted.
    #[n(7)]
    OverrideCount {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// Location.
        #[n(1)]
        location: LocationId,
        /// On hand, as it was seen.
        #[n(2)]
        was: Level,
        /// As it should be.
        #[n(3)]
        to: Quantity,
    },
    /// A difference that is held back, because it is too large, is written after all.
    #[n(8)]
    WriteHeld {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// Item.
        #[n(1)]
        item: ItemId,
        /// Location.
        #[n(2)]
        location: LocationId,
        /// What the channel shows, as it was seen.
        #[n(3)]
        shown: Level,
        /// What it should show, as it was seen.
        #[n(4)]
        wanted: Level,
    },
}

/// What kind of thing is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// [`Act::SetBuffer`].
    #[n(0)]
    SetBuffer,
    /// [`Act::SetSafety`].
    #[n(1)]
    SetSafety,
    /// [`Act::Purchase`].
    #[n(2)]
    Purchase,
    /// [`Act::Transfer`].
    #[n(3)]
    Transfer,
    /// [`Act::LinkCustomers`].
    #[n(4)]
    LinkCustomers,
    /// [`Act::MapItem`].
    #[n(5)]
    MapItem,
    /// [`Act::SetPrice`].
    #[n(6)]
    SetPrice,
    /// [`Act::OverrideCount`].
    #[n(7)]
    OverrideCount,
    /// [`Act::WriteHeld`].
    #[n(8)]
    WriteHeld,
}

impl ActKind {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::SetBuffer,
        Self::SetSafety,
        Self::Purchase,
        Self::Transfer,
        Self::LinkCustomers,
        Self::MapItem,
        Self::SetPrice,
        Self::OverrideCount,
        Self::WriteHeld,
    ];

    /// As policies and the API write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SetBuffer => "set_buffer",
            Self::SetSafety => "set_safety",
            Self::Purchase => "purchase",
            Self::Transfer => "transfer",
            Self::LinkCustomers => "link_customers",
            Self::MapItem => "map_item",
            Self::SetPrice => "set_price",
            Self::OverrideCount => "override_count",
            Self::WriteHeld => "write_held",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a person always decides, whatever a policy says: what cannot be seen through by a number, or overrides a
    /// person.
    pub fn needs_person(self) -> bool {
        match self {
            Self::LinkCustomers | Self::OverrideCount | Self::WriteHeld => true,
            Self::SetBuffer | Self::SetSafety | Self::Purchase | Self::Transfer | Self::MapItem | Self::SetPrice => {
                false
            }
        }
    }
}

impl Act {
    /// What kind it is.
    pub fn kind(&self) -> ActKind {
        match self {
            Self::SetBuffer { .. } => ActKind::SetBuffer,
            Self::SetSafety { .. } => ActKind::SetSafety,
            Self::Purchase { .. } => ActKind::Purchase,
            Self::Transfer { .. } => ActKind::Transfer,
            Self::LinkCustomers { .. } => ActKind::LinkCustomers,
            Self::MapItem { .. } => ActKind::MapItem,
            Self::SetPrice { .. } => ActKind::SetPrice,
            Self::OverrideCount { .. } => ActKind::OverrideCount,
            Self::WriteHeld { .. } => ActKind::WriteHeld,
        }
    }
}

/// What an act left behind that its undoing needs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// Nothing that the act itself does not name.
    #[n(0)]
    Set,
    /// A transfer.
    #[n(1)]
    Transfer(#[n(0)] TransferId),
    /// An instruction.
    #[n(2)]
    Instruction(#[n(0)] InstructionId),
    /// Nothing: it was not done.
    #[n(3)]
    Nothing(#[n(0)] Note),
}
