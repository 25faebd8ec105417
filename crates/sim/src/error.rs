//! Why a simulation could not be carried out. What a simulation finds wrong is no error but a finding.

use flow::{FlowError, OpenError};
use journal::JournalError;
use model::StoredError;

/// Why a simulation could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The hub does not start from its disk.
    #[error("open the hub on the simulated disk")]
    Open(#[from] OpenError),
    /// The hub takes nothing.
    #[error("give the hub something to decide")]
    Flow(#[from] FlowError),
    /// An emulated platform cannot be set up.
    #[error("set up the emulated {platform}: {reason}")]
    Platform {
        /// Which.
        platform: &'static str,
        /// Its words.
        reason: String,
    },
    /// There is no hub to ask.
    #[error("ask the hub: it is not running")]
    NoHub,
    /// The runtime of the virtual clock cannot be made.
    #[error("start the virtual clock")]
    Runtime(#[from] std::io::Error),
    /// The journal cannot be read back.
    #[error("read the journal back")]
    Journal(#[from] JournalError),
    /// A fact cannot be read back.
    #[error("read a fact back")]
    Fact(#[from] StoredError),
}
