//! Routing: which locations fulfil an order's lines, and at what cost. Called by the follower that plans orders and by
//! `lockstep eval routing`; knows no clock and sends nothing.
//!
//! Every order gets a plan when it comes ([`Desk::decide`]): the cheapest set of locations, where a location's room and an
//! item's units also cost what they are worth to orders still to come. Until an order is released its plan may change
//! ([`Desk::replan`]): prices are balanced over all that is known of the day, and orders that are in each other's way
//! change places. Xu, Allgor, Graves 2009; Jasin, Sinha 2015; Acimovic, Graves 2015.

mod desk;
mod explain;
mod improve;
mod network;
mod place;
mod plan;
mod prices;
mod reach;
mod search;
#[cfg(test)]
mod tests;

pub use desk::{Desk, Effort, Held, Settings};
pub use network::{Network, Node, Shelf, Terms, UNIT};
pub use place::Place;
pub use plan::{Cost, Line, Plan, Shipment, Wanted};
pub use reach::{Look, Reach};
pub use search::{Found, search};
