-- What coordinators decided on statements. Rows are only ever added; the last one of a statement counts.
CREATE TABLE verdict (
    number    INTEGER NOT NULL PRIMARY KEY,
    statement BLOB    NOT NULL REFERENCES statement (id),
    decision  TEXT    NOT NULL CHECK (decision IN ('verified', 'disputed', 'withdrawn')),
    reason    TEXT    NOT NULL,
    reviewer  TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX verdict_of_statement ON verdict (statement, number);

-- Pictures that somebody needs as the camera wrote them.
CREATE TABLE original_wanted (
    original       BLOB    NOT NULL CHECK (length(original) = 32),
    original_bytes INTEGER NOT NULL CHECK (original_bytes > 0),
    station        TEXT    NOT NULL,
    at_ms          INTEGER NOT NULL,
    PRIMARY KEY (original, station)
) STRICT;
CREATE INDEX original_wanted_by_station ON original_wanted (station);

-- What a witness signed before an assignment ended still counts.
ALTER TABLE assignment ADD COLUMN ended_at_ms INTEGER;
ALTER TABLE device ADD COLUMN assignments_revision INTEGER NOT NULL DEFAULT 0;
