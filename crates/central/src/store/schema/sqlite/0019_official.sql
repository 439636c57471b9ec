-- Imports of official results. The figures of one count when its state is 'stored'; until then its rows are not seen.
CREATE TABLE official_import (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    contest      TEXT    NOT NULL,
    region       TEXT    NOT NULL, -- of the user who imports; '' is the whole election
    file         TEXT    NOT NULL,
    sha256       BLOB    NOT NULL CHECK (length(sha256) = 32),
    bytes        INTEGER NOT NULL,
    made_by      TEXT    NOT NULL,
    at_ms        INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    state_at_ms  INTEGER NOT NULL,
    request      TEXT    NOT NULL, -- JSON: which column means what
    result       TEXT    NOT NULL, -- JSON: faults and numbers of the last reading
    version      INTEGER UNIQUE,   -- the order in which imports count
    stored_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX official_import_by_contest ON official_import (contest, at_ms);

-- The files as they came, for whoever wants to check an import.
CREATE TABLE official_file (
    id      BLOB NOT NULL PRIMARY KEY REFERENCES official_import (id),
    content BLOB NOT NULL
) STRICT;

-- What changed with each import: the figures of a station or region on one document. The latest version counts.
CREATE TABLE official_figure (
    contest TEXT    NOT NULL,
    unit    TEXT    NOT NULL, -- a region's code or a station's id
    rung    TEXT    NOT NULL, -- the document: station, kecamatan, kabupaten_kota, provinsi
    version INTEGER NOT NULL,
    figures TEXT    NOT NULL, -- JSON; '' where the official result has none any more
    PRIMARY KEY (contest, unit, rung, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX official_figure_by_version ON official_figure (version, unit);
