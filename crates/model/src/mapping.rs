//! What a person is asked about mappings, and may wave aside for good. Used by commands and facts; it knows no answers.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{ChannelId, CustomerKey, ExternalItem, ExternalLocation};

/// A customer record of a channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
pub struct CustomerAt {
    /// Where.
    #[n(0)]
    pub channel: ChannelId,
    /// The platform's id.
    #[n(1)]
    pub customer: CustomerKey,
}

impl CustomerAt {
    /// The two in the order in which a pair is stored: the lesser first.
    pub fn pair(one: Self, other: Self) -> (Self, Self) {
        if other < one { (other, one) } else { (one, other) }
    }
}

/// A question that only a person can settle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum MappingQuestion {
    /// Which item of ours is this?
    #[n(0)]
    Item {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalItem,
    },
    /// Which location of ours is this?
    #[n(1)]
    Location {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalLocation,
    },
    /// Are these two one person? The lesser record stands first.
    #[n(2)]
    SameCustomer {
        /// The lesser of the two.
        #[n(0)]
        one: CustomerAt,
        /// The greater.
        #[n(1)]
        other: CustomerAt,
    },
}

impl MappingQuestion {
    /// Whether these two are one person, whichever is named first.
    pub fn same_customer(one: CustomerAt, other: CustomerAt) -> Self {
        let (one, other) = CustomerAt::pair(one, other);
        Self::SameCustomer { one, other }
    }

    /// The channel it is about; of two customers, the lesser one's.
    pub fn channel(&self) -> ChannelId {
        match self {
            Self::Item { channel, .. } | Self::Location { channel, .. } => *channel,
            Self::SameCustomer { one, .. } => one.channel,
        }
    }
}
