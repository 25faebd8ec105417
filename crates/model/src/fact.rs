//! Facts: what happened. They are stored for ever, so they only gain variants and optional fields.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{
    Answer, Brake, Change, ChannelId, ChannelPut, Cursor, CustomerAt, CustomerPut, DeliveryKey, DocumentKey, DoneAct,
    Erased, ExternalItem, ExternalLocation, IdempotencyKey, Instant, Instructed, InstructionEnd, InstructionId,
    InstructionSent, ItemId, ItemPut, Level, LineKey, Listing, LocationId, LocationName, LocationPut, MappingQuestion,
    Note, NoticeAbout, OrderId, OrderPut, PolicyPut, ProposalId, Proposed, Quantity, QuarantineId, RawName,
    ReservationId, Sku, TransferId, Undone, WritesIntended, WritesSettled, stable_hash,
};

/// Why stock moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Sold at a till, or shipped or handed over.
    #[n(0)]
    Sale,
    /// Promised to a web order, more or less of it than before.
    #[n(1)]
    Order,
    /// Came back.
    #[n(2)]
    Return,
    /// Changed by hand through our API or a file.
    #[n(3)]
    Adjustment,
    /// Counted through our API or a file.
    #[n(4)]
    Count,
    /// Came in from a supplier.
    #[n(5)]
    Receipt,
    /// Left for, or came from, another location.
    #[n(6)]
    Transfer,
    /// Counted or changed inside the location's home platform.
    #[n(7)]
    Platform,
    /// First count learnt from the location's home platform.
    #[n(8)]
    Opening,
}

/// Stock moved. On hand is the sum of these and of committed reservations.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Moved {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// Location.
    #[n(1)]
    pub location: LocationId,
    /// Why.
    #[n(2)]
    pub cause: Cause,
    /// Change of what lies there.
    #[n(3)]
    pub on_hand: Change,
    /// Change of what is promised.
    #[n(4)]
    pub reserved: Change,
    /// Change of what is on its way to this location.
    #[n(5)]
    pub in_transit: Change,
    /// Change of what lies there but cannot be sold.
    #[n(6)]
    pub unsellable: Change,
    /// When it happened; may be before it was heard of.
    #[n(7)]
    pub happened_at: Instant,
    /// The order and line that caused it.
    #[n(8)]
    pub order: Option<(OrderId, LineKey)>,
    /// The channel whose own number the same event has changed already, and by how much.
    #[n(9)]
    pub shown: Option<(ChannelId, Change)>,
    /// Reason or reference.
    #[n(10)]
    pub note: Option<Note>,
}

/// A line came back; kept so that it is not taken back twice.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Returned {
    /// The order it is told in.
    #[n(0)]
    pub order: OrderId,
    /// The refund or return.
    #[n(1)]
    pub document: DocumentKey,
    /// Hash of document and line.
    #[n(2)]
    pub line: LineKey,
    /// What.
    #[n(3)]
    pub item: Option<ItemId>,
    /// How much.
    #[n(4)]
    pub quantity: Quantity,
    /// Where it was put back; `None` = it was not.
    #[n(5)]
    pub restocked: Option<LocationId>,
    /// When.
    #[n(6)]
    pub happened_at: Instant,
}

/// A line that had come back is put down to another item or place, because a mapping was put right. Its stock is in
/// `Moved` facts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ReturnPutRight {
    /// The order it is told in.
    #[n(0)]
    pub order: OrderId,
    /// Hash of document and line, as when it was taken back.
    #[n(1)]
    pub line: LineKey,
    /// How much came back.
    #[n(2)]
    pub quantity: Quantity,
    /// What it was taken for.
    #[n(3)]
    pub was_item: Option<ItemId>,
    /// Where it was put back by what was believed.
    #[n(4)]
    pub was_restocked: Option<LocationId>,
    /// What it is.
    #[n(5)]
    pub item: Option<ItemId>,
    /// Where it was put back; `None` = it was not.
    #[n(6)]
    pub restocked: Option<LocationId>,
    /// When it came back.
    #[n(7)]
    pub happened_at: Instant,
}

/// What a count found.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Counted {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// Location.
    #[n(1)]
    pub location: LocationId,
    /// What was counted.
    #[n(2)]
    pub counted: Quantity,
    /// What the journal knew for that time.
    #[n(3)]
    pub expected: Level,
    /// When it was counted.
    #[n(4)]
    pub counted_at: Instant,
}

/// One line of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ReservedLine {
    /// Item (never a bundle).
    #[n(0)]
    pub item: ItemId,
    /// Location.
    #[n(1)]
    pub location: LocationId,
    /// How much.
    #[n(2)]
    pub quantity: Quantity,
}

/// A promise was made.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Reserved {
    /// Which.
    #[n(0)]
    pub reservation: ReservationId,
    /// What.
    #[n(1)]
    pub lines: Vec<ReservedLine>,
    /// Until when.
    #[n(2)]
    pub expires_at: Instant,
    /// The caller's key.
    #[n(3)]
    pub key: Option<IdempotencyKey>,
    /// For whom.
    #[n(4)]
    pub note: Option<Note>,
}

impl Reserved {
    /// Hash of what was asked, to tell the same request under its key from another one. Two requests with the same
    /// lines are the same, whatever end they ask for.
    pub fn asked(&self) -> u64 {
        let lines: Vec<u8> = self
            .lines
            .iter()
            .flat_map(|line| {
                let (item, location) = (line.item.0.to_le_bytes(), line.location.0.to_le_bytes());
                item.into_iter().chain(location).chain(line.quantity.parts().to_le_bytes())
            })
            .collect();
        stable_hash(&[b"reserve", &lines])
    }
}

/// A promise could not be kept in full: somebody else took the units first.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Shorted {
    /// The order that lost, when an order lost.
    #[n(0)]
    pub order: Option<OrderId>,
    /// The reservation that lost, when a reservation lost.
    #[n(1)]
    pub reservation: Option<ReservationId>,
    /// Item.
    #[n(2)]
    pub item: ItemId,
    /// Location.
    #[n(3)]
    pub location: LocationId,
    /// Units missing.
    #[n(4)]
    pub missing: Quantity,
}

/// How an oversell came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum OversoldBy {
    /// A till sold what the books say was not there: the books were wrong, or the goods were promised.
    #[n(0)]
    Till,
    /// Two channels sold the same unit before either could be told.
    #[n(1)]
    Race,
    /// The sale was heard of late (offline till, lost webhook).
    #[n(2)]
    Late,
    /// The shop sells on at zero.
    #[n(3)]
    ShopSetting,
    /// We had raised the number wrongly, or left it standing for over five minutes with budget free.
    #[n(4)]
    Hub,
}

/// More was sold or promised than was there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Oversold {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// Location.
    #[n(1)]
    pub location: LocationId,
    /// Who sold.
    #[n(2)]
    pub channel: Option<ChannelId>,
    /// The order.
    #[n(3)]
    pub order: Option<OrderId>,
    /// Units beyond what was there.
    #[n(4)]
    pub units: Quantity,
    /// How it came about.
    #[n(5)]
    pub by: OversoldBy,
    /// What the channel was believed to show before the sale.
    #[n(6)]
    pub shown: Option<Level>,
}

/// A level was read from a channel.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LevelRead {
    /// Channel.
    #[n(0)]
    pub channel: ChannelId,
    /// Item.
    #[n(1)]
    pub item: ItemId,
    /// Location.
    #[n(2)]
    pub location: LocationId,
    /// What it shows.
    #[n(3)]
    pub level: Level,
    /// When, on the platform's clock.
    #[n(4)]
    pub read_at: Instant,
}

/// A difference too large to be written without a person.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Held {
    /// Channel.
    #[n(0)]
    pub channel: ChannelId,
    /// Item.
    #[n(1)]
    pub item: ItemId,
    /// Location.
    #[n(2)]
    pub location: LocationId,
    /// What the channel shows.
    #[n(3)]
    pub shown: Level,
    /// What it should show; with a `doubt`, what it was believed to show.
    #[n(4)]
    pub wanted: Level,
    /// The change of a write of ours of which nobody knows whether it was taken, where somebody changed the number by
    /// hand meanwhile: only a count can tell how much is there. `None` where the difference is simply too large.
    #[n(5)]
    pub doubt: Option<Change>,
}

/// An input set aside.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Quarantined {
    /// Which.
    #[n(0)]
    pub id: QuarantineId,
    /// Channel.
    #[n(1)]
    pub channel: ChannelId,
    /// The document it is about, when that is known: it is waiting for something, not unreadable.
    #[n(2)]
    pub document: Option<DocumentKey>,
    /// Where its raw body is.
    #[n(3)]
    pub raw: Option<RawName>,
    /// What kind of input.
    #[n(4)]
    pub kind: Note,
    /// What was wrong and how to mend it.
    #[n(5)]
    pub reason: Note,
    /// The external item it waits for.
    #[n(6)]
    pub waits_for: Option<ExternalItem>,
    /// The external location it waits for.
    #[n(7)]
    pub waits_at: Option<ExternalLocation>,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// Planned.
    #[n(0)]
    Draft,
    /// Under way.
    #[n(1)]
    InTransit,
    /// Everything arrived.
    #[n(2)]
    Received,
    /// Called off, or ended with units missing.
    #[n(3)]
    Closed,
}

/// A transfer as it stands; its stock is in `Moved` facts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct TransferPut {
    /// Which.
    #[n(0)]
    pub transfer: TransferId,
    /// From.
    #[n(1)]
    pub from: LocationId,
    /// To.
    #[n(2)]
    pub to: LocationId,
    /// How far.
    #[n(3)]
    pub state: TransferState,
    /// What has not arrived yet.
    #[n(4)]
    pub open: Vec<(ItemId, Quantity)>,
    /// Why.
    #[n(5)]
    pub note: Note,
    /// The caller's key for this step.
    #[n(6)]
    pub key: Option<IdempotencyKey>,
}

/// What the decision endpoint can answer. Closed: nothing else can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum DecisionAction {
    /// Nothing to do.
    #[n(0)]
    None,
    /// Hold the units.
    #[n(1)]
    Reserve,
    /// Bring units from another location.
    #[n(2)]
    Transfer,
    /// Buy.
    #[n(3)]
    Reorder,
}

/// A decision of the decision endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Decided {
    /// Item.
    #[n(0)]
    pub item: ItemId,
    /// Channel.
    #[n(1)]
    pub channel: ChannelId,
    /// Location.
    #[n(2)]
    pub location: LocationId,
    /// Asked change.
    #[n(3)]
    pub change: Change,
    /// Answer.
    #[n(4)]
    pub action: DecisionAction,
    /// Where a transfer would come from.
    #[n(5)]
    pub source: Option<LocationId>,
    /// In words.
    #[n(6)]
    pub reasons: Vec<Note>,
    /// When the caller says it happened.
    #[n(7)]
    pub happened_at: Instant,
    /// The caller's key.
    #[n(8)]
    pub key: Option<IdempotencyKey>,
    /// The answer as sent.
    #[n(9)]
    pub answer: Note,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// A channel was configured.
    #[n(0)]
    ChannelPut(#[n(0)] ChannelPut),
    /// A location was configured.
    #[n(1)]
    LocationPut(#[n(0)] LocationPut),
    /// An item was created or changed.
    #[n(2)]
    ItemPut(#[n(0)] ItemPut),
    /// An external id is, or is no longer, an item of ours.
    #[n(3)]
    ItemMapped {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalItem,
        /// Our item; `None` takes it away.
        #[n(2)]
        item: Option<ItemId>,
        /// True when stock is counted under this id, false for an alias.
        #[n(3)]
        counted: bool,
    },
    /// An external id is a location of ours.
    #[n(4)]
    LocationMapped {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalLocation,
        /// Our location; `None` takes it away.
        #[n(2)]
        location: Option<LocationId>,
    },
    /// Safety stock was set.
    #[n(5)]
    SafetySet {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// Location.
        #[n(1)]
        location: LocationId,
        /// How many.
        #[n(2)]
        quantity: Quantity,
    },
    /// A channel's buffer for an item was set.
    #[n(6)]
    BufferSet {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// Channel.
        #[n(1)]
        channel: ChannelId,
        /// How many.
        #[n(2)]
        quantity: Quantity,
    },
    /// A customer record was heard of.
    #[n(7)]
    CustomerPut(#[n(0)] CustomerPut),
    /// A delivery was believed.
    #[n(8)]
    Delivered {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// Its id.
        #[n(1)]
        delivery: DeliveryKey,
        /// Its raw body.
        #[n(2)]
        raw: Option<RawName>,
    },
    /// Something is to be fetched.
    #[n(9)]
    Noticed {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// What.
        #[n(1)]
        about: NoticeAbout,
    },
    /// It was fetched, or needs no fetching any more.
    #[n(10)]
    NoticeDone {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// What.
        #[n(1)]
        about: NoticeAbout,
    },
    /// Polling has come so far.
    #[n(11)]
    CursorMoved {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// How far.
        #[n(1)]
        cursor: Cursor,
    },
    /// An order was heard of or changed.
    #[n(12)]
    OrderPut(#[n(0)] Box<OrderPut>),
    /// Stock moved.
    #[n(13)]
    Moved(#[n(0)] Moved),
    /// A line came back.
    #[n(14)]
    Returned(#[n(0)] Returned),
    /// A count was taken.
    #[n(15)]
    Counted(#[n(0)] Counted),
    /// An idempotency key was used for this change of stock.
    #[n(16)]
    KeyUsed {
        /// The key.
        #[n(0)]
        key: IdempotencyKey,
        /// Hash of what was asked.
        #[n(1)]
        asked: u64,
    },
    /// A promise was made.
    #[n(17)]
    Reserved(#[n(0)] Reserved),
    /// A promise lasts longer.
    #[n(18)]
    Extended {
        /// Which.
        #[n(0)]
        reservation: ReservationId,
        /// Until when.
        #[n(1)]
        expires_at: Instant,
    },
    /// The goods of a promise left.
    #[n(19)]
    Committed {
        /// Which.
        #[n(0)]
        reservation: ReservationId,
    },
    /// A promise was given back.
    #[n(20)]
    Released {
        /// Which.
        #[n(0)]
        reservation: ReservationId,
        /// Why.
        #[n(1)]
        reason: Note,
    },
    /// A promise lapsed.
    #[n(21)]
    Expired {
        /// Which.
        #[n(0)]
        reservation: ReservationId,
    },
    /// A promise cannot be kept in full.
    #[n(22)]
    Shorted(#[n(0)] Shorted),
    /// More was sold than was there.
    #[n(23)]
    Oversold(#[n(0)] Oversold),
    /// A level was read.
    #[n(24)]
    LevelRead(#[n(0)] LevelRead),
    /// A write is held back for a person.
    #[n(25)]
    Held(#[n(0)] Held),
    /// A held or refused level may be written again.
    #[n(26)]
    Unblocked {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// Item.
        #[n(1)]
        item: ItemId,
        /// Location.
        #[n(2)]
        location: LocationId,
    },
    /// Writes are about to be sent.
    #[n(27)]
    WritesIntended(#[n(0)] Box<WritesIntended>),
    /// What became of them.
    #[n(28)]
    WritesSettled(#[n(0)] Box<WritesSettled>),
    /// An input was set aside.
    #[n(29)]
    Quarantined(#[n(0)] Quarantined),
    /// It was driven again, or set aside for good.
    #[n(30)]
    QuarantineClosed {
        /// Which.
        #[n(0)]
        id: QuarantineId,
        /// Why.
        #[n(1)]
        reason: Note,
    },
    /// A transfer was made or went a step on.
    #[n(31)]
    TransferPut(#[n(0)] TransferPut),
    /// The decision endpoint answered.
    #[n(32)]
    Decided(#[n(0)] Box<Decided>),
    /// Two items of one channel carry the same SKU, or none: a person must say which is which.
    #[n(33)]
    MappingUnclear {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalItem,
        /// As printed; may be empty.
        #[n(2)]
        sku: Sku,
        /// What is unclear.
        #[n(3)]
        reason: Note,
        /// Items it may be.
        #[n(4)]
        candidates: Vec<ItemId>,
        /// What the channel lists under it.
        #[n(5)]
        listing: Option<Box<Listing>>,
    },
    /// What a channel lists of an item, when that is not what was believed.
    #[n(34)]
    Listed {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// Item.
        #[n(1)]
        item: ItemId,
        /// What it lists; `None` while nobody knows.
        #[n(2)]
        listing: Option<Box<Listing>>,
    },
    /// A listing that the platform refused may be written again.
    #[n(35)]
    ListingUnblocked {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// Item.
        #[n(1)]
        item: ItemId,
    },
    /// A mapping of its channel was put right: what was taken from stock for it is worked out anew, by the mapping of
    /// now, when it is read again.
    #[n(36)]
    OrderReopened {
        /// Which.
        #[n(0)]
        order: OrderId,
    },
    /// A channel was told to make a document.
    #[n(37)]
    Instructed(#[n(0)] Box<Instructed>),
    /// An instruction is on its way.
    #[n(38)]
    InstructionSent(#[n(0)] Box<InstructionSent>),
    /// An instruction ended.
    #[n(39)]
    InstructionSettled {
        /// Which.
        #[n(0)]
        id: InstructionId,
        /// Whose.
        #[n(1)]
        channel: ChannelId,
        /// How.
        #[n(2)]
        end: InstructionEnd,
    },
    /// A channel has a location that is none of ours, or that may be one that it has already: a person must say which it
    /// is. Until then nothing of it is kept.
    #[n(40)]
    LocationUnclear {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalLocation,
        /// What the platform calls it.
        #[n(2)]
        name: LocationName,
        /// What is unclear.
        #[n(3)]
        reason: Note,
        /// Locations it may be.
        #[n(4)]
        candidates: Vec<LocationId>,
        /// True when a person took its mapping away: its name alone does not give it back.
        #[n(5)]
        by_hand: bool,
    },
    /// A location of a channel that nobody had mapped is closed there: nobody needs to say which it is.
    #[n(41)]
    LocationGone {
        /// Channel.
        #[n(0)]
        channel: ChannelId,
        /// The platform's id.
        #[n(1)]
        external: ExternalLocation,
    },
    /// A question about a mapping was put away for good: it is not asked again.
    #[n(42)]
    QuestionDismissed {
        /// Which.
        #[n(0)]
        question: MappingQuestion,
    },
    /// A question that had been put away may be asked again.
    #[n(43)]
    QuestionReopened {
        /// Which.
        #[n(0)]
        question: MappingQuestion,
    },
    /// Two customer records were found to be one person.
    #[n(44)]
    CustomersLinked {
        /// The lesser of the two.
        #[n(0)]
        one: CustomerAt,
        /// The greater.
        #[n(1)]
        other: CustomerAt,
    },
    /// Two customer records that had been linked are no longer held together by that link.
    #[n(45)]
    CustomersUnlinked {
        /// The lesser of the two.
        #[n(0)]
        one: CustomerAt,
        /// The greater.
        #[n(1)]
        other: CustomerAt,
    },
    /// A return was put down to another item or place.
    #[n(46)]
    ReturnPutRight(#[n(0)] ReturnPutRight),
    /// An item was put into a category.
    #[n(47)]
    Categorised {
        /// Item.
        #[n(0)]
        item: ItemId,
        /// The merchant's word for it; empty = none.
        #[n(1)]
        category: Note,
    },
    /// A policy came into force.
    #[n(48)]
    PolicyPut(#[n(0)] Box<PolicyPut>),
    /// Agents were stopped or put a step back.
    #[n(49)]
    BrakePut(#[n(0)] Box<Brake>),
    /// That is over.
    #[n(50)]
    BrakeLifted {
        /// Which.
        #[n(0)]
        id: u32,
        /// Why.
        #[n(1)]
        reason: Note,
    },
    /// An agent proposed something.
    #[n(51)]
    Proposed(#[n(0)] Box<Proposed>),
    /// A proposal was answered.
    #[n(52)]
    Answered {
        /// Which.
        #[n(0)]
        id: ProposalId,
        /// How.
        #[n(1)]
        answer: Box<Answer>,
    },
    /// What was proposed was done: by the policy at once, or after a person's yes. Its effects are facts of their own
    /// beside this one.
    #[n(53)]
    Acted {
        /// Which.
        #[n(0)]
        id: ProposalId,
        /// Each act, in order.
        #[n(1)]
        acts: Vec<DoneAct>,
    },
    /// What was done was taken back, as far as it could be.
    #[n(54)]
    ActsUndone {
        /// Which.
        #[n(0)]
        id: ProposalId,
        /// What became of each act, in order.
        #[n(1)]
        acts: Vec<Undone>,
        /// Why.
        #[n(2)]
        reason: Note,
    },
    /// A proposal is to be shown again later.
    #[n(55)]
    Snoozed {
        /// Which.
        #[n(0)]
        id: ProposalId,
        /// When.
        #[n(1)]
        until: Instant,
    },
    /// Somebody was forgotten.
    #[n(56)]
    Erased(#[n(0)] Box<Erased>),
}
