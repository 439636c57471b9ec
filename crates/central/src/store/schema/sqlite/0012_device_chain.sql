-- The chain of each device in a few numbers, so that no batch and no list of devices reads all statements of a device.
-- It is derived from the statements, and can be derived again.
CREATE TABLE device_chain (
    device      BLOB    NOT NULL PRIMARY KEY CHECK (length(device) = 16),
    statements  INTEGER NOT NULL,
    quarantined INTEGER NOT NULL, -- the statements among them that arrived after the device was revoked
    sequences   INTEGER NOT NULL, -- different sequence numbers
    highest     INTEGER NOT NULL, -- the highest sequence number
    last_at_ms  INTEGER NOT NULL  -- the latest arrival
) STRICT, WITHOUT ROWID;
CREATE INDEX device_chain_troubled ON device_chain (last_at_ms DESC, device)
    WHERE statements > sequences OR highest > sequences;
INSERT INTO device_chain (device, statements, quarantined, sequences, highest, last_at_ms)
    SELECT device, count(*), count(*) FILTER (WHERE quarantined), count(DISTINCT sequence), max(sequence),
        max(received_at_ms)
    FROM statement GROUP BY device;
