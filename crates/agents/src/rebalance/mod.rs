//! Rebalancing: transfers between locations that are worth more than they cost. Called by the follower that drafts transfers
//! and by `lockstep eval rebalance`; forecasts nothing and moves nothing.
//!
//! The last unit at a location is worth its margin times the chance that it is asked for, and its salvage else. A unit moves
//! where that is worth more by the cost of the way, until no move is left that pays; a transfer runs when all it carries
//! pays its fixed cost. It keeps no memory of its own: stock and demand come with the question, from
//! [`crate::replenish::Replenisher`] or a forecast.

mod exchange;
mod flow;
#[cfg(test)]
mod tests;
mod value;

pub use exchange::{Lane, Limits, Transfer, rebalance};
pub use value::Shelf;
