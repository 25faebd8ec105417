//! What is asked about: a payment before it is authorised. Filled by the doors and by the evaluation; knows no platform.

use minicbor::{CborLen, Decode, Encode};
use model::{ChannelId, Instant, stable_hash};

/// What somebody or something is called, as a hash: the mind recognises, it does not know names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, CborLen)]
#[cbor(transparent)]
pub struct Key(#[n(0)] pub u64);

impl Key {
    /// From any text that names it; `None` for an empty one.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(stable_hash(&[text.as_bytes()])))
    }

    /// From a name that is only known within a channel.
    pub fn within(channel: ChannelId, text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(stable_hash(&[&channel.0.to_le_bytes(), text.as_bytes()])))
    }
}

/// What the money is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Deed {
    /// Goods.
    #[n(0)]
    #[default]
    Sale,
    /// A gift card or stored value: as good as cash for a thief.
    #[n(1)]
    GiftCard,
    /// Money back, with a receipt or without.
    #[n(2)]
    Refund,
}

/// A payment that is about to be authorised.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Payment {
    /// Unique; a number seen before is the same payment.
    #[n(0)]
    pub id: u64,
    /// When.
    #[n(1)]
    pub at: Instant,
    /// Amount in major units of the merchant's currency. What is no number, or below zero, counts as unknown.
    #[n(2)]
    pub amount: f64,
    /// Who pays: profile or card token.
    #[n(3)]
    pub customer: Option<Key>,
    /// Where: till, register or web shop.
    #[n(4)]
    pub terminal: Option<Key>,
    /// With what: device or delivery address, where the channel tells.
    #[n(5)]
    pub device: Option<Key>,
    /// Since when the customer is known elsewhere (sign-up), when that is earlier than the first payment here.
    #[n(6)]
    pub since: Option<Instant>,
    /// What for.
    #[n(7)]
    pub deed: Deed,
}

impl Payment {
    /// Customer, terminal, device.
    pub fn keys(&self) -> [Option<Key>; 3] {
        [self.customer, self.terminal, self.device]
    }

    /// The amount, when it is one.
    pub fn sound_amount(&self) -> Option<f64> {
        // Beyond this no till rings anything up, and squares stay numbers.
        (self.amount >= 0.0 && self.amount <= 1e12).then_some(self.amount)
    }
}
