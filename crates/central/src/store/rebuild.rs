//! What counting reads, made anew from the statements.

use evidence::StatementId;
use rusqlite::params;
use tally::{ContestId, RegionCode};

use super::counts::{CountRule, recount};
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
                let Some((last, _)) = page.last() else {
                    recount(transaction, contests, parts, rule).doing(DOING)?;
                    return Ok(count);
                };
                after = last.id.0.to_vec();
                count += page.len() as u64;
                let entries = read_all(page, &read)?;
                let entries: Vec<(&Admitted, i64)> = entries.iter().map(|(one, at)| (one, *at)).collect();
                note_entries(transaction, &entries).doing(DOING)?;
            }
        })
    }
}

/// Reads statements on all cores: most of the time goes into their signatures.
fn read_all<E: Send>(
    page: Vec<(UnreadStatement, i64)>,
    read: &(impl Fn(UnreadStatement) -> Result<Admitted, E> + Sync),
) -> Result<Vec<(Admitted, i64)>, E> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = page.len().div_ceil(threads).max(1);
    let mut page = page.into_iter();
    let next_share = || Some(page.by_ref().take(share).collect::<Vec<_>>()).filter(|one| !one.is_empty());
    let shares: Vec<Vec<(UnreadStatement, i64)>> = std::iter::from_fn(next_share).collect();
    let read_share = |share: Vec<(UnreadStatement, i64)>| -> Result<Vec<(Admitted, i64)>, E> {
        share.into_iter().map(|(unread, received_at_ms)| Ok((read(unread)?, received_at_ms))).collect()
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| read_share(share))).collect();
        let mut all = Vec::new();
        for thread in running {
            match thread.join() {
                Ok(entries) => all.append(&mut entries?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(all)
    })
}
