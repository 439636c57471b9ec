-- What the step 0007 for SQLite makes, in the words of PostgreSQL; it is explained there. And what grows with the stations
-- is split by the region's code, which a station's id begins with: the bounds give parts of a twelfth to a sixth of the
-- stations of 2024 each. Every key holds the station, so that a server that spreads rows over machines can do it by that column.
-- Such servers keep no references between tables that are spread differently, and checking them takes time with every row:
-- statements and devices are never deleted, and what refers to them is written with them.
ALTER TABLE log_leaf DROP CONSTRAINT log_leaf_statement_fkey;
ALTER TABLE log_waiting DROP CONSTRAINT log_waiting_statement_fkey;
ALTER TABLE verdict DROP CONSTRAINT verdict_statement_fkey;
ALTER TABLE statement RENAME TO statement_before;
ALTER TABLE photo RENAME TO photo_before;
ALTER TABLE station_count RENAME TO station_count_before;

CREATE TABLE statement (
    id             BYTEA NOT NULL CHECK (length(id) = 32),
    device         BYTEA NOT NULL,
    sequence       BIGINT NOT NULL CHECK (sequence > 0),
    station        TEXT COLLATE "C" NOT NULL,
    bytes          BYTEA NOT NULL,
    received_at_ms BIGINT NOT NULL,
    quarantined    BOOLEAN NOT NULL,
    contest        TEXT COLLATE "C" NOT NULL,
    figures        TEXT,
    faults         BIGINT
) PARTITION BY RANGE (station);
CREATE TABLE photo (LIKE photo_before INCLUDING CONSTRAINTS) PARTITION BY RANGE (station);
CREATE TABLE station_count (LIKE station_count_before) PARTITION BY RANGE (station);
DO $$
DECLARE
    split TEXT;
    bounds TEXT[] := ARRAY['MINVALUE', '''16''', '''32''', '''33''', '''34''', '''36''', '''61''', '''73''', 'MAXVALUE'];
BEGIN
    FOREACH split IN ARRAY ARRAY['statement', 'photo', 'station_count'] LOOP
        FOR part IN 1..8 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)',
                split || '_' || part, split, bounds[part], bounds[part + 1]);
        END LOOP;
    END LOOP;
END $$;

INSERT INTO statement
    SELECT s.id, s.device, s.sequence, s.station, s.bytes, s.received_at_ms, s.quarantined,
        coalesce(t.contest, ''), t.figures, t.faults
    FROM statement_before s LEFT JOIN tally t ON t.statement = s.id;
INSERT INTO photo SELECT * FROM photo_before;
INSERT INTO station_count SELECT * FROM station_count_before;
DROP TABLE tally;
DROP TABLE photo_before;
DROP TABLE station_count_before;
DROP TABLE statement_before;
ALTER TABLE statement ADD PRIMARY KEY (station, contest, id);
CREATE INDEX statement_by_chain ON statement (device, sequence);
ALTER TABLE photo ADD PRIMARY KEY (station, statement);
CREATE INDEX photo_by_derivative ON photo (derivative);
CREATE INDEX photo_by_tally ON photo (tally);
ALTER TABLE station_count ADD PRIMARY KEY (contest, station);
CREATE INDEX station_count_by_standing ON station_count (contest, standing, station);

ALTER TABLE log_waiting ADD COLUMN station TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE log_waiting w SET station = s.station FROM statement s WHERE s.id = w.statement;
ALTER TABLE log_leaf ADD COLUMN station TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE log_leaf l SET station = s.station FROM statement s WHERE s.id = l.statement;

-- Rows come and go by thousands a second: their place is to be used again soon.
ALTER TABLE log_waiting SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
ALTER TABLE count_waiting SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

CREATE TABLE log_tile (
    level  BIGINT NOT NULL CHECK (level BETWEEN 0 AND 63),
    number BIGINT NOT NULL CHECK (number >= 0),
    hashes BYTEA  NOT NULL CHECK (length(hashes) BETWEEN 32 AND 512 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, number)
);
INSERT INTO log_tile (level, number, hashes)
    SELECT level, position / 16, string_agg(hash, ''::bytea ORDER BY position)
    FROM log_node GROUP BY level, position / 16;
DROP TABLE log_node;
