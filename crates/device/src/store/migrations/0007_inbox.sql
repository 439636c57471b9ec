-- Other photos that coordinators asked for, each once by its cursor.
CREATE TABLE photo_request (
    cursor      INTEGER NOT NULL PRIMARY KEY,
    tally       BLOB    NOT NULL REFERENCES statement (id),
    page        INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    asked_at_ms INTEGER NOT NULL, -- by the endpoint's clock
    after_photo INTEGER NOT NULL  -- a later photo of the page answers it
) STRICT;

-- How far the inbox was read, and when it is read again. One row.
CREATE TABLE inbox (
    only_one           INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    cursor             INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO inbox (only_one) VALUES (1);
