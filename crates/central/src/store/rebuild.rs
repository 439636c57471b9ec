//! What counting reads, made anew from the statements.

use std::collections::VecDeque;

use evidence::StatementId;
use rusqlite::params;
use tally::{ContestId, RegionCode};

use super::counts::{CountRule, recount};
use super::database::Transaction;
use super::statements::note_entries;
use super::{Doing as _, Store, StoreError};
use crate::intake::Admitted;

const DOING: &str = "making anew what counting reads";
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
    /// Forgets what counting reads and the counts, keeps what `read` makes of each statement, and counts by `rule`. All
    /// or nothing: it stays as it was when one cannot be read. Gives how many statements there are.
    pub fn rebuild<E>(
        &self,
        read: impl Fn(UnreadStatement) -> Result<Admitted, E> + Sync,
        (contests, parts): (&[ContestId], &[RegionCode]),
        rule: CountRule<'_>,
    ) -> Result<u64, E>
    where
        E: From<StoreError> + Send,
    {
        self.write_unless(DOING, |transaction| {
            transaction.execute("DELETE FROM tally", &[]).doing(DOING)?;
            transaction.execute("DELETE FROM photo", &[]).doing(DOING)?;
            let count = read_and_note(transaction, &read)?;
            recount(transaction, contests, parts, rule).doing(DOING)?;
            Ok(count)
        })
    }
}

/// Reads every statement again and keeps what it says. Most of the time goes into signatures: pages are checked on all cores
/// while this thread, which alone has the transaction, fetches the next and keeps the last.
fn read_and_note<E: From<StoreError> + Send>(
    transaction: &Transaction<'_>,
    read: &(impl Fn(UnreadStatement) -> Result<Admitted, E> + Sync),
) -> Result<u64, E> {
    type Page = Vec<(UnreadStatement, i64)>;
    let at_once = std::thread::available_parallelism().map_or(1, usize::from) + 1;
    let check = |page: Page| -> Result<Vec<(Admitted, i64)>, E> {
        page.into_iter().map(|(unread, received_at_ms)| Ok((read(unread)?, received_at_ms))).collect()
    };
    std::thread::scope(|scope| {
        let mut checking = VecDeque::new();
        let mut after: Vec<u8> = Vec::new();
        let mut count = 0;
        loop {
            let page: Page = transaction
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
            let is_last = page.is_empty();
            if let Some((last, _)) = page.last() {
                after = last.id.0.to_vec();
                count += page.len() as u64;
                checking.push_back(scope.spawn(|| check(page)));
            }
            while checking.len() > if is_last { 0 } else { at_once } {
                let Some(oldest) = checking.pop_front() else { break };
                let entries = oldest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                let entries: Vec<(&Admitted, i64)> = entries.iter().map(|(one, at)| (one, *at)).collect();
                note_entries(transaction, &entries).doing(DOING)?;
            }
            if is_last {
                return Ok(count);
            }
        }
    })
}
