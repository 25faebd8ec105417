//! Facts read back from their rows. The other readers call it; it knows nothing of any kind of fact.

use model::{Entry, Instant, Seq};
use rusqlite::{Connection, Params, Row};

use crate::{
    ViewsError,
    words::{self, Names, Told},
};

/// A fact as kept.
pub(super) struct Kept {
    pub(super) seq: Seq,
    pub(super) entry: Entry,
}

impl Kept {
    pub(super) fn at(&self) -> Instant {
        self.entry.at
    }

    /// The sentence for a feed.
    pub(super) fn words(&self, names: &Names<'_>) -> String {
        words::sentence(names, Told::Whole, &self.entry.fact)
    }
}

/// The entry in a body.
pub(super) fn entry(body: &[u8]) -> Result<Entry, ViewsError> {
    let first = Entry::decode_all(body)?.into_iter().next();
    first.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// From the first two columns of a row: seq and body.
pub(super) fn kept(row: &Row<'_>) -> Result<Kept, ViewsError> {
    let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(Kept { seq: seq(row.get(0)?), entry: entry(body)? })
}

/// A stored counter.
pub(super) fn seq(stored: i64) -> Seq {
    Seq(stored.unsigned_abs())
}

/// The rows of a query, each turned into what `make` can make of it; rows that are not of the kind are left out.
pub(super) fn rows<T>(
    tables: &Connection,
    sql: &str,
    params: impl Params,
    mut make: impl FnMut(&Row<'_>) -> Result<Option<T>, ViewsError>,
) -> Result<Vec<T>, ViewsError> {
    let mut statement = tables.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut made = Vec::new();
    while let Some(row) = rows.next()? {
        made.extend(make(row)?);
    }
    Ok(made)
}
