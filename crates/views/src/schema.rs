//! The tables and their version. Called when the writer opens; there are no migrations, because the journal can
//! rebuild everything: another version's tables are dropped.

use rusqlite::Connection;

use crate::ViewsError;

/// Raised with every change of `schema.sql` or of what the fold puts into it.
pub(crate) const VERSION: i64 = 7;
/// The first SQLite without the WAL-reset race (<https://sqlite.org/wal.html#walresetbug>, read 2026-11-20).
const SQLITE_OLDEST: i32 = 3_051_003;

/// Makes sure that the tables of this version are there, empty if they were not.
pub(crate) fn prepare(connection: &mut Connection) -> Result<(), ViewsError> {
    if rusqlite::version_number() < SQLITE_OLDEST {
        return Err(ViewsError::OldSqlite { found: rusqlite::version() });
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A lost tail after a power cut is folded again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // In KiB, negative by SQLite's convention.
    connection.pragma_update(None, "cache_size", -65_536)?;
    // Pages. The default of 1,000 copies hot pages back with every batch: measured, a sixth slower.
    connection.pragma_update(None, "wal_autocheckpoint", 10_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found != VERSION {
        rebuild(connection)?;
    }
    Ok(())
}

fn rebuild(connection: &mut Connection) -> Result<(), ViewsError> {
    let transaction = connection.transaction()?;
    for table in tables(&transaction)? {
        transaction.execute_batch(&format!("DROP TABLE \"{}\"", table.replace('"', "\"\"")))?;
    }
    transaction.execute_batch(include_str!("schema.sql"))?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

fn tables(connection: &Connection) -> Result<Vec<String>, ViewsError> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(names)
}
