//! Who may act: proposals and their answers, the policy in force, and brakes.

mod acts;
pub(super) mod brakes;
mod out;
pub(super) mod policy;
pub(super) mod proposals;
