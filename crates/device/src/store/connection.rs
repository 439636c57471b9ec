//! The state of the connection to the endpoint.

use rusqlite::params;

use super::{CLOCK_AHEAD, Store, Write, doing, from_word, word_of};
use crate::error::StoreError;
use crate::view::SyncError;

/// The state of the connection.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Connection {
    /// Consecutive exchanges that failed.
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at_ms: i64,
    /// The reason for which the last exchange failed; `None` if it succeeded.
    pub(crate) error: Option<SyncError>,
    pub(crate) last_contact_at_ms: Option<i64>,
}

impl Store {
    pub(crate) fn connection(&self) -> Result<Connection, StoreError> {
        self.connection
            .query_row(
                "SELECT attempts, next_attempt_at_ms, fault, last_contact_at_ms FROM connection",
                [],
                |row| {
                    Ok(Connection {
                        attempts: row.get("attempts")?,
                        next_attempt_at_ms: row.get("next_attempt_at_ms")?,
                        error: row.get::<_, Option<String>>("fault")?.and_then(|word| from_word(&word)),
                        last_contact_at_ms: row.get("last_contact_at_ms")?,
                    })
                },
            )
            .map_err(doing("read the state of the connection"))
    }

    /// How far this device's clock was ahead of the endpoint's when they were last compared, in milliseconds.
    pub(crate) fn clock_ahead_ms(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.setting(CLOCK_AHEAD)?.and_then(|ahead_ms| ahead_ms.parse().ok()))
    }
}

impl Write<'_> {
    /// Makes the connection due now.
    pub(crate) fn make_connection_due(&self) -> Result<(), StoreError> {
        self.run("UPDATE connection SET next_attempt_at_ms = 0", &[])
            .map_err(doing("make the connection due"))?;
        Ok(())
    }

    pub(super) fn connection_succeeded(&self, now_ms: i64) -> Result<(), StoreError> {
        self.run(
            "UPDATE connection SET attempts = 0, next_attempt_at_ms = 0, fault = NULL, last_contact_at_ms = ?1",
            params![now_ms],
        )
        .map_err(doing("write that the endpoint answered"))?;
        Ok(())
    }

    pub(super) fn connection_failed(
        &self,
        error: SyncError,
        attempts: u32,
        next_attempt_at_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE connection SET attempts = ?1, next_attempt_at_ms = ?2, fault = ?3",
            params![attempts, next_attempt_at_ms, word_of(error)],
        )
        .map_err(doing("write that the exchange failed"))?;
        Ok(())
    }
}
