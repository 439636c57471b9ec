//! Statements: taken in once, kept as they were signed.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PublicKey, StatementId};
use protocol::Decision;
use rusqlite::{ToSql, params};
use tally::StationId;

use super::counts::COUNT_WAITING;
use super::database::{self, Existing, Insert, Row, Transaction, Writers, json_of};
use super::verdicts::verdict;
use super::{Store, StoreError, slices};
use crate::intake::{Admitted, Entry};

/// What the store did with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// Who signed it.
    pub device: DeviceId,
    /// When it arrived first.
    pub received_at_ms: i64,
    /// Whether the device has signed another statement under the same sequence number.
    pub forks: bool,
}

/// A statement as it is kept.
#[derive(Debug, Clone)]
pub struct KeptStatement {
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
    /// The key with which its device enrolled.
    pub key: PublicKey,
    /// When it arrived.
    pub received_at_ms: i64,
    /// Whether the device has signed another statement under the same sequence number.
    pub forks: bool,
    /// Whether it came after its device was revoked. It never counts then.
    pub quarantined: bool,
    /// Its place in the log, from 0; `None` until it has one.
    pub log_index: Option<u64>,
}

/// A tally, as far as counting needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTally {
    /// The station.
    pub station: StationId,
    /// Who signed it.
    pub device: DeviceId,
    /// The device's count of its statements.
    pub sequence: u64,
    /// Whether the device was assigned to the station and contest when it arrived, or is by now.
    pub assigned: bool,
    /// What was decided on it last, and as the how manieth decision of all.
    pub verdict: Option<(Decision, u64)>,
    /// The figures in the paper's order.
    pub figures: Vec<Option<i64>>,
    /// How many faults the checks found.
    pub faults: u32,
    /// When it arrived.
    pub received_at_ms: i64,
}

const FORKS: &str = "EXISTS (SELECT 1 FROM statement o
    WHERE o.device = s.device AND o.sequence = s.sequence AND o.id <> s.id)";

const STATEMENT: Insert = Insert {
    table: "statement",
    columns: &[
        ("id", "bytea"),
        ("device", "bytea"),
        ("sequence", "bigint"),
        ("previous", "bytea"),
        ("station", "text"),
        ("bytes", "bytea"),
        ("received_at_ms", "bigint"),
        ("quarantined", "boolean"),
    ],
    existing: Existing::Stays,
};
const WAITING: Insert =
    Insert { table: "log_waiting", columns: &[("statement", "bytea")], existing: Existing::IsAFault };
const TALLY: Insert = Insert {
    table: "tally",
    columns: &[
        ("statement", "bytea"),
        ("contest", "text"),
        ("station", "text"),
        ("device", "bytea"),
        ("sequence", "bigint"),
        ("received_at_ms", "bigint"),
        ("figures", "text"),
        ("faults", "bigint"),
    ],
    existing: Existing::Stays,
};
const PHOTO: Insert = Insert {
    table: "photo",
    columns: &[
        ("statement", "bytea"),
        ("tally", "bytea"),
        ("device", "bytea"),
        ("station", "text"),
        ("page", "bigint"),
        ("derivative", "bytea"),
        ("derivative_bytes", "bigint"),
    ],
    existing: Existing::Stays,
};

/// What is known of statements and devices before they are judged.
#[derive(Debug, Default)]
pub struct Known {
    /// When each statement that is here arrived first.
    pub received_at_ms: BTreeMap<StatementId, i64>,
    /// The keys of devices that have enrolled. A stored key that is none fits no signature and is left out.
    pub keys: BTreeMap<DeviceId, PublicKey>,
}

impl Store {
    /// What is known of these statements and devices.
    pub fn known(&self, ids: &[StatementId], devices: &BTreeSet<DeviceId>) -> Result<Known, StoreError> {
        self.read("looking for statements", |transaction| {
            let each: Vec<[&dyn ToSql; 1]> = ids.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
            let received = transaction.row_each(
                "SELECT received_at_ms FROM statement WHERE id = ?1",
                &slices(&each),
                |row| row.get(0),
            )?;
            let each: Vec<[&dyn ToSql; 1]> = devices.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
            let keys: Vec<Option<[u8; 32]>> = transaction.row_each(
                "SELECT public_key FROM device WHERE id = ?1",
                &slices(&each),
                |row| row.get(0),
            )?;
            let key_of = |(device, bytes): (&DeviceId, Option<[u8; 32]>)| {
                Some((*device, PublicKey::from_bytes(&bytes?).ok()?))
            };
            Ok(Known {
                received_at_ms: ids.iter().zip(received).filter_map(|(id, at)| Some((*id, at?))).collect(),
                keys: devices.iter().zip(keys).filter_map(key_of).collect(),
            })
        })
    }

    /// How many statements are kept.
    pub fn statement_count(&self) -> Result<u64, StoreError> {
        self.read("counting statements", |transaction| {
            let count = transaction.row("SELECT count(*) FROM statement", &[], |row| row.get(0))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// Takes statements in, all or none. One that is here already stays as it is.
    pub fn take_in(&self, statements: &[Admitted], now_ms: i64) -> Result<Vec<TakenIn>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.write_by(Writers::Many, "taking statements in", |transaction| {
            take_all_in(transaction, statements, now_ms)
        })
    }

    /// The statements about a station, oldest first.
    pub fn statements_about(&self, station: &StationId) -> Result<Vec<KeptStatement>, StoreError> {
        type Row = (Vec<u8>, [u8; 32], i64, bool, bool, Option<u64>);
        let rows: Vec<Row> = self.read("reading a station's statements", |transaction| {
            transaction.rows(
                &format!(
                    "SELECT s.bytes, d.public_key, s.received_at_ms, {FORKS}, s.quarantined, l.position
                     FROM statement s JOIN device d ON d.id = s.device
                     LEFT JOIN log_leaf l ON l.statement = s.id
                     WHERE s.station = ?1 ORDER BY s.received_at_ms, s.device, s.sequence, s.id"
                ),
                params![station.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)),
            )
        })?;
        rows.into_iter()
            .map(|(bytes, key, received_at_ms, forks, quarantined, log_index)| {
                let key = PublicKey::from_bytes(&key).map_err(|error| StoreError::Corrupt {
                    what: "a device's key",
                    reason: error.to_string(),
                })?;
                Ok(KeptStatement { bytes, key, received_at_ms, forks, quarantined, log_index })
            })
            .collect()
    }

    /// One statement's bytes, and the station that it is about.
    pub fn statement(&self, id: StatementId) -> Result<Option<(StationId, Vec<u8>)>, StoreError> {
        self.read("reading a statement", |transaction| {
            transaction.row("SELECT station, bytes FROM statement WHERE id = ?1", params![id.0], |row| {
                Ok((row.parsed(0)?, row.get(1)?))
            })
        })
    }
}

/// The tallies of contest ?1 at stations from ?2 on and before ?3, by station, then oldest first.
pub(super) const TALLIES: &str =
    "SELECT t.station, t.device, t.sequence, t.figures, t.faults, t.received_at_ms,
        EXISTS (SELECT 1 FROM assignment a
            WHERE a.device = t.device AND a.station = t.station AND a.contest = t.contest
            AND (a.ended_at_ms IS NULL OR t.received_at_ms < a.ended_at_ms)),
        v.decision, v.number
    FROM tally t JOIN statement s ON s.id = t.statement
    LEFT JOIN verdict v ON v.number =
        (SELECT max(last.number) FROM verdict last WHERE last.statement = t.statement)
    WHERE NOT s.quarantined AND t.contest = ?1 AND t.station >= ?2 AND t.station < ?3
    ORDER BY t.station, t.received_at_ms, t.device, t.sequence, t.statement";

pub(super) fn counted_tally(row: &Row<'_>) -> database::Result<CountedTally> {
    Ok(CountedTally {
        station: row.parsed(0)?,
        device: DeviceId(row.get(1)?),
        sequence: row.get(2)?,
        figures: row.json(3)?,
        faults: row.get(4)?,
        received_at_ms: row.get(5)?,
        assigned: row.get(6)?,
        verdict: verdict(row, 7)?,
    })
}

fn take_all_in(
    transaction: &Transaction<'_>,
    statements: &[Admitted],
    now_ms: i64,
) -> database::Result<Vec<TakenIn>> {
    let devices: BTreeSet<DeviceId> = statements.iter().map(|statement| statement.device).collect();
    let each: Vec<[&dyn ToSql; 1]> = devices.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
    let revoked: Vec<Option<bool>> = transaction.row_each(
        "SELECT revoked_at_ms IS NOT NULL FROM device WHERE id = ?1",
        &slices(&each),
        |row| row.get(0),
    )?;
    let revoked: BTreeSet<DeviceId> =
        devices.iter().zip(revoked).filter(|(_, is)| *is == Some(true)).map(|(id, _)| *id).collect();

    let owned: Vec<(Option<[u8; 32]>, String, bool)> = statements
        .iter()
        .map(|one| (one.previous.map(|id| id.0), one.station.to_string(), revoked.contains(&one.device)))
        .collect();
    let rows: Vec<[&dyn ToSql; 8]> = statements
        .iter()
        .zip(&owned)
        .map(|(one, (previous, station, quarantined))| -> [&dyn ToSql; 8] {
            [&one.id.0, &one.device.0, &one.sequence, previous, station, &one.bytes, &now_ms, quarantined]
        })
        .collect();
    let added = transaction.insert_all(&STATEMENT, &slices(&rows))?;
    let new: Vec<(&Admitted, i64)> =
        statements.iter().zip(added).filter(|(_, added)| *added).map(|(one, _)| (one, now_ms)).collect();
    let waiting: Vec<[&dyn ToSql; 1]> = new.iter().map(|(one, _)| [&one.id.0 as &dyn ToSql]).collect();
    transaction.insert_all(&WAITING, &slices(&waiting))?;
    note_entries(transaction, &new)?;
    note_to_count(transaction, &new)?;

    let each: Vec<[&dyn ToSql; 1]> = statements.iter().map(|one| [&one.id.0 as &dyn ToSql]).collect();
    let taken = transaction.row_each(
        &format!("SELECT s.received_at_ms, {FORKS} FROM statement s WHERE s.id = ?1"),
        &slices(&each),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let with_device = |(one, (received_at_ms, forks)): (&Admitted, (i64, bool))| TakenIn {
        device: one.device,
        received_at_ms,
        forks,
    };
    Ok(statements.iter().zip(taken.into_iter().flatten()).map(with_device).collect())
}

/// Notes which stations are to be counted anew. A photo counts once it is whole, which may be before its statement comes.
fn note_to_count(transaction: &Transaction<'_>, statements: &[(&Admitted, i64)]) -> database::Result<()> {
    let mut places = Vec::new();
    let mut shown = Vec::new();
    for (one, _) in statements {
        match &one.entry {
            Entry::Tally { contest, .. } => places.push((contest.to_string(), one.station.to_string())),
            Entry::Photo { tally, derivative, .. } => shown.push((tally, derivative)),
            Entry::Account => {}
        }
    }
    let each: Vec<[&dyn ToSql; 2]> =
        shown.iter().map(|(tally, hash)| -> [&dyn ToSql; 2] { [&tally.0, &hash.0] }).collect();
    let whole: Vec<Option<(String, String)>> = transaction.row_each(
        "SELECT t.contest, t.station FROM tally t WHERE t.statement = ?1
         AND EXISTS (SELECT 1 FROM photo_end e WHERE e.derivative = ?2)",
        &slices(&each),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    places.extend(whole.into_iter().flatten());
    let rows: Vec<[&dyn ToSql; 2]> =
        places.iter().map(|(contest, station)| -> [&dyn ToSql; 2] { [contest, station] }).collect();
    transaction.insert_all(&COUNT_WAITING, &slices(&rows))?;
    Ok(())
}

/// Keeps what counting reads of statements, with when they arrived.
pub(super) fn note_entries(
    transaction: &Transaction<'_>,
    statements: &[(&Admitted, i64)],
) -> database::Result<()> {
    let mut tallies = Vec::new();
    let mut photos = Vec::new();
    for (one, received_at_ms) in statements {
        let station = one.station.to_string();
        match &one.entry {
            Entry::Tally { contest, figures, faults } => {
                tallies.push((one, contest.as_str(), station, received_at_ms, json_of(figures)?, faults));
            }
            Entry::Photo { tally, page, derivative, derivative_bytes } => {
                let bytes = i64::try_from(*derivative_bytes).unwrap_or(i64::MAX);
                photos.push((one, &tally.0, station, page, &derivative.0, bytes));
            }
            Entry::Account => {}
        }
    }
    let rows: Vec<[&dyn ToSql; 8]> = tallies
        .iter()
        .map(|(one, contest, station, at_ms, figures, faults)| -> [&dyn ToSql; 8] {
            [&one.id.0, contest, station, &one.device.0, &one.sequence, *at_ms, figures, *faults]
        })
        .collect();
    transaction.insert_all(&TALLY, &slices(&rows))?;
    let rows: Vec<[&dyn ToSql; 7]> = photos
        .iter()
        .map(|(one, tally, station, page, derivative, bytes)| -> [&dyn ToSql; 7] {
            [&one.id.0, *tally, &one.device.0, station, *page, *derivative, bytes]
        })
        .collect();
    transaction.insert_all(&PHOTO, &slices(&rows))?;
    Ok(())
}
