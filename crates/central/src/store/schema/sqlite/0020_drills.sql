-- A trainer's drill. One row in the store of a drill that serves a scenario, none elsewhere.
CREATE TABLE drill (
    only_one      INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    scenario      TEXT    NOT NULL, -- JSON
    exercise_open INTEGER NOT NULL, -- from 1; 0 before the first
    opened_at_ms  INTEGER, -- when that exercise was opened
    paused        INTEGER NOT NULL CHECK (paused IN (0, 1)),
    network_cut   INTEGER NOT NULL CHECK (network_cut IN (0, 1)),
    ended_at_ms   INTEGER
) STRICT;

-- The phones of the class, and what each said last.
CREATE TABLE drill_phone (
    device            BLOB    NOT NULL PRIMARY KEY REFERENCES device (id),
    copy              INTEGER NOT NULL UNIQUE, -- from 1
    exercise          INTEGER NOT NULL, -- from 1; 0 before the first
    stage             TEXT    NOT NULL,
    section           TEXT    NOT NULL, -- '' for none
    since_ms          INTEGER NOT NULL, -- when it came to this exercise, stage and section
    hand_raised_at_ms INTEGER,
    known_key         BLOB CHECK (length(known_key) = 32), -- who it is in the real election
    known_proof       BLOB CHECK (length(known_proof) = 64),
    CHECK ((known_key IS NULL) = (known_proof IS NULL))
) STRICT, WITHOUT ROWID;

-- At the real endpoint: the results of drills that halls handed on, apart from everything that counts.
CREATE TABLE drill_result (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    device         BLOB    NOT NULL CHECK (length(device) = 16), -- of the drill
    known_key      BLOB    NOT NULL CHECK (length(known_key) = 32),
    person         BLOB    REFERENCES person (id), -- NULL when nobody has that key, and once erased
    bytes          BLOB    NOT NULL,
    taken_at_ms    INTEGER NOT NULL, -- by the phone's clock, at most the time of its arrival
    received_at_ms INTEGER NOT NULL,
    carried_by     BLOB    NOT NULL REFERENCES device (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_result_by_person ON drill_result (person, taken_at_ms) WHERE person IS NOT NULL;
CREATE INDEX drill_result_by_key ON drill_result (known_key);

-- What a person showed in drills. It is made from the results.
CREATE TABLE person_training (
    person            BLOB    NOT NULL PRIMARY KEY REFERENCES person (id),
    exercises         INTEGER NOT NULL,
    accuracy_permille INTEGER NOT NULL,
    median_seconds    INTEGER NOT NULL,
    ready             INTEGER NOT NULL CHECK (ready IN (0, 1)),
    last_at_ms        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
