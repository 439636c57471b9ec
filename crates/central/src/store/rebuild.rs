//! What counting reads, made anew from the statements.

use evidence::StatementId;

use super::statements::note_entry;
use super::{Doing as _, Store, StoreError};
use crate::intake::Admitted;

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
            transaction.execute_batch("DELETE FROM tally; DELETE FROM photo;").doing(DOING)?;
            let mut statements = transaction
                .prepare(
                    "SELECT s.id, s.bytes, d.public_key, s.received_at_ms
                     FROM statement s JOIN device d ON d.id = s.device ORDER BY s.rowid",
                )
                .doing(DOING)?;
            let mut rows = statements.query([]).doing(DOING)?;
            let mut count = 0;
            while let Some(row) = rows.next().doing(DOING)? {
                let unread = || -> rusqlite::Result<(UnreadStatement, i64)> {
                    let id = StatementId(row.get(0)?);
                    Ok((UnreadStatement { id, bytes: row.get(1)?, key: row.get(2)? }, row.get(3)?))
                };
                let (unread, received_at_ms) = unread().doing(DOING)?;
                note_entry(transaction, &read(unread)?, received_at_ms).doing(DOING)?;
                count += 1;
            }
            Ok(count)
        })
    }
}
