//! The journal's stores, on the real disk and on one that fails from a seed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod contract;
mod crash;
mod damage;
mod format;
mod keys;
mod raw;
mod segments;
mod snapshots;
mod support;
mod verify;
mod witness;
