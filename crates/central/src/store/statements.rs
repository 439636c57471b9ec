//! Statements: taken in once, kept as they were signed.

use evidence::{DeviceId, PublicKey, StatementId};
use rusqlite::{OptionalExtension, Transaction, params};
use tally::{ContestId, RegionCode, StationId};

use super::{Store, StoreError, parsed, station_range};
use crate::intake::{Admitted, Entry};

/// What the store did with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
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
    /// Whether the device is assigned to the station and contest.
    pub assigned: bool,
    /// The figures in the paper's order.
    pub figures: Vec<Option<i64>>,
    /// How many faults the checks found.
    pub faults: u32,
    /// When it arrived.
    pub received_at_ms: i64,
}

const FORKS: &str = "EXISTS (SELECT 1 FROM statement o
    WHERE o.device = s.device AND o.sequence = s.sequence AND o.id <> s.id)";

impl Store {
    /// When each statement arrived first; `None` for one that did not.
    pub fn received_at(&self, ids: &[StatementId]) -> Result<Vec<Option<i64>>, StoreError> {
        self.read("looking for statements", |transaction| {
            let mut found =
                transaction.prepare_cached("SELECT received_at_ms FROM statement WHERE id = ?1")?;
            ids.iter().map(|id| found.query_row([id.0], |row| row.get(0)).optional()).collect()
        })
    }

    /// How many statements are kept.
    pub fn statement_count(&self) -> Result<u64, StoreError> {
        self.read("counting statements", |transaction| {
            transaction.query_row("SELECT count(*) FROM statement", [], |row| row.get(0))
        })
    }

    /// Takes statements in, all or none. One that is here already stays as it is.
    pub fn take_in(&self, statements: &[Admitted], now_ms: i64) -> Result<Vec<TakenIn>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.write("taking statements in", |transaction| {
            statements.iter().map(|statement| take_one_in(transaction, statement, now_ms)).collect()
        })
    }

    /// The statements about a station, oldest first.
    pub fn statements_about(&self, station: &StationId) -> Result<Vec<KeptStatement>, StoreError> {
        type Row = (Vec<u8>, [u8; 32], i64, bool, bool, Option<u64>);
        let rows: Vec<Row> = self.read("reading a station's statements", |transaction| {
            transaction
                .prepare_cached(&format!(
                    "SELECT s.bytes, d.public_key, s.received_at_ms, {FORKS}, s.quarantined, l.position
                         FROM statement s JOIN device d ON d.id = s.device
                         LEFT JOIN log_leaf l ON l.statement = s.id
                         WHERE s.station = ?1 ORDER BY s.received_at_ms, s.device, s.sequence, s.id"
                ))?
                .query_map([station.to_string()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                })?
                .collect()
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
            transaction
                .prepare_cached("SELECT station, bytes FROM statement WHERE id = ?1")?
                .query_row([id.0], |row| Ok((parsed(row, 0)?, row.get(1)?)))
                .optional()
        })
    }

    /// The tallies of a contest in a region, by station, then oldest first.
    pub fn tallies(
        &self,
        contest: &ContestId,
        region: Option<&RegionCode>,
    ) -> Result<Vec<CountedTally>, StoreError> {
        let (from, until) = station_range(region);
        self.read("reading tallies", |transaction| {
            transaction
                .prepare_cached(
                    "SELECT t.station, t.device, t.sequence, t.figures, t.faults, t.received_at_ms,
                            EXISTS (SELECT 1 FROM assignment a
                                WHERE a.device = t.device AND a.station = t.station AND a.contest = t.contest)
                     FROM tally t JOIN statement s ON s.id = t.statement
                     WHERE NOT s.quarantined AND t.contest = ?1 AND t.station >= ?2 AND t.station < ?3
                     ORDER BY t.station, t.received_at_ms, t.device, t.sequence, t.statement",
                )?
                .query_map(params![contest.as_str(), from, until], |row| {
                    let figures: String = row.get(3)?;
                    let figures = serde_json::from_str(&figures).map_err(|error| {
                        rusqlite::Error::FromSqlConversionFailure(
                            3,
                            rusqlite::types::Type::Text,
                            Box::new(error),
                        )
                    })?;
                    Ok(CountedTally {
                        station: parsed(row, 0)?,
                        device: DeviceId(row.get(1)?),
                        sequence: row.get::<_, i64>(2)?.unsigned_abs(),
                        figures,
                        faults: row.get(4)?,
                        received_at_ms: row.get(5)?,
                        assigned: row.get(6)?,
                    })
                })?
                .collect()
        })
    }
}

fn take_one_in(
    transaction: &Transaction<'_>,
    statement: &Admitted,
    now_ms: i64,
) -> rusqlite::Result<TakenIn> {
    let Admitted { id, device, sequence, previous, station, bytes, entry: _ } = statement;
    let station = station.to_string();
    let new = transaction
        .prepare_cached(
            "INSERT INTO statement (id, device, sequence, previous, station, bytes, received_at_ms, quarantined)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
                EXISTS (SELECT 1 FROM device WHERE id = ?2 AND revoked_at_ms IS NOT NULL))
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![id.0, device.0, sequence, previous.map(|id| id.0), station, bytes, now_ms])?;
    if new == 1 {
        note_entry(transaction, statement, now_ms)?;
    }
    transaction
        .prepare_cached(&format!("SELECT s.received_at_ms, {FORKS} FROM statement s WHERE s.id = ?1"))?
        .query_row([id.0], |row| Ok(TakenIn { received_at_ms: row.get(0)?, forks: row.get(1)? }))
}

/// Keeps what counting reads of a statement.
pub(super) fn note_entry(
    transaction: &Transaction<'_>,
    statement: &Admitted,
    received_at_ms: i64,
) -> rusqlite::Result<()> {
    let Admitted { id, device, sequence, station, entry, .. } = statement;
    let station = station.to_string();
    match entry {
        Entry::Tally { contest, figures, faults } => transaction
            .prepare_cached(
                "INSERT INTO tally (statement, contest, station, device, sequence, received_at_ms, figures, faults)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                id.0,
                contest.as_str(),
                station,
                device.0,
                sequence,
                received_at_ms,
                json_of(figures)?,
                faults
            ])?,
        Entry::Photo { tally, page, derivative, derivative_bytes } => transaction
            .prepare_cached(
                "INSERT INTO photo (statement, tally, device, station, page, derivative, derivative_bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                id.0,
                tally.0,
                device.0,
                station,
                page,
                derivative.0,
                i64::try_from(*derivative_bytes).unwrap_or(i64::MAX)
            ])?,
        Entry::Account => 0,
    };
    Ok(())
}

fn json_of(figures: &[Option<i64>]) -> rusqlite::Result<String> {
    serde_json::to_string(figures).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
