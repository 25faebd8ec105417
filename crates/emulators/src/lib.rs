//! Emulated platforms: what the hub meets in the world, on this machine and without an account.
//!
//! `machine` is the contract, one folder per platform fulfils it as a pure state machine, and `shell` puts one of them
//! behind HTTP with faults. The simulator drives the machines and the outbox of the shell on virtual time; `lockstep
//! emulate` and `lockstep demo` start the shell. The crate knows the vendors' contracts and nothing of the hub.

pub mod bigcommerce;
pub mod clover;
mod error;
pub mod lightspeed_r;
pub mod lightspeed_x;
pub mod machine;
pub mod shell;
pub mod shopify;
pub mod square;

use machine::{Opened, Opening};

pub use error::EmulatorError;

/// Opens a new, empty account. Called with the platform's name as in [`PLATFORMS`].
pub type Open = fn(&Opening) -> Result<Opened, EmulatorError>;

/// Every emulated platform: its name and how an account is opened there.
pub const PLATFORMS: [(&str, Open); 6] = [
    ("shopify", shopify::open),
    ("square", square::open),
    ("clover", clover::open),
    ("bigcommerce", bigcommerce::open),
    ("lightspeed-x", lightspeed_x::open),
    ("lightspeed-r", lightspeed_r::open),
];

/// Opens a new, empty account on the platform of this name.
///
/// # Errors
/// When there is no such platform, or a setting makes no sense.
pub fn open(platform: &str, opening: &Opening) -> Result<Opened, EmulatorError> {
    let known = PLATFORMS.iter().find(|(name, _)| *name == platform);
    let (_, open) = known.ok_or_else(|| EmulatorError::Settings {
        reason: format!(
            "there is no emulator for {platform:?}; there are {}",
            PLATFORMS.map(|(name, _)| name).join(", ")
        ),
    })?;
    open(opening)
}
