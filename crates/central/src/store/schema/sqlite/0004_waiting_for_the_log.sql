-- Statements that have no place in the log yet, in the order in which they were taken in.
CREATE TABLE log_waiting (
    number    INTEGER NOT NULL PRIMARY KEY,
    statement BLOB NOT NULL REFERENCES statement (id)
) STRICT;
INSERT INTO log_waiting (statement)
    SELECT id FROM statement WHERE id NOT IN (SELECT statement FROM log_leaf) ORDER BY rowid;
