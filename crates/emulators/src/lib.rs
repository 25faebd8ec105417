//! Emulated platforms: what the hub meets in the world, on this machine and without an account.
//!
//! `machine` is the contract, one folder per platform fulfils it as a pure state machine, and `shell` puts one of them
//! behind HTTP with faults. The simulator drives the machines and the outbox of the shell on virtual time; `lockstep
//! emulate` and `lockstep demo` start the shell. The crate knows the vendors' contracts and nothing of the hub.

mod error;
pub mod machine;
pub mod shell;
pub mod shopify;
pub mod square;

pub use error::EmulatorError;
