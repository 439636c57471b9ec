//! Reports: incidents that are being written, and what was sealed.

use rusqlite::params;
use tally::StationId;

use super::statement::{COLUMNS, read};
use super::{Store, StoredStatement, Write, doing, optional};
use crate::error::StoreError;

/// An incident that is being written, as it is on disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct IncidentDraft {
    /// The category's number in a statement.
    pub(crate) category: Option<u64>,
    pub(crate) text: String,
    pub(crate) on_the_form: bool,
    pub(crate) saved_at_ms: i64,
}

impl Store {
    /// The incident that is being written at `station`.
    pub(crate) fn incident_draft(&self, station: &StationId) -> Result<Option<IncidentDraft>, StoreError> {
        optional(self.connection.query_row(
            "SELECT category, account, on_the_form, saved_at_ms FROM incident_draft WHERE station = ?1",
            [station.to_string()],
            |row| {
                Ok(IncidentDraft {
                    category: row.get("category")?,
                    text: row.get("account")?,
                    on_the_form: row.get("on_the_form")?,
                    saved_at_ms: row.get("saved_at_ms")?,
                })
            },
        ))
        .map_err(doing("read the incident"))
    }

    /// The sealed reports of `station`, newest first.
    pub(crate) fn reports(&self, station: &StationId) -> Result<Vec<StoredStatement>, StoreError> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM statement
                 WHERE station = ?1 AND kind IN ('attendance', 'incident') ORDER BY sequence DESC"
            ))
            .and_then(|mut reports| reports.query_map([station.to_string()], read)?.collect())
            .map_err(doing("read the reports"))
    }
}

impl Write<'_> {
    /// Saves the incident that is being written.
    pub(crate) fn set_incident_draft(
        &self,
        station: &StationId,
        draft: &IncidentDraft,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO incident_draft (station, category, account, on_the_form, saved_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (station) DO UPDATE SET category = excluded.category,
                    account = excluded.account, on_the_form = excluded.on_the_form,
                    saved_at_ms = excluded.saved_at_ms",
                params![
                    station.to_string(),
                    draft.category,
                    draft.text,
                    draft.on_the_form,
                    draft.saved_at_ms
                ],
            )
            .map_err(doing("save the incident"))?;
        Ok(())
    }

    /// Deletes the draft: it was sealed, or the witness discarded it.
    pub(crate) fn delete_incident_draft(&self, station: &StationId) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM incident_draft WHERE station = ?1", [station.to_string()])
            .map_err(doing("delete the incident"))?;
        Ok(())
    }
}
