//! What this device would leave behind with an election.

use super::{Store, Write, doing};
use crate::error::StoreError;

/// The setting that holds how many records were exported into a file.
const EXPORTED: &str = "exported_records";
/// The setting by which the election that was chosen last is known: the highest number.
const CHOSEN: &str = "chosen";

/// What would be left behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LeavingCount {
    /// Own and carried records without a verified receipt, and photos that have not arrived.
    pub(crate) unproved: u32,
    /// Drafts with figures, descriptions of incidents, and photos that were not sealed.
    pub(crate) drafts: u32,
    /// Own and carried records.
    pub(crate) records: u64,
}

impl Store {
    /// What would be left behind.
    pub(crate) fn leaving_count(&self) -> Result<LeavingCount, StoreError> {
        self.connection
            .query_row(
                "SELECT (SELECT count(*) FROM statement WHERE state IN ('sealed', 'accepted', 'refused'))
                    + (SELECT count(*) FROM carried_statement WHERE state <> 'proved')
                    + (SELECT count(*) FROM outbox WHERE item = 'photo') AS unproved,
                    (SELECT count(*) FROM draft d WHERE EXISTS (
                        SELECT 1 FROM draft_figure f WHERE f.station = d.station AND f.contest = d.contest
                            AND f.round = d.round))
                    + (SELECT count(*) FROM incident_draft)
                    + (SELECT count(*) FROM photo WHERE statement IS NULL) AS drafts,
                    (SELECT count(*) FROM statement) + (SELECT count(*) FROM carried_statement) AS records",
                [],
                |row| {
                    Ok(LeavingCount {
                        unproved: row.get("unproved")?,
                        drafts: row.get("drafts")?,
                        records: row.get("records")?,
                    })
                },
            )
            .map_err(doing("count what is not proved yet"))
    }

    /// The number of records that were in the last file.
    pub(crate) fn exported_records(&self) -> Result<u64, StoreError> {
        Ok(self.setting(EXPORTED)?.and_then(|number| number.parse().ok()).unwrap_or(0))
    }

    /// How late this election was chosen, compared with the others.
    pub(crate) fn chosen(&self) -> Result<u64, StoreError> {
        Ok(self.setting(CHOSEN)?.and_then(|number| number.parse().ok()).unwrap_or(0))
    }
}

impl Write<'_> {
    /// Everything up to this number of records is in a file.
    pub(crate) fn set_exported_records(&self, records: u64) -> Result<(), StoreError> {
        self.set_setting(EXPORTED, &records.to_string())
    }

    /// This election is chosen; see [`Store::chosen`].
    pub(crate) fn set_chosen(&self, number: u64) -> Result<(), StoreError> {
        self.set_setting(CHOSEN, &number.to_string())
    }
}
