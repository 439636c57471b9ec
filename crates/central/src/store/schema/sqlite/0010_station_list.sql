-- What the list of stations is filtered and ordered by, taken out of the JSON. `fault_order` is minus the number of faults.
ALTER TABLE station_count ADD COLUMN last_at_ms INTEGER;
ALTER TABLE station_count ADD COLUMN fault_order INTEGER NOT NULL DEFAULT 0;
ALTER TABLE station_count ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE station_count ADD COLUMN photos_missing INTEGER NOT NULL DEFAULT 1;
UPDATE station_count SET
    last_at_ms = json_extract(counted, '$.last_at_ms'),
    fault_order = -coalesce(json_extract(counted, '$.faults'), 0),
    flagged = standing IN ('verified', 'corroborated', 'provisional')
        AND coalesce(json_extract(counted, '$.faults'), 0) > 0,
    photos_missing = NOT (json_extract(counted, '$.pages') > 0
        AND coalesce(json_extract(counted, '$.pages_photographed'), 0) >= json_extract(counted, '$.pages'));
CREATE INDEX station_count_by_age ON station_count (contest, last_at_ms, station) WHERE last_at_ms IS NOT NULL;
CREATE INDEX station_count_by_faults ON station_count (contest, fault_order, station) WHERE fault_order < 0;
-- A list of one standing skips the kecamatan whose sums have none of it.
DROP INDEX station_count_by_standing;

-- Witnesses now agree when the figures that decide agree. Stations in conflict are counted again by that rule.
INSERT INTO count_waiting (contest, station)
    SELECT contest, station FROM station_count WHERE standing = 'conflicting';
