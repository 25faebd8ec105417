//! People, keys, sessions and every change of them, in one SQLite file: `<data>/access.sqlite`.
//!
//! The doors and the command line use it at the same time. Every change stands in the same transaction as its line in
//! `changes`, so that none goes unnoted.

mod changes;
mod keys;
mod people;
mod second;
mod sessions;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{AccessError, Dice, Seal};

pub use changes::Change;
pub use keys::{KeyKind, KeyRecord, NewKey, ProvedKey};
pub use people::{NewPerson, Person, PersonId, SignIn};
pub use sessions::{Session, SessionOf};

const SCHEMA: &str = include_str!("schema.sql");
const VERSION: u32 = 1;

/// The file, open.
pub struct Store {
    connection: Mutex<Connection>,
    seal: Seal,
    dice: Arc<dyn Dice>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(…)")
    }
}

/// What is kept of a secret that is random enough: its hash (BLAKE3).
pub fn digest(secret: &str) -> [u8; 32] {
    *blake3::hash(secret.as_bytes()).as_bytes()
}

impl Store {
    /// Opens the file, or makes it, readable by its owner alone.
    ///
    /// # Errors
    /// When it cannot be used, or is a later version's.
    pub fn open(path: &Path, seal: Seal, dice: Arc<dyn Dice>) -> Result<Self, AccessError> {
        let open = |source| AccessError::Open { path: path.to_owned(), source };
        private(path).map_err(|error| open(rusqlite::Error::ToSqlConversionFailure(Box::new(error))))?;
        Self::prepare(Connection::open(path).map_err(open)?, seal, dice)
    }

    /// One that is gone with the process: for tests, and for a hub without a folder.
    ///
    /// # Errors
    /// When SQLite cannot be set up.
    pub fn in_memory(seal: Seal, dice: Arc<dyn Dice>) -> Result<Self, AccessError> {
        Self::prepare(Connection::open_in_memory()?, seal, dice)
    }

    fn prepare(mut connection: Connection, seal: Seal, dice: Arc<dyn Dice>) -> Result<Self, AccessError> {
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: u32 = change.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match found {
            0 => {
                change.execute_batch(SCHEMA)?;
                change.pragma_update(None, "user_version", VERSION)?;
            }
            VERSION => {}
            found => return Err(AccessError::Newer { found, known: VERSION }),
        }
        change.commit()?;
        Ok(Self { connection: Mutex::new(connection), seal, dice })
    }

    /// A change that panicked was rolled back when its transaction was dropped, so the connection is as it was.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something: all of it or nothing.
    fn change<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, AccessError>) -> Result<T, AccessError> {
        let mut connection = self.lock();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&change)?;
        change.commit()?;
        Ok(done)
    }
}

/// Makes the file before SQLite does, so that nobody else may ever read it.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(drop)
}

/// A name that fits into addresses, lists and facts.
fn name(what: &str, text: &str) -> Result<String, AccessError> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 60 && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err(AccessError::Invalid(format!("{what} has 1 to 60 characters and no line breaks")))
    }
}

/// A list as it is stored.
fn listed<T: AsRef<str>>(list: impl IntoIterator<Item = T>) -> String {
    let list: Vec<String> = list.into_iter().map(|element| element.as_ref().to_owned()).collect();
    serde_json::to_string(&list).unwrap_or_else(|_| "[]".into())
}

/// A list as it was stored.
fn list(text: &str) -> Result<BTreeSet<String>, AccessError> {
    serde_json::from_str(text).map_err(|error| AccessError::Stored(error.to_string()))
}

/// Whether an error says that a name is taken.
fn is_taken(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(failure, _) if failure.code == rusqlite::ErrorCode::ConstraintViolation)
}
