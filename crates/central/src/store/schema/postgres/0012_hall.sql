-- Enrolments that others carry: the invitation is found by the public half of the key that its code makes, so that the code
-- itself stays on the phone. Invitations of an earlier version have none.
ALTER TABLE invitation ADD COLUMN enrol_key bytea CHECK (length(enrol_key) = 32);
CREATE UNIQUE INDEX invitation_enrol_key ON invitation (enrol_key) WHERE enrol_key IS NOT NULL;

-- The endpoint that this store is the hall of. One row in the store of a hall, none in that of an endpoint.
CREATE TABLE hall (
    only_one bigint NOT NULL PRIMARY KEY CHECK (only_one = 1),
    endpoint text   NOT NULL,
    log_keys text   NOT NULL, -- JSON
    code     text   NOT NULL  -- of the hall's own invitation
);

-- Enrolments that the hall keeps, as the phones signed them.
CREATE TABLE hall_enrolment (
    device       bytea  NOT NULL REFERENCES device (id),
    enrolment    text   NOT NULL, -- JSON
    kept_at_ms   bigint NOT NULL,
    handed_at_ms bigint,
    refusal      text, -- why the endpoint refused it for good
    PRIMARY KEY (device, enrolment)
);

-- Statements and photos that were handed to the endpoint.
CREATE TABLE hall_handed (
    hash         bytea  NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- a statement's id, or the SHA-256 of a photo
    handed_at_ms bigint NOT NULL,
    refusal      text -- why the endpoint refused it for good
);
