//! A delivery's bytes to commands; forgeries end here, the unreadable is quarantined with its reason. And the other
//! way in: asking the platform for what its deliveries did not say, or never brought.

mod again;
mod ask;
mod cursors;
mod hook;
mod pull;
mod reading;
mod sales;
mod troubles;
mod unlisted;

pub use ask::{AskError, look};
pub use hook::{Admitted, HookError, HookRequest, admit, redrive};
pub use pull::Puller;
