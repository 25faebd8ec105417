//! Keys of programs and agents: shown once, kept as hashes, with a purpose, limits and an end.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::changes::{By, note};
use super::{Store, digest, is_taken, list, listed, name};
use crate::{AccessError, Principal, Scope};

/// How exactly it is known when a key was last used, in milliseconds.
const EXACT_MS: i64 = 60_000;

/// What calls with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A program.
    Service,
    /// An agent, or a client that calls tools for one: its calls are a class of their own in figures and audit.
    Agent,
}

impl KeyKind {
    /// The name used in commands and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Agent => "agent",
        }
    }

    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Service, Self::Agent].into_iter().find(|kind| kind.name() == name)
    }
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Name, for the audit.
    pub name: String,
    /// What calls with it.
    pub kind: KeyKind,
    /// What for: one purpose, one key.
    pub purpose: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// The only addresses it is for (`POST /v1/counts`); empty = what its scopes open.
    pub endpoints: BTreeSet<String>,
    /// Stores it is for; empty = all.
    pub stores: BTreeSet<String>,
    /// Channels it is for; empty = all.
    pub channels: BTreeSet<String>,
    /// Calls in a minute; 0 = as configured for all.
    pub per_minute: u32,
    /// When it ends, in milliseconds of the Unix epoch; `None` = when it is revoked.
    pub expires_ms: Option<i64>,
}

/// A key, without its secret.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// As it was made.
    pub made: NewKey,
    /// Its first characters, by which people know it again.
    pub shown: String,
    /// When it was made, in milliseconds of the Unix epoch.
    pub created_ms: i64,
    /// When it was last used, to the minute.
    pub used_ms: Option<i64>,
    /// Until when the key before the last rotation opens too; 0 = never.
    pub old_until_ms: i64,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
}

impl KeyRecord {
    /// Whether it opens anything at that time.
    pub fn lives(&self, now_ms: i64) -> bool {
        self.revoked_ms.is_none() && self.made.expires_ms.is_none_or(|expires_ms| now_ms < expires_ms)
    }

    /// As the rules see it.
    pub fn principal(&self) -> Principal {
        let mut principal = Principal::machine(&self.made.name, self.made.scopes.iter().copied());
        principal.stores.clone_from(&self.made.stores);
        principal.channels.clone_from(&self.made.channels);
        principal.endpoints.clone_from(&self.made.endpoints);
        principal
    }
}

/// A key that was sent and is known.
#[derive(Clone, Debug)]
pub struct ProvedKey {
    /// What it may do.
    pub principal: Principal,
    /// What calls with it.
    pub kind: KeyKind,
    /// Calls in a minute; 0 = as configured for all.
    pub per_minute: u32,
}

const COLUMNS: &str = "name, kind, purpose, scopes, endpoints, stores, channels, per_minute, expires_ms, shown, created_ms, \
                       used_ms, old_until_ms, revoked_ms";

impl Store {
    /// Makes a key; answers its text, which nobody can read again.
    ///
    /// # Errors
    /// When the name is taken, or a value makes no sense.
    pub fn add_key(&self, new: &NewKey, by: &str, now_ms: i64) -> Result<String, AccessError> {
        let name = name("a key's name", &new.name)?;
        if new.scopes.is_empty() {
            return Err(AccessError::Invalid("a key without a scope opens nothing: give it at least one".into()));
        }
        if new.kind == KeyKind::Agent && !new.scopes.iter().all(|scope| scope.is_for_agents()) {
            let problem = "an agent reads and proposes, it changes nothing by itself: give it proposals:write and scopes \
                           that read";
            return Err(AccessError::Invalid(problem.into()));
        }
        if new.expires_ms.is_some_and(|expires_ms| expires_ms <= now_ms) {
            return Err(AccessError::Invalid("the key would have ended already".into()));
        }
        let text = self.draw()?;
        self.change(|change| {
            let added = change.execute(
                "INSERT INTO keys (name, kind, purpose, shown, hash, scopes, endpoints, stores, channels, per_minute,
                                   created_ms, expires_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    name,
                    new.kind.name(),
                    new.purpose.trim(),
                    shown(&text),
                    digest(&text),
                    listed(new.scopes.iter().map(|scope| scope.name())),
                    listed(&new.endpoints),
                    listed(&new.stores),
                    listed(&new.channels),
                    new.per_minute,
                    now_ms,
                    new.expires_ms
                ],
            );
            let taken = || AccessError::Taken { what: "a key", name: name.clone() };
            added.map_err(|error| if is_taken(&error) { taken() } else { error.into() })?;
            let scopes = new.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", ");
            note(change, By { name: by, now_ms }, "key made", &name, &format!("scopes: {scopes}"))
        })?;
        Ok(text)
    }

    /// Every key, by name.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyRecord>, AccessError> {
        let connection = self.lock();
        let mut rows = connection.prepare(&format!("SELECT {COLUMNS} FROM keys ORDER BY name"))?;
        let rows = rows.query_map([], |row| Ok(record(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Gives a key a new text; the old one opens for `grace_ms` longer, so that programs can be changed one by one.
    ///
    /// # Errors
    /// When no key has the name, or it was revoked.
    pub fn rotate_key(&self, name: &str, grace_ms: i64, by: &str, now_ms: i64) -> Result<String, AccessError> {
        let text = self.draw()?;
        self.change(|change| {
            let key = find(change, name)?;
            if key.revoked_ms.is_some() {
                return Err(AccessError::Invalid(format!("the key {} was revoked: make another one", key.made.name)));
            }
            change.execute(
                "UPDATE keys SET old_hash = hash, old_until_ms = ?2, hash = ?3, shown = ?4 WHERE name = ?1",
                params![key.made.name, now_ms + grace_ms.max(0), digest(&text), shown(&text)],
            )?;
            note(
                change,
                By { name: by, now_ms },
                "key rotated",
                &key.made.name,
                &format!("the old one for {grace_ms} ms"),
            )
        })?;
        Ok(text)
    }

    /// Ends a key for good, at once.
    ///
    /// # Errors
    /// When no key has the name.
    pub fn revoke_key(&self, name: &str, by: &str, now_ms: i64) -> Result<(), AccessError> {
        self.change(|change| {
            let key = find(change, name)?;
            change.execute(
                "UPDATE keys SET revoked_ms = coalesce(revoked_ms, ?2), old_hash = NULL WHERE name = ?1",
                params![key.made.name, now_ms],
            )?;
            note(change, By { name: by, now_ms }, "key revoked", &key.made.name, "")
        })
    }

    /// What a key may do, if there is such a key and it lives. Found by its hash, so that how long it takes tells
    /// nothing about any other key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn prove_key(&self, text: &str, now_ms: i64) -> Result<Option<ProvedKey>, AccessError> {
        let connection = self.lock();
        let hash = digest(text);
        let mut row = connection
            .prepare(&format!("SELECT {COLUMNS} FROM keys WHERE hash = ?1 OR (old_hash = ?1 AND old_until_ms > ?2)"))?;
        let found = row.query_row(params![hash, now_ms], |row| Ok(record(row))).optional()?.transpose()?;
        let Some(key) = found.filter(|key| key.lives(now_ms)) else { return Ok(None) };
        if key.used_ms.is_none_or(|used_ms| now_ms - used_ms >= EXACT_MS) {
            connection.execute("UPDATE keys SET used_ms = ?2 WHERE name = ?1", params![key.made.name, now_ms])?;
        }
        Ok(Some(proved(&key)))
    }

    /// The same by name, for a session that a key began.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn key_named(&self, name: &str, now_ms: i64) -> Result<Option<ProvedKey>, AccessError> {
        match find(&self.lock(), name) {
            Ok(key) => Ok(key.lives(now_ms).then(|| proved(&key))),
            Err(AccessError::Unknown { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn draw(&self) -> Result<String, AccessError> {
        Ok(format!("lk_{}", crate::dice::secret(self.dice.as_ref())?))
    }
}

fn proved(key: &KeyRecord) -> ProvedKey {
    ProvedKey { principal: key.principal(), kind: key.made.kind, per_minute: key.made.per_minute }
}

fn shown(text: &str) -> &str {
    text.get(..9).unwrap_or_default()
}

fn find(connection: &Connection, name: &str) -> Result<KeyRecord, AccessError> {
    let mut row = connection.prepare(&format!("SELECT {COLUMNS} FROM keys WHERE name = ?1"))?;
    let found = row.query_row([name.trim()], |row| Ok(record(row))).optional()?;
    found.unwrap_or_else(|| Err(AccessError::Unknown { what: "key", name: name.chars().take(60).collect() }))
}

fn record(row: &Row<'_>) -> Result<KeyRecord, AccessError> {
    let kind: String = row.get(1)?;
    let made = NewKey {
        name: row.get(0)?,
        kind: KeyKind::parse(&kind).ok_or(AccessError::Stored(kind))?,
        purpose: row.get(2)?,
        scopes: list(&row.get::<_, String>(3)?)?.iter().filter_map(|scope| Scope::parse(scope)).collect(),
        endpoints: list(&row.get::<_, String>(4)?)?,
        stores: list(&row.get::<_, String>(5)?)?,
        channels: list(&row.get::<_, String>(6)?)?,
        per_minute: row.get(7)?,
        expires_ms: row.get(8)?,
    };
    Ok(KeyRecord {
        made,
        shown: row.get(9)?,
        created_ms: row.get(10)?,
        used_ms: row.get(11)?,
        old_until_ms: row.get(12)?,
        revoked_ms: row.get(13)?,
    })
}
