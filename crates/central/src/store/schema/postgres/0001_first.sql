-- What the steps for SQLite up to 0004 make, in the words of PostgreSQL; each table is explained there.
CREATE TABLE election (
    one         BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    id          TEXT NOT NULL,
    version     BIGINT NOT NULL,
    package     TEXT NOT NULL,
    taken_at_ms BIGINT NOT NULL
);

CREATE TABLE address (
    one        BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    public_url TEXT NOT NULL
);

CREATE TABLE device (
    id              BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    public_key      BYTEA NOT NULL CHECK (length(public_key) = 32),
    enrolled_at_ms  BIGINT NOT NULL,
    revoked_at_ms   BIGINT,
    revoked_because TEXT
);

-- Codes of regions and ids of stations are compared byte by byte: a region's stations are one range.
CREATE TABLE invitation (
    code          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    station       TEXT COLLATE "C" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    used_at_ms    BIGINT,
    device        BYTEA REFERENCES device (id),
    CHECK ((used_at_ms IS NULL) = (device IS NULL))
);
CREATE INDEX invitation_by_station ON invitation (station);
CREATE INDEX invitation_by_age ON invitation (created_at_ms);

CREATE TABLE invitation_contest (
    code    TEXT COLLATE "C" NOT NULL REFERENCES invitation (code),
    contest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (code, contest)
);

CREATE TABLE assignment (
    device  BYTEA NOT NULL REFERENCES device (id),
    station TEXT COLLATE "C" NOT NULL,
    contest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (device, station, contest)
);
CREATE INDEX assignment_by_contest ON assignment (contest, station);
CREATE INDEX assignment_by_station ON assignment (station, device);

CREATE TABLE statement (
    id             BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    device         BYTEA NOT NULL REFERENCES device (id),
    sequence       BIGINT NOT NULL CHECK (sequence > 0),
    previous       BYTEA CHECK (length(previous) = 32),
    station        TEXT COLLATE "C" NOT NULL,
    bytes          BYTEA NOT NULL,
    received_at_ms BIGINT NOT NULL,
    quarantined    BOOLEAN NOT NULL
);
CREATE INDEX statement_by_chain ON statement (device, sequence);
CREATE INDEX statement_by_station ON statement (station);

CREATE TABLE tally (
    statement      BYTEA NOT NULL PRIMARY KEY REFERENCES statement (id),
    contest        TEXT COLLATE "C" NOT NULL,
    station        TEXT COLLATE "C" NOT NULL,
    device         BYTEA NOT NULL,
    sequence       BIGINT NOT NULL,
    received_at_ms BIGINT NOT NULL,
    figures        TEXT NOT NULL,
    faults         BIGINT NOT NULL
);
CREATE INDEX tally_by_contest ON tally (contest, station);

CREATE TABLE photo (
    statement        BYTEA NOT NULL PRIMARY KEY REFERENCES statement (id),
    tally            BYTEA NOT NULL CHECK (length(tally) = 32),
    device           BYTEA NOT NULL,
    station          TEXT COLLATE "C" NOT NULL,
    page             BIGINT NOT NULL,
    derivative       BYTEA NOT NULL CHECK (length(derivative) = 32),
    derivative_bytes BIGINT NOT NULL CHECK (derivative_bytes > 0)
);
CREATE INDEX photo_by_derivative ON photo (derivative);
CREATE INDEX photo_by_tally ON photo (tally);
CREATE INDEX photo_by_station ON photo (station);

CREATE TABLE photo_end (
    derivative  BYTEA NOT NULL PRIMARY KEY CHECK (length(derivative) = 32),
    ended_as    TEXT NOT NULL CHECK (ended_as IN ('whole', 'refused')),
    ended_at_ms BIGINT NOT NULL
);

CREATE TABLE "user" (
    name          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'coordinator', 'trainer', 'auditor')),
    region        TEXT,
    password      TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL
);

CREATE TABLE session (
    token_hash    BYTEA NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    "user"        TEXT COLLATE "C" NOT NULL REFERENCES "user" (name),
    expires_at_ms BIGINT NOT NULL
);

CREATE TABLE audit (
    number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms   BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL
);

CREATE TABLE log_leaf (
    position  BIGINT NOT NULL PRIMARY KEY CHECK (position >= 0),
    statement BYTEA NOT NULL UNIQUE REFERENCES statement (id)
);

CREATE TABLE log_node (
    level    BIGINT NOT NULL CHECK (level BETWEEN 0 AND 63),
    position BIGINT NOT NULL CHECK (position >= 0),
    hash     BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
);

CREATE TABLE log_checkpoint (
    size  BIGINT NOT NULL PRIMARY KEY CHECK (size > 0),
    note  TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE TABLE log_waiting (
    number    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement BYTEA NOT NULL REFERENCES statement (id)
);

CREATE TABLE log_key (
    number      BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),
    public_key  BYTEA NOT NULL UNIQUE CHECK (length(public_key) = 32),
    handed_over BYTEA CHECK (length(handed_over) = 128),
    since_ms    BIGINT NOT NULL,
    CHECK ((number = 1) = (handed_over IS NULL))
);

CREATE TABLE inbox (
    cursor  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device  BYTEA  NOT NULL REFERENCES device (id),
    station TEXT COLLATE "C" NOT NULL,
    at_ms   BIGINT NOT NULL,
    body    TEXT   NOT NULL
);
CREATE INDEX inbox_by_device ON inbox (device, cursor);
CREATE INDEX inbox_by_station ON inbox (station, cursor);
