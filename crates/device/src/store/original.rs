//! Originals of own photos that a coordinator requested, and what they have used of a metered connection.

use evidence::PhotoHash;
use rusqlite::params;

use super::outbox::EntryKey;
use super::{Store, Write, doing, optional};
use crate::error::StoreError;
use crate::sync_core::OutboxKind;

/// What originals have used of a metered connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OriginalsSpent {
    /// The beginning of the day that is counted.
    pub(crate) since_ms: i64,
    pub(crate) bytes: u64,
}

/// A requested original that has not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OriginalToSend {
    pub(crate) original: PhotoHash,
    /// Whether its file was missing at the last look.
    pub(crate) lost: bool,
}

impl Store {
    /// The requested originals that have not arrived.
    pub(crate) fn originals_to_send(&self) -> Result<Vec<OriginalToSend>, StoreError> {
        self.connection
            .prepare_cached("SELECT hash, state = 'lost' AS lost FROM outbox WHERE kind = 'original'")
            .and_then(|mut originals| {
                let read = |row: &rusqlite::Row<'_>| {
                    Ok(OriginalToSend { original: PhotoHash(row.get("hash")?), lost: row.get("lost")? })
                };
                originals.query_map([], read)?.collect()
            })
            .map_err(doing("read the requested originals"))
    }

    /// What originals have used of a metered connection.
    pub(crate) fn originals_spent(&self) -> Result<OriginalsSpent, StoreError> {
        self.connection
            .query_row("SELECT since_ms, bytes FROM originals_spent", [], |row| {
                Ok(OriginalsSpent { since_ms: row.get("since_ms")?, bytes: row.get("bytes")? })
            })
            .map_err(doing("read what originals have used"))
    }
}

impl Write<'_> {
    /// A coordinator requests an original of this device. A second request changes nothing.
    pub(super) fn request_original(&self, original: PhotoHash) -> Result<(), StoreError> {
        let photo = self.transaction.query_row(
            "SELECT id, original_bytes FROM photo WHERE original = ?1 AND statement IS NOT NULL ORDER BY id LIMIT 1",
            [original.0],
            |row| Ok((row.get("id")?, row.get("original_bytes")?)),
        );
        let photo: Option<(i64, u64)> = optional(photo).map_err(doing("read a requested original"))?;
        let Some((id, original_bytes)) = photo else { return Ok(()) };
        let added = self
            .run(
                "INSERT INTO original_request (original) VALUES (?1) ON CONFLICT DO NOTHING",
                params![original.0],
            )
            .map_err(doing("store the request for an original"))?;
        match added {
            0 => Ok(()),
            _ => self.add_to_outbox(EntryKey::photo(OutboxKind::Original, original), id, original_bytes),
        }
    }

    pub(super) fn original_arrived(&self, original: PhotoHash) -> Result<(), StoreError> {
        self.run("UPDATE original_request SET arrived = 1 WHERE original = ?1", params![original.0])
            .map_err(doing("write that an original arrived"))?;
        Ok(())
    }

    /// Writes what originals have used of a metered connection.
    pub(crate) fn set_originals_spent(&self, spent: OriginalsSpent) -> Result<(), StoreError> {
        self.run(
            "UPDATE originals_spent SET since_ms = ?1, bytes = ?2",
            params![spent.since_ms, spent.bytes],
        )
        .map_err(doing("write what originals have used"))?;
        Ok(())
    }
}
