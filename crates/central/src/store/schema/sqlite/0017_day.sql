-- Messages of coordinators to the witnesses of a region. One message is one row, whatever the number of witnesses.
CREATE TABLE message (
    number          INTEGER NOT NULL PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE CHECK (length(id) = 16), -- UUIDv7
    region          TEXT NOT NULL, -- '' is the whole election
    text            TEXT NOT NULL,
    sender          TEXT NOT NULL,
    at_ms           INTEGER NOT NULL,
    withdrawn_at_ms INTEGER
) STRICT;
CREATE INDEX message_by_sender ON message (sender, at_ms);

-- The devices whose witness opened a message.
CREATE TABLE message_read (
    message INTEGER NOT NULL REFERENCES message (number),
    device  BLOB NOT NULL REFERENCES device (id),
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (message, device)
) STRICT, WITHOUT ROWID;

-- An item is for one device, about a station, or for all devices that are assigned in a region.
CREATE TABLE inbox_next (
    cursor  INTEGER NOT NULL PRIMARY KEY,
    device  BLOB REFERENCES device (id),
    station TEXT,
    region  TEXT, -- '' is the whole election
    at_ms   INTEGER NOT NULL,
    body    TEXT NOT NULL, -- JSON, as it goes over the wire
    CHECK ((device IS NULL) = (station IS NULL)),
    CHECK ((device IS NULL) = (region IS NOT NULL))
) STRICT;
INSERT INTO inbox_next (cursor, device, station, at_ms, body) SELECT cursor, device, station, at_ms, body FROM inbox;
DROP TABLE inbox;
ALTER TABLE inbox_next RENAME TO inbox;
CREATE INDEX inbox_by_device ON inbox (device, cursor) WHERE device IS NOT NULL;
CREATE INDEX inbox_by_station ON inbox (station, cursor) WHERE station IS NOT NULL;
CREATE INDEX inbox_of_regions ON inbox (cursor) WHERE region IS NOT NULL;

-- When a device last sent a request that it proved, to about half a minute.
CREATE TABLE device_seen (
    device BLOB NOT NULL PRIMARY KEY REFERENCES device (id),
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last attendance of a device at a station, by its sequence number. Derived from the statements.
CREATE TABLE attendance (
    station        TEXT NOT NULL,
    device         BLOB NOT NULL,
    event          TEXT NOT NULL CHECK (event IN ('arrived', 'left', 'not_admitted')),
    sequence       INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (station, device)
) STRICT, WITHOUT ROWID;

-- Incidents as a list to work through. Derived from the statements, but for the state, which the last step tells.
CREATE TABLE incident (
    number         INTEGER NOT NULL PRIMARY KEY,
    statement      BLOB NOT NULL UNIQUE CHECK (length(statement) = 32),
    station        TEXT NOT NULL,
    device         BLOB NOT NULL,
    category       INTEGER NOT NULL,
    tally          BLOB CHECK (length(tally) = 32),
    received_at_ms INTEGER NOT NULL,
    state          TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'seen', 'in_work', 'closed')),
    steps          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX incident_by_station ON incident (station, number);
CREATE INDEX incident_by_state ON incident (state, station);

-- What coordinators did about an incident. Rows are only ever added.
CREATE TABLE incident_step (
    number    INTEGER NOT NULL PRIMARY KEY,
    statement BLOB NOT NULL CHECK (length(statement) = 32),
    state     TEXT NOT NULL CHECK (state IN ('new', 'seen', 'in_work', 'closed')),
    note      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_step_by_statement ON incident_step (statement, number);

-- The reports that arrived before are read from their statements.
INSERT INTO rebuild_due (one) SELECT 1 WHERE EXISTS (SELECT 1 FROM statement) ON CONFLICT DO NOTHING;
