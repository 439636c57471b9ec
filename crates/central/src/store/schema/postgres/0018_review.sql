CREATE TABLE review_key (
    device  BYTEA NOT NULL PRIMARY KEY REFERENCES device (id),
    account TEXT NOT NULL, -- the user's name, who may be removed
    keeping TEXT NOT NULL CHECK (keeping IN ('browser', 'sealed'))
);
CREATE INDEX review_key_by_account ON review_key (account);

ALTER TABLE verdict ADD COLUMN signed BYTEA CHECK (length(signed) = 32);
CREATE INDEX verdict_by_signed ON verdict (signed) WHERE signed IS NOT NULL;

CREATE TABLE review_item (
    contest   TEXT COLLATE "C" NOT NULL,
    station   TEXT COLLATE "C" NOT NULL,
    votes     BIGINT NOT NULL, -- that may be wrong
    conflicts BIGINT NOT NULL,
    faults    BIGINT NOT NULL,
    misread   BIGINT NOT NULL,
    since_ms  BIGINT NOT NULL,
    PRIMARY KEY (contest, station)
);
CREATE INDEX review_item_by_votes ON review_item (contest, votes DESC, station);

CREATE TABLE review_lease (
    contest  TEXT COLLATE "C" NOT NULL,
    station  TEXT COLLATE "C" NOT NULL,
    account  TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (contest, station)
);
CREATE INDEX review_lease_by_account ON review_lease (account);

CREATE TABLE review_skip (
    account  TEXT NOT NULL,
    contest  TEXT COLLATE "C" NOT NULL,
    station  TEXT COLLATE "C" NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (account, contest, station)
);

ALTER TABLE photo ADD COLUMN readings TEXT NOT NULL DEFAULT '';
INSERT INTO rebuild_due (one) SELECT 1 WHERE EXISTS (SELECT 1 FROM statement) ON CONFLICT DO NOTHING;
