-- The device's store. A migration that has landed is never edited; a change is a new file.

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The election that this device joined. One row at most.
CREATE TABLE enrolment (
    only_one     INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    endpoint     TEXT    NOT NULL,
    public_key   BLOB    NOT NULL CHECK (length(public_key) = 32), -- the device's
    election     TEXT    NOT NULL, -- the package, JSON
    assignments  TEXT    NOT NULL, -- JSON
    log_key      TEXT    NOT NULL, -- the pinned public key of the endpoint's log, hex
    joined_at_ms INTEGER NOT NULL
) STRICT;

-- A tally that is being typed.
CREATE TABLE draft (
    station      TEXT    NOT NULL,
    contest      TEXT    NOT NULL,
    saved_at_ms  INTEGER NOT NULL,
    last_field   TEXT,
    supersedes   BLOB REFERENCES statement (id),
    reason       TEXT,
    PRIMARY KEY (station, contest),
    CHECK ((supersedes IS NULL) = (reason IS NULL))
) STRICT;

CREATE TABLE draft_figure (
    station TEXT    NOT NULL,
    contest TEXT    NOT NULL,
    field   TEXT    NOT NULL,
    figure  INTEGER NOT NULL, -- the number, -1 blank, -2 illegible
    PRIMARY KEY (station, contest, field),
    FOREIGN KEY (station, contest) REFERENCES draft ON DELETE CASCADE
) STRICT;

-- "Memang tertulis begitu di kertas", said to one finding.
CREATE TABLE draft_acknowledgement (
    station     TEXT    NOT NULL,
    contest     TEXT    NOT NULL,
    finding     TEXT    NOT NULL,
    given_at_ms INTEGER NOT NULL,
    PRIMARY KEY (station, contest, finding),
    FOREIGN KEY (station, contest) REFERENCES draft ON DELETE CASCADE
) STRICT;

-- What was sealed, as the bytes that were signed. Rows are never deleted and their bytes never change.
CREATE TABLE statement (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    sequence       INTEGER NOT NULL UNIQUE CHECK (sequence >= 1),
    kind           TEXT    NOT NULL CHECK (kind IN ('tally', 'photo')),
    station        TEXT    NOT NULL,
    contest        TEXT    NOT NULL,
    bytes          BLOB    NOT NULL,
    sealed_at_ms   INTEGER NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('sealed', 'accepted', 'refused', 'receipted')),
    state_at_ms    INTEGER NOT NULL,
    received_at_ms INTEGER, -- by the endpoint's clock
    refusal_code   TEXT,
    refusal_detail TEXT
) STRICT;

CREATE INDEX statement_of_tally ON statement (station, contest, kind, sequence);

-- A photo that was taken in. Its files are in the photo folder, named by their hashes.
CREATE TABLE photo (
    id               INTEGER NOT NULL PRIMARY KEY,
    station          TEXT    NOT NULL,
    contest          TEXT    NOT NULL,
    page             INTEGER NOT NULL,
    taken_at_ms      INTEGER NOT NULL,
    original         BLOB    NOT NULL CHECK (length(original) = 32),
    original_bytes   INTEGER NOT NULL,
    derivative       BLOB    NOT NULL CHECK (length(derivative) = 32),
    derivative_bytes INTEGER NOT NULL,
    width_px         INTEGER NOT NULL,
    height_px        INTEGER NOT NULL,
    statement        BLOB REFERENCES statement (id), -- none while its tally is a draft
    sent_bytes       INTEGER NOT NULL DEFAULT 0,
    arrived_at_ms    INTEGER,
    refusal_code     TEXT,
    refusal_detail   TEXT
) STRICT;

CREATE INDEX photo_of_tally ON photo (station, contest, page, id);

-- What still has to reach the endpoint, in the order in which it is sent. A row goes only when the endpoint said
-- that it has the thing.
CREATE TABLE outbox (
    place              INTEGER NOT NULL PRIMARY KEY,
    statement          BLOB    UNIQUE REFERENCES statement (id),
    photo              INTEGER UNIQUE REFERENCES photo (id),
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0,
    CHECK ((statement IS NULL) <> (photo IS NULL))
) STRICT;

-- The log's receipts, each verified by this device before it was stored.
CREATE TABLE receipt (
    statement      BLOB    NOT NULL PRIMARY KEY REFERENCES statement (id),
    bytes          BLOB    NOT NULL,
    tree_size      INTEGER NOT NULL,
    leaf_index     INTEGER NOT NULL,
    verified_at_ms INTEGER NOT NULL
) STRICT;

-- Accepted statements of which the receipt is still to come.
CREATE TABLE receipt_wanted (
    statement          BLOB    NOT NULL PRIMARY KEY REFERENCES statement (id),
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The newest checkpoint of the log that this device saw and found consistent. One row at most.
CREATE TABLE checkpoint (
    only_one   INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    note       TEXT    NOT NULL,
    seen_at_ms INTEGER NOT NULL
) STRICT;

-- Two checkpoints under the log's own key that do not agree: the log was rewritten. Kept as proof, for ever.
CREATE TABLE contradiction (
    older       TEXT    NOT NULL,
    newer       TEXT    NOT NULL,
    found_at_ms INTEGER NOT NULL,
    PRIMARY KEY (older, newer)
) STRICT;

-- How the connection to the endpoint fares. One row.
CREATE TABLE connection (
    only_one           INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0,
    fault              TEXT,
    last_contact_at_ms INTEGER
) STRICT;

INSERT INTO connection (only_one) VALUES (1);
