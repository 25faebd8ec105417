//! Second factors: set up in two steps, checked at sign-in, with codes for a lost telephone. Each number and each code
//! opens once.

use rusqlite::{Connection, OptionalExtension, params};

use super::changes::{By, note};
use super::people::find;
use super::{PersonId, Store, digest};
use crate::proof::base32;
use crate::{AccessError, Totp};

/// Recovery codes at a time.
const CODES: usize = 10;

impl Store {
    /// Draws a secret for an authenticator; it counts once a number from it was given to
    /// [`confirm_second_factor`](Self::confirm_second_factor).
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn offer_second_factor(&self, name: &str) -> Result<Totp, AccessError> {
        let mut secret = [0; 20];
        self.dice.fill(&mut secret)?;
        let totp = Totp::new(secret.to_vec());
        self.change(|change| {
            let person = find(change, name)?;
            let sealed = self.seal.close(person.id.0, totp.bytes(), self.dice.as_ref())?;
            change.execute("UPDATE people SET totp_new = ?2 WHERE id = ?1", params![person.id.0, sealed])?;
            Ok(totp)
        })
    }

    /// From now on a number is asked for, if this is the number of the secret that was offered. Answers the recovery
    /// codes, which are shown once; `None` when it is another number.
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn confirm_second_factor(
        &self,
        name: &str,
        number: &str,
        by: &str,
        now_ms: i64,
    ) -> Result<Option<Vec<String>>, AccessError> {
        self.change(|change| {
            let person = find(change, name)?;
            let sealed: Option<Vec<u8>> =
                change.query_row("SELECT totp_new FROM people WHERE id = ?1", [person.id.0], |row| row.get(0))?;
            let Some(sealed) = sealed else { return Ok(None) };
            let totp = Totp::new(self.seal.open(person.id.0, &sealed)?);
            let Some(step) = totp.step(number, now_ms, 0) else { return Ok(None) };
            change.execute(
                "UPDATE people SET totp = totp_new, totp_new = NULL, totp_step = ?2 WHERE id = ?1",
                [person.id.0, step],
            )?;
            let codes = self.codes(change, person.id)?;
            note(change, By { name: by, now_ms }, "second factor set up", &person.name, "")?;
            Ok(Some(codes))
        })
    }

    /// No number is asked for any more, and all sessions end: for a lost telephone without codes.
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn drop_second_factor(&self, name: &str, by: &str, now_ms: i64) -> Result<(), AccessError> {
        self.change(|change| {
            let person = find(change, name)?;
            change.execute(
                "UPDATE people SET totp = NULL, totp_new = NULL, totp_step = 0 WHERE id = ?1",
                [person.id.0],
            )?;
            change.execute("DELETE FROM recovery WHERE person = ?1", [person.id.0])?;
            change.execute("DELETE FROM sessions WHERE person = ?1", [person.id.0])?;
            note(change, By { name: by, now_ms }, "second factor dropped", &person.name, "")
        })
    }

    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn codes_left(&self, id: PersonId) -> Result<u32, AccessError> {
        let connection = self.lock();
        Ok(connection.query_row("SELECT count(*) FROM recovery WHERE person = ?1", [id.0], |row| row.get(0))?)
    }

    fn codes(&self, change: &Connection, id: PersonId) -> Result<Vec<String>, AccessError> {
        change.execute("DELETE FROM recovery WHERE person = ?1", [id.0])?;
        let mut codes = Vec::with_capacity(CODES);
        for _ in 0..CODES {
            let mut bytes = [0; 10];
            self.dice.fill(&mut bytes)?;
            let code = base32(&bytes);
            change.execute("INSERT INTO recovery (person, hash) VALUES (?1, ?2)", params![id.0, digest(&code)])?;
            codes.push(code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"));
        }
        Ok(codes)
    }

    /// Whether a number or a code opens, if one is asked for at all. What opened is used up.
    pub(super) fn second_factor_fits(
        &self,
        change: &Connection,
        id: PersonId,
        number: &str,
        now_ms: i64,
    ) -> Result<bool, AccessError> {
        let (sealed, used): (Option<Vec<u8>>, i64) =
            change.query_row("SELECT totp, totp_step FROM people WHERE id = ?1", [id.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let Some(sealed) = sealed else { return Ok(true) };
        let totp = Totp::new(self.seal.open(id.0, &sealed)?);
        if let Some(step) = totp.step(number, now_ms, used) {
            change.execute("UPDATE people SET totp_step = ?2 WHERE id = ?1", [id.0, step])?;
            return Ok(true);
        }
        let code: String = number.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        let spent: Option<i64> = change
            .query_row(
                "DELETE FROM recovery WHERE person = ?1 AND hash = ?2 RETURNING person",
                params![id.0, digest(&code)],
                |row| row.get(0),
            )
            .optional()?;
        Ok(spent.is_some())
    }
}
