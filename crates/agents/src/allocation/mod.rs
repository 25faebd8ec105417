//! Allocation: who gets a scarce unit, what may be promised, what a channel should not be shown, how long a reservation
//! lives. Called by the follower that settles conflicts and keeps buffers, and by `lockstep eval allocation`; it never takes a
//! unit from somebody by itself.

mod claims;
mod mind;
mod picks;
mod promise;
#[cfg(test)]
mod tests;

pub use claims::{Claim, Grant, grant};
pub use mind::Allocator;
pub use picks::{DAYS_BANDS, ON_HAND_BANDS, Picks, Shelf, threshold};
pub use promise::{PayTimes, Promise, promise, shortage};
