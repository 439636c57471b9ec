//! Originals that somebody asked for, and what they may take of a metered connection.

use evidence::PhotoHash;
use protocol::ProblemCode;
use rusqlite::params;

use super::{Store, Write, doing, word_of};
use crate::error::StoreError;
use crate::sync::{Item, PhotoItem, Waiting};

/// What originals have taken of a metered connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Since when it is counted.
    pub(crate) since_ms: i64,
    /// How much.
    pub(crate) bytes: u64,
}

/// Originals that still have to be sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct OriginalCount {
    pub(crate) originals: u32,
    pub(crate) bytes: u64,
}

impl Store {
    /// The originals that are to be sent, in the order in which the photos were taken.
    pub(super) fn originals_waiting(&self, waiting: &mut Vec<Waiting>) -> rusqlite::Result<()> {
        let mut originals = self.connection.prepare_cached(
            "SELECT w.original, w.total_bytes, w.sent_bytes, w.attempts, w.next_attempt_at_ms
             FROM original_wanted w WHERE NOT w.arrived AND NOT w.lost
             ORDER BY (SELECT min(p.id) FROM photo p WHERE p.original = w.original)",
        )?;
        for original in originals.query_map([], |row| {
            Ok(Waiting {
                item: Item::Photo(PhotoItem {
                    hash: PhotoHash(row.get("original")?),
                    original: true,
                    total_bytes: row.get("total_bytes")?,
                    sent_bytes: row.get("sent_bytes")?,
                }),
                attempts: row.get("attempts")?,
                next_attempt_at_ms: row.get("next_attempt_at_ms")?,
            })
        })? {
            waiting.push(original?);
        }
        Ok(())
    }

    /// How many originals are still to be sent, and how much of them.
    pub(crate) fn original_count(&self) -> Result<OriginalCount, StoreError> {
        self.connection
            .query_row(
                "SELECT count(*), coalesce(sum(total_bytes - sent_bytes), 0) FROM original_wanted
                 WHERE NOT arrived AND NOT lost",
                [],
                |row| Ok(OriginalCount { originals: row.get(0)?, bytes: row.get(1)? }),
            )
            .map_err(doing("count the originals"))
    }

    /// The originals that are to be sent, and whether each was found lost.
    pub(crate) fn originals_to_send(&self) -> Result<Vec<(PhotoHash, bool)>, StoreError> {
        self.connection
            .prepare_cached("SELECT original, lost FROM original_wanted WHERE NOT arrived")
            .and_then(|mut originals| {
                originals.query_map([], |row| Ok((PhotoHash(row.get(0)?), row.get(1)?)))?.collect()
            })
            .map_err(doing("read which originals are asked for"))
    }

    /// What originals have taken of a metered connection.
    pub(crate) fn originals_spent(&self) -> Result<Spent, StoreError> {
        self.connection
            .query_row("SELECT since_ms, bytes FROM originals_spent", [], |row| {
                Ok(Spent { since_ms: row.get(0)?, bytes: row.get(1)? })
            })
            .map_err(doing("read what originals took"))
    }
}

impl Write<'_> {
    /// Somebody asks for an original of this device.
    pub(super) fn want_original(&self, original: PhotoHash) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO original_wanted (original, total_bytes)
                 SELECT original, original_bytes FROM photo WHERE original = ?1 AND statement IS NOT NULL LIMIT 1
                 ON CONFLICT DO NOTHING",
                params![original.0],
            )
            .map_err(doing("note that an original is asked for"))?;
        Ok(())
    }

    /// Notes what originals have taken of a metered connection.
    pub(crate) fn set_originals_spent(&self, spent: Spent) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE originals_spent SET since_ms = ?1, bytes = ?2",
                params![spent.since_ms, spent.bytes],
            )
            .map_err(doing("note what originals took"))?;
        Ok(())
    }

    /// Notes that an original is gone from this device, or that it is there again.
    pub(crate) fn set_original_lost(&self, original: PhotoHash, lost: bool) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE original_wanted SET lost = ?2 WHERE original = ?1", params![original.0, lost])
            .map_err(doing("note that an original is lost"))?;
        Ok(())
    }

    pub(super) fn set_original_sent(&self, hash: PhotoHash, sent_bytes: u64) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE original_wanted SET sent_bytes = ?2 WHERE original = ?1",
                params![hash.0, sent_bytes],
            )
            .map_err(doing("note how far an original has come"))?;
        Ok(())
    }

    pub(super) fn original_arrived(&self, hash: PhotoHash) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE original_wanted SET arrived = 1, sent_bytes = total_bytes,
                    refusal_code = NULL, refusal_detail = NULL WHERE original = ?1",
                params![hash.0],
            )
            .map_err(doing("note that an original arrived"))?;
        Ok(())
    }

    pub(super) fn refuse_original(
        &self,
        hash: PhotoHash,
        code: ProblemCode,
        detail: &str,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE original_wanted SET refusal_code = ?2, refusal_detail = ?3
                 WHERE original = ?1 AND NOT arrived",
                params![hash.0, word_of(code), detail],
            )
            .map_err(doing("note that an original was refused"))?;
        Ok(())
    }

    pub(super) fn postpone_original(
        &self,
        hash: PhotoHash,
        attempts: u32,
        next_attempt_at_ms: i64,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE original_wanted SET attempts = ?2, next_attempt_at_ms = ?3 WHERE original = ?1",
                params![hash.0, attempts, next_attempt_at_ms],
            )
            .map_err(doing("note when to try an original again"))?;
        Ok(())
    }
}
