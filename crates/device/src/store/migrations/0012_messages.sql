-- Messages of coordinators to the witnesses of a region. `reported` says that the endpoint knows that one was opened.
CREATE TABLE message (
    cursor       INTEGER NOT NULL PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    region       TEXT, -- nothing for the whole election
    text         TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    at_ms        INTEGER NOT NULL,
    withdrawn    INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    opened_at_ms INTEGER,
    reported     INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1))
) STRICT;
CREATE INDEX message_to_report ON message (cursor) WHERE reported = 0 AND opened_at_ms IS NOT NULL;
