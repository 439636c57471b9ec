-- Messages of coordinators to the witnesses of a region. `told` says that the endpoint knows that one was opened.
CREATE TABLE message (
    cursor       INTEGER NOT NULL PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    region       TEXT, -- nothing for the whole election
    text         TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    at_ms        INTEGER NOT NULL,
    withdrawn    INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    opened_at_ms INTEGER,
    told         INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT;
CREATE INDEX message_to_tell ON message (cursor) WHERE told = 0 AND opened_at_ms IS NOT NULL;
