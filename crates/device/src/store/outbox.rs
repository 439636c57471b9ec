//! What still has to reach the endpoint, and how the connection fares.

use evidence::{PhotoHash, StatementId};
use rusqlite::params;
use tally::ContestId;

use super::{Store, Write, doing, from_word, parsed, word_of};
use crate::error::StoreError;
use crate::sync::{Change, Item, PhotoItem, StatementItem, Waiting};
use crate::view::{PhotoProgress, SyncFault};

/// How far this device's clock runs ahead of the endpoint's, in milliseconds.
const CLOCK_AHEAD: &str = "clock_ahead_ms";

/// How the connection to the endpoint fares.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Connection {
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at_ms: i64,
    pub(crate) fault: Option<SyncFault>,
    pub(crate) last_contact_at_ms: Option<i64>,
}

/// What the outbox holds, in numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutboxCount {
    pub(crate) tallies: u32,
    pub(crate) accounts: u32,
    pub(crate) proofs: u32,
    pub(crate) photos: u32,
    pub(crate) refused: u32,
    pub(crate) bytes: u64,
    pub(crate) photo: Option<PhotoProgress>,
}

impl Store {
    /// How the connection fares.
    pub(crate) fn connection(&self) -> Result<Connection, StoreError> {
        self.connection
            .query_row(
                "SELECT attempts, next_attempt_at_ms, fault, last_contact_at_ms FROM connection",
                [],
                |row| {
                    Ok(Connection {
                        attempts: row.get("attempts")?,
                        next_attempt_at_ms: row.get("next_attempt_at_ms")?,
                        fault: row.get::<_, Option<String>>("fault")?.and_then(|word| from_word(&word)),
                        last_contact_at_ms: row.get("last_contact_at_ms")?,
                    })
                },
            )
            .map_err(doing("read how the connection fares"))
    }

    /// How far this device's clock ran ahead of the endpoint's when they were last compared, in milliseconds.
    pub(crate) fn clock_ahead_ms(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.setting(CLOCK_AHEAD)?.and_then(|ahead_ms| ahead_ms.parse().ok()))
    }

    /// Everything that waits: statements in the order of the chain, then photos in the order in which they were
    /// taken. A photo waits for its statement to be accepted.
    pub(crate) fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let read = || {
            let mut statements = self.connection.prepare_cached(
                "SELECT s.id, length(s.bytes) AS bytes, o.attempts, o.next_attempt_at_ms
                 FROM outbox o JOIN statement s ON s.id = o.statement ORDER BY s.sequence",
            )?;
            let mut waiting: Vec<Waiting> = statements
                .query_map([], |row| {
                    Ok(Waiting {
                        item: Item::Statement(StatementItem {
                            id: StatementId(row.get("id")?),
                            bytes: row.get("bytes")?,
                        }),
                        attempts: row.get("attempts")?,
                        next_attempt_at_ms: row.get("next_attempt_at_ms")?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            let mut receipts = self.connection.prepare_cached(
                "SELECT r.statement, r.attempts, r.next_attempt_at_ms
                 FROM receipt_wanted r JOIN statement s ON s.id = r.statement ORDER BY s.sequence",
            )?;
            for receipt in receipts.query_map([], |row| {
                Ok(Waiting {
                    item: Item::Receipt(StatementId(row.get("statement")?)),
                    attempts: row.get("attempts")?,
                    next_attempt_at_ms: row.get("next_attempt_at_ms")?,
                })
            })? {
                waiting.push(receipt?);
            }
            self.carried_statements_waiting(&mut waiting)?;
            let mut photos = self.connection.prepare_cached(
                "SELECT p.derivative, p.derivative_bytes, p.sent_bytes, o.attempts, o.next_attempt_at_ms
                 FROM outbox o JOIN photo p ON p.id = o.photo JOIN statement s ON s.id = p.statement
                 WHERE s.state IN ('accepted', 'receipted') AND NOT p.lost ORDER BY p.id",
            )?;
            for photo in photos.query_map([], |row| {
                Ok(Waiting {
                    item: Item::Photo(PhotoItem {
                        hash: PhotoHash(row.get("derivative")?),
                        original: false,
                        total_bytes: row.get("derivative_bytes")?,
                        sent_bytes: row.get("sent_bytes")?,
                    }),
                    attempts: row.get("attempts")?,
                    next_attempt_at_ms: row.get("next_attempt_at_ms")?,
                })
            })? {
                waiting.push(photo?);
            }
            self.carried_photos_waiting(&mut waiting)?;
            self.originals_waiting(&mut waiting)?;
            Ok(waiting)
        };
        read().map_err(doing("read the outbox"))
    }

    /// What the outbox holds, in numbers, for the screen.
    pub(crate) fn outbox_count(&self) -> Result<OutboxCount, StoreError> {
        let read = || {
            let mut count = self.connection.query_row(
                "SELECT
                    count(*) FILTER (WHERE s.kind = 'tally' AND s.state <> 'refused') AS tallies,
                    count(*) FILTER (WHERE s.kind IN ('attendance', 'incident') AND s.state <> 'refused') AS accounts,
                    count(*) FILTER (WHERE p.id IS NOT NULL AND p.refusal_code IS NULL) AS photos,
                    count(*) FILTER (WHERE s.state = 'refused' OR p.refusal_code IS NOT NULL) AS refused,
                    coalesce(sum(coalesce(length(s.bytes), p.derivative_bytes - p.sent_bytes)), 0) AS bytes,
                    (SELECT count(*) FROM receipt_wanted) AS proofs
                 FROM outbox o LEFT JOIN statement s ON s.id = o.statement LEFT JOIN photo p ON p.id = o.photo",
                [],
                |row| {
                    Ok(OutboxCount {
                        tallies: row.get("tallies")?,
                        accounts: row.get("accounts")?,
                        proofs: row.get("proofs")?,
                        photos: row.get("photos")?,
                        refused: row.get("refused")?,
                        bytes: row.get("bytes")?,
                        photo: None,
                    })
                },
            )?;
            let mut photo = self.connection.prepare_cached(
                "SELECT p.contest, p.page, p.sent_bytes, p.derivative_bytes FROM outbox o
                 JOIN photo p ON p.id = o.photo WHERE p.sent_bytes > 0 ORDER BY p.id LIMIT 1",
            )?;
            count.photo = photo
                .query_map([], |row| {
                    Ok(PhotoProgress {
                        contest: parsed::<ContestId>(row, "contest")?,
                        page: row.get("page")?,
                        sent_bytes: row.get("sent_bytes")?,
                        total_bytes: row.get("derivative_bytes")?,
                    })
                })?
                .next()
                .transpose()?;
            Ok(count)
        };
        read().map_err(doing("count the outbox"))
    }

    /// The earliest time at which anything is due; `None` when nothing waits.
    pub(crate) fn next_attempt_at_ms(&self) -> Result<Option<i64>, StoreError> {
        self.connection
            .query_row(
                "SELECT max(min(o.next_attempt_at_ms), c.next_attempt_at_ms) FROM connection c,
                    (SELECT next_attempt_at_ms FROM outbox
                     UNION ALL SELECT next_attempt_at_ms FROM receipt_wanted
                     UNION ALL SELECT next_attempt_at_ms FROM carried_statement WHERE state <> 'proved'
                     UNION ALL SELECT next_attempt_at_ms FROM carried_photo WHERE NOT arrived
                     UNION ALL SELECT next_attempt_at_ms FROM original_wanted WHERE NOT arrived AND NOT lost) o",
                [],
                |row| row.get(0),
            )
            .map_err(doing("read when to try again"))
    }
}

impl Write<'_> {
    /// Writes down what an answer changed.
    pub(crate) fn apply(&self, change: &Change, now_ms: i64) -> Result<(), StoreError> {
        match change {
            Change::StatementAccepted { id, received_at_ms } => {
                self.accept_statement(*id, *received_at_ms, now_ms)?;
                self.accept_carried(*id)
            }
            Change::StatementRefused { id, code, detail } => {
                self.refuse_statement(*id, *code, detail, now_ms)?;
                self.refuse_carried(*id, *code, detail)
            }
            Change::Receipted(proved) => {
                self.receipt_statement(proved, now_ms)?;
                self.prove_carried(proved.id)
            }
            Change::CheckpointSeen { note } => self.set_checkpoint(note, now_ms),
            Change::InboxRead { items, next_attempt_at_ms } => self.read_inbox(items, *next_attempt_at_ms),
            Change::EnrolmentChanged(changed) => self.change_enrolment(changed),
            Change::LogHandedOver { rotation } => self.add_log_rotation(rotation),
            Change::LogContradicts { older, newer } => self.add_contradiction(older, newer, now_ms),
            Change::SendAgain { sequence } => self.send_again(*sequence),
            Change::PhotoHeld { hash, sent_bytes } => {
                self.set_photo_sent(*hash, *sent_bytes)?;
                self.set_carried_photo_sent(*hash, *sent_bytes)?;
                self.set_original_sent(*hash, *sent_bytes)
            }
            Change::PhotoArrived { hash } => {
                self.photo_arrived(*hash, now_ms)?;
                self.carried_photo_arrived(*hash)?;
                self.original_arrived(*hash)
            }
            Change::PhotoRefused { hash, code, detail } => {
                self.refuse_photo(*hash, *code, detail)?;
                self.refuse_carried_photo(*hash, *code, detail)?;
                self.refuse_original(*hash, *code, detail)
            }
            Change::Postponed { item, attempts, next_attempt_at_ms } => {
                self.postpone(item, *attempts, *next_attempt_at_ms)
            }
            Change::ClockCompared { ahead_ms } => self.set_setting(CLOCK_AHEAD, &ahead_ms.to_string()),
            Change::Contact => self.set_connection(0, 0, None, Some(now_ms)),
            Change::Fault { fault, attempts, next_attempt_at_ms } => {
                self.set_connection(*attempts, *next_attempt_at_ms, Some(*fault), None)
            }
        }
    }

    /// Makes the connection due now.
    pub(crate) fn make_connection_due(&self) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE connection SET next_attempt_at_ms = 0", [])
            .map_err(doing("make the connection due"))?;
        Ok(())
    }

    /// Makes everything due now: the witness asked for it.
    pub(crate) fn make_due(&self) -> Result<(), StoreError> {
        self.make_connection_due()?;
        self.transaction
            .execute("UPDATE outbox SET next_attempt_at_ms = 0", [])
            .and_then(|_| self.transaction.execute("UPDATE receipt_wanted SET next_attempt_at_ms = 0", []))
            .and_then(|_| self.transaction.execute("UPDATE carried_statement SET next_attempt_at_ms = 0", []))
            .and_then(|_| self.transaction.execute("UPDATE carried_photo SET next_attempt_at_ms = 0", []))
            .and_then(|_| self.transaction.execute("UPDATE original_wanted SET next_attempt_at_ms = 0", []))
            .and_then(|_| self.transaction.execute("UPDATE inbox SET next_attempt_at_ms = 0", []))
            .map_err(doing("make the outbox due"))?;
        Ok(())
    }

    fn postpone(&self, item: &Item, attempts: u32, next_attempt_at_ms: i64) -> Result<(), StoreError> {
        match item {
            Item::Statement(statement) => self.transaction.execute(
                "UPDATE outbox SET attempts = ?2, next_attempt_at_ms = ?3 WHERE statement = ?1",
                params![statement.id.0, attempts, next_attempt_at_ms],
            ),
            Item::Receipt(statement) => self.transaction.execute(
                "UPDATE receipt_wanted SET attempts = ?2, next_attempt_at_ms = ?3 WHERE statement = ?1",
                params![statement.0, attempts, next_attempt_at_ms],
            ),
            Item::Photo(photo) => self.transaction.execute(
                "UPDATE outbox SET attempts = ?2, next_attempt_at_ms = ?3
                 WHERE photo IN (SELECT id FROM photo WHERE derivative = ?1)",
                params![photo.hash.0, attempts, next_attempt_at_ms],
            ),
        }
        .map_err(doing("note when to try again"))?;
        if let Item::Photo(photo) = item {
            self.postpone_original(photo.hash, attempts, next_attempt_at_ms)?;
        }
        self.postpone_carried(item, attempts, next_attempt_at_ms)
    }

    fn set_connection(
        &self,
        attempts: u32,
        next_attempt_at_ms: i64,
        fault: Option<SyncFault>,
        contact_at_ms: Option<i64>,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE connection SET attempts = ?1, next_attempt_at_ms = ?2, fault = ?3,
                    last_contact_at_ms = coalesce(?4, last_contact_at_ms)",
                params![attempts, next_attempt_at_ms, fault.and_then(word_of), contact_at_ms],
            )
            .map_err(doing("note how the connection fares"))?;
        Ok(())
    }
}
