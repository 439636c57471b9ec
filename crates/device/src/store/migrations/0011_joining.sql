-- An enrolment that the endpoint has not confirmed yet. One row at most; none once it is confirmed.
CREATE TABLE joining (
    only_one           INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    endpoint           TEXT    NOT NULL,
    fragment           TEXT, -- of the invitation's link: code and fingerprint; none for a guest of a hall
    since_ms           INTEGER NOT NULL,
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0,
    fault              TEXT, -- why the last attempt failed
    refusal_code       TEXT,
    refusal_detail     TEXT
) STRICT;

-- Stations that the witness chose without an assignment, JSON.
ALTER TABLE enrolment ADD COLUMN own_assignments TEXT NOT NULL DEFAULT '[]';

-- The laptop of the hall in which this device was last. One row at most.
CREATE TABLE hall (
    only_one           INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    address            TEXT    NOT NULL,
    log_key            TEXT    NOT NULL, -- the public key of the hall's own log, hex
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0,
    fault              TEXT,
    last_contact_at_ms INTEGER
) STRICT;

-- What a hall keeps for this device. A copy there proves nothing: each entry stays in the outbox.
CREATE TABLE entrusted (
    log_key    TEXT    NOT NULL, -- of the hall
    item       TEXT    NOT NULL CHECK (item IN ('statement', 'photo')),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    state      TEXT    NOT NULL CHECK (state IN ('sending', 'entrusted', 'refused')),
    sent_bytes INTEGER NOT NULL DEFAULT 0, -- of a photo
    at_ms      INTEGER NOT NULL,
    PRIMARY KEY (log_key, item, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX entrusted_hash ON entrusted (hash);
