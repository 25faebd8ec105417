//! Words that outsiders choose: SKUs, names, external ids. Each its own type, cheap to clone, never empty unless said.

use std::sync::Arc;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Serialize, Serializer};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Trims white space at both ends; nothing else is changed.
            pub fn new(text: &str) -> Self {
                Self(Arc::from(text.trim()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether nothing is left.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self(Arc::from(""))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Ok(Self(Arc::from(d.str()?)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// The merchant's stock keeping unit.
    Sku,
    /// A GTIN as printed or typed.
    Barcode,
    /// What people call an item.
    Title,
    /// The merchant's name of a channel, unique.
    ChannelName,
    /// The merchant's name of a location, unique.
    LocationName,
    /// A platform's id of what it counts stock of.
    ExternalItem,
    /// A platform's id of a location.
    ExternalLocation,
    /// A platform's id of a document: order, refund, return.
    DocumentKey,
    /// A platform's id of a customer.
    CustomerKey,
    /// What a caller chose so that doing it twice does it once.
    IdempotencyKey,
    /// A few words for people: a reason, a reference. May be empty.
    Note,
}
