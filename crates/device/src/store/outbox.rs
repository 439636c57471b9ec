//! What still has to be exchanged with the endpoint. One table for all kinds: what an entry is stays in the
//! content tables, and how far its exchange has come is here.

use evidence::{PhotoHash, StatementId};
use protocol::ProblemCode;
use rusqlite::{Row, params};
use tally::ContestId;

use super::{Store, Write, doing, parsed, word_of};
use crate::error::StoreError;
use crate::sync_core::{Item, OutboxKind, PhotoItem, ReceiptItem, StatementItem, Waiting};
use crate::view::PhotoProgress;

/// The primary key of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EntryKey {
    pub(super) kind: OutboxKind,
    item: &'static str,
    hash: [u8; 32],
}

const STATEMENT: &str = "statement";
const RECEIPT: &str = "receipt";
const PHOTO: &str = "photo";

impl EntryKey {
    pub(super) fn statement(kind: OutboxKind, id: StatementId) -> Self {
        Self { kind, item: STATEMENT, hash: id.0 }
    }

    pub(super) fn receipt(kind: OutboxKind, id: StatementId) -> Self {
        Self { kind, item: RECEIPT, hash: id.0 }
    }

    pub(super) fn photo(kind: OutboxKind, hash: PhotoHash) -> Self {
        Self { kind, item: PHOTO, hash: hash.0 }
    }

    fn of(item: &Item) -> Self {
        match *item {
            Item::Statement(StatementItem { kind, id, .. }) => Self::statement(kind, id),
            Item::Receipt(ReceiptItem { kind, id }) => Self::receipt(kind, id),
            Item::Photo(PhotoItem { kind, hash, .. }) => Self::photo(kind, hash),
        }
    }
}

/// The counts of the outbox, for the screen.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutboxCount {
    pub(crate) tallies: u32,
    pub(crate) reports: u32,
    pub(crate) receipts: u32,
    pub(crate) photos: u32,
    pub(crate) refused: u32,
    pub(crate) bytes: u64,
    pub(crate) originals: u32,
    pub(crate) original_bytes: u64,
}

/// A photo is sent only when the endpoint has accepted its statement; otherwise it would refuse an unknown
/// photo. Who requests an original has its statement already.
const WAITING: &str = "SELECT kind, item, hash, total_bytes, sent_bytes, attempts, next_attempt_at_ms
    FROM outbox o
    WHERE state <> 'lost' AND (item <> 'photo' OR kind = 'original'
        OR (kind = 'own' AND EXISTS (
            SELECT 1 FROM photo p JOIN statement s ON s.id = p.statement
            WHERE p.derivative = o.hash AND s.state IN ('accepted', 'receipted')))
        OR (kind = 'carried' AND EXISTS (
            SELECT 1 FROM carried_photo p JOIN carried_statement s ON s.id = p.statement
            WHERE p.hash = o.hash AND s.state IN ('arrived', 'proved'))))
    ORDER BY item DESC, kind = 'original', kind = 'carried', position";

impl Store {
    /// Everything that may be sent, in the order in which it is sent: own entries before carried ones and
    /// those before originals, each in the order in which they were made.
    pub(crate) fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        self.connection
            .prepare_cached(WAITING)
            .and_then(|mut waiting| waiting.query_map([], waiting_of)?.collect())
            .map_err(doing("read the outbox"))
    }

    /// The earliest time at which anything is due; `None` when nothing waits.
    pub(crate) fn next_attempt_at_ms(&self) -> Result<Option<i64>, StoreError> {
        self.connection
            .query_row(
                "SELECT max(min(o.next_attempt_at_ms), c.next_attempt_at_ms) FROM connection c,
                    (SELECT next_attempt_at_ms FROM outbox WHERE state <> 'lost') o",
                [],
                |row| row.get(0),
            )
            .map_err(doing("read when to try again"))
    }

    /// The counts of the outbox. Carried entries are counted by station elsewhere.
    pub(crate) fn outbox_count(&self) -> Result<OutboxCount, StoreError> {
        self.connection
            .query_row(
                "SELECT
                    count(*) FILTER (WHERE s.kind = 'tally' AND o.state <> 'refused') AS tallies,
                    count(*) FILTER (WHERE s.kind IN ('attendance', 'incident') AND o.state <> 'refused') AS reports,
                    count(*) FILTER (WHERE o.kind = 'own' AND o.item = 'receipt') AS receipts,
                    count(*) FILTER (WHERE o.kind = 'own' AND o.item = 'photo' AND o.state <> 'refused') AS photos,
                    count(*) FILTER (WHERE o.kind = 'own' AND o.state = 'refused') AS refused,
                    coalesce(sum(o.total_bytes - o.sent_bytes) FILTER (WHERE o.kind = 'own'), 0) AS bytes,
                    count(*) FILTER (WHERE o.kind = 'original' AND o.state <> 'lost') AS originals,
                    coalesce(sum(o.total_bytes - o.sent_bytes)
                        FILTER (WHERE o.kind = 'original' AND o.state <> 'lost'), 0) AS original_bytes
                 FROM outbox o
                 LEFT JOIN statement s ON o.kind = 'own' AND o.item = 'statement' AND s.id = o.hash",
                [],
                |row| {
                    Ok(OutboxCount {
                        tallies: row.get("tallies")?,
                        reports: row.get("reports")?,
                        receipts: row.get("receipts")?,
                        photos: row.get("photos")?,
                        refused: row.get("refused")?,
                        bytes: row.get("bytes")?,
                        originals: row.get("originals")?,
                        original_bytes: row.get("original_bytes")?,
                    })
                },
            )
            .map_err(doing("count the outbox"))
    }

    /// The first own photo of which the endpoint has stored a part.
    pub(crate) fn photo_progress(&self) -> Result<Option<PhotoProgress>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT p.contest, p.round, p.page, o.sent_bytes, o.total_bytes FROM outbox o
                 JOIN photo p ON p.derivative = o.hash AND p.statement IS NOT NULL
                 WHERE o.kind = 'own' AND o.item = 'photo' AND o.sent_bytes > 0 ORDER BY p.id LIMIT 1",
            )
            .and_then(|mut photo| {
                let read = |row: &Row<'_>| {
                    Ok(PhotoProgress {
                        contest: parsed::<ContestId>(row, "contest")?,
                        round: row.get("round")?,
                        page: row.get("page")?,
                        sent_bytes: row.get("sent_bytes")?,
                        total_bytes: row.get("total_bytes")?,
                    })
                };
                photo.query_map([], read)?.next().transpose()
            })
            .map_err(doing("read the progress of a photo"))
    }
}

fn waiting_of(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    let word: String = row.get("kind")?;
    let kind = OutboxKind::from_word(&word).ok_or_else(|| unknown_word(row, "kind", &word))?;
    let item: String = row.get("item")?;
    let hash: [u8; 32] = row.get("hash")?;
    let item = match item.as_str() {
        STATEMENT => {
            Item::Statement(StatementItem { kind, id: StatementId(hash), bytes: row.get("total_bytes")? })
        }
        RECEIPT => Item::Receipt(ReceiptItem { kind, id: StatementId(hash) }),
        PHOTO => Item::Photo(PhotoItem {
            kind,
            hash: PhotoHash(hash),
            total_bytes: row.get("total_bytes")?,
            sent_bytes: row.get("sent_bytes")?,
        }),
        other => return Err(unknown_word(row, "item", other)),
    };
    Ok(Waiting { item, attempts: row.get("attempts")?, next_attempt_at_ms: row.get("next_attempt_at_ms")? })
}

/// The table's CHECK constraints allow only the known words.
fn unknown_word(row: &Row<'_>, column: &str, word: &str) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or(0);
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, word.into())
}

impl Write<'_> {
    /// Adds an entry that is due now. An entry that is there already stays as it is.
    pub(super) fn add_to_outbox(
        &self,
        key: EntryKey,
        position: i64,
        total_bytes: u64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO outbox (kind, item, hash, position, total_bytes) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            params![key.kind.word(), key.item, key.hash, position, total_bytes],
        )
        .map_err(doing("add to the outbox"))?;
        Ok(())
    }

    pub(super) fn remove_from_outbox(&self, key: EntryKey) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM outbox WHERE kind = ?1 AND item = ?2 AND hash = ?3",
            params![key.kind.word(), key.item, key.hash],
        )
        .map_err(doing("remove from the outbox"))?;
        Ok(())
    }

    pub(super) fn postpone(
        &self,
        item: &Item,
        attempts: u32,
        next_attempt_at_ms: i64,
    ) -> Result<(), StoreError> {
        let key = EntryKey::of(item);
        self.run(
            "UPDATE outbox SET attempts = ?4, next_attempt_at_ms = ?5 WHERE kind = ?1 AND item = ?2 AND hash = ?3",
            params![key.kind.word(), key.item, key.hash, attempts, next_attempt_at_ms],
        )
        .map_err(doing("write when to try again"))?;
        Ok(())
    }

    /// The endpoint refused the entry for good. It stays, with the reason.
    pub(super) fn refuse(&self, key: EntryKey, code: ProblemCode, detail: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE outbox SET state = iif(state = 'lost', 'lost', 'refused'), refusal_code = ?4, refusal_detail = ?5
             WHERE kind = ?1 AND item = ?2 AND hash = ?3",
            params![key.kind.word(), key.item, key.hash, word_of(code), detail],
        )
        .map_err(doing("write a refusal"))?;
        Ok(())
    }

    pub(super) fn set_sent(&self, key: EntryKey, sent_bytes: u64) -> Result<(), StoreError> {
        self.run(
            "UPDATE outbox SET sent_bytes = ?4 WHERE kind = ?1 AND item = ?2 AND hash = ?3",
            params![key.kind.word(), key.item, key.hash, sent_bytes],
        )
        .map_err(doing("write the progress of a photo"))?;
        Ok(())
    }

    /// Marks an entry whose file is gone, or is there again.
    pub(super) fn set_lost(&self, key: EntryKey, lost: bool) -> Result<(), StoreError> {
        self.run(
            "UPDATE outbox SET state = CASE WHEN ?4 THEN 'lost' WHEN refusal_code IS NULL THEN 'waiting' ELSE 'refused' END
             WHERE kind = ?1 AND item = ?2 AND hash = ?3",
            params![key.kind.word(), key.item, key.hash, lost],
        )
        .map_err(doing("write that a photo is lost"))?;
        Ok(())
    }

    /// Makes one entry due now.
    pub(super) fn make_due(&self, key: EntryKey) -> Result<(), StoreError> {
        self.run(
            "UPDATE outbox SET attempts = 0, next_attempt_at_ms = 0 WHERE kind = ?1 AND item = ?2 AND hash = ?3",
            params![key.kind.word(), key.item, key.hash],
        )
        .map_err(doing("make an entry of the outbox due"))?;
        Ok(())
    }

    /// Makes the whole outbox due now.
    pub(crate) fn make_outbox_due(&self) -> Result<(), StoreError> {
        self.run("UPDATE outbox SET next_attempt_at_ms = 0", &[]).map_err(doing("make the outbox due"))?;
        Ok(())
    }
}
