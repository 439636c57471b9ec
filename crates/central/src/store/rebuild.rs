//! Rebuilds what counting reads, and the counts, from the statements' signed bytes.

use std::collections::VecDeque;

use evidence::StatementId;
use rusqlite::params;
use tally::{ContestId, RegionCode};

use super::counts::{CountRule, recount};
use super::database::{self, Row, Transaction, Writers, sql};
use super::error::TxError;
use super::statements::{DerivedColumns, derive_columns, store_announced_photos};
use super::{Store, StoreError};
use crate::model::statement::Admitted;

/// Number of statements that are read at once, about.
const PAGE: usize = 2_000;

/// A stored statement whose signature is to be verified again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadStatement {
    /// The id under which it is stored.
    pub id: StatementId,
    pub bytes: Vec<u8>,
    /// The public key of its device.
    pub key: [u8; 32],
}

/// What is counted again.
#[derive(Debug, Clone, Copy)]
pub struct RecountScope<'a> {
    pub contests: &'a [ContestId],
    /// Regions that together contain every station once.
    pub parts: &'a [RegionCode],
}

impl Store {
    /// Deletes what counting reads, derives it again by `verify` from each statement, and counts by `rule`.
    /// All or nothing: nothing changes if one statement fails. Returns the number of statements.
    pub fn rebuild<E>(
        &self,
        verify: impl Fn(UnreadStatement) -> Result<Admitted, E> + Sync,
        scope: RecountScope<'_>,
        rule: CountRule<'_>,
    ) -> Result<u64, E>
    where
        E: From<StoreError> + Send,
    {
        self.write_or_abort(Writers::One, "rebuild the counts", |transaction| {
            // A table of the whole election is deleted and filled, which takes minutes.
            transaction.disable_timeout()?;
            transaction.execute(sql!("DELETE FROM photo"), &[])?;
            let count = derive_all(transaction, &verify)?;
            recount(transaction, scope, rule)?;
            Ok(count)
        })
    }
}

/// A stored statement with the columns that were derived from it.
struct Stored {
    statement: UnreadStatement,
    columns: DerivedColumns,
}

/// A statement that was verified again, with the columns that were derived from it before.
struct Verified {
    statement: Admitted,
    columns_before: DerivedColumns,
}

fn stored(row: &Row<'_>) -> database::Result<Stored> {
    Ok(Stored {
        statement: UnreadStatement {
            id: StatementId(row.get("id")?),
            bytes: row.get("bytes")?,
            key: row.get("public_key")?,
        },
        columns: DerivedColumns {
            station: row.get("station")?,
            contest: row.get("contest")?,
            figures: row.get("figures")?,
            faults: row.get("faults")?,
        },
    })
}

/// Derives the columns of every statement. Signatures take most of the time: threads verify pages on all
/// cores, while this thread, the only one that has the transaction, reads the next page and writes the last.
fn derive_all<E: From<StoreError> + Send>(
    transaction: &Transaction<'_>,
    verify: &(impl Fn(UnreadStatement) -> Result<Admitted, E> + Sync),
) -> Result<u64, TxError<E>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) + 1;
    let verify_page = |page: Vec<Stored>| -> Result<Vec<Verified>, E> {
        page.into_iter()
            .map(|Stored { statement, columns }| {
                Ok(Verified { statement: verify(statement)?, columns_before: columns })
            })
            .collect()
    };
    std::thread::scope(|scope| {
        let mut verifying = VecDeque::new();
        let mut after = String::new();
        let mut count = 0;
        loop {
            let page = page_after(transaction, &after)?;
            let is_last = page.is_empty();
            if let Some(last) = page.last() {
                after.clone_from(&last.columns.station);
                count += page.len() as u64;
                verifying.push_back(scope.spawn(|| verify_page(page)));
            }
            while verifying.len() > if is_last { 0 } else { threads } {
                let Some(oldest) = verifying.pop_front() else { break };
                let page = oldest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                store_again(transaction, &page.map_err(TxError::Aborted)?)?;
            }
            if is_last {
                return Ok(count);
            }
        }
    })
}

/// All statements about the next stations after `after`, by station: as many stations as have about a page of
/// statements.
fn page_after(transaction: &Transaction<'_>, after: &str) -> database::Result<Vec<Stored>> {
    transaction.rows(
        sql!(
            "SELECT s.id, s.bytes, d.public_key, s.station, s.contest, s.figures, s.faults
             FROM statement s JOIN device d ON d.id = s.device
             WHERE s.station > ?1 AND s.station <= (SELECT max(station) FROM
                 (SELECT station FROM statement WHERE station > ?1 ORDER BY station LIMIT ?2) next)
             ORDER BY s.station"
        ),
        params![after, PAGE],
        stored,
    )
}

fn store_again(transaction: &Transaction<'_>, page: &[Verified]) -> database::Result<()> {
    store_announced_photos(transaction, page.iter().map(|verified| &verified.statement))?;
    for Verified { statement, columns_before } in page {
        let columns = derive_columns(statement)?;
        if columns != *columns_before {
            transaction.execute(
                sql!(
                    "UPDATE statement SET station = ?3, contest = ?4, figures = ?5, faults = ?6
                     WHERE id = ?1 AND station = ?2"
                ),
                params![
                    statement.id.0,
                    columns_before.station,
                    columns.station,
                    columns.contest,
                    columns.figures,
                    columns.faults
                ],
            )?;
        }
    }
    Ok(())
}
