-- What the step 0016 for SQLite makes, in the words of PostgreSQL; it is explained there.
ALTER TABLE "user" ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE second_factor (
    account         TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES "user" (name),
    secret          BYTEA NOT NULL CHECK (length(secret) = 20),
    confirmed_at_ms BIGINT,
    last_step       BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE recovery_code (
    account    TEXT COLLATE "C" NOT NULL REFERENCES "user" (name),
    code_hash  BYTEA NOT NULL CHECK (length(code_hash) = 32),
    used_at_ms BIGINT,
    PRIMARY KEY (account, code_hash)
);

DROP TABLE session;
CREATE TABLE session (
    token_hash    BYTEA NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    "user"        TEXT COLLATE "C" NOT NULL REFERENCES "user" (name),
    opened_at_ms  BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    network       TEXT NOT NULL,
    browser       TEXT NOT NULL
);
CREATE INDEX session_by_user ON session ("user");

CREATE TABLE login_place (
    account         TEXT COLLATE "C" NOT NULL REFERENCES "user" (name),
    network         TEXT NOT NULL,
    first_at_ms     BIGINT NOT NULL,
    last_at_ms      BIGINT NOT NULL,
    confirmed_at_ms BIGINT,
    PRIMARY KEY (account, network)
);
