-- The code of an invitation is stored as its hash. An invitation has a number, by which people name it. It expires, and it can
-- be withdrawn. A code that an earlier version stored stays in `clear_code` until the program has hashed it, right after
-- this step. Such a code is valid for 60 more days, or until the day after the election.
CREATE TABLE invitation_hashed (
    number          INTEGER NOT NULL PRIMARY KEY,
    code_hash       BLOB UNIQUE CHECK (length(code_hash) = 32),
    clear_code      TEXT,
    hint            TEXT NOT NULL, -- the last letters of the code; empty for an unused code of an earlier version
    station         TEXT NOT NULL,
    contests        TEXT NOT NULL, -- separated by commas
    made_by         TEXT NOT NULL, -- as in the audit; empty for one of an earlier version
    created_at_ms   INTEGER NOT NULL,
    expires_at_ms   INTEGER NOT NULL,
    withdrawn_at_ms INTEGER,
    used_at_ms      INTEGER,
    device          BLOB REFERENCES device (id),
    CHECK ((used_at_ms IS NULL) = (device IS NULL)),
    CHECK (used_at_ms IS NULL OR withdrawn_at_ms IS NULL),
    CHECK ((code_hash IS NULL) <> (clear_code IS NULL))
) STRICT;
INSERT INTO invitation_hashed (clear_code, hint, station, contests, made_by, created_at_ms, expires_at_ms, used_at_ms, device)
    SELECT i.code, CASE WHEN i.device IS NULL THEN '' ELSE substr(i.code, -4) END, i.station,
        coalesce((SELECT group_concat(c.contest, ',') FROM invitation_contest c WHERE c.code = i.code), ''), '',
        i.created_at_ms,
        max((unixepoch() + 60 * 86400) * 1000,
            coalesce((SELECT unixepoch(json_extract(package, '$.date'), '+2 days') * 1000 FROM election), 0)),
        i.used_at_ms, i.device
    FROM invitation i ORDER BY i.created_at_ms, i.station, i.code;
DROP TABLE invitation_contest;
DROP TABLE invitation;
ALTER TABLE invitation_hashed RENAME TO invitation;
CREATE INDEX invitation_by_station ON invitation (station, number);
CREATE INDEX invitation_by_device ON invitation (device);
CREATE INDEX invitation_in_clear ON invitation (number) WHERE clear_code IS NOT NULL;

-- Each row of the audit has a hash over itself and the hash of the row before. The program adds the hashes of the rows of an
-- earlier version right after this step.
ALTER TABLE audit ADD COLUMN hash BLOB CHECK (length(hash) = 32);

-- When a user last logged in, for the list of accounts.
ALTER TABLE user ADD COLUMN last_login_at_ms INTEGER;
CREATE INDEX session_by_user ON session (user);
