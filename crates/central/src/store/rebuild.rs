//! Rebuilds what counting reads, and the counts, from the statements' signed bytes.

use std::collections::VecDeque;

use evidence::StatementId;
use rusqlite::params;
use tally::{ContestId, RegionCode};

use super::counts::{CountRule, recount};
use super::database::{self, Insert, OnConflict, Row, Transaction, Writers, sql};
use super::error::TxError;
use super::reports::{ReceivedReport, store_reports};
use super::statements::{DerivedColumns, derive_columns, store_announced_photos};
use super::{Store, StoreError, chains, device_usage};
use crate::model::statement::Admitted;

/// Number of statements that are read at once, about.
const PAGE: usize = 2_000;

/// A stored statement whose signature is to be verified again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadStatement {
    /// The id under which it is stored.
    pub id: StatementId,
    pub bytes: Vec<u8>,
    /// The station under which it is stored.
    pub station: String,
    /// The public key of its device.
    pub key: [u8; 32],
}

/// A stored statement that was read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadAgain {
    Placed(Admitted),
    /// Its bytes are those that were stored, and the present package has no place for them.
    Unplaced(UnplacedStatement),
}

/// A statement that is kept and not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnplacedStatement {
    pub id: StatementId,
    /// The station under which it is stored.
    pub station: String,
    pub reason: String,
}

/// What a rebuild read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    pub statements: u64,
    /// Number of those that are kept and not counted.
    pub unplaced: u64,
}

const UNPLACED: Insert<3> = Insert {
    table: "unplaced",
    columns: [("statement", "bytea"), ("station", "text"), ("reason", "text")],
    on_conflict: OnConflict::Fail,
};

/// What is counted again: regions that together contain every station once.
#[derive(Debug, Clone, Copy)]
pub struct RecountScope<'a>(pub &'a [RecountPart]);

/// A region that is counted again.
#[derive(Debug, Clone)]
pub struct RecountPart {
    pub region: RegionCode,
    /// The contests that are voted in it.
    pub contests: Vec<ContestId>,
}

impl Store {
    /// Deletes what counting reads, derives it again by `verify` from each statement, and counts by `rule`.
    /// All or nothing: nothing changes if one statement fails.
    pub fn rebuild<E>(
        &self,
        verify: impl Fn(UnreadStatement) -> Result<ReadAgain, E> + Sync,
        scope: RecountScope<'_>,
        rule: CountRule<'_>,
    ) -> Result<Rebuilt, E>
    where
        E: From<StoreError> + Send,
    {
        self.write_or_abort(Writers::One, "rebuild the counts", |transaction| {
            // A table of the whole election is deleted and filled, which takes minutes.
            transaction.disable_timeout()?;
            let clear_tables = [
                sql!("DELETE FROM photo"),
                sql!("DELETE FROM unplaced"),
                sql!("DELETE FROM rebuild_due"),
                sql!("DELETE FROM attendance"),
            ];
            clear_tables.into_iter().try_for_each(|clear| transaction.execute(clear, &[]).map(drop))?;
            let rebuilt = derive_all(transaction, &verify)?;
            device_usage::count_again(transaction)?;
            chains::count_again(transaction)?;
            recount(transaction, scope, rule)?;
            Ok(rebuilt)
        })
    }

    /// Whether a new package has left statements without a place, or given them one, since the last rebuild.
    pub fn is_rebuild_due(&self) -> Result<bool, StoreError> {
        self.query("read whether the counts must be rebuilt", |transaction| {
            let due: Option<i64> =
                transaction.row(sql!("SELECT one FROM rebuild_due"), &[], |row| row.get("one"))?;
            Ok(due.is_some())
        })
    }

    /// The first statements that are kept and not counted, by station.
    pub fn unplaced(&self, most: usize) -> Result<Vec<UnplacedStatement>, StoreError> {
        self.query("read statements without a place", |transaction| {
            transaction.rows(
                sql!("SELECT statement, station, reason FROM unplaced ORDER BY station, statement LIMIT ?1"),
                params![most],
                |row| {
                    Ok(UnplacedStatement {
                        id: StatementId(row.get("statement")?),
                        station: row.get("station")?,
                        reason: row.get("reason")?,
                    })
                },
            )
        })
    }
}

/// A stored statement with the columns that were derived from it.
struct Stored {
    statement: UnreadStatement,
    columns: DerivedColumns,
    arrival: Arrival,
}

/// How a statement arrived.
#[derive(Clone, Copy)]
struct Arrival {
    received_at_ms: i64,
    quarantined: bool,
}

/// A statement that was verified again, with the columns that were derived from it before.
struct Verified {
    statement: ReadAgain,
    columns_before: DerivedColumns,
    arrival: Arrival,
}

fn stored(row: &Row<'_>) -> database::Result<Stored> {
    Ok(Stored {
        statement: UnreadStatement {
            id: StatementId(row.get("id")?),
            bytes: row.get("bytes")?,
            station: row.get("station")?,
            key: row.get("public_key")?,
        },
        columns: DerivedColumns {
            station: row.get("station")?,
            contest: row.get("contest")?,
            figures: row.get("figures")?,
            faults: row.get("faults")?,
            round: row.get("round")?,
        },
        arrival: Arrival { received_at_ms: row.get("received_at_ms")?, quarantined: row.get("quarantined")? },
    })
}

/// Derives the columns of every statement. Signatures take most of the time: threads verify pages on all
/// cores, while this thread, the only one that has the transaction, reads the next page and writes the last.
fn derive_all<E: From<StoreError> + Send>(
    transaction: &Transaction<'_>,
    verify: &(impl Fn(UnreadStatement) -> Result<ReadAgain, E> + Sync),
) -> Result<Rebuilt, TxError<E>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) + 1;
    let verify_page = |page: Vec<Stored>| -> Result<Vec<Verified>, E> {
        page.into_iter()
            .map(|Stored { statement, columns, arrival }| {
                Ok(Verified { statement: verify(statement)?, columns_before: columns, arrival })
            })
            .collect()
    };
    std::thread::scope(|scope| {
        let mut verifying = VecDeque::new();
        let mut after = String::new();
        let mut rebuilt = Rebuilt::default();
        loop {
            let page = page_after(transaction, &after)?;
            let is_last = page.is_empty();
            if let Some(last) = page.last() {
                after.clone_from(&last.columns.station);
                rebuilt.statements += page.len() as u64;
                verifying.push_back(scope.spawn(|| verify_page(page)));
            }
            while verifying.len() > if is_last { 0 } else { threads } {
                let Some(oldest) = verifying.pop_front() else { break };
                let page = oldest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                rebuilt.unplaced += store_again(transaction, page.map_err(TxError::Aborted)?)?;
            }
            if is_last {
                return Ok(rebuilt);
            }
        }
    })
}

/// All statements about the next stations after `after`, by station: as many stations as have about a page of
/// statements. States of the audit are about no station.
fn page_after(transaction: &Transaction<'_>, after: &str) -> database::Result<Vec<Stored>> {
    transaction.rows(
        sql!(
            "SELECT s.id, s.bytes, d.public_key, s.station, s.contest, s.figures, s.faults, s.round,
                 s.received_at_ms, s.quarantined
             FROM statement s JOIN device d ON d.id = s.device
             WHERE s.station > ?1 AND s.station <= (SELECT max(station) FROM
                 (SELECT station FROM statement WHERE station > ?1 AND station < '~'
                  ORDER BY station LIMIT ?2) next)
             ORDER BY s.station"
        ),
        params![after, PAGE],
        stored,
    )
}

/// Stores what was derived. Gives the number of statements that have no place.
fn store_again(transaction: &Transaction<'_>, page: Vec<Verified>) -> database::Result<u64> {
    let (mut placed, mut unplaced) = (Vec::new(), Vec::new());
    for Verified { statement, columns_before, arrival } in page {
        match statement {
            ReadAgain::Placed(statement) => placed.push((statement, columns_before, arrival)),
            ReadAgain::Unplaced(statement) => unplaced.push((statement, columns_before)),
        }
    }
    store_announced_photos(transaction, placed.iter().map(|(statement, ..)| statement))?;
    let reports = placed.iter().filter(|(.., arrival)| !arrival.quarantined);
    store_reports(
        transaction,
        reports.map(|(statement, _, Arrival { received_at_ms, .. })| ReceivedReport {
            statement,
            received_at_ms: *received_at_ms,
        }),
    )?;
    for (statement, before, _) in &placed {
        update_columns(transaction, statement.id, before, &derive_columns(statement)?)?;
    }
    for (statement, before) in &unplaced {
        // Without a contest it is no tally, and never counted.
        let station = before.station.clone();
        let uncounted = DerivedColumns { station, ..DerivedColumns::of_no_tally() };
        update_columns(transaction, statement.id, before, &uncounted)?;
    }
    transaction.insert_all(&UNPLACED, &unplaced, |(statement, _)| {
        [&statement.id.0, &statement.station, &statement.reason]
    })?;
    Ok(unplaced.len() as u64)
}

/// Changes the derived columns of a statement, if they differ from those before.
fn update_columns(
    transaction: &Transaction<'_>,
    id: StatementId,
    before: &DerivedColumns,
    columns: &DerivedColumns,
) -> database::Result<()> {
    if columns == before {
        return Ok(());
    }
    transaction.execute(
        sql!(
            "UPDATE statement SET station = ?3, contest = ?4, figures = ?5, faults = ?6, round = ?7
             WHERE id = ?1 AND station = ?2"
        ),
        params![
            id.0,
            before.station,
            columns.station,
            columns.contest,
            columns.figures,
            columns.faults,
            columns.round
        ],
    )?;
    Ok(())
}
