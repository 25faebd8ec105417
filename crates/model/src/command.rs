//! Commands: what the world, a person or a timer asks of the engine.

use crate::{
    ActKind, Actor, Agent, Answer, Barcode, Change, ChannelId, Component, Cursor, CustomerAt, CustomerSeen,
    DecisionAction, Deed, DeliveryKey, Erased, ExternalItem, ExternalLocation, Fields, Hold, IdempotencyKey, Instant,
    InstructionEnd, InstructionId, ItemId, Level, ListingWrite, LocationId, LocationKind, LocationName,
    MappingQuestion, Money, Note, NoticeAbout, OrderSeen, Outcome, Phase, Platform, Policy, Proposal, ProposalId,
    Quantity, QuarantineId, RawName, ReservationId, Scope, Sealed, Seq, Sku, Title, TransferId, Unit, Write, WriteId,
    WriteMode,
};
use crate::{Basis, ChannelName};

/// Something to be decided. Time and author come with it: the engine has neither clock nor session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When it came in, on our clock.
    pub at: Instant,
    /// Who asks.
    pub by: Actor,
    /// What is asked.
    pub action: Action,
}

/// An item as a channel's catalogue has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemSeen {
    /// Where.
    pub channel: ChannelId,
    /// What the platform counts stock of.
    pub external: ExternalItem,
    /// Other ids by which documents of the platform name it, when it names a variant otherwise than its stock.
    pub aliases: Vec<ExternalItem>,
    /// May be empty or doubled in a real account.
    pub sku: Sku,
    /// For people.
    pub title: Title,
    /// GTINs.
    pub barcodes: Vec<Barcode>,
    /// List price.
    pub price: Option<Money>,
    /// Whether it includes tax.
    pub tax_inclusive: bool,
    /// False for services.
    pub tracked: bool,
    /// True when the platform says it is deleted.
    pub deleted: bool,
}

impl ItemSeen {
    /// That an item is gone is told by its id alone.
    pub fn deleted(channel: ChannelId, external: ExternalItem) -> Self {
        Self {
            channel,
            external,
            aliases: Vec::new(),
            sku: Sku::new(""),
            title: Title::new(""),
            barcodes: Vec::new(),
            price: None,
            tax_inclusive: false,
            tracked: false,
            deleted: true,
        }
    }

    /// What the channel lists.
    pub fn listing(&self) -> crate::Listing {
        crate::Listing {
            title: self.title.clone(),
            price: self.price,
            tax_inclusive: self.tax_inclusive,
            barcodes: self.barcodes.clone(),
        }
    }
}

/// A location as a channel has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationSeen {
    /// Where.
    pub channel: ChannelId,
    /// The platform's id.
    pub external: ExternalLocation,
    /// The platform's name of it.
    pub name: LocationName,
    /// False when it is closed there.
    pub active: bool,
}

/// A level read from a channel, between two polls of its orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelSeen {
    /// The platform's id of the item.
    pub external: ExternalItem,
    /// The platform's id of the location.
    pub location: ExternalLocation,
    /// What it shows.
    pub level: Level,
}

/// How much of an item at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Item; a bundle asks for its components.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
}

/// A promise asked for. Its lines are summed before they are checked, and held together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// The same key again gives the same reservation.
    pub key: Option<IdempotencyKey>,
    /// What.
    pub lines: Vec<Demand>,
    /// When it lapses unless committed or extended.
    pub expires_at: Instant,
    /// For whom; a few words.
    pub note: Note,
}

/// A change of stock by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Item.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    /// Signed.
    pub change: Change,
    /// True when the units stay but cannot be sold.
    pub unsellable: bool,
    /// Why.
    pub reason: Note,
}

/// A count by hand: what lay there at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Item.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    /// What was counted.
    pub counted: Quantity,
    /// When it was counted; compared with what the journal knew then.
    pub counted_at: Instant,
    /// Who, where, why.
    pub reason: Note,
}

/// Goods that came in from a supplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Item.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
    /// Delivery note or purchase order.
    pub reference: Note,
}

/// One step of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferStep {
    /// Planned; nothing moves yet.
    Draft {
        /// From.
        from: LocationId,
        /// To.
        to: LocationId,
        /// What.
        lines: Vec<(ItemId, Quantity)>,
        /// Why.
        note: Note,
    },
    /// Leaves the origin; in transit to the destination.
    Ship {
        /// Which.
        transfer: TransferId,
    },
    /// Arrives, whole or in part; the rest stays in transit until received or closed.
    Receive {
        /// Which.
        transfer: TransferId,
        /// What arrived; empty = everything that is in transit.
        lines: Vec<(ItemId, Quantity)>,
    },
    /// Called off while a draft, or closed short after part arrived: what is missing is written off.
    Close {
        /// Which.
        transfer: TransferId,
    },
}

/// A rule about what may be promised or shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockRule {
    /// Units that must stay unsold at a location.
    Safety {
        /// Item.
        item: ItemId,
        /// Location.
        location: LocationId,
        /// How many.
        quantity: Quantity,
    },
    /// Units of an item that a channel must leave unsold; replaces the channel's own buffer for it.
    Buffer {
        /// Item.
        item: ItemId,
        /// Channel.
        channel: ChannelId,
        /// How many.
        quantity: Quantity,
    },
}

/// What the decision endpoint was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionAsk {
    /// The same key again gives the same decision.
    pub key: Option<IdempotencyKey>,
    /// Item.
    pub item: ItemId,
    /// Signed change of quantity that happened or is wanted: below zero = demand.
    pub change: Change,
    /// Who sells.
    pub channel: ChannelId,
    /// Where.
    pub location: LocationId,
    /// When, in the caller's words.
    pub happened_at: Instant,
    /// What was worked out from the thresholds, with the facts it was worked out from.
    pub action: DecisionAction,
    /// Where a transfer would come from.
    pub source: Option<LocationId>,
    /// In words.
    pub reasons: Vec<Note>,
    /// The answer as sent.
    pub answer: Note,
}

/// What is asked of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A channel from the configuration.
    PutChannel {
        /// Unique.
        name: ChannelName,
        /// Dictionary.
        platform: Platform,
        /// What its numbers mean.
        basis: Basis,
        /// Best first.
        sells_from: Vec<LocationName>,
        /// Held back.
        buffer: Quantity,
        /// Whether it counts whole units only.
        whole_units: bool,
        /// Whether it takes no number below zero.
        never_below_zero: bool,
        /// False = read only.
        writes: bool,
        /// Fields copied from it.
        leads: Fields,
        /// Fields copied to it.
        follows: Fields,
        /// What is held back.
        hold: Hold,
    },
    /// A location from the configuration.
    PutLocation {
        /// Unique.
        name: LocationName,
        /// Kind.
        kind: LocationKind,
        /// IANA zone.
        zone: Note,
        /// Home channel by name.
        home: Option<ChannelName>,
    },
    /// An item from a file or a person.
    PutItem {
        /// Unique.
        sku: Sku,
        /// For people.
        title: Title,
        /// GTINs.
        barcodes: Vec<Barcode>,
        /// Unit.
        unit: Unit,
        /// For bundles.
        components: Vec<Component>,
        /// List price.
        price: Option<Money>,
        /// Whether it includes tax.
        tax_inclusive: bool,
    },
    /// A rule from the configuration or a person.
    PutRule(StockRule),
    /// The catalogue of a channel told of an item.
    ItemSeen(ItemSeen),
    /// A person says which item an external id is.
    MapItem {
        /// Channel.
        channel: ChannelId,
        /// The platform's id.
        external: ExternalItem,
        /// Our item; `None` takes the mapping away.
        item: Option<ItemId>,
    },
    /// A channel told of a location.
    LocationSeen(LocationSeen),
    /// A person says which location an external id is.
    MapLocation {
        /// Channel.
        channel: ChannelId,
        /// The platform's id.
        external: ExternalLocation,
        /// Our location; `None` takes the mapping away.
        location: Option<LocationId>,
    },
    /// A person says that two customer records are one person.
    LinkCustomers {
        /// One of them.
        one: CustomerAt,
        /// The other.
        other: CustomerAt,
    },
    /// A person takes such a link away.
    UnlinkCustomers {
        /// One of them.
        one: CustomerAt,
        /// The other.
        other: CustomerAt,
    },
    /// A person does not want to be asked this again.
    DismissQuestion(MappingQuestion),
    /// A person wants it asked again.
    ReopenQuestion(MappingQuestion),
    /// A channel told of an order, sale or return.
    OrderSeen(Box<OrderSeen>),
    /// A channel was asked for an order, sale or return: all of it as it was then. Told apart from what came by itself,
    /// because the order of arrival says nothing about that.
    OrderRead {
        /// What it answered.
        seen: Box<OrderSeen>,
        /// When it was asked, on our clock.
        asked_at: Instant,
    },
    /// A channel told of a customer.
    CustomerSeen(CustomerSeen),
    /// Levels read from a channel.
    LevelsSeen {
        /// Channel.
        channel: ChannelId,
        /// Journal head before the first of the two order polls around the reading had been taken in.
        since: Seq,
        /// When it was read, on the platform's clock.
        read_at: Instant,
        /// What was read.
        levels: Vec<LevelSeen>,
        /// True when everything the channel has was read.
        whole: bool,
    },
    /// A delivery was believed: remember its id, and what has to be fetched because of it.
    Delivered {
        /// Channel.
        channel: ChannelId,
        /// Its id.
        delivery: DeliveryKey,
        /// Its raw body.
        raw: Option<RawName>,
        /// What to fetch.
        notices: Vec<NoticeAbout>,
    },
    /// A notice was answered with nothing to decide (the platform knows no such thing any more).
    NoticeDone {
        /// Channel.
        channel: ChannelId,
        /// What.
        about: NoticeAbout,
    },
    /// Fetch this again.
    Notice {
        /// Channel.
        channel: ChannelId,
        /// What.
        about: NoticeAbout,
    },
    /// Polling has come so far.
    MoveCursor {
        /// Channel.
        channel: ChannelId,
        /// How far.
        cursor: Cursor,
    },
    /// An input could not be read or used.
    Quarantine {
        /// Channel.
        channel: ChannelId,
        /// Its delivery id, so that it is not set aside twice.
        delivery: Option<DeliveryKey>,
        /// Where its raw body is.
        raw: Option<RawName>,
        /// What kind of input, for example its topic.
        kind: Note,
        /// What was wrong and how to mend it.
        reason: Note,
    },
    /// A quarantined input was driven again and went through, or a person set it aside for good.
    CloseQuarantine {
        /// Which.
        id: QuarantineId,
        /// Why.
        reason: Note,
    },
    /// A promise is asked for.
    Reserve(Reserve),
    /// Keep a promise longer.
    Extend {
        /// Which.
        reservation: ReservationId,
        /// New end.
        expires_at: Instant,
    },
    /// The goods of a promise leave.
    Commit {
        /// Which.
        reservation: ReservationId,
    },
    /// A promise is given back.
    Release {
        /// Which.
        reservation: ReservationId,
        /// Why.
        reason: Note,
    },
    /// Promises whose time has come lapse. At most `max` in one command.
    Expire {
        /// Bound of one batch.
        max: usize,
    },
    /// Stock is changed by hand.
    Adjust {
        /// The same key again changes nothing.
        key: Option<IdempotencyKey>,
        /// What.
        adjustment: Adjustment,
    },
    /// Stock was counted.
    Count {
        /// The same key again changes nothing.
        key: Option<IdempotencyKey>,
        /// What.
        count: Count,
    },
    /// Goods came in.
    Receive {
        /// The same key again changes nothing.
        key: Option<IdempotencyKey>,
        /// What.
        receipt: Receipt,
    },
    /// A transfer goes a step on.
    Transfer {
        /// The same key again changes nothing.
        key: Option<IdempotencyKey>,
        /// Which step.
        step: TransferStep,
    },
    /// A decision of the decision endpoint is recorded.
    Decide(Box<DecisionAsk>),
    /// Writes are about to be sent.
    IntendWrites {
        /// Where.
        channel: ChannelId,
        /// How.
        mode: WriteMode,
        /// Date of the levels.
        dated: Instant,
        /// What.
        writes: Vec<Write>,
        /// What instead, with [`WriteMode::List`].
        listings: Vec<ListingWrite>,
        /// The platform's key for it.
        key: IdempotencyKey,
        /// The exact body.
        body: Vec<u8>,
    },
    /// What became of writes.
    SettleWrites {
        /// Which batch.
        id: WriteId,
        /// One per write.
        outcomes: Vec<Outcome>,
    },
    /// A channel is told to make a document.
    Instruct {
        /// Who is told.
        channel: ChannelId,
        /// The same key again gives the same instruction.
        key: Option<IdempotencyKey>,
        /// What.
        deed: Deed,
    },
    /// An instruction is about to be sent.
    SendInstruction {
        /// Which.
        id: InstructionId,
        /// The exact body; empty when it is sealed.
        body: Vec<u8>,
        /// The exact body, where it names a person.
        sealed: Option<Sealed>,
    },
    /// What became of an instruction; also how one that was not sent is called off.
    SettleInstruction {
        /// Which.
        id: InstructionId,
        /// How it ended.
        end: InstructionEnd,
    },
    /// A listing that the platform refused is tried again.
    UnblockListing {
        /// Channel.
        channel: ChannelId,
        /// Item.
        item: ItemId,
    },
    /// A level that a person or the platform refused is tried again.
    Unblock {
        /// Channel.
        channel: ChannelId,
        /// Item.
        item: ItemId,
        /// Location.
        location: LocationId,
    },
    /// A person says what kind of thing an item is.
    Categorise {
        /// Item.
        item: ItemId,
        /// The merchant's word for it; empty = none.
        category: Note,
    },
    /// A person puts another policy into force.
    PutPolicy {
        /// The version it was made from; 0 before the first.
        base: u32,
        /// What should hold.
        policy: Policy,
        /// As it was written.
        text: Note,
        /// Why.
        reason: Note,
    },
    /// Agents are stopped or put a step back.
    PutBrake {
        /// Which agents; empty = all.
        agents: Vec<Agent>,
        /// Which acts; empty = all.
        acts: Vec<ActKind>,
        /// Where.
        scope: Scope,
        /// How far at most.
        phase: Phase,
        /// Why.
        reason: Note,
    },
    /// That ends.
    LiftBrake {
        /// Which.
        id: u32,
        /// Why.
        reason: Note,
    },
    /// An agent proposes something.
    Propose {
        /// What.
        proposal: Box<Proposal>,
        /// Minute of the day where it would happen, 0 to 1439; `None` = not known, which is outside every limit of hours.
        local_minute: Option<u16>,
    },
    /// A person answers a proposal.
    Answer {
        /// Which.
        id: ProposalId,
        /// Yes or no; nothing else is possible by hand.
        answer: Answer,
    },
    /// A proposal is to be shown again later.
    Snooze {
        /// Which.
        id: ProposalId,
        /// When.
        until: Instant,
    },
    /// Proposals that nobody answered lapse. At most `max` in one command.
    Lapse {
        /// Bound of one batch.
        max: usize,
    },
    /// Agents whose acts turned out badly lately are put a step back. A timer asks.
    Watch,
    /// What was done is taken back.
    Undo {
        /// Which.
        id: ProposalId,
        /// Why.
        reason: Note,
    },
    /// Somebody is forgotten: the keys are destroyed already.
    Erase(Box<Erased>),
}
