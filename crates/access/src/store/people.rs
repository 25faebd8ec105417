//! People: added, given roles and passwords, disabled, signed in.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::changes::{By, note};
use super::{Store, is_taken, list, listed, name};
use crate::{AccessError, Password, Principal, Role};

/// A person's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonId(pub i64);

/// A person, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Number.
    pub id: PersonId,
    /// Name they sign in with.
    pub name: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Names of the stores they are for; empty = all, except for roles of a store.
    pub stores: BTreeSet<String>,
    /// Names of the channels they are for; empty = all.
    pub channels: BTreeSet<String>,
    /// Whether their password was made for them and must be replaced.
    pub must_change: bool,
    /// Whether they may not come in.
    pub disabled: bool,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    /// When they were added, in milliseconds of the Unix epoch.
    pub created_ms: i64,
    /// When they last signed in.
    pub signed_in_ms: Option<i64>,
}

impl Person {
    /// As the rules see them.
    pub fn principal(&self) -> Principal {
        let mut principal = Principal::person(&self.name, self.roles.iter().copied());
        (principal.stores, principal.channels) = (self.stores.clone(), self.channels.clone());
        principal
    }
}

/// A person to be added, or what an existing one is to be.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// Name to sign in with.
    pub name: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Stores.
    pub stores: BTreeSet<String>,
    /// Channels.
    pub channels: BTreeSet<String>,
}

/// What somebody typed to come in.
#[derive(Clone)]
pub struct SignIn {
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Number of an authenticator, or a recovery code; empty when there is none.
    pub number: String,
}

const COLUMNS: &str =
    "id, name, roles, stores, channels, must_change, disabled, totp IS NOT NULL, created_ms, signed_in_ms";

impl Store {
    /// Adds a person; answers the password made for them, which they must replace.
    ///
    /// # Errors
    /// When the name is taken, or a value makes no sense.
    pub fn add_person(&self, new: &NewPerson, by: &str, now_ms: i64) -> Result<(Person, String), AccessError> {
        let name = name("a name", &new.name)?;
        let password = crate::dice::secret(self.dice.as_ref())?[..20].to_owned();
        let hash = Password::new(&name, &password, self.dice.as_ref())?;
        self.change(|change| {
            let mut row = change.prepare(
                "INSERT INTO people (name, roles, stores, channels, password, must_change, created_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
            )?;
            let roles = listed(new.roles.iter().map(|role| role.name()));
            let added =
                row.execute(params![name, roles, listed(&new.stores), listed(&new.channels), hash.as_str(), now_ms]);
            added.map_err(|error| if is_taken(&error) { taken(&name) } else { error.into() })?;
            note(change, By { name: by, now_ms }, "person added", &name, &what_of(new))?;
            Ok((find(change, &name)?, password))
        })
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, AccessError> {
        let connection = self.lock();
        let mut rows = connection.prepare(&format!("SELECT {COLUMNS} FROM people ORDER BY name"))?;
        let rows = rows.query_map([], |row| Ok(person(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Whether there is anybody who may sign in.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn has_people(&self) -> Result<bool, AccessError> {
        let connection = self.lock();
        let mut row = connection.prepare("SELECT EXISTS (SELECT 1 FROM people WHERE disabled = 0)")?;
        Ok(row.query_row([], |row| row.get(0))?)
    }

    /// One of them.
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn person(&self, name: &str) -> Result<Person, AccessError> {
        find(&self.lock(), name)
    }

    /// Gives somebody other roles, stores and channels.
    ///
    /// # Errors
    /// When nobody has the name, or no administrator would be left.
    pub fn set_roles(&self, new: &NewPerson, by: &str, now_ms: i64) -> Result<Person, AccessError> {
        self.change(|change| {
            let before = find(change, &new.name)?;
            if !new.roles.contains(&Role::Admin) {
                keep_an_admin(change, &before)?;
            }
            let roles = listed(new.roles.iter().map(|role| role.name()));
            change.execute(
                "UPDATE people SET roles = ?2, stores = ?3, channels = ?4 WHERE id = ?1",
                params![before.id.0, roles, listed(&new.stores), listed(&new.channels)],
            )?;
            note(change, By { name: by, now_ms }, "roles changed", &before.name, &what_of(new))?;
            find(change, &before.name)
        })
    }

    /// Gives somebody a password of their own choice; all their sessions end.
    ///
    /// # Errors
    /// When nobody has the name, or the password is too weak.
    pub fn set_password(&self, name: &str, text: &str, by: &str, now_ms: i64) -> Result<(), AccessError> {
        let hash = Password::new(name, text, self.dice.as_ref())?;
        self.keep_password(name, &hash, false, By { name: by, now_ms })
    }

    /// Makes a new password for somebody, which they must replace; all their sessions end.
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn reset_password(&self, name: &str, by: &str, now_ms: i64) -> Result<String, AccessError> {
        let text = crate::dice::secret(self.dice.as_ref())?[..20].to_owned();
        let hash = Password::new(name, &text, self.dice.as_ref())?;
        self.keep_password(name, &hash, true, By { name: by, now_ms })?;
        Ok(text)
    }

    fn keep_password(&self, name: &str, hash: &Password, must_change: bool, by: By<'_>) -> Result<(), AccessError> {
        self.change(|change| {
            let person = find(change, name)?;
            change.execute(
                "UPDATE people SET password = ?2, must_change = ?3 WHERE id = ?1",
                params![person.id.0, hash.as_str(), must_change],
            )?;
            change.execute("DELETE FROM sessions WHERE person = ?1", [person.id.0])?;
            note(change, by, "password changed", &person.name, if must_change { "to one made for them" } else { "" })
        })
    }

    /// Keeps somebody out, and ends their sessions; or lets them in again.
    ///
    /// # Errors
    /// When nobody has the name, or no administrator would be left.
    pub fn set_disabled(&self, name: &str, disabled: bool, by: &str, now_ms: i64) -> Result<(), AccessError> {
        self.change(|change| {
            let person = find(change, name)?;
            if disabled {
                keep_an_admin(change, &person)?;
                change.execute("DELETE FROM sessions WHERE person = ?1", [person.id.0])?;
            }
            change.execute("UPDATE people SET disabled = ?2 WHERE id = ?1", params![person.id.0, disabled])?;
            let what = if disabled { "person disabled" } else { "person enabled" };
            note(change, By { name: by, now_ms }, what, &person.name, "")
        })
    }

    /// Whether somebody is who they say. One answer for an unknown name, a wrong password, a disabled person and a wrong
    /// number, after the same work. Takes tens of milliseconds.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn sign_in(&self, typed: &SignIn, now_ms: i64) -> Result<Option<Person>, AccessError> {
        let Some(id) = self.known(typed)? else { return Ok(None) };
        self.change(|change| {
            if !self.second_factor_fits(change, PersonId(id), &typed.number, now_ms)? {
                return Ok(None);
            }
            change.execute("UPDATE people SET signed_in_ms = ?2 WHERE id = ?1", [id, now_ms])?;
            by_id(change, PersonId(id)).map(Some)
        })
    }

    /// Whether a password is somebody's, without their second factor: for somebody who has already come in.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn password_is(&self, typed: &SignIn) -> Result<bool, AccessError> {
        Ok(self.known(typed)?.is_some())
    }

    /// The number of whoever has this name and password, after the same work whether there is anybody or not.
    fn known(&self, typed: &SignIn) -> Result<Option<i64>, AccessError> {
        let known: Option<(i64, String)> = {
            let connection = self.lock();
            let mut row = connection.prepare("SELECT id, password FROM people WHERE name = ?1 AND disabled = 0")?;
            row.query_row([typed.name.trim()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?
        };
        let hash = known.as_ref().map_or_else(Password::nobody, |(_, hash)| Password::stored(hash));
        let right = hash.is(&typed.password);
        Ok(known.filter(|_| right).map(|(id, _)| id))
    }
}

pub(super) fn find(connection: &Connection, name: &str) -> Result<Person, AccessError> {
    let mut row = connection.prepare(&format!("SELECT {COLUMNS} FROM people WHERE name = ?1"))?;
    let found = row.query_row([name.trim()], |row| Ok(person(row))).optional()?;
    found.unwrap_or_else(|| Err(AccessError::Unknown { what: "person", name: name.chars().take(60).collect() }))
}

pub(super) fn by_id(connection: &Connection, id: PersonId) -> Result<Person, AccessError> {
    let mut row = connection.prepare(&format!("SELECT {COLUMNS} FROM people WHERE id = ?1"))?;
    row.query_row([id.0], |row| Ok(person(row)))?
}

fn person(row: &Row<'_>) -> Result<Person, AccessError> {
    let roles = list(&row.get::<_, String>(2)?)?;
    Ok(Person {
        id: PersonId(row.get(0)?),
        name: row.get(1)?,
        roles: roles.iter().filter_map(|role| Role::parse(role)).collect(),
        stores: list(&row.get::<_, String>(3)?)?,
        channels: list(&row.get::<_, String>(4)?)?,
        must_change: row.get(5)?,
        disabled: row.get(6)?,
        second_factor: row.get(7)?,
        created_ms: row.get(8)?,
        signed_in_ms: row.get(9)?,
    })
}

/// Refuses what would leave nobody to let others in.
fn keep_an_admin(connection: &Connection, person: &Person) -> Result<(), AccessError> {
    if !person.roles.contains(&Role::Admin) || person.disabled {
        return Ok(());
    }
    let others: i64 = connection.query_row(
        "SELECT count(*) FROM people WHERE disabled = 0 AND id <> ?1 AND roles LIKE '%\"admin\"%'",
        [person.id.0],
        |row| row.get(0),
    )?;
    if others == 0 { Err(AccessError::LastAdmin { name: person.name.clone() }) } else { Ok(()) }
}

fn what_of(new: &NewPerson) -> String {
    let names = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut text = format!("roles: {}", new.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", "));
    for (what, which) in [("stores", &new.stores), ("channels", &new.channels)] {
        if !which.is_empty() {
            text.push_str(&format!("; {what}: {}", names(which)));
        }
    }
    text
}

fn taken(name: &str) -> AccessError {
    AccessError::Taken { what: "a person", name: name.to_owned() }
}
