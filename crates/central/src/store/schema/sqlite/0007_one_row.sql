-- What a tally says stands in its statement's own row: there is one row to write and one to read. It is read from the bytes and
-- can be made again from them at any time. A statement that is no tally has no contest.
ALTER TABLE statement ADD COLUMN contest TEXT NOT NULL DEFAULT '';
ALTER TABLE statement ADD COLUMN figures TEXT; -- JSON
ALTER TABLE statement ADD COLUMN faults INTEGER;
UPDATE statement SET contest = t.contest, figures = t.figures, faults = t.faults
    FROM tally t WHERE t.statement = statement.id;
DROP TABLE tally;
-- Nobody asked for it: it stands in the bytes.
ALTER TABLE statement DROP COLUMN previous;
DROP INDEX statement_by_station;
CREATE INDEX statement_by_station ON statement (station, contest);

-- Where to look for a statement of which only the name is known: whoever spreads statements by station needs the station.
ALTER TABLE log_waiting ADD COLUMN station TEXT NOT NULL DEFAULT '';
UPDATE log_waiting SET station = (SELECT station FROM statement WHERE id = log_waiting.statement);
ALTER TABLE log_leaf ADD COLUMN station TEXT NOT NULL DEFAULT '';
UPDATE log_leaf SET station = (SELECT station FROM statement WHERE id = log_leaf.statement);

-- The log's nodes, 16 neighbours of one level in a row: the numbers from 16 × number on, 32 bytes each.
CREATE TABLE log_tile (
    level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 63),
    number INTEGER NOT NULL CHECK (number >= 0),
    hashes BLOB    NOT NULL CHECK (length(hashes) BETWEEN 32 AND 512 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;
INSERT INTO log_tile (level, number, hashes)
    SELECT level, position / 16, unhex(group_concat(hex(hash), '' ORDER BY position))
    FROM log_node GROUP BY level, position / 16;
DROP TABLE log_node;
