//! The hall in which this device was last, and what is entrusted to halls. It never touches the outbox: only
//! the endpoint's own answers do.

use evidence::{LogPublicKey, PhotoHash, StatementId};
use rusqlite::{Row, params};

use super::{Store, Write, doing, from_word, optional, word_of};
use crate::error::StoreError;
use crate::sync_core::{OutboxKind, PhotoItem};
use crate::view::SyncError;

/// Maximum number of statements in one push to a hall.
const STATEMENTS_MAX: usize = 8;

/// The laptop of a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hall {
    pub(crate) address: String,
    /// The key of the hall's own log.
    pub(crate) log_key: LogPublicKey,
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at_ms: i64,
    pub(crate) error: Option<SyncError>,
    pub(crate) last_contact_at_ms: Option<i64>,
}

/// What a hall does not have yet, and what it has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HallCount {
    pub(crate) waiting: u32,
    pub(crate) entrusted: u32,
}

/// What is entrusted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entrusted {
    Statement(StatementId),
    Photo(PhotoHash),
}

impl Entrusted {
    fn key(&self) -> (&'static str, &[u8; 32]) {
        match self {
            Self::Statement(id) => ("statement", &id.0),
            Self::Photo(hash) => ("photo", &hash.0),
        }
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntrustedState {
    /// The hall has said that it has the statement, or has this many bytes of the photo.
    Sending { sent_bytes: u64 },
    /// The hall's receipt of the statement was verified, or the hall has the whole photo.
    Entrusted,
    /// The hall refused it. It is not offered to this hall again.
    Refused,
}

/// Own statements that the endpoint does not have, and those of photos that it does not have.
const NOT_SENT: &str = "FROM statement s WHERE (s.state IN ('sealed', 'refused') OR EXISTS (
        SELECT 1 FROM photo p JOIN outbox o ON o.kind = 'own' AND o.item = 'photo' AND o.hash = p.derivative
        WHERE p.statement = s.id))
    AND NOT EXISTS (SELECT 1 FROM entrusted e WHERE e.log_key = ?1 AND e.item = 'statement' AND e.hash = s.id)";

/// Own photos that the endpoint does not have, whose statement the hall has.
const PHOTOS_NOT_SENT: &str = "FROM outbox o JOIN photo p ON p.derivative = o.hash
    JOIN entrusted s ON s.log_key = ?1 AND s.item = 'statement' AND s.hash = p.statement AND s.state <> 'refused'
    LEFT JOIN entrusted e ON e.log_key = ?1 AND e.item = 'photo' AND e.hash = o.hash
    WHERE o.kind = 'own' AND o.item = 'photo' AND o.state <> 'lost' AND coalesce(e.state, 'sending') = 'sending'";

impl Store {
    /// The hall in which this device was last.
    pub(crate) fn hall(&self) -> Result<Option<Hall>, StoreError> {
        let row = self
            .connection
            .query_row("SELECT * FROM hall", [], |row| Ok((row.get::<_, String>("log_key")?, hall_of(row)?)));
        let Some((key, hall)) = optional(row).map_err(doing("read the hall"))? else { return Ok(None) };
        let log_key = LogPublicKey::from_hex(&key)
            .map_err(|error| StoreError::Damaged(format!("the key of the hall's log: {error}")))?;
        Ok(Some(hall(log_key)))
    }

    /// The oldest statements that this hall does not have, with their bytes.
    pub(crate) fn not_entrusted(
        &self,
        hall: LogPublicKey,
    ) -> Result<Vec<(StatementId, Vec<u8>)>, StoreError> {
        let sql = format!("SELECT s.id, s.bytes {NOT_SENT} ORDER BY s.sequence LIMIT {STATEMENTS_MAX}");
        let read = |row: &Row<'_>| Ok((StatementId(row.get("id")?), row.get("bytes")?));
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut rows| rows.query_map([hall.to_hex()], read)?.collect())
            .map_err(doing("read what the hall does not have"))
    }

    /// Statements that this hall has and whose receipt was not verified yet.
    pub(crate) fn without_hall_receipt(&self, hall: LogPublicKey) -> Result<Vec<StatementId>, StoreError> {
        let read = |row: &Row<'_>| Ok(StatementId(row.get("hash")?));
        self.connection
            .prepare_cached(
                "SELECT hash FROM entrusted WHERE log_key = ?1 AND item = 'statement' AND state = 'sending'
                 ORDER BY hash LIMIT 64",
            )
            .and_then(|mut rows| rows.query_map([hall.to_hex()], read)?.collect())
            .map_err(doing("read what the hall has not proved"))
    }

    /// The first photo that this hall does not have, and whether the hall has named its offset.
    pub(crate) fn photo_for_hall(&self, hall: LogPublicKey) -> Result<Option<(PhotoItem, bool)>, StoreError> {
        let sql = format!(
            "SELECT o.hash, o.total_bytes, e.sent_bytes {PHOTOS_NOT_SENT} ORDER BY o.position LIMIT 1"
        );
        let read = |row: &Row<'_>| {
            let sent_bytes: Option<u64> = row.get("sent_bytes")?;
            let photo = PhotoItem {
                kind: OutboxKind::Own,
                hash: PhotoHash(row.get("hash")?),
                total_bytes: row.get("total_bytes")?,
                sent_bytes: sent_bytes.unwrap_or(0),
            };
            Ok((photo, sent_bytes.is_some()))
        };
        optional(
            self.connection.prepare_cached(&sql).and_then(|mut row| row.query_row([hall.to_hex()], read)),
        )
        .map_err(doing("read which photo the hall does not have"))
    }

    /// How much this hall has, and how much it does not have yet.
    pub(crate) fn hall_count(&self, hall: LogPublicKey) -> Result<HallCount, StoreError> {
        let sql = format!(
            "SELECT (SELECT count(*) {NOT_SENT})
                + (SELECT count(*) FROM entrusted WHERE log_key = ?1 AND state = 'sending')
                + (SELECT count(*) {PHOTOS_NOT_SENT} AND e.state IS NULL) AS waiting,
                (SELECT count(*) FROM entrusted
                 WHERE log_key = ?1 AND item = 'statement' AND state = 'entrusted') AS entrusted"
        );
        let read =
            |row: &Row<'_>| Ok(HallCount { waiting: row.get("waiting")?, entrusted: row.get("entrusted")? });
        self.connection.query_row(&sql, [hall.to_hex()], read).map_err(doing("count what the hall has"))
    }
}

/// All of a hall but its key.
fn hall_of(row: &Row<'_>) -> rusqlite::Result<impl FnOnce(LogPublicKey) -> Hall + use<>> {
    let (address, attempts) = (row.get("address")?, row.get("attempts")?);
    let next_attempt_at_ms = row.get("next_attempt_at_ms")?;
    let fault: Option<String> = row.get("fault")?;
    let last_contact_at_ms = row.get("last_contact_at_ms")?;
    let error = fault.and_then(|word| from_word(&word));
    Ok(move |log_key| Hall { address, log_key, attempts, next_attempt_at_ms, error, last_contact_at_ms })
}

impl Write<'_> {
    /// The device is in this hall now.
    pub(crate) fn set_hall(&self, address: &str, log_key: LogPublicKey) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO hall (only_one, address, log_key) VALUES (1, ?1, ?2)
             ON CONFLICT DO UPDATE SET address = ?1, log_key = ?2, attempts = 0, next_attempt_at_ms = 0,
                fault = NULL, last_contact_at_ms = NULL",
            params![address, log_key.to_hex()],
        )
        .map_err(doing("store the hall"))?;
        Ok(())
    }

    /// How far the hall has something.
    pub(crate) fn set_entrusted(
        &self,
        hall: LogPublicKey,
        what: Entrusted,
        state: EntrustedState,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (item, hash) = what.key();
        let (word, sent_bytes) = match state {
            EntrustedState::Sending { sent_bytes } => ("sending", sent_bytes),
            EntrustedState::Entrusted => ("entrusted", 0),
            EntrustedState::Refused => ("refused", 0),
        };
        self.run(
            "INSERT INTO entrusted (log_key, item, hash, state, sent_bytes, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (log_key, item, hash) DO UPDATE SET state = ?4, sent_bytes = ?5, at_ms = ?6
             WHERE state <> 'entrusted'",
            params![hall.to_hex(), item, hash, word, sent_bytes, now_ms],
        )
        .map_err(doing("write what the hall has"))?;
        Ok(())
    }

    /// The offset of a photo at this hall is asked for again.
    pub(crate) fn forget_offset(&self, hall: LogPublicKey, photo: PhotoHash) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM entrusted WHERE log_key = ?1 AND item = 'photo' AND hash = ?2 AND state = 'sending'",
            params![hall.to_hex(), photo.0],
        )
        .map_err(doing("write what the hall has"))?;
        Ok(())
    }

    /// The hall answered. Nothing more is asked of it before the given time.
    pub(crate) fn hall_answered(&self, now_ms: i64, next_attempt_at_ms: i64) -> Result<(), StoreError> {
        self.run(
            "UPDATE hall SET attempts = 0, next_attempt_at_ms = ?2, fault = NULL, last_contact_at_ms = ?1",
            params![now_ms, next_attempt_at_ms],
        )
        .map_err(doing("write that the hall answered"))?;
        Ok(())
    }

    /// The hall did not answer.
    pub(crate) fn hall_failed(&self, error: SyncError, next_attempt_at_ms: i64) -> Result<(), StoreError> {
        self.run(
            "UPDATE hall SET attempts = attempts + 1, next_attempt_at_ms = ?2, fault = ?1",
            params![word_of(error), next_attempt_at_ms],
        )
        .map_err(doing("write that the hall did not answer"))?;
        Ok(())
    }

    /// The hall is tried now.
    pub(crate) fn make_hall_due(&self) -> Result<(), StoreError> {
        self.run("UPDATE hall SET next_attempt_at_ms = 0", &[]).map_err(doing("make the hall due"))?;
        Ok(())
    }
}
