-- The public keys under which the log has signed, oldest first; the last one signs. The secret halves are in no database.
CREATE TABLE log_key (
    number      INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    public_key  BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32),
    handed_over BLOB CHECK (length(handed_over) = 128), -- by the key before it, which signed this one
    since_ms    INTEGER NOT NULL,
    CHECK ((number = 1) = (handed_over IS NULL))
) STRICT;

-- Who witnesses at a station, whatever the contest; which devices a region has.
CREATE INDEX assignment_by_station ON assignment (station, device);

-- Why a device was revoked, in the words of whoever did it. It can be erased, unlike what is audited.
ALTER TABLE device ADD COLUMN revoked_because TEXT;
