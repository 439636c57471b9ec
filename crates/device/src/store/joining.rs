//! An enrolment that the endpoint has not confirmed yet.

use protocol::{InvitationFragment, ProblemCode};
use rusqlite::{Row, params};

use super::{Store, Write, doing, from_word, optional, word_of};
use crate::error::StoreError;
use crate::view::SyncError;

/// An enrolment that waits for the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Joining {
    pub(crate) endpoint: String,
    /// The code and the fingerprint. `None` for a guest of a hall, who waits for an invitation.
    pub(crate) fragment: Option<InvitationFragment>,
    pub(crate) since_ms: i64,
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at_ms: i64,
    /// Why the last attempt failed.
    pub(crate) error: Option<SyncError>,
    /// Why the endpoint refused the invitation, with its own words.
    pub(crate) refusal: Option<(ProblemCode, String)>,
}

impl Store {
    /// The enrolment that waits for the endpoint; `None` if it is confirmed, or there is none.
    pub(crate) fn joining(&self) -> Result<Option<Joining>, StoreError> {
        let joining = self.connection.query_row(
            "SELECT endpoint, fragment, since_ms, attempts, next_attempt_at_ms, fault, refusal_code,
                refusal_detail FROM joining",
            [],
            joining_of,
        );
        optional(joining).map_err(doing("read the enrolment that waits"))
    }
}

fn joining_of(row: &Row<'_>) -> rusqlite::Result<Joining> {
    let fragment: Option<String> = row.get("fragment")?;
    let fault: Option<String> = row.get("fault")?;
    let code: Option<String> = row.get("refusal_code")?;
    let code = code.and_then(|word| from_word(&word));
    Ok(Joining {
        endpoint: row.get("endpoint")?,
        // Only whole fragments are written, so one that cannot be read is as good as none.
        fragment: fragment.and_then(|text| InvitationFragment::parse(&text).ok()),
        since_ms: row.get("since_ms")?,
        attempts: row.get("attempts")?,
        next_attempt_at_ms: row.get("next_attempt_at_ms")?,
        error: fault.and_then(|word| from_word(&word)),
        refusal: code.zip(row.get("refusal_detail")?),
    })
}

impl Write<'_> {
    /// An invitation begins to wait for the endpoint. One that waited before is replaced.
    pub(crate) fn begin_joining(
        &self,
        endpoint: &str,
        fragment: Option<&InvitationFragment>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO joining (only_one, endpoint, fragment, since_ms) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET endpoint = ?1, fragment = coalesce(?2, fragment), attempts = 0,
                next_attempt_at_ms = 0, fault = NULL, refusal_code = NULL, refusal_detail = NULL",
            params![endpoint, fragment.map(ToString::to_string), now_ms],
        )
        .map_err(doing("store the invitation"))?;
        Ok(())
    }

    /// Nothing waits any more.
    pub(crate) fn end_joining(&self) -> Result<(), StoreError> {
        self.run("DELETE FROM joining", &[]).map_err(doing("remove the invitation that waited"))?;
        Ok(())
    }

    /// An attempt failed, or the endpoint refused.
    pub(crate) fn joining_failed(
        &self,
        error: Option<SyncError>,
        refusal: Option<(ProblemCode, &str)>,
        next_attempt_at_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE joining SET attempts = attempts + 1, next_attempt_at_ms = ?1, fault = ?2, refusal_code = ?3,
                refusal_detail = ?4",
            params![
                next_attempt_at_ms,
                error.and_then(word_of),
                refusal.and_then(|(code, _)| word_of(code)),
                refusal.map(|(_, detail)| detail),
            ],
        )
        .map_err(doing("write that joining failed"))?;
        Ok(())
    }

    /// The next attempt is due now.
    pub(crate) fn make_joining_due(&self) -> Result<(), StoreError> {
        self.run("UPDATE joining SET next_attempt_at_ms = 0", &[]).map_err(doing("make joining due"))?;
        Ok(())
    }
}
