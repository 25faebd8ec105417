//! The one writer. `flow` owns it and feeds it the journal's entries; nobody else writes the file.

use std::path::{Path, PathBuf};

use model::{Entry, LocationId, Seq};
use rusqlite::Connection;

use crate::{ViewsError, ViewsReader, day::Zones, fold::Fold, schema};

/// Folds facts into the tables. One per file; make readers with [`reader`](Self::reader).
#[derive(Debug)]
pub struct Views {
    connection: Connection,
    path: PathBuf,
    checkpoint: Seq,
    zones: Zones,
}

impl Views {
    /// Opens or creates the file at `path`. Tables of another schema version are dropped, so that the checkpoint is 0
    /// and everything is folded again.
    ///
    /// # Errors
    /// SQLite's, or when SQLite is too old to be trusted with a WAL database.
    pub fn open(path: &Path) -> Result<Self, ViewsError> {
        let mut connection = Connection::open(path)?;
        schema::prepare(&mut connection)?;
        let checkpoint = connection.query_row("SELECT checkpoint FROM meta", [], |row| row.get::<_, i64>(0))?;
        let zones = zones(&connection)?;
        Ok(Self { connection, path: path.to_owned(), checkpoint: Seq(checkpoint.unsigned_abs()), zones })
    }

    /// The last fact folded in; `Seq(0)` at first.
    pub fn checkpoint(&self) -> Seq {
        self.checkpoint
    }

    /// Folds entries in, in one transaction with the checkpoint. `first` is the number of `entries[0]`; entries up to
    /// the checkpoint are skipped, so that folding twice is folding once. Batches of thousands are fastest.
    ///
    /// # Errors
    /// SQLite's, or when facts between the checkpoint and `first` are missing. Nothing is folded then.
    pub fn apply(&mut self, first: Seq, entries: &[Entry]) -> Result<(), ViewsError> {
        let next = self.checkpoint.0 + 1;
        if first.0 > next && !entries.is_empty() {
            return Err(ViewsError::Gap { expected: Seq(next), first });
        }
        let known = usize::try_from(next.saturating_sub(first.0)).unwrap_or(usize::MAX);
        let fresh = entries.get(known..).unwrap_or_default();
        if fresh.is_empty() {
            return Ok(());
        }
        let folded = self.fold(fresh);
        if folded.is_err() {
            // The zones may have run ahead of the tables that were rolled back.
            self.zones = zones(&self.connection)?;
        }
        folded
    }

    fn fold(&mut self, entries: &[Entry]) -> Result<(), ViewsError> {
        let transaction = self.connection.transaction()?;
        let mut seq = self.checkpoint.0;
        let mut fold = Fold::new(&transaction, &mut self.zones);
        for entry in entries {
            seq += 1;
            fold.take(Seq(seq), entry)?;
        }
        fold.finish(Seq(seq))?;
        transaction.commit()?;
        self.checkpoint = Seq(seq);
        Ok(())
    }

    /// A reader of the same file. It sees whole batches only.
    ///
    /// # Errors
    /// SQLite's.
    pub fn reader(&self) -> Result<ViewsReader, ViewsError> {
        ViewsReader::open(&self.path)
    }
}

fn zones(connection: &Connection) -> Result<Zones, ViewsError> {
    let mut zones = Zones::default();
    let mut statement = connection.prepare("SELECT id, zone FROM locations")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        zones.put(LocationId(row.get(0)?), &row.get::<_, String>(1)?);
    }
    Ok(zones)
}
