//! The one error of the crate.

use model::{Seq, StoredError};

/// Why the views could not be kept or read. Nothing is lost by any of them: the file can be deleted and is rebuilt
/// from the journal.
#[derive(Debug, thiserror::Error)]
pub enum ViewsError {
    /// SQLite's.
    #[error("use the views' database")]
    Sql(#[from] rusqlite::Error),
    /// An SQLite that can damage a database in WAL mode.
    #[error("use SQLite {found}: versions before 3.51.3 can corrupt a WAL database")]
    OldSqlite {
        /// Version found.
        found: &'static str,
    },
    /// Facts are missing between the checkpoint and what was given.
    #[error("fold from fact {first}: the next fact is {expected}")]
    Gap {
        /// The fact that comes next.
        expected: Seq,
        /// The first fact given.
        first: Seq,
    },
    /// A stored fact that cannot be read back.
    #[error("read a kept fact back")]
    Fact(#[from] StoredError),
    /// A fact that cannot be printed as JSON.
    #[error("print a fact as JSON")]
    Json(#[from] serde_json::Error),
}
