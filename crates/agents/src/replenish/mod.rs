//! Replenishment: how much to order, of what, for where. Called by the follower that drafts purchase orders and by
//! `lockstep eval replenish`; knows no clock and buys nothing.
//!
//! The stock that will be left when an order arrives is a distribution, not a number: it is carried forward day by day with
//! what is on its way, and sales that cannot be met are lost. An order is then as large as the last unit still saves more
//! shortage than it costs to hold until it is sold (a projected newsvendor; Zipkin 2000, Levi et al. 2007).

mod basket;
mod demand;
mod mind;
mod order;
mod stock;
#[cfg(test)]
mod tests;

pub use basket::{Limits, Want, basket};
pub use demand::{Demand, Even, Running};
pub use mind::Replenisher;
pub use order::{Lead, Order, Position, Terms, order};
pub use stock::Stock;
