-- What each device stored about each station, for its quota. It is derived from the statements, and can be derived again.
CREATE TABLE device_usage (
    device           BLOB    NOT NULL CHECK (length(device) = 16),
    station          TEXT    NOT NULL,
    statements       INTEGER NOT NULL,
    photos           INTEGER NOT NULL,
    photo_bytes      INTEGER NOT NULL, -- as announced
    after_revocation INTEGER NOT NULL, -- the statements among them that arrived after the device was revoked
    PRIMARY KEY (device, station)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_usage_by_station ON device_usage (station, device);
INSERT INTO device_usage (device, station, statements, photos, photo_bytes, after_revocation)
    SELECT s.device, s.station, count(*), count(p.statement), coalesce(sum(p.derivative_bytes), 0),
        count(*) FILTER (WHERE s.quarantined)
    FROM statement s LEFT JOIN photo p ON p.statement = s.id AND p.station = s.station
    GROUP BY s.device, s.station;
