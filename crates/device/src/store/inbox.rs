//! What the endpoint told this device.

use evidence::{PhotoHash, StatementId};
use protocol::{InboxBody, InboxItem};
use rusqlite::params;

use super::{Store, Write, doing, parsed};
use crate::error::StoreError;
use crate::view::PhotoAskedView;

impl Store {
    /// How far the inbox was read, and when it is read again.
    pub(crate) fn inbox(&self) -> Result<(u64, i64), StoreError> {
        self.connection
            .query_row("SELECT cursor, next_attempt_at_ms FROM inbox", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .map_err(doing("read how far the inbox was read"))
    }

    /// The photos that were asked for and not taken again since, the oldest request first.
    pub(crate) fn photos_asked_for(&self) -> Result<Vec<PhotoAskedView>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT s.station, s.contest, r.page, r.reason, r.asked_at_ms
                 FROM photo_request r JOIN statement s ON s.id = r.tally
                 WHERE NOT EXISTS (SELECT 1 FROM photo p WHERE p.station = s.station AND p.contest = s.contest
                    AND p.page = r.page AND p.id > r.after_photo)
                 ORDER BY r.cursor",
            )
            .and_then(|mut asked| {
                asked
                    .query_map([], |row| {
                        Ok(PhotoAskedView {
                            station: parsed(row, "station")?,
                            contest: parsed(row, "contest")?,
                            page: row.get("page")?,
                            reason: row.get("reason")?,
                            asked_at_ms: row.get("asked_at_ms")?,
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read which photos were asked for"))
    }
}

impl Write<'_> {
    /// Takes items in, and notes how far the inbox was read: each is taken once.
    pub(crate) fn read_inbox(&self, items: &[InboxItem], next_attempt_at_ms: i64) -> Result<(), StoreError> {
        items.iter().try_for_each(|item| self.take_item(item))?;
        let last = items.iter().map(|item| item.cursor).max().unwrap_or(0);
        self.transaction
            .execute(
                "UPDATE inbox SET cursor = max(cursor, ?1), next_attempt_at_ms = ?2",
                params![last, next_attempt_at_ms],
            )
            .map_err(doing("note how far the inbox was read"))?;
        Ok(())
    }

    /// Takes one item in. What is not about anything of this device, or cannot be read, is passed over.
    fn take_item(&self, item: &InboxItem) -> Result<(), StoreError> {
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
                    .map_err(doing("note that a photo was asked for"))?;
            }
            InboxBody::Verdict { statement, decision, reason } => {
                let Ok(statement) = statement.parse::<StatementId>() else { return Ok(()) };
                self.transaction
                    .execute(
                        "INSERT INTO verdict (cursor, statement, decision, reason, at_ms)
                         SELECT ?1, id, ?3, ?4, ?5 FROM statement WHERE id = ?2 ON CONFLICT DO NOTHING",
                        params![item.cursor, statement.0, decision.word(), reason, item.at_ms],
                    )
                    .map_err(doing("note a verdict"))?;
            }
            InboxBody::OriginalRequest { original } => {
                if let Ok(original) = original.parse::<PhotoHash>() {
                    self.want_original(original)?;
                }
            }
            InboxBody::Unknown => {}
        }
        Ok(())
    }

    /// The inbox is read again only then.
    pub(crate) fn postpone_inbox(&self, next_attempt_at_ms: i64) -> Result<(), StoreError> {
        self.read_inbox(&[], next_attempt_at_ms)
    }
}
