-- What the step 0006 for SQLite makes, in the words of PostgreSQL; it is explained there.
CREATE TABLE count_waiting (
    number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contest TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL
);

CREATE TABLE station_count (
    contest  TEXT COLLATE "C" NOT NULL,
    station  TEXT COLLATE "C" NOT NULL,
    standing TEXT NOT NULL,
    counted  TEXT NOT NULL,
    PRIMARY KEY (contest, station)
);
CREATE INDEX station_count_by_standing ON station_count (contest, standing, station);

CREATE TABLE region_count (
    contest TEXT COLLATE "C" NOT NULL,
    region  TEXT COLLATE "C" NOT NULL,
    total   TEXT NOT NULL,
    PRIMARY KEY (contest, region)
);

CREATE TABLE arrival (
    contest TEXT COLLATE "C" NOT NULL,
    region  TEXT COLLATE "C" NOT NULL,
    minute  BIGINT NOT NULL,
    tallies BIGINT NOT NULL,
    photos  BIGINT NOT NULL,
    PRIMARY KEY (contest, region, minute)
);

INSERT INTO count_waiting (contest, station) SELECT DISTINCT contest, station FROM assignment;
INSERT INTO count_waiting (contest, station) SELECT DISTINCT contest, station FROM tally;
