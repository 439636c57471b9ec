-- What the step 0014 for SQLite makes, in the words of PostgreSQL; it is explained there.
CREATE TABLE person (
    id            BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    revision      BIGINT NOT NULL,
    name          TEXT NOT NULL,
    name_key      TEXT COLLATE "C" NOT NULL,
    phone         TEXT COLLATE "C",
    organisation  TEXT COLLATE "C",
    field         TEXT,
    position      TEXT NOT NULL,
    availability  TEXT NOT NULL,
    desa          TEXT COLLATE "C" NOT NULL,
    nik_last4     TEXT CHECK (length(nik_last4) = 4),
    note          TEXT,
    consent_at_ms BIGINT,
    created_at_ms BIGINT NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    erased_at_ms  BIGINT,
    merged_into   BYTEA REFERENCES person (id)
);
CREATE INDEX person_by_desa ON person (desa, name_key);
CREATE INDEX person_by_phone ON person (phone) WHERE phone IS NOT NULL;
CREATE INDEX person_by_organisation ON person (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX person_by_position ON person (position, desa);
CREATE INDEX person_by_age ON person (updated_at_ms) WHERE erased_at_ms IS NULL;

CREATE TABLE person_assignment (
    id            BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person        BYTEA NOT NULL REFERENCES person (id),
    station       TEXT COLLATE "C" NOT NULL,
    contests      TEXT NOT NULL,
    shift         TEXT NOT NULL,
    participant   TEXT COLLATE "C",
    mandate_slot  BIGINT CHECK (mandate_slot IN (1, 2)),
    letter_at_ms  BIGINT,
    trained_at_ms BIGINT,
    device        BYTEA REFERENCES device (id),
    joined_at_ms  BIGINT,
    created_at_ms BIGINT NOT NULL,
    ended_at_ms   BIGINT,
    CHECK ((participant IS NULL) = (mandate_slot IS NULL)),
    CHECK ((device IS NULL) = (joined_at_ms IS NULL))
);
CREATE INDEX person_assignment_by_person ON person_assignment (person, station);
CREATE INDEX person_assignment_by_station ON person_assignment (station) WHERE ended_at_ms IS NULL;
CREATE INDEX person_assignment_by_device ON person_assignment (device) WHERE device IS NOT NULL;
CREATE UNIQUE INDEX person_assignment_once ON person_assignment (person, station) WHERE ended_at_ms IS NULL;
CREATE UNIQUE INDEX person_assignment_mandate ON person_assignment (station, participant, mandate_slot)
    WHERE ended_at_ms IS NULL AND participant IS NOT NULL;

ALTER TABLE invitation ADD COLUMN assignment BYTEA REFERENCES person_assignment (id);
CREATE INDEX invitation_by_assignment ON invitation (assignment, number) WHERE assignment IS NOT NULL;

CREATE TABLE person_place (
    place    TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    person   BYTEA NOT NULL REFERENCES person (id),
    PRIMARY KEY (place, name_key, person)
);
CREATE INDEX person_place_by_person ON person_place (person, place);

CREATE TABLE person_word (
    word   TEXT COLLATE "C" NOT NULL,
    place  TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL REFERENCES person (id),
    PRIMARY KEY (word, place, person)
);
CREATE INDEX person_word_by_person ON person_word (person, word, place);

CREATE TABLE person_change (
    number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change  BYTEA NOT NULL CHECK (length(change) = 16),
    person  BYTEA NOT NULL REFERENCES person (id),
    at_ms   BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    station TEXT COLLATE "C",
    fields  TEXT NOT NULL,
    undone  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_change_by_person ON person_change (person, number);
CREATE INDEX person_change_by_change ON person_change (change, number);

CREATE TABLE station_staffing (
    station   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    witnesses BIGINT NOT NULL,
    joined    BIGINT NOT NULL,
    trained   BIGINT NOT NULL,
    letters   BIGINT NOT NULL
);
CREATE TABLE region_staffing (
    region       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    stations_one BIGINT NOT NULL,
    stations_two BIGINT NOT NULL,
    witnesses    BIGINT NOT NULL,
    joined       BIGINT NOT NULL,
    trained      BIGINT NOT NULL,
    letters      BIGINT NOT NULL
);

CREATE TABLE target (
    region         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    witnesses      BIGINT,
    by_date        TEXT,
    participant    TEXT COLLATE "C",
    votes          BIGINT,
    share_permille BIGINT,
    set_by         TEXT NOT NULL,
    set_at_ms      BIGINT NOT NULL
);

CREATE TABLE people_settings (
    one        BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    fields     TEXT NOT NULL,
    erase_from TEXT
);

CREATE TABLE person_import (
    id      BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    file    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    region  TEXT COLLATE "C",
    at_ms   BIGINT NOT NULL,
    state   TEXT NOT NULL,
    bytes   BYTEA,
    rows    BIGINT NOT NULL,
    done    BIGINT NOT NULL,
    failure TEXT
);
CREATE INDEX person_import_by_age ON person_import (at_ms);

CREATE TABLE person_import_columns (
    actor   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    columns TEXT NOT NULL
);
