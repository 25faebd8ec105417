//! What can go wrong in this crate.

use std::path::PathBuf;

/// Why nothing was kept or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The file cannot be used.
    #[error("open the people and keys in {path}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The file was made by a later version.
    #[error("the people and keys were written by a later version ({found}; this one knows {known}): use that version")]
    Newer {
        /// Version of the file.
        found: u32,
        /// Version of this program.
        known: u32,
    },
    /// The file cannot be read or written.
    #[error("use the people and keys")]
    Sql(#[from] rusqlite::Error),
    /// A name that is taken.
    #[error("there is already {what} named {name:?}")]
    Taken {
        /// `a person`, `a key`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name that nobody has.
    #[error("there is no {what} named {name:?}")]
    Unknown {
        /// `person`, `key`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A value that makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// A password that is refused.
    #[error(transparent)]
    Weak(#[from] crate::Weak),
    /// The last administrator who could let anybody in.
    #[error("{name} is the last administrator: make another one first")]
    LastAdmin {
        /// Who.
        name: String,
    },
    /// The system gives no random bytes.
    #[error("draw random bytes from the system")]
    NoDice,
    /// A sealed secret does not open under the hub's key.
    #[error("open a sealed second factor: it was sealed under another master key; set it up anew")]
    Sealed,
    /// A stored value that cannot be read back.
    #[error("read a stored value: {0}")]
    Stored(String),
}
