-- What devices are told, in the order of the cursor. Rows are only ever added.
CREATE TABLE inbox (
    cursor  INTEGER NOT NULL PRIMARY KEY,
    device  BLOB    NOT NULL REFERENCES device (id),
    station TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    body    TEXT    NOT NULL -- JSON, as it goes over the wire
) STRICT;
CREATE INDEX inbox_by_device ON inbox (device, cursor);
CREATE INDEX inbox_by_station ON inbox (station, cursor);
