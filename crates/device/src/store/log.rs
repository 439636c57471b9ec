//! The endpoint's log as this device has seen it.

use rusqlite::params;

use super::{Store, Write, doing, optional};
use crate::error::StoreError;

/// Two checkpoints under the log's own key that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contradiction {
    pub(crate) older: String,
    pub(crate) newer: String,
    pub(crate) found_at_ms: i64,
}

/// A receipt that this device verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredReceipt {
    pub(crate) bytes: Vec<u8>,
    pub(crate) tree_size: u64,
    pub(crate) leaf_index: u64,
    pub(crate) verified_at_ms: i64,
}

impl StoredReceipt {
    /// The id of the log's key under which it was issued, in hex.
    pub(crate) fn log(&self) -> String {
        evidence::Receipt::parse(&self.bytes).map(|receipt| receipt.log().to_string()).unwrap_or_default()
    }
}

impl Store {
    /// The newest consistent checkpoint that this device has seen, as a signed note.
    pub(crate) fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        optional(self.connection.query_row("SELECT note FROM checkpoint", [], |row| row.get(0)))
            .map_err(doing("read the newest checkpoint"))
    }

    /// The first proof that the log was rewritten, if there is one.
    pub(crate) fn contradiction(&self) -> Result<Option<Contradiction>, StoreError> {
        optional(self.connection.query_row(
            "SELECT older, newer, found_at_ms FROM contradiction ORDER BY found_at_ms LIMIT 1",
            [],
            |row| {
                Ok(Contradiction {
                    older: row.get("older")?,
                    newer: row.get("newer")?,
                    found_at_ms: row.get("found_at_ms")?,
                })
            },
        ))
        .map_err(doing("read the proof against the log"))
    }

    /// The bytes of all receipts.
    pub(crate) fn receipts(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT bytes FROM receipt ORDER BY statement")
            .and_then(|mut receipts| receipts.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the receipts"))
    }

    /// The receipt of a statement, if this device has verified one.
    pub(crate) fn receipt(&self, id: evidence::StatementId) -> Result<Option<StoredReceipt>, StoreError> {
        optional(self.connection.query_row(
            "SELECT bytes, tree_size, leaf_index, verified_at_ms FROM receipt WHERE statement = ?1",
            [id.0],
            |row| {
                Ok(StoredReceipt {
                    bytes: row.get("bytes")?,
                    tree_size: row.get("tree_size")?,
                    leaf_index: row.get("leaf_index")?,
                    verified_at_ms: row.get("verified_at_ms")?,
                })
            },
        ))
        .map_err(doing("read a receipt"))
    }
}

impl Write<'_> {
    /// Writes the newest checkpoint.
    pub(crate) fn set_checkpoint(&self, note: &str, now_ms: i64) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO checkpoint (only_one, note, seen_at_ms) VALUES (1, ?1, ?2)
                 ON CONFLICT (only_one) DO UPDATE SET note = excluded.note, seen_at_ms = excluded.seen_at_ms",
                params![note, now_ms],
            )
            .map_err(doing("write the newest checkpoint"))?;
        Ok(())
    }

    /// Stores two checkpoints that contradict each other.
    pub(crate) fn add_contradiction(&self, older: &str, newer: &str, now_ms: i64) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO contradiction (older, newer, found_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![older, newer, now_ms],
            )
            .map_err(doing("keep the proof against the log"))?;
        Ok(())
    }
}
