//! Messages of coordinators, and which of them the witness opened.

use protocol::limit;
use rusqlite::params;

use super::{Store, Write, doing};
use crate::error::StoreError;
use crate::view::MessageView;

/// Maximum number of messages that are kept. The oldest go first.
const KEPT_MAX: i64 = 300;
/// Maximum length of an id and of a sender's name, in bytes. The endpoint makes far shorter ones.
const NAME_BYTES_MAX: usize = 200;

/// A message as it came with the inbox.
pub(super) struct ReceivedMessage<'a> {
    pub(super) cursor: u64,
    pub(super) at_ms: i64,
    pub(super) id: &'a str,
    pub(super) region: Option<&'a str>,
    pub(super) text: &'a str,
    pub(super) sender: &'a str,
}

impl Store {
    /// All messages, newest first.
    pub(crate) fn messages(&self) -> Result<Vec<MessageView>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT id, region, text, sender, at_ms, withdrawn, opened_at_ms FROM message
                 ORDER BY cursor DESC",
            )
            .and_then(|mut messages| {
                messages
                    .query_map([], |row| {
                        Ok(MessageView {
                            id: row.get("id")?,
                            region: row.get("region")?,
                            text: row.get("text")?,
                            by: row.get("sender")?,
                            at_ms: row.get("at_ms")?,
                            withdrawn: row.get("withdrawn")?,
                            opened: row.get::<_, Option<i64>>("opened_at_ms")?.is_some(),
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read the messages"))
    }

    /// Messages that were opened and of which the endpoint does not know it yet, oldest first.
    pub(crate) fn opened_messages(&self) -> Result<Vec<String>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT id FROM message WHERE reported = 0 AND opened_at_ms IS NOT NULL ORDER BY cursor LIMIT ?1",
            )
            .and_then(|mut opened| opened.query_map([limit::MESSAGES_READ], |row| row.get("id"))?.collect())
            .map_err(doing("read which messages were opened"))
    }
}

impl Write<'_> {
    /// Stores a message. One that no endpoint of this protocol sends is skipped.
    pub(super) fn store_message(&self, message: &ReceivedMessage<'_>) -> Result<(), StoreError> {
        let ReceivedMessage { cursor, at_ms, id, region, text, sender } = message;
        let is_long =
            [Some(*id), Some(*sender), *region].into_iter().flatten().any(|name| name.len() > NAME_BYTES_MAX);
        if is_long || text.chars().count() > limit::MESSAGE_CHARS {
            return Ok(());
        }
        self.transaction
            .execute(
                "INSERT INTO message (cursor, id, region, text, sender, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO NOTHING",
                params![cursor, id, region, text, sender, at_ms],
            )
            .and_then(|_| {
                self.transaction.execute(
                    "DELETE FROM message WHERE cursor <=
                        (SELECT cursor FROM message ORDER BY cursor DESC LIMIT 1 OFFSET ?1)",
                    [KEPT_MAX],
                )
            })
            .map_err(doing("store a message"))?;
        Ok(())
    }

    /// Marks a message as withdrawn.
    pub(super) fn withdraw_message(&self, id: &str) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE message SET withdrawn = 1 WHERE id = ?1", [id])
            .map_err(doing("withdraw a message"))?;
        Ok(())
    }

    /// Marks a message as opened. Returns `false` if it was before, or does not exist.
    pub(crate) fn open_message(&self, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let changed = self
            .transaction
            .execute(
                "UPDATE message SET opened_at_ms = ?2 WHERE id = ?1 AND opened_at_ms IS NULL",
                params![id, now_ms],
            )
            .map_err(doing("mark a message as opened"))?;
        Ok(changed == 1)
    }

    /// Marks messages of which the endpoint knows that they were opened.
    pub(super) fn reported(&self, ids: &[String]) -> Result<(), StoreError> {
        ids.iter().try_for_each(|id| {
            self.transaction
                .execute("UPDATE message SET reported = 1 WHERE id = ?1", [id])
                .map(drop)
                .map_err(doing("mark a message as reported"))
        })
    }
}
