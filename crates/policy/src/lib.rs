//! Policies: what the rules add up to for one thing, and how policies are written, checked and compared.
//!
//! Pure, and without the state: whether something is exceeded that only the state knows is the engine's to say. Called
//! by the engine's gate, by the door that takes policies in, and by the command line.

mod diff;
mod lint;
mod read;
mod sum;
mod times;

pub use diff::{Change, diff};
pub use lint::{Known, lint};
pub use read::{Flaw, read};
pub use sum::{Matter, Sum, speaks};
pub use times::{minute_of_day, within};

/// The policy that a new hub starts with: what may ever be let, as `observe` and `assist`; nothing acts by itself.
pub const STARTING: &str = include_str!("starting.toml");
