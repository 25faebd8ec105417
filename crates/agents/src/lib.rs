//! The agents' minds, one folder each: they fold facts, answer questions, and say why.
//!
//! A mind is pure: the same facts give the same bits on every machine, and nothing here knows a clock, a file or a
//! platform. What a mind wants is a [`Proposal`]; whether it may happen is decided elsewhere.

pub mod catalogue;
pub mod forecast;
pub mod fraud;
pub mod identity;
mod mind;
pub mod offers;
mod reason;
pub mod routing;
pub mod attribution;
pub mod context;
pub mod merchandising;
mod mind;
pub mod pricing;
mod reason;
pub mod returns;

pub use mind::{Mind, NotAMind, restore, snapshot};
pub use reason::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};
