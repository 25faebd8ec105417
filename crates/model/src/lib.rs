//! The words of the trade: ids, money, quantity, time, and the commands, facts and refusals made of them.
//!
//! Everything else in the workspace is built on this crate and this crate is built on none of it. It holds no clock,
//! no dice, no IO and no wire format of any platform.

mod actor;
mod channel;
mod command;
mod fact;
mod govern;
mod gtin;
mod ids;
mod instruction;
mod item;
mod location;
mod mapping;
mod money;
mod order;
mod person;
mod platform;
mod quantity;
mod refusal;
mod stored;
mod text;
mod time;
mod write;

pub use actor::Actor;
pub use channel::{Basis, ChannelPut, Cursor, Hold, NoticeAbout};
pub use command::{
    Action, Adjustment, Command, Count, DecisionAsk, Demand, ItemSeen, LevelSeen, LocationSeen, Receipt, Reserve,
    StockRule, TransferStep,
};
pub use fact::{
    Cause, Counted, Decided, DecisionAction, Fact, Held, LevelRead, Moved, Oversold, OversoldBy, Quarantined, Reserved,
    ReservedLine, ReturnPutRight, Returned, Shorted, TransferPut, TransferState,
};
pub use govern::{
    Act, ActKind, Agent, Answer, Approval, Brake, DoneAct, Limits, Made, Phase, Policy, PolicyPut, Proposal, Proposed,
    Reason, Rule, Scope, Undone, Verdict,
};
pub use gtin::Gtin;
pub use ids::{
    ChannelId, DeliveryKey, InstructionId, ItemId, LineKey, LocationId, OrderId, ProposalId, QuarantineId, RawName,
    ReservationId, Seq, TransferId, WriteId, stable_hash,
};
pub use instruction::{
    Deed, Instructed, InstructionEnd, InstructionLine, InstructionSent, MakeOrder, MakePurchase, MakeRefund,
    MakeTransfer, PutCustomer,
};
pub use item::{Component, Fields, ItemPut, Listing, Unit};
pub use location::{LocationKind, LocationPut};
pub use mapping::{CustomerAt, MappingQuestion};
pub use money::{Currency, Money};
pub use order::{
    LinePut, LineSeen, OrderKind, OrderPut, OrderSeen, OrderState, PartSeen, PartState, Restock, ReturnSeen, Telling,
};
pub use person::{CustomerPut, CustomerSeen, Erased, Person, Personal, Sealed, Subject};
pub use platform::Platform;
pub use quantity::{Change, Level, Quantity, QuantityError};
pub use refusal::Refusal;
pub use stored::{Entry, StoredError};
pub use text::{
    Barcode, ChannelName, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, IdempotencyKey, LocationName, Note,
    Sku, Title,
};
pub use time::{Instant, TimeError};
pub use write::{ListingWrite, Outcome, Write, WriteMode, WritesIntended, WritesSettled};
