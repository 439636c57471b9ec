-- What the step 0008 for SQLite makes, in the words of PostgreSQL; it is explained there.
CREATE TABLE device_usage (
    device           BYTEA  NOT NULL CHECK (length(device) = 16),
    station          TEXT COLLATE "C" NOT NULL,
    statements       BIGINT NOT NULL,
    photos           BIGINT NOT NULL,
    photo_bytes      BIGINT NOT NULL,
    after_revocation BIGINT NOT NULL,
    PRIMARY KEY (device, station)
);
CREATE INDEX device_usage_by_station ON device_usage (station, device);
INSERT INTO device_usage (device, station, statements, photos, photo_bytes, after_revocation)
    SELECT s.device, s.station, count(*), count(p.statement), coalesce(sum(p.derivative_bytes), 0),
        count(*) FILTER (WHERE s.quarantined)
    FROM statement s LEFT JOIN photo p ON p.statement = s.id AND p.station = s.station
    GROUP BY s.device, s.station;
