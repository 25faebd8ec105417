//! The mind of the hub: state and command give facts or a refusal; state and fact give the next state.
//!
//! Pure. No clock, no dice, no IO, no floats: time and names come in with the command. The same facts give the same
//! state on every machine, byte for byte ([`State::hash`]).

mod check;
mod decide;
mod evolve;
mod gate;
mod state;

pub use check::check;
pub use decide::decide;
pub use evolve::evolve;
pub use gate::{cost, judge_under};
pub use state::{
    Alike, Availability, DoneProposal, Governance, Holding, InFlight, Links, Listed, Listings, OpenInstruction,
    OpenProposal, Order, Position, PutBack, Reservation, ShownLevel, SnapshotError, State, StrangePlace, TakenBack,
    Touched, Trust,
};
