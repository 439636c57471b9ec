CREATE TABLE api_token (
    number        BIGINT NOT NULL PRIMARY KEY,
    hash          BYTEA  NOT NULL UNIQUE CHECK (length(hash) = 32),
    name          TEXT   NOT NULL, -- who uses it
    region        TEXT   NOT NULL, -- '' is the whole election
    made_by       TEXT   NOT NULL,
    made_at_ms    BIGINT NOT NULL,
    used_at_ms    BIGINT,
    revoked_at_ms BIGINT
);
