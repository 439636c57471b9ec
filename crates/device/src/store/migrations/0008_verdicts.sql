-- What coordinators decided on what was sealed here, each once by its cursor. The last decision on a statement stands.
CREATE TABLE verdict (
    cursor    INTEGER NOT NULL PRIMARY KEY,
    statement BLOB    NOT NULL REFERENCES statement (id),
    decision  TEXT    NOT NULL CHECK (decision IN ('verified', 'disputed', 'withdrawn')),
    reason    TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL -- by the endpoint's clock
) STRICT;
CREATE INDEX verdict_of_statement ON verdict (statement, cursor);

-- Originals that somebody asked for. Everything else goes first.
CREATE TABLE original_wanted (
    original           BLOB    NOT NULL PRIMARY KEY CHECK (length(original) = 32),
    total_bytes        INTEGER NOT NULL,
    sent_bytes         INTEGER NOT NULL DEFAULT 0,
    arrived            INTEGER NOT NULL DEFAULT 0 CHECK (arrived IN (0, 1)),
    lost               INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)),
    refusal_code       TEXT,
    refusal_detail     TEXT,
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What originals took of a metered connection since then, for a day. One row.
CREATE TABLE originals_spent (
    only_one INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    since_ms INTEGER NOT NULL DEFAULT 0,
    bytes    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO originals_spent (only_one) VALUES (1);

-- How often the assignments were changed, and those that have ended.
ALTER TABLE enrolment ADD COLUMN assignments_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN past_assignments TEXT NOT NULL DEFAULT '[]';
