//! What a price does, which price would earn more, and where channels disagree. Called by the follower that feeds it and
//! by `lockstep eval pricing`; it knows no person, so that no price can be personal.
//!
//! Demand is learnt ([`learn`]), a price is sought ([`regular`], [`markdown`], [`clearance()`]), and only then the rails hold it
//! ([`rails`]): whatever was sought, what is proposed breaks none of them.

mod clearance;
mod demand;
pub mod discrepancy;
pub mod elasticity;
pub mod markdown;
mod mind;
pub mod rails;
pub mod regular;

pub use clearance::clearance;
pub use demand::Demand;
pub use elasticity::{Learnt, Week, learn};
pub use mind::Pricing;
