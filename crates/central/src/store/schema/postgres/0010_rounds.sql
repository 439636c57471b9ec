-- The round of a station and contest that a tally counts: 1 is the first count.
ALTER TABLE statement ADD COLUMN round BIGINT NOT NULL DEFAULT 1;
