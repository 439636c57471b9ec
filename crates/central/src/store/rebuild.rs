//! What counting reads, made anew from the statements.

use std::collections::VecDeque;

use evidence::StatementId;
use rusqlite::params;
use tally::{ContestId, RegionCode};

use super::counts::{CountRule, recount};
use super::database::{self, Transaction};
use super::statements::{Said, note_photos, said_in};
use super::{Doing as _, Store, StoreError};
use crate::model::statement::Admitted;

const DOING: &str = "making anew what counting reads";
/// About so many statements are read at once.
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
            transaction.execute("DELETE FROM photo", &[]).doing(DOING)?;
            let count = read_and_note(transaction, &read)?;
            recount(transaction, contests, parts, rule).doing(DOING)?;
            Ok(count)
        })
    }
}

/// A statement's row: what is to be read again, and what is said of it.
type Kept = (UnreadStatement, Said);
/// What it says when it is read again, and what was said of it.
type Again = (Admitted, Said);

/// Reads every statement again and keeps what it says. Most of the time goes into signatures: pages are checked on all cores
/// while this thread, which alone has the transaction, fetches the next and keeps the last.
fn read_and_note<E: From<StoreError> + Send>(
    transaction: &Transaction<'_>,
    read: &(impl Fn(UnreadStatement) -> Result<Admitted, E> + Sync),
) -> Result<u64, E> {
    let at_once = std::thread::available_parallelism().map_or(1, usize::from) + 1;
    let check = |page: Vec<Kept>| -> Result<Vec<Again>, E> {
        page.into_iter().map(|(unread, said)| Ok((read(unread)?, said))).collect()
    };
    std::thread::scope(|scope| {
        let mut checking = VecDeque::new();
        let mut after = String::new();
        let mut count = 0;
        loop {
            let page = page_after(transaction, &after).doing(DOING)?;
            let is_last = page.is_empty();
            if let Some((_, last)) = page.last() {
                after.clone_from(&last.station);
                count += page.len() as u64;
                checking.push_back(scope.spawn(|| check(page)));
            }
            while checking.len() > if is_last { 0 } else { at_once } {
                let Some(oldest) = checking.pop_front() else { break };
                let again = oldest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                note_again(transaction, &again).doing(DOING)?;
            }
            if is_last {
                return Ok(count);
            }
        }
    })
}

/// All statements about the next stations after `after`, by station, so many stations that it is about a page.
fn page_after(transaction: &Transaction<'_>, after: &str) -> database::Result<Vec<Kept>> {
    transaction.rows(
        "SELECT s.id, s.bytes, d.public_key, s.station, s.contest, s.figures, s.faults
         FROM statement s JOIN device d ON d.id = s.device
         WHERE s.station > ?1 AND s.station <= (SELECT max(station) FROM
             (SELECT station FROM statement WHERE station > ?1 ORDER BY station LIMIT ?2) next)
         ORDER BY s.station",
        params![after, PAGE],
        |row| {
            let id = StatementId(row.get(0)?);
            let said = Said {
                station: row.get(3)?,
                contest: row.get(4)?,
                figures: row.get(5)?,
                faults: row.get(6)?,
            };
            Ok((UnreadStatement { id, bytes: row.get(1)?, key: row.get(2)? }, said))
        },
    )
}

fn note_again(transaction: &Transaction<'_>, page: &[Again]) -> database::Result<()> {
    note_photos(transaction, page.iter().map(|(one, _)| one))?;
    for (one, before) in page {
        let says = said_in(one)?;
        if says != *before {
            transaction.execute(
                "UPDATE statement SET station = ?3, contest = ?4, figures = ?5, faults = ?6
                 WHERE id = ?1 AND station = ?2",
                params![one.id.0, before.station, says.station, says.contest, says.figures, says.faults],
            )?;
        }
    }
    Ok(())
}
