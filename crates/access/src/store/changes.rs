//! Every change of who may come in, with its author. Only ever added to.

use rusqlite::{Connection, params};

use super::Store;
use crate::AccessError;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Counted from 1.
    pub number: i64,
    /// When, in milliseconds of the Unix epoch.
    pub at_ms: i64,
    /// Who did it: a person's or a key's name, or `command line`.
    pub by: String,
    /// What, for example `person added`.
    pub what: String,
    /// Whose name it is about.
    pub about: String,
    /// More of it, never a secret.
    pub detail: String,
}

impl Store {
    /// The latest changes, newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn changes(&self, most: u32) -> Result<Vec<Change>, AccessError> {
        let connection = self.lock();
        let mut rows = connection
            .prepare("SELECT number, at_ms, by, what, about, detail FROM changes ORDER BY number DESC LIMIT ?1")?;
        let rows = rows.query_map([most], |row| {
            Ok(Change {
                number: row.get(0)?,
                at_ms: row.get(1)?,
                by: row.get(2)?,
                what: row.get(3)?,
                about: row.get(4)?,
                detail: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes what happened at the door without changing anything, for example many failed attempts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&self, by: &str, what: &str, about: &str, detail: &str, now_ms: i64) -> Result<(), AccessError> {
        self.change(|change| note(change, By { name: by, now_ms }, what, about, detail))
    }
}

/// Who changes something, and when.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub name: &'a str,
    pub now_ms: i64,
}

pub(super) fn note(change: &Connection, by: By<'_>, what: &str, about: &str, detail: &str) -> Result<(), AccessError> {
    let mut row = change.prepare("INSERT INTO changes (at_ms, by, what, about, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    row.execute(params![by.now_ms, by.name, what, about, detail])?;
    Ok(())
}
