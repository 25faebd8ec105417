-- People, keys, sessions: what the journal must not hold, because it is never forgotten. Secrets only as hashes, except
-- second factors, which are sealed under the hub's key.
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    roles TEXT NOT NULL,
    stores TEXT NOT NULL,
    channels TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    totp BLOB,
    totp_new BLOB,
    totp_step INTEGER NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    signed_in_ms INTEGER
) STRICT;
CREATE TABLE recovery (
    person INTEGER NOT NULL REFERENCES people (id),
    hash BLOB NOT NULL,
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    person INTEGER REFERENCES people (id),
    key TEXT,
    address TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (person);
CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    shown TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    old_hash BLOB,
    old_until_ms INTEGER NOT NULL DEFAULT 0,
    scopes TEXT NOT NULL,
    endpoints TEXT NOT NULL,
    stores TEXT NOT NULL,
    channels TEXT NOT NULL,
    per_minute INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    used_ms INTEGER,
    revoked_ms INTEGER
) STRICT;
CREATE INDEX keys_old ON keys (old_hash) WHERE old_hash IS NOT NULL;
CREATE TABLE changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    by TEXT NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
