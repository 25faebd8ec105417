//! Instructions: documents that a platform is told to make, once each. Unlike a level, which is brought to what it
//! should be as often as needed, a second refund is a second loss: so an instruction is kept until it is known to be
//! done or refused.
//!
//! None of them moves stock here. What comes of them over there (a sale, a refund, a receipt) is heard like everything
//! else that happens on the channel.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{
    ChannelId, CustomerKey, DocumentKey, IdempotencyKey, Instant, InstructionId, ItemId, LocationId, Money, Note,
    Quantity, Sealed,
};

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct InstructionLine {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// How much.
    #[n(1)]
    pub quantity: Quantity,
    /// Price or cost of one unit; `None` = as the platform has it.
    #[n(2)]
    pub each: Option<Money>,
}

/// An order that is to be handed out at a location and is not paid yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct MakeOrder {
    /// Where it is handed out.
    #[n(0)]
    pub location: LocationId,
    /// What.
    #[n(1)]
    pub lines: Vec<InstructionLine>,
    /// For whom, when the channel knows them.
    #[n(2)]
    pub customer: Option<CustomerKey>,
    /// For the people there.
    #[n(3)]
    pub note: Note,
}

/// Money given back for lines of an order of this channel.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct MakeRefund {
    /// The channel's order.
    #[n(0)]
    pub document: DocumentKey,
    /// Which of its lines, by the platform's id, and how much of each; empty = money only.
    #[n(1)]
    pub lines: Vec<(Note, Quantity)>,
    /// Where the goods are put back; `None` = they are not.
    #[n(2)]
    pub restock_at: Option<LocationId>,
    /// How much is given back, tax included.
    #[n(3)]
    pub amount: Money,
    /// Why, for the people there.
    #[n(4)]
    pub note: Note,
}

/// Stock that is to go from one location of the channel to another: a document over there that is not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct MakeTransfer {
    /// From.
    #[n(0)]
    pub from: LocationId,
    /// To.
    #[n(1)]
    pub to: LocationId,
    /// What.
    #[n(2)]
    pub lines: Vec<InstructionLine>,
    /// Why, for the people there.
    #[n(3)]
    pub note: Note,
}

/// Goods ordered from a supplier: a document over there of which nothing has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct MakePurchase {
    /// The supplier's name, as the platform has it.
    #[n(0)]
    pub supplier: Note,
    /// Where it arrives.
    #[n(1)]
    pub location: LocationId,
    /// What, at which cost.
    #[n(2)]
    pub lines: Vec<InstructionLine>,
    /// When it should arrive.
    #[n(3)]
    pub expected: Option<Instant>,
    /// For the people there.
    #[n(4)]
    pub note: Note,
}

/// A customer record to be made, or changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct PutCustomer {
    /// The record to change; `None` = a new one.
    #[n(0)]
    pub customer: Option<CustomerKey>,
    /// Who. An empty field is left as it is.
    #[n(1)]
    pub person: Sealed,
}

/// What a channel is told to do.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Make an order.
    #[n(0)]
    MakeOrder(#[n(0)] MakeOrder),
    /// Give money back.
    #[n(1)]
    MakeRefund(#[n(0)] MakeRefund),
    /// Make or change a customer.
    #[n(2)]
    PutCustomer(#[n(0)] PutCustomer),
    /// Make a transfer.
    #[n(3)]
    MakeTransfer(#[n(0)] MakeTransfer),
    /// Make a purchase order.
    #[n(4)]
    MakePurchase(#[n(0)] MakePurchase),
}

/// A channel was told to make something.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Instructed {
    /// Which.
    #[n(0)]
    pub id: InstructionId,
    /// Who is told.
    #[n(1)]
    pub channel: ChannelId,
    /// The caller's key.
    #[n(2)]
    pub key: Option<IdempotencyKey>,
    /// What.
    #[n(3)]
    pub deed: Deed,
}

/// An instruction is on its way: from now on it may have been carried out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct InstructionSent {
    /// Which.
    #[n(0)]
    pub id: InstructionId,
    /// The exact body; empty when it is sealed.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    #[serde(skip)]
    pub body: Vec<u8>,
    /// The exact body, where it names a person.
    #[n(2)]
    pub sealed: Option<Sealed>,
}

/// How an instruction ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum InstructionEnd {
    /// The platform made it.
    #[n(0)]
    Made {
        /// The platform's id of it.
        #[n(0)]
        document: Note,
    },
    /// The platform refused it; nothing was made.
    #[n(1)]
    Refused {
        /// In words.
        #[n(0)]
        because: Note,
    },
    /// Somebody called it off before it was sent; nothing was made.
    #[n(2)]
    Withdrawn {
        /// In words.
        #[n(0)]
        because: Note,
    },
}
