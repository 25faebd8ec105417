//! The agents' minds, one folder each: they fold facts, answer questions, and say why.
//!
//! A mind is pure: the same facts give the same bits on every machine, and nothing here knows a clock, a file or a
//! platform. What a mind wants is a [`Proposal`]; whether it may happen is decided elsewhere.

pub mod allocation;
mod ats;
pub mod attribution;
pub mod catalogue;
pub mod context;
pub mod forecast;
pub mod fraud;
pub mod identity;
pub mod merchandising;
mod mind;
pub mod offers;
pub mod pricing;
mod reason;
pub mod rebalance;
pub mod replenish;
pub mod returns;
pub mod routing;

pub use ats::Ats;
pub use mind::{Mind, NotAMind, restore, snapshot};
pub use reason::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};
