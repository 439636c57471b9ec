-- Statements that the present election package has no place for: of a station that it leaves out, or a paper that it
-- changed. They are kept, and not counted. A rebuild writes this table.
CREATE TABLE unplaced (
    statement BYTEA NOT NULL PRIMARY KEY,
    station   TEXT COLLATE "C" NOT NULL,
    reason    TEXT NOT NULL
);

-- Has a row while a new package is stored whose stations or papers differ from those of stored statements, until a rebuild.
CREATE TABLE rebuild_due (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1)
);
