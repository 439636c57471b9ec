-- A drill signs its results too. SQLite changes a CHECK only with the table.
CREATE TABLE statement_new (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    sequence       INTEGER NOT NULL UNIQUE CHECK (sequence >= 1),
    kind           TEXT    NOT NULL CHECK (kind IN ('tally', 'photo', 'attendance', 'incident', 'result')),
    station        TEXT    NOT NULL,
    contest        TEXT,
    bytes          BLOB    NOT NULL,
    sealed_at_ms   INTEGER NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('sealed', 'accepted', 'refused', 'receipted')),
    state_at_ms    INTEGER NOT NULL,
    received_at_ms INTEGER, -- by the endpoint's clock
    round          INTEGER NOT NULL DEFAULT 1 CHECK (round BETWEEN 1 AND 9),
    CHECK ((kind IN ('tally', 'photo', 'result')) = (contest IS NOT NULL))
) STRICT;
INSERT INTO statement_new (id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms,
    received_at_ms, round)
SELECT id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms, received_at_ms, round
FROM statement;
DROP TABLE statement;
ALTER TABLE statement_new RENAME TO statement;
CREATE INDEX statement_of_tally ON statement (station, contest, kind, sequence);

-- The app drew the photo itself, because there is no paper where somebody practises alone.
ALTER TABLE photo ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0 CHECK (drawn IN (0, 1));

-- The drill for which this store was made. One row at most, and none in the real count.
CREATE TABLE drill (
    only_one         INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    scenario         TEXT,             -- the file; none until the trainer has sent it
    copy             INTEGER NOT NULL, -- of its sheets
    log_seed         BLOB,             -- of the log in this phone, where somebody practises alone; none in a class
    since_sequence   INTEGER NOT NULL, -- records and photos before these belong to other sheets
    since_photo      INTEGER NOT NULL,
    exercise_open    INTEGER,          -- what the trainer has opened
    paused           INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    network_cut      INTEGER NOT NULL DEFAULT 0 CHECK (network_cut IN (0, 1)),
    hand_raised      INTEGER NOT NULL DEFAULT 0 CHECK (hand_raised IN (0, 1))
) STRICT;

-- Each attempt at a sheet. Records and photos before its first ones belong to earlier attempts.
CREATE TABLE attempt (
    id               INTEGER NOT NULL PRIMARY KEY,
    scenario         TEXT    NOT NULL, -- as it was
    exercise         INTEGER NOT NULL, -- from 1
    copy             INTEGER NOT NULL,
    number           INTEGER NOT NULL, -- among the attempts at this sheet, from 1
    station          TEXT    NOT NULL,
    contest          TEXT    NOT NULL,
    round            INTEGER NOT NULL,
    first_sequence   INTEGER NOT NULL,
    after_photo      INTEGER NOT NULL,
    begun_at_ms      INTEGER NOT NULL,
    first_typed_at_ms INTEGER,
    last_typed_at_ms INTEGER,
    ended_at_ms      INTEGER, -- when it was sealed; none for one that was not
    sealed           TEXT,    -- what was sealed, for the grading, JSON
    fields           INTEGER NOT NULL DEFAULT 0,
    right_fields     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX attempt_of_tally ON attempt (station, contest, round, id);

-- How long each section was typed in.
CREATE TABLE attempt_time (
    attempt INTEGER NOT NULL REFERENCES attempt (id),
    section TEXT    NOT NULL,
    ms      INTEGER NOT NULL,
    PRIMARY KEY (attempt, section)
) STRICT, WITHOUT ROWID;

-- What has happened of the scenario's events, by their position in it.
CREATE TABLE attempt_event (
    attempt  INTEGER NOT NULL REFERENCES attempt (id),
    position INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    over     INTEGER NOT NULL DEFAULT 0 CHECK (over IN (0, 1)),
    PRIMARY KEY (attempt, position)
) STRICT, WITHOUT ROWID;

-- The log of somebody who practises alone, in order.
CREATE TABLE practice_log (
    position  INTEGER NOT NULL PRIMARY KEY,
    statement BLOB    NOT NULL UNIQUE CHECK (length(statement) = 32)
) STRICT;
