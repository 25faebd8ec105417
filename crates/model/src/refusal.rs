//! Refusals: answers to commands that cannot be done, with what to do about it.

use crate::{Level, Quantity, Sku};

/// Why a command was refused. An answer, not a failure: nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The stock that can be promised does not cover what is asked, all lines of the cart together.
    #[error("only {available} of {sku} can be promised at this location, {asked} asked")]
    NotAvailable {
        /// Which item.
        sku: Sku,
        /// Asked in all.
        asked: Quantity,
        /// Can be promised.
        available: Quantity,
    },
    /// No such thing.
    #[error("{what} is not known; check its spelling or create it first")]
    Unknown {
        /// For example `sku ABC`.
        what: String,
    },
    /// The thing is in a state that does not allow this.
    #[error("{what}")]
    NotNow {
        /// What state, and what would be possible.
        what: String,
    },
    /// A value that makes no sense.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong and how to mend it.
        problem: String,
    },
    /// The same idempotency key was used for something else.
    #[error("this idempotency key was used for a different request; use a new key")]
    KeyReused,
    /// Whoever asks may not.
    #[error("{what}")]
    Forbidden {
        /// What, and who may.
        what: String,
    },
    /// What a write was computed from has changed since.
    #[error("what this was computed from has changed (it shows {shown}); compute it again")]
    Stale {
        /// What the channel is believed to show now.
        shown: Level,
    },
}
