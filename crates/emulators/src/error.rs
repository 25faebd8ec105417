//! What can go wrong in starting an emulator. Refusals by an emulated platform are replies, not errors.

use std::net::SocketAddr;

/// Why an emulator could not be started or told what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The address is in use or not ours.
    #[error("listen on {addr}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The client that delivers webhooks could not be made.
    #[error("make the delivery client")]
    Client {
        /// What the client library said.
        source: reqwest::Error,
    },
    /// A fault of this name does not exist.
    #[error("read the fault list: '{name}' is not a fault (known: {known})")]
    UnknownFault {
        /// The name that was given.
        name: String,
        /// All names, comma separated.
        known: String,
    },
    /// A setting of an emulated account does not make sense.
    #[error("read the settings: {reason}")]
    Settings {
        /// Which one, and why.
        reason: String,
    },
}
