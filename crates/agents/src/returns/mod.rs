//! What to do with goods that come back, what to offer instead, and who returns beyond reason. Called by the follower
//! that feeds it and by `lockstep eval returns`; it refuses nobody: the worst it says of a person is 'ask a colleague'.

pub mod abuse;
pub mod disposition;
pub mod eligible;
pub mod exchange;
mod mind;
mod rates;

pub use mind::Returns;
pub use rates::{Rate, Rates};
