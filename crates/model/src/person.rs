//! People: personal fields, plain only on their way to be sealed.

use minicbor::{Decode, Encode};
use serde::{Serialize, Serializer};

use crate::{ChannelId, CustomerKey, Instant, Note, stable_hash};

/// Whose key seals a piece of personal data: 16 bytes named after the channel and the platform's id of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Subject(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub [u8; 16],
);

impl Subject {
    /// The person known to a channel under this id, or a document or delivery while nobody is known.
    pub fn of(channel: ChannelId, kind: &str, id: &str) -> Self {
        let low = stable_hash(&[b"subject", &channel.0.to_le_bytes(), kind.as_bytes(), id.as_bytes()]);
        let high = stable_hash(&[b"tcejbus", id.as_bytes(), kind.as_bytes(), &channel.0.to_le_bytes()]);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&low.to_le_bytes());
        bytes[8..].copy_from_slice(&high.to_le_bytes());
        Self(bytes)
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&text)
    }
}

/// Personal fields under the subject's key. Destroying the key makes them unreadable for ever.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Sealed {
    /// Whose key.
    #[n(0)]
    pub subject: Subject,
    /// Nonce and cipher text.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.bytes.len())
    }
}

/// A person's fields as a platform gave them.
#[derive(Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Person {
    /// Given name.
    #[n(0)]
    pub given_name: String,
    /// Family name.
    #[n(1)]
    pub family_name: String,
    /// E-mail address.
    #[n(2)]
    pub email: String,
    /// Telephone number.
    #[n(3)]
    pub phone: String,
    /// Postal address on one line.
    #[n(4)]
    pub address: String,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}

/// Personal fields, before and after sealing. Only sealed ones can become a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Personal {
    /// As read from the platform; sealed by `flow` before anything is decided.
    Plain(Box<Person>),
    /// Under a key.
    Sealed(Sealed),
}

/// Somebody was forgotten: the keys of these subjects are destroyed, and what was sealed with them is gone wherever
/// copies of it are.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Erased {
    /// Whose customer.
    #[n(0)]
    pub channel: ChannelId,
    /// The platform's id; `None` = everybody that the channel told of.
    #[n(1)]
    pub customer: Option<CustomerKey>,
    /// Whose keys.
    #[n(2)]
    pub subjects: Vec<Subject>,
    /// Who asked, or why.
    #[n(3)]
    pub reason: Note,
}

/// A customer record as a channel has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSeen {
    /// Where.
    pub channel: ChannelId,
    /// The platform's id.
    pub customer: CustomerKey,
    /// Rises with every change on the platform.
    pub version: u64,
    /// When it changed there.
    pub updated_at: Instant,
    /// Who; `None` when the platform says the record is deleted.
    pub person: Option<Personal>,
}

/// A customer record as kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct CustomerPut {
    /// Where.
    #[n(0)]
    pub channel: ChannelId,
    /// The platform's id.
    #[n(1)]
    pub customer: CustomerKey,
    /// The platform's version.
    #[n(2)]
    pub version: u64,
    /// Sealed fields; `None` when deleted there.
    #[n(3)]
    pub person: Option<Sealed>,
}
