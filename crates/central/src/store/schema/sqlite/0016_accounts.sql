-- A first password, and one that an admin gave, is known to somebody else: the user must choose another one.
ALTER TABLE user ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));

-- The second factor (RFC 6238). It is in force when a code has confirmed it. Codes of `last_step` and before are used.
CREATE TABLE second_factor (
    account         TEXT NOT NULL PRIMARY KEY REFERENCES user (name),
    secret          BLOB NOT NULL CHECK (length(secret) = 20),
    confirmed_at_ms INTEGER,
    last_step       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Codes that replace the authenticator, each once.
CREATE TABLE recovery_code (
    account    TEXT NOT NULL REFERENCES user (name),
    code_hash  BLOB NOT NULL CHECK (length(code_hash) = 32),
    used_at_ms INTEGER,
    PRIMARY KEY (account, code_hash)
) STRICT, WITHOUT ROWID;

-- A session says when and where it was opened. Those of an earlier version end here.
DROP TABLE session;
CREATE TABLE session (
    token_hash    BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    user          TEXT NOT NULL REFERENCES user (name),
    opened_at_ms  INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    network       TEXT NOT NULL,
    browser       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_user ON session (user);

-- The networks from which users logged in. A new one is shown until the user has confirmed it.
CREATE TABLE login_place (
    account         TEXT NOT NULL REFERENCES user (name),
    network         TEXT NOT NULL,
    first_at_ms     INTEGER NOT NULL,
    last_at_ms      INTEGER NOT NULL,
    confirmed_at_ms INTEGER,
    PRIMARY KEY (account, network)
) STRICT, WITHOUT ROWID;
