-- How the log's pinned key handed over to the one that signs now: each the old key's signature on the new one, in order.
CREATE TABLE log_rotation (
    number   INTEGER NOT NULL PRIMARY KEY,
    rotation BLOB    NOT NULL CHECK (length(rotation) = 128)
) STRICT;
