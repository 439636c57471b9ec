-- People. Nothing of this is in a statement: statements live for ever, and what is here can be erased.
CREATE TABLE person (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16), -- UUIDv7
    revision      INTEGER NOT NULL,
    name          TEXT NOT NULL, -- empty once erased
    name_key      TEXT NOT NULL, -- the words of the name in lower case: for the order, and to find who is stored twice
    phone         TEXT,
    organisation  TEXT,
    field         TEXT,
    position      TEXT NOT NULL,
    availability  TEXT NOT NULL,
    desa          TEXT NOT NULL,
    nik_last4     TEXT CHECK (length(nik_last4) = 4),
    note          TEXT,
    consent_at_ms INTEGER,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    erased_at_ms  INTEGER,
    merged_into   BLOB REFERENCES person (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_desa ON person (desa, name_key);
CREATE INDEX person_by_phone ON person (phone) WHERE phone IS NOT NULL;
CREATE INDEX person_by_organisation ON person (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX person_by_position ON person (position, desa);
CREATE INDEX person_by_age ON person (updated_at_ms) WHERE erased_at_ms IS NULL;

-- What a person is to do at a station. At most two present ones of a participant at a station: each has one of two slots.
CREATE TABLE person_assignment (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person        BLOB NOT NULL REFERENCES person (id),
    station       TEXT NOT NULL,
    contests      TEXT NOT NULL, -- separated by commas; empty for all of the station
    shift         TEXT NOT NULL,
    participant   TEXT,
    mandate_slot  INTEGER CHECK (mandate_slot IN (1, 2)),
    letter_at_ms  INTEGER,
    trained_at_ms INTEGER,
    device        BLOB REFERENCES device (id),
    joined_at_ms  INTEGER,
    created_at_ms INTEGER NOT NULL,
    ended_at_ms   INTEGER,
    CHECK ((participant IS NULL) = (mandate_slot IS NULL)),
    CHECK ((device IS NULL) = (joined_at_ms IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX person_assignment_by_person ON person_assignment (person, station);
CREATE INDEX person_assignment_by_station ON person_assignment (station) WHERE ended_at_ms IS NULL;
CREATE INDEX person_assignment_by_device ON person_assignment (device) WHERE device IS NOT NULL;
CREATE UNIQUE INDEX person_assignment_once ON person_assignment (person, station) WHERE ended_at_ms IS NULL;
CREATE UNIQUE INDEX person_assignment_mandate ON person_assignment (station, participant, mandate_slot)
    WHERE ended_at_ms IS NULL AND participant IS NOT NULL;

ALTER TABLE invitation ADD COLUMN assignment BLOB REFERENCES person_assignment (id);
CREATE INDEX invitation_by_assignment ON invitation (assignment, number) WHERE assignment IS NOT NULL;

-- The desa in which a person is found: where they live, and those of their present stations.
CREATE TABLE person_place (
    place    TEXT NOT NULL,
    name_key TEXT NOT NULL,
    person   BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (place, name_key, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_place_by_person ON person_place (person, place);

-- The words by which a person is found there: of the name, and of the telephone number.
CREATE TABLE person_word (
    word   TEXT NOT NULL,
    place  TEXT NOT NULL,
    person BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (word, place, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_word_by_person ON person_word (person, word, place);

-- What was changed, so that it can be shown and undone. `fields` is emptied when the person is erased.
CREATE TABLE person_change (
    number  INTEGER NOT NULL PRIMARY KEY,
    change  BLOB NOT NULL CHECK (length(change) = 16), -- one id for all people of a change
    person  BLOB NOT NULL REFERENCES person (id),
    at_ms   INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    station TEXT,
    fields  TEXT NOT NULL,
    undone  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX person_change_by_person ON person_change (person, number);
CREATE INDEX person_change_by_change ON person_change (change, number);

-- The number of present assignments at each station that has any, and their sums for each region ('' is the whole
-- election), kept with every change of an assignment.
CREATE TABLE station_staffing (
    station   TEXT NOT NULL PRIMARY KEY,
    witnesses INTEGER NOT NULL,
    joined    INTEGER NOT NULL,
    trained   INTEGER NOT NULL,
    letters   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE region_staffing (
    region       TEXT NOT NULL PRIMARY KEY,
    stations_one INTEGER NOT NULL,
    stations_two INTEGER NOT NULL,
    witnesses    INTEGER NOT NULL,
    joined       INTEGER NOT NULL,
    trained      INTEGER NOT NULL,
    letters      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE target (
    region         TEXT NOT NULL PRIMARY KEY, -- '' is the whole election
    witnesses      INTEGER,
    by_date        TEXT,
    participant    TEXT,
    votes          INTEGER,
    share_permille INTEGER,
    set_by         TEXT NOT NULL,
    set_at_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE people_settings (
    one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    fields     TEXT NOT NULL,
    erase_from TEXT
) STRICT;

-- Spreadsheets of people. The file goes when it is stored, discarded, or a day old.
CREATE TABLE person_import (
    id      BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    file    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    region  TEXT, -- of the user who uploaded it
    at_ms   INTEGER NOT NULL,
    state   TEXT NOT NULL,
    bytes   BLOB,
    rows    INTEGER NOT NULL,
    done    INTEGER NOT NULL,
    failure TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX person_import_by_age ON person_import (at_ms);

-- What the columns of a user's last spreadsheet meant.
CREATE TABLE person_import_columns (
    actor   TEXT NOT NULL PRIMARY KEY,
    columns TEXT NOT NULL
) STRICT, WITHOUT ROWID;
