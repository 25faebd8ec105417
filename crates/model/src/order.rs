//! Orders and sales as a channel tells them, and as they are kept.
//!
//! A channel's order is read as *levels*, not as errands: how much of each line is promised and how much has left, at
//! which location. The engine compares levels, so that the same order heard twice, late or in the wrong order ends in
//! the same stock.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{
    ChannelId, Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, ItemId, Money, Note,
    OrderId, Personal, Quantity, Sealed, Sku,
};

/// Where an order was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Rung up at a till; goods leave at once.
    #[n(0)]
    Till,
    /// Ordered on the web.
    #[n(1)]
    Web,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Something is still to be handed over.
    #[n(0)]
    Open,
    /// Everything left.
    #[n(1)]
    Completed,
    /// Called off.
    #[n(2)]
    Cancelled,
}

/// What became of a part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Promised and still there.
    Promised,
    /// Has left the location.
    Gone,
}

/// Part of a line at one location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSeen {
    /// Where; `None` while the platform has not decided.
    pub location: Option<ExternalLocation>,
    /// How much.
    pub quantity: Quantity,
    /// Promised or gone.
    pub state: PartState,
}

/// A line of an order as the channel has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSeen {
    /// The platform's id of the line, unique in the document.
    pub line: Note,
    /// The platform's id of what was sold; `None` for a line typed by hand, which has no stock.
    pub item: Option<ExternalItem>,
    /// As printed on the line.
    pub sku: Sku,
    /// As ordered, after edits.
    pub quantity: Quantity,
    /// Price of one unit.
    pub price: Option<Money>,
    /// Where its units are. Empty for services and for a cancelled line.
    pub parts: Vec<PartSeen>,
}

/// What happened to goods that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restock {
    /// Back on the shelf there.
    At(ExternalLocation),
    /// Not put back by the platform.
    Nowhere,
}

/// A returned line. Known by its document and line, applied once, whatever tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnSeen {
    /// The platform's id of the refund or return.
    pub document: DocumentKey,
    /// The platform's id of the return line.
    pub line: Note,
    /// The platform's id of what came back.
    pub item: Option<ExternalItem>,
    /// As printed.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// Where to.
    pub restock: Restock,
    /// When.
    pub at: Instant,
}

/// An order, sale or return document as the channel has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSeen {
    /// Where.
    pub channel: ChannelId,
    /// The platform's id of the document.
    pub document: DocumentKey,
    /// The document's number or name for people, and the reference its maker gave it.
    pub reference: Note,
    /// Rises with every change on the platform, as finely as it dates them; lines of an older version than known are
    /// ignored.
    pub version: u64,
    /// When it was made, on the platform's clock.
    pub placed_at: Instant,
    /// Till or web.
    pub kind: OrderKind,
    /// The platform's customer.
    pub customer: Option<CustomerKey>,
    /// Personal fields of the document itself (guest checkout).
    pub contact: Option<Personal>,
    /// Currency of its prices.
    pub currency: Currency,
    /// Whether prices include tax.
    pub tax_inclusive: bool,
    /// What is paid for it.
    pub total: Money,
    /// How far it is.
    pub state: OrderState,
    /// All its lines; `None` when this news tells of returns only and says nothing about lines.
    pub lines: Option<Vec<LineSeen>>,
    /// All or some of its returns.
    pub returns: Vec<ReturnSeen>,
}

/// A line as kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LinePut {
    /// The platform's id of the line.
    #[n(0)]
    pub line: Note,
    /// What was sold; `None` for something without an item.
    #[n(1)]
    pub item: Option<ItemId>,
    /// As printed.
    #[n(2)]
    pub sku: Sku,
    /// As ordered, after edits.
    #[n(3)]
    pub quantity: Quantity,
    /// Price of one unit.
    #[n(4)]
    pub price: Option<Money>,
}

/// An order's head and lines as kept; replaces what was known under the same id. Its stock is in `Moved` facts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct OrderPut {
    /// Dense id.
    #[n(0)]
    pub order: OrderId,
    /// Where.
    #[n(1)]
    pub channel: ChannelId,
    /// The platform's id.
    #[n(2)]
    pub document: DocumentKey,
    /// For people.
    #[n(3)]
    pub reference: Note,
    /// The platform's version.
    #[n(4)]
    pub version: u64,
    /// When it was made.
    #[n(5)]
    pub placed_at: Instant,
    /// Till or web.
    #[n(6)]
    pub kind: OrderKind,
    /// The platform's customer.
    #[n(7)]
    pub customer: Option<CustomerKey>,
    /// Sealed personal fields.
    #[n(8)]
    pub contact: Option<Sealed>,
    /// Whether prices include tax.
    #[n(9)]
    pub tax_inclusive: bool,
    /// What is paid for it.
    #[n(10)]
    pub total: Money,
    /// How far it is.
    #[n(11)]
    pub state: OrderState,
    /// All its lines.
    #[n(12)]
    pub lines: Vec<LinePut>,
    /// Which telling of this version it is; `None` in facts from before that was kept. Nothing for outside readers.
    #[n(13)]
    #[serde(skip)]
    pub telling: Option<Telling>,
}

/// One of several tellings of a document that have the same version, because the platform dates changes too coarsely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Telling {
    /// When we asked for it, on our clock; `None` when it came by itself.
    #[n(0)]
    pub asked_at: Option<Instant>,
    /// Hash of what the platform said, in its own ids and without personal fields.
    #[n(1)]
    pub content: u64,
}
