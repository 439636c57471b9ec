//! Samples of stations from which results are projected.

use std::collections::BTreeMap;

use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::{Insert, OnConflict, sql};
use super::{AuditContext, Store, StoreError, audit};
use crate::model::count::StationCount;

const STATION: Insert<2> = Insert {
    table: "sample_station",
    columns: [("contest", "text"), ("station", "text")],
    on_conflict: OnConflict::Fail,
};

/// A sample that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSample {
    pub(crate) seed: String,
    /// The level of the regions that are its strata.
    pub(crate) level: String,
    pub(crate) drawn_at_ms: i64,
    /// In the order of their codes.
    pub(crate) stations: Vec<StationId>,
}

/// A sample that is added.
pub(crate) struct NewStoredSample<'a> {
    pub(crate) contest: &'a ContestId,
    pub(crate) seed: &'a str,
    pub(crate) level: &'static str,
    pub(crate) stations: &'a [StationId],
    /// Of its stations, for the audit.
    pub(crate) digest: &'a str,
}

impl Store {
    /// Whether a tally of the contest has arrived.
    pub(crate) fn has_tallies(&self, contest: &ContestId) -> Result<bool, StoreError> {
        self.query("look for tallies of a contest", |transaction| {
            let found: Option<i64> = transaction.row(
                sql!("SELECT 1 AS found FROM statement WHERE contest = ?1 AND station < '~' LIMIT 1"),
                params![contest.as_str()],
                |row| row.get("found"),
            )?;
            Ok(found.is_some())
        })
    }

    /// Adds the sample of a contest. Returns `false` if it has one.
    pub(crate) fn add_sample(
        &self,
        new: &NewStoredSample<'_>,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("store a sample", |transaction| {
            let added = transaction.execute(
                sql!(
                    "INSERT INTO sample (contest, seed, level, drawn_at_ms) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO NOTHING"
                ),
                params![new.contest.as_str(), new.seed, new.level, audit.now_ms],
            )?;
            if added == 0 {
                return Ok(false);
            }
            let contest = new.contest.as_str();
            let stations: Vec<String> = new.stations.iter().map(StationId::to_string).collect();
            transaction.insert_all(&STATION, &stations, |station| [&contest, station])?;
            let subject = format!("{contest} {} stations, SHA-256 {}", stations.len(), new.digest);
            audit::record(transaction, audit, "sample.draw", &subject)?;
            Ok(true)
        })
    }

    /// The sample of a contest.
    pub(crate) fn sample(&self, contest: &ContestId) -> Result<Option<StoredSample>, StoreError> {
        self.query("read a sample", |transaction| {
            let sample = transaction.row(
                sql!("SELECT seed, level, drawn_at_ms FROM sample WHERE contest = ?1"),
                params![contest.as_str()],
                |row| {
                    Ok(StoredSample {
                        seed: row.get("seed")?,
                        level: row.get("level")?,
                        drawn_at_ms: row.get("drawn_at_ms")?,
                        stations: Vec::new(),
                    })
                },
            )?;
            let Some(mut sample) = sample else { return Ok(None) };
            sample.stations = transaction.rows(
                sql!("SELECT station FROM sample_station WHERE contest = ?1 ORDER BY station"),
                params![contest.as_str()],
                |row| row.parsed("station"),
            )?;
            Ok(Some(sample))
        })
    }

    /// The counts of the stations of a contest's sample.
    pub(crate) fn sample_counts(
        &self,
        contest: &ContestId,
    ) -> Result<BTreeMap<StationId, StationCount>, StoreError> {
        self.query("read the counts of a sample", |transaction| {
            let rows = transaction.rows(
                sql!(
                    "SELECT c.station, c.counted FROM sample_station s
                     JOIN station_count c ON c.contest = s.contest AND c.station = s.station
                     WHERE s.contest = ?1"
                ),
                params![contest.as_str()],
                |row| Ok((row.parsed("station")?, row.json("counted")?)),
            )?;
            Ok(rows.into_iter().collect())
        })
    }
}
