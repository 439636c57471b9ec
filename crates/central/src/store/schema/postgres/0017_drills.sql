-- A trainer's drill. One row in the store of a drill that serves a scenario, none elsewhere.
CREATE TABLE drill (
    only_one      bigint NOT NULL PRIMARY KEY CHECK (only_one = 1),
    scenario      text    NOT NULL, -- JSON
    exercise_open bigint NOT NULL, -- from 1; 0 before the first
    opened_at_ms  bigint, -- when that exercise was opened
    paused        bigint NOT NULL CHECK (paused IN (0, 1)),
    network_cut   bigint NOT NULL CHECK (network_cut IN (0, 1)),
    ended_at_ms   bigint
);

-- The phones of the class, and what each said last.
CREATE TABLE drill_phone (
    device            bytea    NOT NULL PRIMARY KEY REFERENCES device (id),
    copy              bigint NOT NULL UNIQUE, -- from 1
    exercise          bigint NOT NULL, -- from 1; 0 before the first
    stage             text    NOT NULL,
    section           text    NOT NULL, -- '' for none
    since_ms          bigint NOT NULL, -- when it came to this exercise, stage and section
    hand_raised_at_ms bigint,
    known_key         bytea CHECK (length(known_key) = 32), -- who it is in the real election
    known_proof       bytea CHECK (length(known_proof) = 64),
    CHECK ((known_key IS NULL) = (known_proof IS NULL))
);

-- At the real endpoint: the results of drills that halls handed on, apart from everything that counts.
CREATE TABLE drill_result (
    id             bytea    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    device         bytea    NOT NULL CHECK (length(device) = 16), -- of the drill
    known_key      bytea    NOT NULL CHECK (length(known_key) = 32),
    person         bytea    REFERENCES person (id), -- NULL when nobody has that key, and once erased
    bytes          bytea    NOT NULL,
    taken_at_ms    bigint NOT NULL, -- by the phone's clock, at most the time of its arrival
    received_at_ms bigint NOT NULL,
    carried_by     bytea    NOT NULL REFERENCES device (id)
);
CREATE INDEX drill_result_by_person ON drill_result (person, taken_at_ms) WHERE person IS NOT NULL;
CREATE INDEX drill_result_by_key ON drill_result (known_key);

-- What a person showed in drills. It is made from the results.
CREATE TABLE person_training (
    person            bytea    NOT NULL PRIMARY KEY REFERENCES person (id),
    exercises         bigint NOT NULL,
    accuracy_permille bigint NOT NULL,
    median_seconds    bigint NOT NULL,
    ready             bigint NOT NULL CHECK (ready IN (0, 1)),
    last_at_ms        bigint NOT NULL
);
