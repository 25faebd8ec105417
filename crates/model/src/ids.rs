//! Ids: dense numbers for what the engine holds, short hashes for what outsiders name. None can be mixed with another.

use minicbor::{Decode, Encode};
use serde::{Serialize, Serializer};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            /// Reads what `Display` writes.
            fn from_str(text: &str) -> Result<Self, ()> {
                let rest = text.strip_prefix(concat!($prefix, "_")).ok_or(())?;
                rest.parse().map(Self).map_err(|_| ())
            }
        }
    )*};
}

ids! {
    /// A sellable variant; dense from 0.
    ItemId(u32) = "item",
    /// A store, warehouse or distribution centre; dense from 0.
    LocationId(u32) = "loc",
    /// A connected account on a platform; dense from 0.
    ChannelId(u32) = "ch",
    /// An order the engine has heard of; dense from 0.
    OrderId(u32) = "order",
    /// A promise of stock; counts up from 1.
    ReservationId(u64) = "res",
    /// Goods on their way between two locations; counts up from 1.
    TransferId(u32) = "transfer",
    /// One batch of writes to a channel; counts up from 1.
    WriteId(u64) = "write",
    /// A document that a channel is told to make; counts up from 1.
    InstructionId(u64) = "instruction",
    /// What an agent wants to be done; counts up from 1.
    ProposalId(u64) = "proposal",
    /// An input set aside with its reason; counts up from 1.
    QuarantineId(u32) = "quarantine",
    /// The number of a fact in the journal, from 1.
    Seq(u64) = "seq",
}

/// FNV-1a over the parts, each ended by a zero byte, so that ("ab", "c") and ("a", "bc") differ. Stored in facts, so it
/// must never change.
pub fn stable_hash(parts: &[&[u8]]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.iter().chain(std::iter::once(&0)) {
            hash ^= u64::from(*byte);
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// A document line or a return line, hashed from the platform's own id of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[cbor(transparent)]
pub struct LineKey(#[n(0)] pub u64);

impl LineKey {
    /// From the platform's id of the line.
    pub fn of(id: &str) -> Self {
        Self(stable_hash(&[id.as_bytes()]))
    }
}

/// What makes two deliveries the same delivery, hashed from channel and the platform's delivery id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[cbor(transparent)]
pub struct DeliveryKey(#[n(0)] pub u64);

impl DeliveryKey {
    /// From the platform's delivery id.
    pub fn of(channel: ChannelId, id: &str) -> Self {
        Self(stable_hash(&[&channel.0.to_le_bytes(), id.as_bytes()]))
    }
}

/// Name of a raw body in the raw store: the BLAKE3 hash of its plain bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct RawName(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub [u8; 32],
);

impl std::fmt::Display for RawName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for RawName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for RawName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
