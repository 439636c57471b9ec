-- The sample of stations from which results are projected. It is drawn before the count, and never again.
CREATE TABLE sample (
    contest     TEXT    NOT NULL PRIMARY KEY,
    seed        TEXT    NOT NULL,
    level       TEXT    NOT NULL, -- the level of the regions that are its strata
    drawn_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_station (
    contest TEXT NOT NULL REFERENCES sample (contest),
    station TEXT NOT NULL,
    PRIMARY KEY (contest, station)
) STRICT, WITHOUT ROWID;
