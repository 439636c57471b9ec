-- Stations of which something changed since they were counted. Whoever counts takes rows from the front, in the transaction
-- that keeps the count.
CREATE TABLE count_waiting (
    number  INTEGER NOT NULL PRIMARY KEY,
    contest TEXT    NOT NULL,
    station TEXT    NOT NULL
) STRICT;

-- How each station stands in each contest, as far as anything is known of it. All of this is made from the statements, and
-- can be made anew.
CREATE TABLE station_count (
    contest  TEXT NOT NULL,
    station  TEXT NOT NULL,
    standing TEXT NOT NULL,
    counted  TEXT NOT NULL, -- JSON
    PRIMARY KEY (contest, station)
) STRICT, WITHOUT ROWID;
CREATE INDEX station_count_by_standing ON station_count (contest, standing, station);

-- The sums of all stations in a region, from the kecamatan up; '' is the whole election.
CREATE TABLE region_count (
    contest TEXT NOT NULL,
    region  TEXT NOT NULL,
    total   TEXT NOT NULL, -- JSON
    PRIMARY KEY (contest, region)
) STRICT, WITHOUT ROWID;

-- What arrived in each minute, from the kabupaten up.
CREATE TABLE arrival (
    contest TEXT    NOT NULL,
    region  TEXT    NOT NULL,
    minute  INTEGER NOT NULL, -- since 1970
    tallies INTEGER NOT NULL,
    photos  INTEGER NOT NULL,
    PRIMARY KEY (contest, region, minute)
) STRICT, WITHOUT ROWID;

INSERT INTO count_waiting (contest, station) SELECT DISTINCT contest, station FROM assignment;
INSERT INTO count_waiting (contest, station) SELECT DISTINCT contest, station FROM tally;
