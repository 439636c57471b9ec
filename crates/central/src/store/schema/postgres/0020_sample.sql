CREATE TABLE sample (
    contest     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seed        TEXT   NOT NULL,
    level       TEXT   NOT NULL, -- the level of the regions that are its strata
    drawn_at_ms BIGINT NOT NULL
);

CREATE TABLE sample_station (
    contest TEXT COLLATE "C" NOT NULL REFERENCES sample (contest),
    station TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (contest, station)
);
