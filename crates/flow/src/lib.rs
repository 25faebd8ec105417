//! The walk of one sale: admit, decide, keep, propose, send, show. The only crate that knows their order.
//!
//! Its modules are named in alphabetical order, which is the order of the walk. `propose` comes with the agents.

mod admit;
pub mod cards;
mod clock;
mod decide;
mod forget;
mod gaps;
mod keep;
mod link;
mod meter;
mod pass;
mod proof;
mod send;
mod settled;
mod show;
mod skew;

pub use admit::{Admitted, AskError, HookError, HookRequest, Puller, admit, look, redrive};
pub use clock::{Clock, SystemClock};
pub use connectors::{
    Abilities, Ability, Access, Phase, Question, Scope, Secret, Surface, Told as Word, Unsendable, connector,
};
pub use decide::{Told, commands};
pub use engine::{
    Availability, Holding, InFlight, OpenInstruction, Order, Position, Reservation, ShownLevel, State, Trust,
};
pub use forget::{Left, Whom, erase, left};
pub use gaps::{Gap, GapKind, Sold, gaps, sort as sort_gaps};
pub use keep::{
    Answer, Border, Desk, Flow, FlowError, Keeper, OpenError, Opened, RawBody, RawInput, Sealer, Stores, start,
};
pub use link::{Carrier, ChannelSettings, Link, LinkHealth, Lost, ReadSoFar, Settings};
pub use meter::{Histogram, Meter};
pub use pass::{KeptTokens, NoWallet, Wallet};
pub use policy;
pub use proof::{KeptFact, KeptRecord, Records, records};
pub use send::{Clerk, Sender};
pub use settled::{OnTheWay, Unsettled, on_the_way, unsettled};
pub use show::{FollowError, Follower};
