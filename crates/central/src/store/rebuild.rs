//! What counting reads, made anew from the statements.

use evidence::StatementId;
use rusqlite::params;

use super::statements::note_entries;
use super::{Doing as _, Store, StoreError};
use crate::intake::Admitted;

/// Statements that are read at once.
const PAGE: usize = 2_000;

/// A kept statement that is to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadStatement {
    /// The name under which it is kept.
    pub id: StatementId,
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
    /// The public key of its device.
    pub key: [u8; 32],
}

impl Store {
    /// Forgets what counting reads, and keeps what `read` makes of each statement. All or nothing: it stays as it was
    /// when one cannot be read. Gives how many statements there are.
    pub fn rebuild<E: From<StoreError>>(
        &self,
        mut read: impl FnMut(UnreadStatement) -> Result<Admitted, E>,
    ) -> Result<u64, E> {
        const DOING: &str = "making anew what counting reads";
        self.write_unless(DOING, |transaction| {
            transaction.execute("DELETE FROM tally", &[]).doing(DOING)?;
            transaction.execute("DELETE FROM photo", &[]).doing(DOING)?;
            let mut after: Vec<u8> = Vec::new();
            let mut count = 0;
            loop {
                let page = transaction
                    .rows(
                        "SELECT s.id, s.bytes, d.public_key, s.received_at_ms
                         FROM statement s JOIN device d ON d.id = s.device
                         WHERE s.id > ?1 ORDER BY s.id LIMIT ?2",
                        params![after, PAGE],
                        |row| {
                            let id = StatementId(row.get(0)?);
                            Ok((UnreadStatement { id, bytes: row.get(1)?, key: row.get(2)? }, row.get(3)?))
                        },
                    )
                    .doing(DOING)?;
                let Some((last, _)) = page.last() else { return Ok(count) };
                after = last.id.0.to_vec();
                count += page.len() as u64;
                let entries: Vec<(Admitted, i64)> = page
                    .into_iter()
                    .map(|(unread, received_at_ms)| Ok((read(unread)?, received_at_ms)))
                    .collect::<Result<_, E>>()?;
                let entries: Vec<(&Admitted, i64)> = entries.iter().map(|(one, at)| (one, *at)).collect();
                note_entries(transaction, &entries).doing(DOING)?;
            }
        })
    }
}
