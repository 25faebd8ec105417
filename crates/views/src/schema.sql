-- Every table is derived from the journal. Quantities are in hundred-thousandths of a unit, times in milliseconds
-- since 1970 (UTC). Where a table holds only a seq, the rest is read from that fact's body.

CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    checkpoint INTEGER NOT NULL,
    positions INTEGER NOT NULL
) STRICT;
INSERT INTO meta VALUES (0, 0, 0);

-- `item` is left out of facts that have rows in `lines`: those are found through it.
CREATE TABLE facts (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    item INTEGER,
    location INTEGER,
    channel INTEGER,
    order_id INTEGER,
    reservation INTEGER,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX facts_kind ON facts (kind);
CREATE INDEX facts_item ON facts (item) WHERE item IS NOT NULL;
CREATE INDEX facts_location ON facts (location) WHERE location IS NOT NULL;
CREATE INDEX facts_channel ON facts (channel) WHERE channel IS NOT NULL;
CREATE INDEX facts_order ON facts (order_id) WHERE order_id IS NOT NULL;

-- What each fact did to a position, with the sums after it.
CREATE TABLE lines (
    item INTEGER NOT NULL,
    location INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    on_hand_after INTEGER NOT NULL,
    reserved_after INTEGER NOT NULL,
    PRIMARY KEY (item, location, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
    item INTEGER NOT NULL,
    location INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    in_transit INTEGER NOT NULL,
    unsellable INTEGER NOT NULL,
    PRIMARY KEY (item, location)
) STRICT, WITHOUT ROWID;

-- Location -1: came back and was not put back anywhere. Channel -1: sold or moved through none.
CREATE TABLE days (
    item INTEGER NOT NULL,
    location INTEGER NOT NULL,
    day INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    PRIMARY KEY (item, location, day, channel)
) STRICT, WITHOUT ROWID;

-- Names. The folded ones are in lower case, for search.
CREATE TABLE items (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, title TEXT NOT NULL, sku_folded TEXT NOT NULL,
    title_folded TEXT NOT NULL) STRICT;
CREATE INDEX items_sku ON items (sku_folded);
CREATE TABLE barcodes (barcode TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (barcode, item)) STRICT, WITHOUT ROWID;
CREATE INDEX barcodes_item ON barcodes (item);
CREATE TABLE locations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, zone TEXT NOT NULL) STRICT;
CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    document TEXT NOT NULL,
    reference TEXT NOT NULL,
    reference_folded TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    customer TEXT
) STRICT;
CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX orders_open ON orders (placed_at) WHERE state = 0;
CREATE INDEX orders_reference ON orders (reference_folded);
CREATE INDEX orders_document ON orders (document);
CREATE INDEX orders_customer ON orders (channel, customer) WHERE customer IS NOT NULL;

CREATE TABLE customers (channel INTEGER NOT NULL, customer TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (channel, customer)) STRICT, WITHOUT ROWID;
CREATE INDEX customers_told ON customers (seq);

-- State: 0 live, 1 committed, 2 released, 3 expired.
CREATE TABLE reservations (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, state INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, ended_seq INTEGER) STRICT;
CREATE INDEX reservations_state ON reservations (state);

CREATE TABLE quarantine (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, channel INTEGER NOT NULL, closed_seq INTEGER)
    STRICT;
CREATE INDEX quarantine_open ON quarantine (id) WHERE closed_seq IS NULL;

CREATE TABLE transfers (id INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, seq INTEGER NOT NULL,
    state INTEGER NOT NULL) STRICT;

CREATE TABLE instructions (id INTEGER PRIMARY KEY, asked_seq INTEGER NOT NULL, sent_seq INTEGER, ended_seq INTEGER,
    channel INTEGER NOT NULL, state INTEGER NOT NULL, key TEXT) STRICT;
CREATE INDEX instructions_key ON instructions (key) WHERE key IS NOT NULL;

-- Agent and act by their numbers in the stored form; state as in `ProposalState`.
CREATE TABLE proposals (id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, act INTEGER NOT NULL, state INTEGER NOT NULL,
    item INTEGER, location INTEGER, channel INTEGER, made_seq INTEGER NOT NULL, answered_seq INTEGER, acted_seq INTEGER,
    undone_seq INTEGER) STRICT;
CREATE INDEX proposals_state ON proposals (state, id);

CREATE TABLE decisions (seq INTEGER PRIMARY KEY, key TEXT) STRICT;
CREATE INDEX decisions_key ON decisions (key) WHERE key IS NOT NULL;

CREATE TABLE oversell_weeks (week INTEGER NOT NULL, location INTEGER NOT NULL, channel INTEGER NOT NULL,
    cause INTEGER NOT NULL, incidents INTEGER NOT NULL, units INTEGER NOT NULL,
    PRIMARY KEY (week, location, channel, cause)) STRICT, WITHOUT ROWID;

-- The history of what is what: every mapping made or taken away, every link, every question put away or brought back.
-- Kind: 0 item, 1 location, 2 customer.
CREATE TABLE mapped (kind INTEGER NOT NULL, channel INTEGER NOT NULL, external TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (kind, channel, external, seq)) STRICT, WITHOUT ROWID;

-- Kind as in `mapped`, without customers: their questions are never stored. `words` are in lower case, for search.
CREATE TABLE questions (kind INTEGER NOT NULL, channel INTEGER NOT NULL, external TEXT NOT NULL, seq INTEGER NOT NULL,
    words TEXT NOT NULL, dismissed INTEGER NOT NULL, PRIMARY KEY (kind, channel, external)) STRICT, WITHOUT ROWID;

CREATE TABLE writes (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, channel INTEGER NOT NULL, settled_seq INTEGER)
    STRICT;
CREATE INDEX writes_channel ON writes (channel);
CREATE TABLE write_totals (channel INTEGER PRIMARY KEY, batches INTEGER NOT NULL, settled INTEGER NOT NULL,
    writes INTEGER NOT NULL, done INTEGER NOT NULL, stale INTEGER NOT NULL, again INTEGER NOT NULL,
    never INTEGER NOT NULL, unknown INTEGER NOT NULL) STRICT;
