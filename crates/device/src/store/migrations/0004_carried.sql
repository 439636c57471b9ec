-- What other devices signed and this one carries to the endpoint, as the bytes that were signed.
CREATE TABLE carried_statement (
    id                 BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    number             INTEGER NOT NULL UNIQUE, -- in the order in which they came
    public_key         BLOB    NOT NULL CHECK (length(public_key) = 32), -- of the device that signed
    station            TEXT    NOT NULL,
    bytes              BLOB    NOT NULL,
    taken_at_ms        INTEGER NOT NULL,
    state              TEXT    NOT NULL DEFAULT 'carried' CHECK (state IN ('carried', 'arrived', 'refused', 'proved')),
    refusal_code       TEXT,
    refusal_detail     TEXT,
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Their photos, whose files are in the photo folder.
CREATE TABLE carried_photo (
    hash               BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    statement          BLOB    NOT NULL REFERENCES carried_statement (id),
    total_bytes        INTEGER NOT NULL,
    sent_bytes         INTEGER NOT NULL DEFAULT 0,
    arrived            INTEGER NOT NULL DEFAULT 0 CHECK (arrived IN (0, 1)),
    refusal_code       TEXT,
    refusal_detail     TEXT,
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
