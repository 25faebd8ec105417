//! Which campaign earned a sale, and where the next weeks' money does more. Called by the follower that feeds it and by
//! `lockstep eval attribution`; it knows no names of campaigns, only their numbers, and it spends nothing.
//!
//! Journeys are folded into counts ([`Paths`]); credit is read off them by six rules ([`Credits`]); measured lifts put
//! the credit right ([`Lift`]); response curves say what more money would do ([`response`], [`budget`]).

pub mod budget;
mod chain;
mod credits;
mod journeys;
mod lift;
mod paths;
pub mod response;
mod solve;

pub use chain::{Chain, Solved};
pub use credits::{Credits, credits};
pub use journeys::{Attribution, Sale, Touch};
pub use lift::{Lift, calibrated};
pub use paths::{Paths, Rules};
