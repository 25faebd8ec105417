//! Sessions of browsers: opaque tokens of which only the hash is kept, so that whoever reads the file cannot use them.

use rusqlite::{OptionalExtension, params};

use super::changes::{By, note};
use super::people::{by_id, find};
use super::{Person, PersonId, Store, digest};
use crate::AccessError;

/// A session ends after this long without a request, in milliseconds.
const IDLE_MS: i64 = 2 * 3_600_000;
/// And after this long in any case.
const WHOLE_MS: i64 = 12 * 3_600_000;
/// How exactly it is known when a session was last used: not every page is worth a write.
const EXACT_MS: i64 = 60_000;
/// Sessions kept; the one not used for longest goes first.
const MOST: u32 = 10_000;

/// Whose session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionOf {
    /// A person's.
    Person(Box<Person>),
    /// The holder's of a key of that name.
    Key(String),
}

/// A session that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub of: SessionOf,
    /// When it began, in milliseconds of the Unix epoch.
    pub began_ms: i64,
}

impl Store {
    /// How long a session lasts at most, in milliseconds.
    pub const SESSION_MS: i64 = WHOLE_MS;

    /// Begins a session; answers its token, which nobody can read from the store again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin_session(&self, of: &SessionOf, address: &str, now_ms: i64) -> Result<String, AccessError> {
        let token = crate::dice::secret(self.dice.as_ref())?;
        let (person, key) = match of {
            SessionOf::Person(person) => (Some(person.id.0), None),
            SessionOf::Key(name) => (None, Some(name.as_str())),
        };
        self.change(|change| {
            change.execute(
                "DELETE FROM sessions WHERE seen_ms <= ?1 OR began_ms <= ?2",
                [now_ms - IDLE_MS, now_ms - WHOLE_MS],
            )?;
            change.execute(
                "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions ORDER BY seen_ms DESC LIMIT -1 OFFSET ?1)",
                [MOST - 1],
            )?;
            change.execute(
                "INSERT INTO sessions (hash, person, key, address, began_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                params![digest(&token), person, key, address, now_ms],
            )?;
            Ok(token)
        })
    }

    /// Whose session a token is of, while it lasts; it then goes on lasting.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, token: &str, now_ms: i64) -> Result<Option<Session>, AccessError> {
        let connection = self.lock();
        let mut row = connection.prepare(
            "SELECT person, key, began_ms, seen_ms FROM sessions WHERE hash = ?1 AND seen_ms > ?2 AND began_ms > ?3",
        )?;
        type Found = (Option<i64>, Option<String>, i64, i64);
        let found: Option<Found> = row
            .query_row(params![digest(token), now_ms - IDLE_MS, now_ms - WHOLE_MS], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((person, key, began_ms, seen_ms)) = found else { return Ok(None) };
        if now_ms - seen_ms >= EXACT_MS {
            connection.execute("UPDATE sessions SET seen_ms = ?2 WHERE hash = ?1", params![digest(token), now_ms])?;
        }
        let of = match (person, key) {
            (Some(id), _) => {
                let person = by_id(&connection, PersonId(id))?;
                if person.disabled {
                    return Ok(None);
                }
                SessionOf::Person(Box::new(person))
            }
            (None, Some(key)) => SessionOf::Key(key),
            (None, None) => return Ok(None),
        };
        Ok(Some(Session { of, began_ms }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn end_session(&self, token: &str) -> Result<(), AccessError> {
        self.change(|change| {
            change.execute("DELETE FROM sessions WHERE hash = ?1", [digest(token)])?;
            Ok(())
        })
    }

    /// Ends every session of a person: signed out everywhere. Answers how many.
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn end_sessions_of(&self, name: &str, by: &str, now_ms: i64) -> Result<usize, AccessError> {
        self.change(|change| {
            let person = find(change, name)?;
            let ended = change.execute("DELETE FROM sessions WHERE person = ?1", [person.id.0])?;
            note(change, By { name: by, now_ms }, "signed out everywhere", &person.name, &ended.to_string())?;
            Ok(ended)
        })
    }

    /// How many sessions a person has.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn sessions_of(&self, id: PersonId, now_ms: i64) -> Result<u32, AccessError> {
        let connection = self.lock();
        let count = "SELECT count(*) FROM sessions WHERE person = ?1 AND seen_ms > ?2 AND began_ms > ?3";
        Ok(connection.query_row(count, [id.0, now_ms - IDLE_MS, now_ms - WHOLE_MS], |row| row.get(0))?)
    }
}
