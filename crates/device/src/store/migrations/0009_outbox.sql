-- One outbox for everything that is still to be exchanged with the endpoint. Before, own and carried records, receipts,
-- carried photos and originals each had columns of their own for it.
--
-- What a record or a photo is stays in its own table. How far its exchange has come is here.
ALTER TABLE outbox RENAME TO outbox_old;

CREATE TABLE outbox (
    kind               TEXT    NOT NULL CHECK (kind IN ('own', 'carried', 'original')),
    item               TEXT    NOT NULL CHECK (item IN ('statement', 'receipt', 'photo')),
    hash               BLOB    NOT NULL CHECK (length(hash) = 32), -- a statement's id, or the SHA-256 of a photo
    position           INTEGER NOT NULL, -- order among entries of the same kind and item
    state              TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'refused', 'lost')),
    total_bytes        INTEGER NOT NULL DEFAULT 0,
    sent_bytes         INTEGER NOT NULL DEFAULT 0,
    refusal_code       TEXT,
    refusal_detail     TEXT,
    attempts           INTEGER NOT NULL DEFAULT 0,
    next_attempt_at_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, item, hash),
    CHECK (kind <> 'original' OR item = 'photo')
) STRICT, WITHOUT ROWID;

INSERT INTO outbox (kind, item, hash, position, state, total_bytes, refusal_code, refusal_detail, attempts,
    next_attempt_at_ms)
SELECT 'own', 'statement', s.id, s.sequence, iif(s.state = 'refused', 'refused', 'waiting'), length(s.bytes),
    s.refusal_code, s.refusal_detail, o.attempts, o.next_attempt_at_ms
FROM outbox_old o JOIN statement s ON s.id = o.statement;

INSERT INTO outbox (kind, item, hash, position, attempts, next_attempt_at_ms)
SELECT 'own', 'receipt', s.id, s.sequence, r.attempts, r.next_attempt_at_ms
FROM receipt_wanted r JOIN statement s ON s.id = r.statement;

-- Two photos may have the same bytes. They are sent once, when the first of them is due.
INSERT INTO outbox (kind, item, hash, position, state, total_bytes, sent_bytes, refusal_code, refusal_detail, attempts,
    next_attempt_at_ms)
SELECT 'own', 'photo', p.derivative, min(p.id),
    CASE WHEN max(p.lost) THEN 'lost' WHEN max(p.refusal_code) IS NOT NULL THEN 'refused' ELSE 'waiting' END,
    max(p.derivative_bytes), max(p.sent_bytes), max(p.refusal_code), max(p.refusal_detail),
    min(o.attempts), min(o.next_attempt_at_ms)
FROM outbox_old o JOIN photo p ON p.id = o.photo GROUP BY p.derivative;

INSERT INTO outbox (kind, item, hash, position, state, total_bytes, refusal_code, refusal_detail, attempts,
    next_attempt_at_ms)
SELECT 'carried', iif(state = 'arrived', 'receipt', 'statement'), id, number, iif(state = 'refused', 'refused', 'waiting'),
    iif(state = 'arrived', 0, length(bytes)), refusal_code, refusal_detail, attempts, next_attempt_at_ms
FROM carried_statement WHERE state <> 'proved';

INSERT INTO outbox (kind, item, hash, position, state, total_bytes, sent_bytes, refusal_code, refusal_detail, attempts,
    next_attempt_at_ms)
SELECT 'carried', 'photo', p.hash, s.number, iif(p.refusal_code IS NULL, 'waiting', 'refused'), p.total_bytes,
    p.sent_bytes, p.refusal_code, p.refusal_detail, p.attempts, p.next_attempt_at_ms
FROM carried_photo p JOIN carried_statement s ON s.id = p.statement WHERE NOT p.arrived;

INSERT INTO outbox (kind, item, hash, position, state, total_bytes, sent_bytes, refusal_code, refusal_detail, attempts,
    next_attempt_at_ms)
SELECT 'original', 'photo', w.original, coalesce((SELECT min(p.id) FROM photo p WHERE p.original = w.original), 0),
    CASE WHEN w.lost THEN 'lost' WHEN w.refusal_code IS NOT NULL THEN 'refused' ELSE 'waiting' END,
    w.total_bytes, w.sent_bytes, w.refusal_code, w.refusal_detail, w.attempts, w.next_attempt_at_ms
FROM original_wanted w WHERE NOT w.arrived;

DROP TABLE outbox_old;
DROP TABLE receipt_wanted;

ALTER TABLE statement DROP COLUMN refusal_code;
ALTER TABLE statement DROP COLUMN refusal_detail;

ALTER TABLE photo DROP COLUMN sent_bytes;
ALTER TABLE photo DROP COLUMN refusal_code;
ALTER TABLE photo DROP COLUMN refusal_detail;
CREATE INDEX photo_of_derivative ON photo (derivative);

ALTER TABLE carried_statement DROP COLUMN refusal_code;
ALTER TABLE carried_statement DROP COLUMN refusal_detail;
ALTER TABLE carried_statement DROP COLUMN attempts;
ALTER TABLE carried_statement DROP COLUMN next_attempt_at_ms;

ALTER TABLE carried_photo DROP COLUMN sent_bytes;
ALTER TABLE carried_photo DROP COLUMN refusal_code;
ALTER TABLE carried_photo DROP COLUMN refusal_detail;
ALTER TABLE carried_photo DROP COLUMN attempts;
ALTER TABLE carried_photo DROP COLUMN next_attempt_at_ms;

-- Originals that a coordinator requested, each once.
ALTER TABLE original_wanted RENAME TO original_request;
ALTER TABLE original_request DROP COLUMN total_bytes;
ALTER TABLE original_request DROP COLUMN sent_bytes;
ALTER TABLE original_request DROP COLUMN lost;
ALTER TABLE original_request DROP COLUMN refusal_code;
ALTER TABLE original_request DROP COLUMN refusal_detail;
ALTER TABLE original_request DROP COLUMN attempts;
ALTER TABLE original_request DROP COLUMN next_attempt_at_ms;
