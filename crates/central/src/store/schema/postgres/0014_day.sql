-- What the step 0017 for SQLite makes, in the words of PostgreSQL; it is explained there.
CREATE TABLE message (
    number          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              BYTEA NOT NULL UNIQUE CHECK (length(id) = 16),
    region          TEXT COLLATE "C" NOT NULL,
    text            TEXT NOT NULL,
    sender          TEXT COLLATE "C" NOT NULL,
    at_ms           BIGINT NOT NULL,
    withdrawn_at_ms BIGINT
);
CREATE INDEX message_by_sender ON message (sender, at_ms);

CREATE TABLE message_read (
    message BIGINT NOT NULL REFERENCES message (number),
    device  BYTEA NOT NULL REFERENCES device (id),
    at_ms   BIGINT NOT NULL,
    PRIMARY KEY (message, device)
);

ALTER TABLE inbox ALTER COLUMN device DROP NOT NULL;
ALTER TABLE inbox ALTER COLUMN station DROP NOT NULL;
ALTER TABLE inbox ADD COLUMN region TEXT COLLATE "C";
ALTER TABLE inbox ADD CHECK ((device IS NULL) = (station IS NULL));
ALTER TABLE inbox ADD CHECK ((device IS NULL) = (region IS NOT NULL));
CREATE INDEX inbox_of_regions ON inbox (cursor) WHERE region IS NOT NULL;

CREATE TABLE device_seen (
    device BYTEA NOT NULL PRIMARY KEY REFERENCES device (id),
    at_ms  BIGINT NOT NULL
);

CREATE TABLE attendance (
    station        TEXT COLLATE "C" NOT NULL,
    device         BYTEA NOT NULL,
    event          TEXT NOT NULL CHECK (event IN ('arrived', 'left', 'not_admitted')),
    sequence       BIGINT NOT NULL,
    received_at_ms BIGINT NOT NULL,
    PRIMARY KEY (station, device)
);

CREATE TABLE incident (
    number         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement      BYTEA NOT NULL UNIQUE CHECK (length(statement) = 32),
    station        TEXT COLLATE "C" NOT NULL,
    device         BYTEA NOT NULL,
    category       BIGINT NOT NULL,
    tally          BYTEA CHECK (length(tally) = 32),
    received_at_ms BIGINT NOT NULL,
    state          TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'seen', 'in_work', 'closed')),
    steps          BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX incident_by_station ON incident (station, number);
CREATE INDEX incident_by_state ON incident (state, station);

CREATE TABLE incident_step (
    number    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement BYTEA NOT NULL CHECK (length(statement) = 32),
    state     TEXT NOT NULL CHECK (state IN ('new', 'seen', 'in_work', 'closed')),
    note      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    at_ms     BIGINT NOT NULL
);
CREATE INDEX incident_step_by_statement ON incident_step (statement, number);

INSERT INTO rebuild_due (one) SELECT 1 WHERE EXISTS (SELECT 1 FROM statement) ON CONFLICT DO NOTHING;
