-- The election that this data folder belongs to, and where devices reach the endpoint.
CREATE TABLE election (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id          TEXT NOT NULL,
    version     INTEGER NOT NULL,
    package     TEXT NOT NULL,
    taken_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE address (
    one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    public_url TEXT NOT NULL
) STRICT;

-- Who may witness where.
CREATE TABLE device (
    id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    public_key     BLOB NOT NULL CHECK (length(public_key) = 32),
    enrolled_at_ms INTEGER NOT NULL,
    revoked_at_ms  INTEGER -- what it signed before stays; what arrives afterwards is quarantined
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
    code          TEXT NOT NULL PRIMARY KEY,
    station       TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    used_at_ms    INTEGER,
    device        BLOB REFERENCES device (id),
    CHECK ((used_at_ms IS NULL) = (device IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_by_station ON invitation (station);
CREATE INDEX invitation_by_age ON invitation (created_at_ms);

CREATE TABLE invitation_contest (
    code    TEXT NOT NULL REFERENCES invitation (code),
    contest TEXT NOT NULL,
    PRIMARY KEY (code, contest)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment (
    device  BLOB NOT NULL REFERENCES device (id),
    station TEXT NOT NULL,
    contest TEXT NOT NULL,
    PRIMARY KEY (device, station, contest)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_by_contest ON assignment (contest, station);

-- What was signed, as the bytes that were signed. Two statements of a device may have one sequence number: a fork,
-- which is evidence and is kept.
CREATE TABLE statement (
    id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    device         BLOB NOT NULL REFERENCES device (id),
    sequence       INTEGER NOT NULL CHECK (sequence > 0),
    previous       BLOB CHECK (length(previous) = 32),
    station        TEXT NOT NULL,
    bytes          BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    quarantined    INTEGER NOT NULL CHECK (quarantined IN (0, 1)) -- it came after its device was revoked
) STRICT;
CREATE INDEX statement_by_chain ON statement (device, sequence);
CREATE INDEX statement_by_station ON statement (station);

-- Read from the statements, for counting. Can be made again from them at any time.
CREATE TABLE tally (
    statement      BLOB NOT NULL PRIMARY KEY REFERENCES statement (id),
    contest        TEXT NOT NULL,
    station        TEXT NOT NULL,
    device         BLOB NOT NULL,
    sequence       INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    figures        TEXT NOT NULL,
    faults         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_by_contest ON tally (contest, station);

CREATE TABLE photo (
    statement        BLOB NOT NULL PRIMARY KEY REFERENCES statement (id),
    tally            BLOB NOT NULL CHECK (length(tally) = 32),
    device           BLOB NOT NULL,
    station          TEXT NOT NULL,
    page             INTEGER NOT NULL,
    derivative       BLOB NOT NULL CHECK (length(derivative) = 32),
    derivative_bytes INTEGER NOT NULL CHECK (derivative_bytes > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_by_derivative ON photo (derivative);
CREATE INDEX photo_by_tally ON photo (tally);
CREATE INDEX photo_by_station ON photo (station);

-- Photos of which the last word is spoken: their bytes are here, or they are no picture.
CREATE TABLE photo_end (
    derivative  BLOB NOT NULL PRIMARY KEY CHECK (length(derivative) = 32),
    ended_as    TEXT NOT NULL CHECK (ended_as IN ('whole', 'refused')),
    ended_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The console's users.
CREATE TABLE user (
    name          TEXT NOT NULL PRIMARY KEY,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'coordinator', 'trainer', 'auditor')),
    region        TEXT,
    password      TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash    BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    user          TEXT NOT NULL REFERENCES user (name),
    expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number  INTEGER NOT NULL PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT;

-- The log: a Merkle tree (RFC 9162) over the statements' bytes, in the order in which they were taken in. Rows are only
-- ever added.
CREATE TABLE log_leaf (
    position  INTEGER NOT NULL PRIMARY KEY CHECK (position >= 0),
    statement BLOB NOT NULL UNIQUE REFERENCES statement (id)
) STRICT;

-- The tree's complete subtrees of 2^level leaves. A proof reads a logarithmic number of them.
CREATE TABLE log_node (
    level    INTEGER NOT NULL CHECK (level BETWEEN 0 AND 63),
    position INTEGER NOT NULL CHECK (position >= 0),
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

-- What the log's key signed: one checkpoint for each size that was reached.
CREATE TABLE log_checkpoint (
    size  INTEGER NOT NULL PRIMARY KEY CHECK (size > 0),
    note  TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
