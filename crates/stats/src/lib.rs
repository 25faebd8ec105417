//! Statistics that the agents' minds are built from: distributions, calibration, regression, trees, sums that forget.
//!
//! The same input gives the same bits on every machine: every transcendental function comes from [`num`], sums run in
//! one fixed order on one thread, and dice are seeded. Nothing here knows a word of the trade.

pub mod decay;
pub mod dice;
pub mod dist;
mod isotonic;
mod logistic;
mod matrix;
pub mod num;
mod ring;
pub mod special;
pub mod trees;

pub use isotonic::Isotonic;
pub use logistic::{Logistic, LogisticError};
pub use matrix::{Matrix, NotPositive};
pub use ring::Ring;
