-- Attendance and incidents are statements too, of a station and of no contest. SQLite changes a CHECK only with the table.
CREATE TABLE statement_new (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    sequence       INTEGER NOT NULL UNIQUE CHECK (sequence >= 1),
    kind           TEXT    NOT NULL CHECK (kind IN ('tally', 'photo', 'attendance', 'incident')),
    station        TEXT    NOT NULL,
    contest        TEXT,
    bytes          BLOB    NOT NULL,
    sealed_at_ms   INTEGER NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('sealed', 'accepted', 'refused', 'receipted')),
    state_at_ms    INTEGER NOT NULL,
    received_at_ms INTEGER, -- by the endpoint's clock
    refusal_code   TEXT,
    refusal_detail TEXT,
    CHECK ((kind IN ('tally', 'photo')) = (contest IS NOT NULL))
) STRICT;
INSERT INTO statement_new (id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms,
    received_at_ms, refusal_code, refusal_detail)
SELECT id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms,
    received_at_ms, refusal_code, refusal_detail
FROM statement;
DROP TABLE statement;
ALTER TABLE statement_new RENAME TO statement;
CREATE INDEX statement_of_tally ON statement (station, contest, kind, sequence);

-- An incident that is being written down, one at a time for each station.
CREATE TABLE incident_draft (
    station     TEXT    NOT NULL PRIMARY KEY,
    category    INTEGER, -- its number in a statement; none while it is not chosen
    account     TEXT    NOT NULL,
    on_the_form INTEGER NOT NULL CHECK (on_the_form IN (0, 1)),
    saved_at_ms INTEGER NOT NULL
) STRICT;
