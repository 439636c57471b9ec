//! Statements: ingested once, stored as they were signed.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PublicKey, StatementId};
use protocol::limit;
use rusqlite::params;
use tally::{FIRST_ROUND, StationId};

use super::counts::COUNT_WAITING;
use super::database::{self, Insert, OnConflict, Row, Sql, Transaction, json_of, sql, unreadable};
use super::reports::{self, ReceivedReport};
use super::{Store, StoreError, chains, device_usage, verdicts};
use crate::model::statement::{Admitted, Entry};
use crate::model::verdict::Ruling;

/// The outcome of ingesting a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    pub device: DeviceId,
    /// The time of its first arrival.
    pub received_at_ms: i64,
    pub was_stored_before: bool,
    /// The missing sequence numbers below the highest of its device, lowest first, as many as fit an answer.
    pub missing: Vec<u64>,
    /// Whether the device signed another statement under the same sequence number.
    pub forks: bool,
    /// Whether it is above the quota of its device, and was not stored.
    pub is_above_quota: bool,
}

/// A statement as it is stored.
#[derive(Debug, Clone)]
pub struct StoredStatement {
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
    /// The key with which its device enrolled.
    pub key: PublicKey,
    pub received_at_ms: i64,
    /// Whether the device signed another statement under the same sequence number.
    pub forks: bool,
    /// Whether it arrived after its device was revoked. It never counts then.
    pub quarantined: bool,
    /// Its index in the log, from 0; `None` until it is in the log.
    pub log_index: Option<u64>,
}

/// What counting needs of a tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTally {
    pub station: StationId,
    pub device: DeviceId,
    pub sequence: u64,
    /// The round that was counted.
    pub round: u8,
    /// Whether the device was assigned to the station and contest when the tally arrived, or is now.
    pub assigned: bool,
    /// The latest verdict on this tally.
    pub verdict: Option<Ruling>,
    /// The figures in the paper's order.
    pub figures: Vec<Option<i64>>,
    /// Number of faults that the checks found.
    pub faults: u32,
    pub received_at_ms: i64,
}

const STATEMENT: Insert<11> = Insert {
    table: "statement",
    columns: [
        ("id", "bytea"),
        ("device", "bytea"),
        ("sequence", "bigint"),
        ("station", "text"),
        ("bytes", "bytea"),
        ("received_at_ms", "bigint"),
        ("quarantined", "boolean"),
        ("contest", "text"),
        ("figures", "text"),
        ("faults", "bigint"),
        ("round", "bigint"),
    ],
    on_conflict: OnConflict::Keep,
};
const LOG_WAITING: Insert<2> = Insert {
    table: "log_waiting",
    columns: [("statement", "bytea"), ("station", "text")],
    on_conflict: OnConflict::Fail,
};
const PHOTO: Insert<8> = Insert {
    table: "photo",
    columns: [
        ("statement", "bytea"),
        ("tally", "bytea"),
        ("device", "bytea"),
        ("station", "text"),
        ("page", "bigint"),
        ("derivative", "bytea"),
        ("derivative_bytes", "bigint"),
        ("readings", "text"),
    ],
    on_conflict: OnConflict::Keep,
};

/// The condition on statement `s` to have the id ?1. PostgreSQL partitions statements by station: the tables
/// of the log, one of which has every statement, tell the station.
const HAS_ID: &str = "s.id = ?1 AND s.station IN (SELECT station FROM log_leaf WHERE statement = ?1
    UNION SELECT station FROM log_waiting WHERE statement = ?1)";

/// The tallies of contest ?1 at stations from ?2 on and before ?3, by station, then oldest first.
pub(super) const TALLIES: Sql = sql!(
    "SELECT t.station, t.device, t.sequence, t.round, t.figures, t.faults, t.received_at_ms,
        EXISTS (SELECT 1 FROM assignment a
            WHERE a.device = t.device AND a.station = t.station AND a.contest = t.contest
            AND (a.ended_at_ms IS NULL OR t.received_at_ms < a.ended_at_ms)) AS assigned,
        v.decision, v.number
    FROM statement t
    LEFT JOIN verdict v ON v.number = (SELECT max(last.number) FROM verdict last WHERE last.statement = t.id)
    WHERE NOT t.quarantined AND t.contest = ?1 AND t.station >= ?2 AND t.station < ?3
    ORDER BY t.station, t.received_at_ms, t.device, t.sequence, t.id"
);

pub(super) fn counted_tally(row: &Row<'_>) -> database::Result<CountedTally> {
    Ok(CountedTally {
        station: row.parsed("station")?,
        device: DeviceId(row.get("device")?),
        sequence: row.get("sequence")?,
        round: row.get("round")?,
        figures: row.json("figures")?,
        faults: row.get("faults")?,
        received_at_ms: row.get("received_at_ms")?,
        assigned: row.get("assigned")?,
        verdict: verdicts::ruling(row)?,
    })
}

impl Store {
    /// The arrival times of those of these statements that are stored.
    pub fn already_stored(&self, ids: &[StatementId]) -> Result<BTreeMap<StatementId, i64>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.query("look for statements", |transaction| {
            let received = transaction.row_each(
                sql!("SELECT s.received_at_ms FROM statement s WHERE ", HAS_ID),
                ids,
                |id| [&id.0],
                |row| row.get("received_at_ms"),
            )?;
            Ok(ids.iter().zip(received).filter_map(|(id, at)| Some((*id, at?))).collect())
        })
    }

    /// The bytes of these devices' keys; `None` for a device that has not enrolled.
    pub fn keys_of(&self, devices: &[DeviceId]) -> Result<Vec<Option<[u8; 32]>>, StoreError> {
        self.query("read devices' keys", |transaction| {
            transaction.row_each(
                sql!("SELECT public_key FROM device d WHERE id = ?1", IS_NO_REVIEWER),
                devices,
                |id| [&id.0],
                |row| row.get("public_key"),
            )
        })
    }

    /// Number of stored statements.
    pub fn statement_count(&self) -> Result<u64, StoreError> {
        self.query("count the statements", |transaction| {
            let count = transaction
                .row(sql!("SELECT count(*) AS count FROM statement"), &[], |row| row.get("count"))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// Ingests statements, all or none. A statement that is stored stays as it is.
    pub fn ingest(&self, statements: &[Admitted], now_ms: i64) -> Result<Vec<Ingested>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.write_beside_others("ingest statements", |transaction| ingest(transaction, statements, now_ms))
    }

    /// The statements about a station, oldest first.
    pub fn statements_about(&self, station: &StationId) -> Result<Vec<StoredStatement>, StoreError> {
        self.query("read a station's statements", |transaction| statements_about(transaction, station))
    }

    /// A statement with this id, if it is about this station.
    pub fn statement_at(
        &self,
        station: &StationId,
        id: StatementId,
    ) -> Result<Option<StoredStatement>, StoreError> {
        self.query("read a statement", |transaction| {
            transaction.row(
                sql!(STORED, " AND s.id = ?2"),
                params![station.to_string(), id.0],
                stored_statement,
            )
        })
    }

    /// A statement's bytes, and its station. States of the audit have none, and are not found.
    pub fn statement(&self, id: StatementId) -> Result<Option<(StationId, Vec<u8>)>, StoreError> {
        self.query("read a statement", |transaction| {
            transaction.row(
                sql!("SELECT s.station, s.bytes FROM statement s WHERE ", HAS_ID, " AND s.station < '~'"),
                params![id.0],
                |row| Ok((row.parsed("station")?, row.get("bytes")?)),
            )
        })
    }
}

/// The condition on device `d` to be no key with which a coordinator signs: it is no device of a witness.
pub(super) const IS_NO_REVIEWER: &str = " AND NOT EXISTS (SELECT 1 FROM review_key r WHERE r.device = d.id)";

/// The columns of a [`StoredStatement`]. A condition on statements and [`OLDEST_FIRST`] follow.
const STORED: &str = "SELECT s.bytes, d.public_key, s.received_at_ms,
        EXISTS (SELECT 1 FROM statement o
            WHERE o.device = s.device AND o.sequence = s.sequence AND o.id <> s.id) AS forks,
        s.quarantined, l.position
    FROM statement s JOIN device d ON d.id = s.device
    LEFT JOIN log_leaf l ON l.statement = s.id
    WHERE s.station = ?1";
const OLDEST_FIRST: &str = " ORDER BY s.received_at_ms, s.device, s.sequence, s.id";

fn stored_statement(row: &Row<'_>) -> database::Result<StoredStatement> {
    let key: [u8; 32] = row.get("public_key")?;
    Ok(StoredStatement {
        bytes: row.get("bytes")?,
        key: PublicKey::from_bytes(&key).map_err(|error| unreadable("public_key", error))?,
        received_at_ms: row.get("received_at_ms")?,
        forks: row.get("forks")?,
        quarantined: row.get("quarantined")?,
        log_index: row.get("position")?,
    })
}

fn statements_about(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<Vec<StoredStatement>> {
    transaction.rows(sql!(STORED, OLDEST_FIRST), params![station.to_string()], stored_statement)
}

/// At most `most` statements about a station, oldest first. Those of assigned devices are chosen first, then
/// the latest of each device and contest in turn: no device can crowd out another one, nor its own tallies
/// with reports.
pub(super) fn chosen_statements_about(
    transaction: &Transaction<'_>,
    station: &StationId,
    most: usize,
) -> database::Result<Vec<StoredStatement>> {
    transaction.rows(
        sql!(
            STORED,
            " AND s.id IN (SELECT id FROM (SELECT c.id,
                    EXISTS (SELECT 1 FROM assignment a
                        WHERE a.device = c.device AND a.station = c.station) AS assigned,
                    row_number() OVER (PARTITION BY c.device, c.contest ORDER BY c.sequence DESC, c.id) AS turn
                    FROM statement c WHERE c.station = ?1
                        AND c.device NOT IN (SELECT device FROM review_key)) candidate
                ORDER BY assigned DESC, turn, id LIMIT ?2)",
            OLDEST_FIRST
        ),
        params![station.to_string(), most],
        stored_statement,
    )
}

/// The statements in which verdicts about a station were signed.
pub(super) fn signed_verdicts_about(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<Vec<StoredStatement>> {
    transaction.rows(
        sql!(STORED, " AND s.device IN (SELECT device FROM review_key)", OLDEST_FIRST),
        params![station.to_string()],
        stored_statement,
    )
}

/// Number of statements about a station, but for those of coordinators.
pub(super) fn statement_count_about(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<u64> {
    let count = transaction.row(
        sql!(
            "SELECT count(*) AS count FROM statement
             WHERE station = ?1 AND device NOT IN (SELECT device FROM review_key)"
        ),
        params![station.to_string()],
        |row| row.get("count"),
    )?;
    Ok(count.unwrap_or(0))
}

/// A statement with its derived columns.
#[derive(Clone, Copy)]
pub(super) struct NewStatement<'a> {
    pub(super) statement: &'a Admitted,
    pub(super) columns: &'a DerivedColumns,
}

fn ingest(
    transaction: &Transaction<'_>,
    statements: &[Admitted],
    now_ms: i64,
) -> database::Result<Vec<Ingested>> {
    let devices: BTreeSet<DeviceId> = statements.iter().map(|statement| statement.device).collect();
    let devices: Vec<DeviceId> = devices.into_iter().collect();
    let columns: Vec<DerivedColumns> =
        statements.iter().map(derive_columns).collect::<database::Result<_>>()?;
    let rows: Vec<NewStatement<'_>> = statements
        .iter()
        .zip(&columns)
        .map(|(statement, columns)| NewStatement { statement, columns })
        .collect();
    let above_quota = device_usage::above_quota(transaction, &rows)?;
    let within: Vec<NewStatement<'_>> =
        rows.iter().zip(&above_quota).filter(|(_, above)| !**above).map(|(row, _)| *row).collect();
    let revoked = revoked_of(transaction, &devices)?;
    let mut inserted = insert_statements(transaction, &within, &revoked, now_ms)?.into_iter();
    let added: Vec<bool> =
        above_quota.iter().map(|above| !above && inserted.next().unwrap_or(false)).collect();
    let added_rows: Vec<NewStatement<'_>> =
        rows.iter().zip(&added).filter(|(_, added)| **added).map(|(row, _)| *row).collect();
    transaction.insert_all(&LOG_WAITING, &added_rows, |row| [&row.statement.id.0, &row.columns.station])?;
    store_announced_photos(transaction, added_rows.iter().map(|row| row.statement))?;
    let is_revoked = |device: &DeviceId| revoked.contains(device);
    let reports = added_rows.iter().filter(|row| !is_revoked(&row.statement.device));
    reports::store_reports(
        transaction,
        reports.map(|row| ReceivedReport { statement: row.statement, received_at_ms: now_ms }),
    )?;
    device_usage::count(transaction, &added_rows, is_revoked)?;
    let stored_under = chains::stored_under(transaction, statements)?;
    chains::count(transaction, &added_rows, &stored_under, is_revoked, now_ms)?;
    queue_counts(transaction, &added_rows)?;

    let known: Vec<NewStatement<'_>> =
        rows.iter().zip(&added).filter(|(_, added)| !**added).map(|(row, _)| *row).collect();
    let first_received = first_received(transaction, &known)?;
    let missing = chains::missing(transaction, &devices, limit::STATEMENTS_PER_PUSH)?;
    let missing: BTreeMap<DeviceId, Vec<u64>> = devices.into_iter().zip(missing).collect();
    let outcome = |((statement, added), is_above_quota): ((&Admitted, bool), bool)| Ingested {
        device: statement.device,
        received_at_ms: first_received.get(&statement.id).copied().unwrap_or(now_ms),
        was_stored_before: !added && !is_above_quota,
        is_above_quota,
        missing: missing.get(&statement.device).cloned().unwrap_or_default(),
        forks: stored_under.get(&(statement.device, statement.sequence)).is_some_and(|count| *count > 1),
    };
    Ok(statements.iter().zip(added).zip(above_quota).map(outcome).collect())
}

/// Stores a statement of a key that signs decisions, which has no quota.
pub(super) fn store_decision(
    transaction: &Transaction<'_>,
    statement: &Admitted,
    now_ms: i64,
) -> database::Result<()> {
    let columns = derive_columns(statement)?;
    let rows = [NewStatement { statement, columns: &columns }];
    insert_statements(transaction, &rows, &BTreeSet::new(), now_ms)?;
    transaction.insert_all(&LOG_WAITING, &rows, |row| [&row.statement.id.0, &row.columns.station])?;
    device_usage::count(transaction, &rows, |_| false)?;
    let stored_under = chains::stored_under(transaction, std::slice::from_ref(statement))?;
    chains::count(transaction, &rows, &stored_under, |_| false, now_ms)?;
    queue_counts(transaction, &rows)
}

/// Those of the devices that are revoked.
fn revoked_of(transaction: &Transaction<'_>, devices: &[DeviceId]) -> database::Result<BTreeSet<DeviceId>> {
    let revoked: Vec<Option<bool>> = transaction.row_each(
        sql!("SELECT revoked_at_ms IS NOT NULL AS revoked FROM device WHERE id = ?1"),
        devices,
        |id| [&id.0],
        |row| row.get("revoked"),
    )?;
    Ok(devices.iter().zip(revoked).filter(|(_, is)| *is == Some(true)).map(|(id, _)| *id).collect())
}

/// Inserts the statements. Returns for each whether it was added.
fn insert_statements(
    transaction: &Transaction<'_>,
    rows: &[NewStatement<'_>],
    revoked: &BTreeSet<DeviceId>,
    now_ms: i64,
) -> database::Result<Vec<bool>> {
    // What a revoked device signed is stored and logged, and never counts.
    let quarantined = |device| if revoked.contains(device) { &true } else { &false };
    transaction.insert_all(&STATEMENT, rows, |NewStatement { statement, columns }| {
        [
            &statement.id.0,
            &statement.device.0,
            &statement.sequence,
            &columns.station,
            &statement.bytes,
            &now_ms,
            quarantined(&statement.device),
            &columns.contest,
            &columns.figures,
            &columns.faults,
            &columns.round,
        ]
    })
}

/// The first arrival of statements that are stored.
fn first_received(
    transaction: &Transaction<'_>,
    statements: &[NewStatement<'_>],
) -> database::Result<BTreeMap<StatementId, i64>> {
    let received = transaction.row_each(
        sql!("SELECT received_at_ms FROM statement WHERE id = ?1 AND station = ?2"),
        statements,
        |row| [&row.statement.id.0, &row.columns.station],
        |row| row.get("received_at_ms"),
    )?;
    Ok(statements.iter().zip(received).filter_map(|(row, at)| Some((row.statement.id, at?))).collect())
}

/// The columns of a statement's row that are derived from its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DerivedColumns {
    pub(super) station: String,
    /// Empty if the statement is no tally.
    pub(super) contest: String,
    /// JSON.
    pub(super) figures: Option<String>,
    pub(super) faults: Option<u32>,
    /// The first round if the statement is no tally.
    pub(super) round: u8,
}

impl DerivedColumns {
    /// The columns of a statement that is no tally, but for its station.
    pub(super) fn of_no_tally() -> Self {
        Self {
            station: String::new(),
            contest: String::new(),
            figures: None,
            faults: None,
            round: FIRST_ROUND,
        }
    }
}

pub(super) fn derive_columns(statement: &Admitted) -> database::Result<DerivedColumns> {
    let station = statement.station.to_string();
    Ok(match &statement.entry {
        Entry::Tally { contest, round, figures, faults } => DerivedColumns {
            station,
            contest: contest.to_string(),
            figures: Some(json_of(figures)?),
            faults: Some(*faults),
            round: *round,
        },
        Entry::Photo { .. }
        | Entry::Attendance { .. }
        | Entry::Incident { .. }
        | Entry::Report
        | Entry::Verdict { .. } => DerivedColumns { station, ..DerivedColumns::of_no_tally() },
    })
}

/// A station whose count of a contest must be made again.
struct CountKey {
    contest: String,
    station: String,
}

/// Queues the counts that these statements change.
fn queue_counts(transaction: &Transaction<'_>, statements: &[NewStatement<'_>]) -> database::Result<()> {
    let mut keys: Vec<CountKey> = Vec::new();
    let mut photos = Vec::new();
    for NewStatement { statement, columns } in statements {
        match &statement.entry {
            Entry::Tally { .. } => {
                keys.push(CountKey { contest: columns.contest.clone(), station: columns.station.clone() });
            }
            Entry::Photo { tally, derivative, .. } => photos.push((tally, derivative, &columns.station)),
            Entry::Attendance { .. } | Entry::Incident { .. } | Entry::Report | Entry::Verdict { .. } => {}
        }
    }
    // A photo counts when it is complete, which may be before its statement arrives.
    let complete = transaction.row_each(
        sql!(
            "SELECT t.contest, t.station FROM statement t
             WHERE t.id = ?1 AND t.station = ?3 AND t.contest <> ''
             AND EXISTS (SELECT 1 FROM photo_end e WHERE e.derivative = ?2)"
        ),
        photos,
        |(tally, derivative, station)| [&tally.0, &derivative.0, station],
        |row| Ok(CountKey { contest: row.get("contest")?, station: row.get("station")? }),
    )?;
    keys.extend(complete.into_iter().flatten());
    transaction.insert_all(&COUNT_WAITING, &keys, |key| [&key.contest, &key.station])?;
    Ok(())
}

/// A row of `photo`.
struct PhotoRow<'a> {
    statement: &'a Admitted,
    tally: &'a StatementId,
    station: String,
    page: &'a u8,
    derivative: &'a [u8; 32],
    derivative_bytes: i64,
    /// JSON; empty if the device read nothing with certainty.
    readings: String,
}

/// Stores the photos that statements announce.
pub(super) fn store_announced_photos<'a>(
    transaction: &Transaction<'_>,
    statements: impl Iterator<Item = &'a Admitted>,
) -> database::Result<()> {
    let photo = |statement: &'a Admitted| match &statement.entry {
        Entry::Photo { tally, page, derivative, derivative_bytes, readings } => {
            let readings = if readings.is_empty() { Ok(String::new()) } else { json_of(readings) };
            Some(readings.map(|readings| PhotoRow {
                statement,
                tally,
                station: statement.station.to_string(),
                page,
                derivative: &derivative.0,
                derivative_bytes: i64::try_from(*derivative_bytes).unwrap_or(i64::MAX),
                readings,
            }))
        }
        Entry::Tally { .. }
        | Entry::Attendance { .. }
        | Entry::Incident { .. }
        | Entry::Report
        | Entry::Verdict { .. } => None,
    };
    let photos: Vec<PhotoRow<'_>> = statements.filter_map(photo).collect::<database::Result<_>>()?;
    transaction.insert_all(&PHOTO, &photos, |photo| {
        [
            &photo.statement.id.0,
            &photo.tally.0,
            &photo.statement.device.0,
            &photo.station,
            photo.page,
            photo.derivative,
            &photo.derivative_bytes,
            &photo.readings,
        ]
    })?;
    Ok(())
}
