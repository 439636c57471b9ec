-- Tokens with which programs of others read the results. Only the hash is here; a revoked one stays, because the audit
-- names it.
CREATE TABLE api_token (
    number        INTEGER NOT NULL PRIMARY KEY,
    hash          BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    name          TEXT    NOT NULL, -- who uses it
    region        TEXT    NOT NULL, -- '' is the whole election
    made_by       TEXT    NOT NULL,
    made_at_ms    INTEGER NOT NULL,
    used_at_ms    INTEGER,
    revoked_at_ms INTEGER
) STRICT;
