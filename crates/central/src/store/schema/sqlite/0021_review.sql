-- Keys with which coordinators sign what they decide. Their public halves are among the devices, which are assigned nowhere;
-- there is also when they were enrolled and revoked.
CREATE TABLE review_key (
    device  BLOB NOT NULL PRIMARY KEY REFERENCES device (id),
    account TEXT NOT NULL, -- the user's name, who may be removed
    keeping TEXT NOT NULL CHECK (keeping IN ('browser', 'sealed'))
) STRICT, WITHOUT ROWID;
CREATE INDEX review_key_by_account ON review_key (account);

-- The statement in which a verdict was signed. Verdicts of earlier versions have none.
ALTER TABLE verdict ADD COLUMN signed BLOB CHECK (length(signed) = 32);
CREATE INDEX verdict_by_signed ON verdict (signed) WHERE signed IS NOT NULL;

-- Stations at which a person should look, with what their consequence is made from. Derived with the counts.
CREATE TABLE review_item (
    contest   TEXT    NOT NULL,
    station   TEXT    NOT NULL,
    votes     INTEGER NOT NULL, -- that may be wrong
    conflicts INTEGER NOT NULL,
    faults    INTEGER NOT NULL,
    misread   INTEGER NOT NULL,
    since_ms  INTEGER NOT NULL,
    PRIMARY KEY (contest, station)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_item_by_votes ON review_item (contest, votes DESC, station);

-- Who has a station in front of them. Nobody else gets it before the lease ends.
CREATE TABLE review_lease (
    contest  TEXT    NOT NULL,
    station  TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (contest, station)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_lease_by_account ON review_lease (account);

-- What a user put off.
CREATE TABLE review_skip (
    account  TEXT    NOT NULL,
    contest  TEXT    NOT NULL,
    station  TEXT    NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (account, contest, station)
) STRICT, WITHOUT ROWID;

-- What the devices read in photos, for photos that arrived before: it is in their statements.
ALTER TABLE photo ADD COLUMN readings TEXT NOT NULL DEFAULT '';
INSERT INTO rebuild_due (one) SELECT 1 WHERE EXISTS (SELECT 1 FROM statement) ON CONFLICT DO NOTHING;
