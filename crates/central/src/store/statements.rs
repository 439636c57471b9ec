//! Statements: taken in once, kept as they were signed.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PublicKey, StatementId};
use protocol::{Decision, limit};
use rusqlite::{ToSql, params};
use tally::StationId;

use super::chains::{SEQUENCES, gaps};
use super::counts::COUNT_WAITING;
use super::database::{self, Existing, Insert, Row, Transaction, Writers, json_of};
use super::verdicts::verdict;
use super::{Store, StoreError, slices};
use crate::model::statement::{Admitted, Entry};

/// What the store did with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// Who signed it.
    pub device: DeviceId,
    /// When it arrived first.
    pub received_at_ms: i64,
    /// Whether it was here before.
    pub was_here: bool,
    /// What is missing below the highest sequence number of its device now, the lowest first, as much as fits an answer.
    pub missing: Vec<u64>,
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
        ("station", "text"),
        ("bytes", "bytea"),
        ("received_at_ms", "bigint"),
        ("quarantined", "boolean"),
        ("contest", "text"),
        ("figures", "text"),
        ("faults", "bigint"),
    ],
    existing: Existing::Stays,
};
const WAITING: Insert = Insert {
    table: "log_waiting",
    columns: &[("statement", "bytea"), ("station", "text")],
    existing: Existing::IsAFault,
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

/// Which statement ?1 is, where only its name is known. It is in the log, or waits for its place there.
const NAMED: &str = "s.id = ?1 AND s.station IN (SELECT station FROM log_leaf WHERE statement = ?1
    UNION SELECT station FROM log_waiting WHERE statement = ?1)";

impl Store {
    /// When those of these statements that are here arrived first.
    pub fn held(&self, ids: &[StatementId]) -> Result<BTreeMap<StatementId, i64>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.ask("looking for statements", |transaction| {
            let each: Vec<[&dyn ToSql; 1]> = ids.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
            let received = transaction.row_each(
                &format!("SELECT s.received_at_ms FROM statement s WHERE {NAMED}"),
                &slices(&each),
                |row| row.get(0),
            )?;
            Ok(ids.iter().zip(received).filter_map(|(id, at)| Some((*id, at?))).collect())
        })
    }

    /// The bytes of these devices' keys; `None` of one that has not enrolled.
    pub fn keys_of(&self, devices: &[DeviceId]) -> Result<Vec<Option<[u8; 32]>>, StoreError> {
        self.ask("reading devices' keys", |transaction| {
            let each: Vec<[&dyn ToSql; 1]> = devices.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
            transaction
                .row_each("SELECT public_key FROM device WHERE id = ?1", &slices(&each), |row| row.get(0))
        })
    }

    /// How many statements are kept.
    pub fn statement_count(&self) -> Result<u64, StoreError> {
        self.ask("counting statements", |transaction| {
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
        let rows: Vec<Row> = self.ask("reading a station's statements", |transaction| {
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
        self.ask("reading a statement", |transaction| {
            transaction.row(
                &format!("SELECT s.station, s.bytes FROM statement s WHERE {NAMED}"),
                params![id.0],
                |row| Ok((row.parsed(0)?, row.get(1)?)),
            )
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
    FROM statement t
    LEFT JOIN verdict v ON v.number = (SELECT max(last.number) FROM verdict last WHERE last.statement = t.id)
    WHERE NOT t.quarantined AND t.contest = ?1 AND t.station >= ?2 AND t.station < ?3
    ORDER BY t.station, t.received_at_ms, t.device, t.sequence, t.id";

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

    let said: Vec<Said> = statements.iter().map(said_in).collect::<database::Result<_>>()?;
    let quarantined: Vec<bool> = statements.iter().map(|one| revoked.contains(&one.device)).collect();
    let rows: Vec<[&dyn ToSql; 10]> = statements
        .iter()
        .zip(&quarantined)
        .zip(&said)
        .map(|((one, quarantined), said)| -> [&dyn ToSql; 10] {
            [
                &one.id.0,
                &one.device.0,
                &one.sequence,
                &said.station,
                &one.bytes,
                &now_ms,
                quarantined,
                &said.contest,
                &said.figures,
                &said.faults,
            ]
        })
        .collect();
    let added = transaction.insert_all(&STATEMENT, &slices(&rows))?;
    let new: Vec<(&Admitted, &Said)> = statements
        .iter()
        .zip(&said)
        .zip(&added)
        .filter(|(_, added)| **added)
        .map(|(statement, _)| statement)
        .collect();
    let waiting: Vec<[&dyn ToSql; 2]> =
        new.iter().map(|(one, said)| -> [&dyn ToSql; 2] { [&one.id.0, &said.station] }).collect();
    transaction.insert_all(&WAITING, &slices(&waiting))?;
    note_photos(transaction, new.iter().map(|(one, _)| *one))?;
    note_to_count(transaction, &new)?;

    let old: Vec<&Admitted> =
        statements.iter().zip(&added).filter(|(_, added)| !**added).map(|(one, _)| one).collect();
    let received = first_received(transaction, &old)?;
    let each: Vec<[&dyn ToSql; 1]> = devices.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
    let sequences: Vec<Vec<u64>> = transaction.rows_each(SEQUENCES, &slices(&each), |row| row.get(0))?;
    let chain = |present: Vec<u64>| (gaps(&present, limit::STATEMENTS_PER_PUSH), present);
    let chains: BTreeMap<DeviceId, (Vec<u64>, Vec<u64>)> =
        devices.into_iter().zip(sequences.into_iter().map(chain)).collect();
    let taken = statements.iter().zip(added).map(|(one, added)| {
        let (missing, present) =
            chains.get(&one.device).map_or((&[][..], &[][..]), |(missing, present)| (missing, present));
        let same = present.iter().filter(|&&sequence| i64::try_from(sequence) == Ok(one.sequence)).count();
        TakenIn {
            device: one.device,
            received_at_ms: if added { now_ms } else { received.get(&one.id).copied().unwrap_or(now_ms) },
            was_here: !added,
            missing: missing.to_vec(),
            forks: same > 1,
        }
    });
    Ok(taken.collect())
}

/// When statements that are here arrived first.
fn first_received(
    transaction: &Transaction<'_>,
    statements: &[&Admitted],
) -> database::Result<BTreeMap<StatementId, i64>> {
    let stations: Vec<String> = statements.iter().map(|one| one.station.to_string()).collect();
    let each: Vec<[&dyn ToSql; 2]> = statements
        .iter()
        .zip(&stations)
        .map(|(one, station)| -> [&dyn ToSql; 2] { [&one.id.0, station] })
        .collect();
    let received = transaction.row_each(
        "SELECT received_at_ms FROM statement WHERE id = ?1 AND station = ?2",
        &slices(&each),
        |row| row.get(0),
    )?;
    Ok(statements.iter().zip(received).filter_map(|(one, at)| Some((one.id, at?))).collect())
}

/// What a statement's row says of its content. All of it can be made again from the statement's bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) station: String,
    /// Empty for what is no tally.
    pub(super) contest: String,
    /// JSON.
    pub(super) figures: Option<String>,
    pub(super) faults: Option<u32>,
}

pub(super) fn said_in(one: &Admitted) -> database::Result<Said> {
    let station = one.station.to_string();
    Ok(match &one.entry {
        Entry::Tally { contest, figures, faults } => Said {
            station,
            contest: contest.to_string(),
            figures: Some(json_of(figures)?),
            faults: Some(*faults),
        },
        Entry::Photo { .. } | Entry::Account => {
            Said { station, contest: String::new(), figures: None, faults: None }
        }
    })
}

/// Notes which stations are to be counted anew. A photo counts once it is whole, which may be before its statement comes.
fn note_to_count(transaction: &Transaction<'_>, statements: &[(&Admitted, &Said)]) -> database::Result<()> {
    let mut places = Vec::new();
    let mut shown = Vec::new();
    for (one, said) in statements {
        match &one.entry {
            Entry::Tally { .. } => places.push((said.contest.clone(), said.station.clone())),
            Entry::Photo { tally, derivative, .. } => shown.push((tally, derivative, &said.station)),
            Entry::Account => {}
        }
    }
    let each: Vec<[&dyn ToSql; 3]> = shown
        .iter()
        .map(|(tally, hash, station)| -> [&dyn ToSql; 3] { [&tally.0, &hash.0, *station] })
        .collect();
    let whole: Vec<Option<(String, String)>> = transaction.row_each(
        "SELECT t.contest, t.station FROM statement t WHERE t.id = ?1 AND t.station = ?3 AND t.contest <> ''
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

/// Keeps which photos statements announce.
pub(super) fn note_photos<'a>(
    transaction: &Transaction<'_>,
    statements: impl Iterator<Item = &'a Admitted>,
) -> database::Result<()> {
    let mut photos = Vec::new();
    for one in statements {
        if let Entry::Photo { tally, page, derivative, derivative_bytes } = &one.entry {
            let bytes = i64::try_from(*derivative_bytes).unwrap_or(i64::MAX);
            photos.push((one, &tally.0, one.station.to_string(), page, &derivative.0, bytes));
        }
    }
    let rows: Vec<[&dyn ToSql; 7]> = photos
        .iter()
        .map(|(one, tally, station, page, derivative, bytes)| -> [&dyn ToSql; 7] {
            [&one.id.0, *tally, &one.device.0, station, *page, *derivative, bytes]
        })
        .collect();
    transaction.insert_all(&PHOTO, &slices(&rows))?;
    Ok(())
}
