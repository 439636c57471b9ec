//! The device's inbox: requests, verdicts and messages of coordinators.

use evidence::{PhotoHash, StatementId};
use protocol::{InboxBody, InboxItem};
use rusqlite::params;

use super::message::ReceivedMessage;
use super::{Store, Write, doing, parsed};
use crate::error::StoreError;
use crate::view::PhotoRequestView;

/// The inbox as far as it was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InboxState {
    /// The cursor of the last item that is stored here.
    pub(crate) cursor: u64,
    /// When the inbox is read again.
    pub(crate) next_attempt_at_ms: i64,
}

impl Store {
    /// How far the inbox was read, and when it is read again.
    pub(crate) fn inbox(&self) -> Result<InboxState, StoreError> {
        self.connection
            .query_row("SELECT cursor, next_attempt_at_ms FROM inbox", [], |row| {
                Ok(InboxState {
                    cursor: row.get("cursor")?,
                    next_attempt_at_ms: row.get("next_attempt_at_ms")?,
                })
            })
            .map_err(doing("read the state of the inbox"))
    }

    /// The requests for photos that no later photo of the page answers, oldest first.
    pub(crate) fn photo_requests(&self) -> Result<Vec<PhotoRequestView>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT s.station, s.contest, s.round, r.page, r.reason, r.asked_at_ms
                 FROM photo_request r JOIN statement s ON s.id = r.tally
                 WHERE NOT EXISTS (SELECT 1 FROM photo p WHERE p.station = s.station AND p.contest = s.contest
                    AND p.round = s.round AND p.page = r.page AND p.id > r.after_photo)
                 ORDER BY r.cursor",
            )
            .and_then(|mut requests| {
                requests
                    .query_map([], |row| {
                        Ok(PhotoRequestView {
                            station: parsed(row, "station")?,
                            contest: parsed(row, "contest")?,
                            round: row.get("round")?,
                            page: row.get("page")?,
                            reason: row.get("reason")?,
                            requested_at_ms: row.get("asked_at_ms")?,
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read the requests for photos"))
    }
}

impl Write<'_> {
    /// Stores new items, each once by its cursor, and how far the inbox was read.
    pub(crate) fn read_inbox(&self, items: &[InboxItem], next_attempt_at_ms: i64) -> Result<(), StoreError> {
        items.iter().try_for_each(|item| self.store_item(item))?;
        let last = items.iter().map(|item| item.cursor).max().unwrap_or(0);
        self.transaction
            .execute(
                "UPDATE inbox SET cursor = max(cursor, ?1), next_attempt_at_ms = ?2",
                params![last, next_attempt_at_ms],
            )
            .map_err(doing("write the state of the inbox"))?;
        Ok(())
    }

    /// Stores one item. An item that is not about this device's records, or cannot be read, is skipped.
    fn store_item(&self, item: &InboxItem) -> Result<(), StoreError> {
        match &item.body {
            InboxBody::PhotoRequest { tally, page, reason } => {
                let Ok(tally) = tally.parse::<StatementId>() else { return Ok(()) };
                self.transaction
                    .execute(
                        "INSERT INTO photo_request (cursor, tally, page, reason, asked_at_ms, after_photo)
                         SELECT ?1, id, ?3, ?4, ?5, (SELECT coalesce(max(id), 0) FROM photo)
                         FROM statement WHERE id = ?2 AND kind = 'tally' ON CONFLICT DO NOTHING",
                        params![item.cursor, tally.0, page, reason, item.at_ms],
                    )
                    .map_err(doing("store the request for a photo"))?;
            }
            InboxBody::Verdict { statement, decision, reason } => {
                let Ok(statement) = statement.parse::<StatementId>() else { return Ok(()) };
                self.transaction
                    .execute(
                        "INSERT INTO verdict (cursor, statement, decision, reason, at_ms)
                         SELECT ?1, id, ?3, ?4, ?5 FROM statement WHERE id = ?2 ON CONFLICT DO NOTHING",
                        params![item.cursor, statement.0, decision.word(), reason, item.at_ms],
                    )
                    .map_err(doing("store a verdict"))?;
            }
            InboxBody::OriginalRequest { original } => {
                if let Ok(original) = original.parse::<PhotoHash>() {
                    self.request_original(original)?;
                }
            }
            InboxBody::Message { message, region, text, by } => self.store_message(&ReceivedMessage {
                cursor: item.cursor,
                at_ms: item.at_ms,
                id: message,
                region: region.as_deref(),
                text,
                sender: by,
            })?,
            InboxBody::MessageWithdrawn { message } => self.withdraw_message(message)?,
            InboxBody::Unknown => {}
        }
        Ok(())
    }

    /// Sets when the inbox is read again.
    pub(crate) fn postpone_inbox(&self, next_attempt_at_ms: i64) -> Result<(), StoreError> {
        self.read_inbox(&[], next_attempt_at_ms)
    }
}
