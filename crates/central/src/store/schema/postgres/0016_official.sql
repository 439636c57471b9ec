-- Imports of official results. The figures of one count when its state is 'stored'; until then its rows are not seen.
CREATE TABLE official_import (
    id           BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    contest      TEXT COLLATE "C" NOT NULL,
    region       TEXT COLLATE "C" NOT NULL, -- of the user who imports; '' is the whole election
    file         TEXT    NOT NULL,
    sha256       BYTEA NOT NULL CHECK (length(sha256) = 32),
    bytes        BIGINT NOT NULL,
    made_by      TEXT    NOT NULL,
    at_ms        BIGINT NOT NULL,
    state        TEXT    NOT NULL,
    state_at_ms  BIGINT NOT NULL,
    request      TEXT    NOT NULL, -- JSON: which column means what
    result       TEXT    NOT NULL, -- JSON: faults and numbers of the last reading
    version      BIGINT UNIQUE,   -- the order in which imports count
    stored_at_ms BIGINT
);
CREATE INDEX official_import_by_contest ON official_import (contest, at_ms);

-- The files as they came, for whoever wants to check an import.
CREATE TABLE official_file (
    id      BYTEA NOT NULL PRIMARY KEY REFERENCES official_import (id),
    content BYTEA NOT NULL
);

-- What changed with each import: the figures of a station or region on one document. The latest version counts.
CREATE TABLE official_figure (
    contest TEXT COLLATE "C" NOT NULL,
    unit    TEXT COLLATE "C" NOT NULL, -- a region's code or a station's id
    rung    TEXT    NOT NULL, -- the document: station, kecamatan, kabupaten_kota, provinsi
    version BIGINT NOT NULL,
    figures TEXT    NOT NULL, -- JSON; '' where the official result has none any more
    PRIMARY KEY (contest, unit, rung, version)
);
CREATE INDEX official_figure_by_version ON official_figure (version, unit);
