//! A small pool of read-only connections, shared by all clones of a reader.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use crate::{ViewsError, words::Names};

/// Idle connections kept; more are opened when needed and closed after use.
const IDLE_MAX: usize = 4;

/// Reads the tables. Cheap to clone; may be used from any thread. Every list takes a limit that is held between 1 and
/// 500, and a cursor where a list can be longer.
#[derive(Clone, Debug)]
pub struct ViewsReader(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl ViewsReader {
    pub(crate) fn open(path: &Path) -> Result<Self, ViewsError> {
        let first = connect(path)?;
        Ok(Self(Arc::new(Pool { path: path.to_owned(), idle: Mutex::new(vec![first]) })))
    }

    /// Runs a query on one state of the file: facts folded meanwhile are not seen by half.
    pub(super) fn read<T>(
        &self,
        query: impl FnOnce(&Connection, &Names<'_>) -> Result<T, ViewsError>,
    ) -> Result<T, ViewsError> {
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.0.path)?,
        };
        let answer = consistently(&connection, query);
        let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        answer
    }
}

fn consistently<T>(
    connection: &Connection,
    query: impl FnOnce(&Connection, &Names<'_>) -> Result<T, ViewsError>,
) -> Result<T, ViewsError> {
    let transaction = connection.unchecked_transaction()?;
    let names = Names::new(&transaction);
    let answer = query(&transaction, &names)?;
    names.done()?;
    Ok(answer)
}

fn connect(path: &Path) -> Result<Connection, ViewsError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Readers wait for nobody in WAL mode, but for the moment of recovery after a crash.
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
