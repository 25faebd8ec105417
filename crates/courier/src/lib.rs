//! The one HTTP client: it carries a finished request to a platform and brings the reply back.
//!
//! Called by `flow`, which decides what is sent and what a reply means. The courier opens the only outgoing sockets
//! of the hub and knows time limits, sizes, secrets in headers and whether a failed request may have arrived. It
//! refuses to know what a request is for, whose it is, and when to try again: pacing, breaking and waiting are given
//! here as plain values ([`Breaker`], [`Backoff`], [`retry_after`]) for the caller to apply with its own clock.

mod backoff;
mod breaker;
mod config;
mod counts;
mod courier;
mod error;
mod parcel;
mod record;
mod redact;
mod retry_after;

pub use backoff::Backoff;
pub use breaker::{Breaker, BreakerConfig, BreakerState, Permit};
pub use config::{CourierConfig, Mode};
pub use counts::HostCounts;
pub use courier::Courier;
pub use error::{CourierError, Doubt, Refusal};
pub use parcel::{Effect, Reply};
pub use record::{Outcome, Record, Recorder};
pub use redact::{address_for_people, seal};
pub use retry_after::{RETRY_AFTER_MAX, retry_after};
