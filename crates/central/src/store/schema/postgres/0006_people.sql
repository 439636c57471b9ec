-- What the step 0009 for SQLite makes, in the words of PostgreSQL; it is explained there.
CREATE TABLE invitation_hashed (
    number          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code_hash       BYTEA UNIQUE CHECK (length(code_hash) = 32),
    clear_code      TEXT,
    hint            TEXT NOT NULL,
    station         TEXT COLLATE "C" NOT NULL,
    contests        TEXT NOT NULL,
    made_by         TEXT NOT NULL,
    created_at_ms   BIGINT NOT NULL,
    expires_at_ms   BIGINT NOT NULL,
    withdrawn_at_ms BIGINT,
    used_at_ms      BIGINT,
    device          BYTEA REFERENCES device (id),
    CHECK ((used_at_ms IS NULL) = (device IS NULL)),
    CHECK (used_at_ms IS NULL OR withdrawn_at_ms IS NULL),
    CHECK ((code_hash IS NULL) <> (clear_code IS NULL))
);
INSERT INTO invitation_hashed (clear_code, hint, station, contests, made_by, created_at_ms, expires_at_ms, used_at_ms, device)
    SELECT i.code, CASE WHEN i.device IS NULL THEN '' ELSE right(i.code, 4) END, i.station,
        coalesce((SELECT string_agg(c.contest, ',') FROM invitation_contest c WHERE c.code = i.code), ''), '',
        i.created_at_ms,
        greatest((extract(epoch FROM now())::BIGINT + 60 * 86400) * 1000,
            coalesce((SELECT extract(epoch FROM (((package::json ->> 'date')::date + 2)::timestamp))::BIGINT * 1000
                FROM election), 0)),
        i.used_at_ms, i.device
    FROM invitation i ORDER BY i.created_at_ms, i.station, i.code;
DROP TABLE invitation_contest;
DROP TABLE invitation;
ALTER TABLE invitation_hashed RENAME TO invitation;
CREATE INDEX invitation_by_station ON invitation (station, number);
CREATE INDEX invitation_by_device ON invitation (device);
CREATE INDEX invitation_in_clear ON invitation (number) WHERE clear_code IS NOT NULL;

ALTER TABLE audit ADD COLUMN hash BYTEA CHECK (length(hash) = 32);

ALTER TABLE "user" ADD COLUMN last_login_at_ms BIGINT;
CREATE INDEX session_by_user ON session ("user");
