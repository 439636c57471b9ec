-- Rounds: a re-vote or a recount of a station and contest is a tally of its own. What was written before is of the
-- first count, round 1. SQLite changes a primary key only with the table.
CREATE TABLE draft_new (
    station      TEXT    NOT NULL,
    contest      TEXT    NOT NULL,
    round        INTEGER NOT NULL CHECK (round BETWEEN 1 AND 9),
    saved_at_ms  INTEGER NOT NULL,
    last_field   TEXT,
    supersedes   BLOB REFERENCES statement (id),
    reason       TEXT,
    PRIMARY KEY (station, contest, round),
    CHECK ((supersedes IS NULL) = (reason IS NULL))
) STRICT;
INSERT INTO draft_new (station, contest, round, saved_at_ms, last_field, supersedes, reason)
SELECT station, contest, 1, saved_at_ms, last_field, supersedes, reason FROM draft;

CREATE TABLE draft_figure_new (
    station TEXT    NOT NULL,
    contest TEXT    NOT NULL,
    round   INTEGER NOT NULL,
    field   TEXT    NOT NULL,
    figure  INTEGER NOT NULL, -- the number, -1 blank, -2 illegible
    PRIMARY KEY (station, contest, round, field),
    FOREIGN KEY (station, contest, round) REFERENCES draft ON DELETE CASCADE
) STRICT;
INSERT INTO draft_figure_new (station, contest, round, field, figure)
SELECT station, contest, 1, field, figure FROM draft_figure;

CREATE TABLE draft_acknowledgement_new (
    station     TEXT    NOT NULL,
    contest     TEXT    NOT NULL,
    round       INTEGER NOT NULL,
    finding     TEXT    NOT NULL,
    given_at_ms INTEGER NOT NULL,
    PRIMARY KEY (station, contest, round, finding),
    FOREIGN KEY (station, contest, round) REFERENCES draft ON DELETE CASCADE
) STRICT;
INSERT INTO draft_acknowledgement_new (station, contest, round, finding, given_at_ms)
SELECT station, contest, 1, finding, given_at_ms FROM draft_acknowledgement;

DROP TABLE draft_figure;
DROP TABLE draft_acknowledgement;
DROP TABLE draft;
ALTER TABLE draft_new RENAME TO draft;
ALTER TABLE draft_figure_new RENAME TO draft_figure;
ALTER TABLE draft_acknowledgement_new RENAME TO draft_acknowledgement;

-- The fields that were crossed out together in a section, so that this can be undone in one step.
CREATE TABLE draft_cross_out (
    station TEXT    NOT NULL,
    contest TEXT    NOT NULL,
    round   INTEGER NOT NULL,
    section TEXT    NOT NULL,
    field   TEXT    NOT NULL,
    PRIMARY KEY (station, contest, round, section, field),
    FOREIGN KEY (station, contest, round) REFERENCES draft ON DELETE CASCADE
) STRICT;

-- A report belongs to no round, and has 1.
ALTER TABLE statement ADD COLUMN round INTEGER NOT NULL DEFAULT 1 CHECK (round BETWEEN 1 AND 9);

-- Page 0: the device did not recognise the page, and the witness has not said yet which it is.
ALTER TABLE photo ADD COLUMN round INTEGER NOT NULL DEFAULT 1 CHECK (round BETWEEN 1 AND 9);
