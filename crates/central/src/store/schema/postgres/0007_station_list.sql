-- What the step 0010 for SQLite makes, in the words of PostgreSQL; it is explained there.
ALTER TABLE station_count ADD COLUMN last_at_ms BIGINT;
ALTER TABLE station_count ADD COLUMN fault_order BIGINT NOT NULL DEFAULT 0;
ALTER TABLE station_count ADD COLUMN flagged BIGINT NOT NULL DEFAULT 0;
ALTER TABLE station_count ADD COLUMN photos_missing BIGINT NOT NULL DEFAULT 1;
UPDATE station_count SET
    last_at_ms = (counted::jsonb ->> 'last_at_ms')::bigint,
    fault_order = -coalesce((counted::jsonb ->> 'faults')::bigint, 0),
    flagged = (standing IN ('verified', 'corroborated', 'provisional')
        AND coalesce((counted::jsonb ->> 'faults')::bigint, 0) > 0)::int,
    photos_missing = (NOT ((counted::jsonb ->> 'pages')::bigint > 0
        AND coalesce((counted::jsonb ->> 'pages_photographed')::bigint, 0) >= (counted::jsonb ->> 'pages')::bigint))::int;
CREATE INDEX station_count_by_age ON station_count (contest, last_at_ms, station) WHERE last_at_ms IS NOT NULL;
CREATE INDEX station_count_by_faults ON station_count (contest, fault_order, station) WHERE fault_order < 0;
DROP INDEX station_count_by_standing;

INSERT INTO count_waiting (contest, station)
    SELECT contest, station FROM station_count WHERE standing = 'conflicting';
