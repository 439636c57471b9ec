-- What the step 0005 for SQLite makes, in the words of PostgreSQL; it is explained there.
CREATE TABLE verdict (
    number    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement BYTEA  NOT NULL REFERENCES statement (id),
    decision  TEXT   NOT NULL CHECK (decision IN ('verified', 'disputed', 'withdrawn')),
    reason    TEXT   NOT NULL,
    reviewer  TEXT   NOT NULL,
    at_ms     BIGINT NOT NULL
);
CREATE INDEX verdict_of_statement ON verdict (statement, number);

CREATE TABLE original_wanted (
    original       BYTEA  NOT NULL CHECK (length(original) = 32),
    original_bytes BIGINT NOT NULL CHECK (original_bytes > 0),
    station        TEXT COLLATE "C" NOT NULL,
    at_ms          BIGINT NOT NULL,
    PRIMARY KEY (original, station)
);
CREATE INDEX original_wanted_by_station ON original_wanted (station);

ALTER TABLE assignment ADD COLUMN ended_at_ms BIGINT;
ALTER TABLE device ADD COLUMN assignments_revision BIGINT NOT NULL DEFAULT 0;
