//! Everything that the store has about one station, for the console's page.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PhotoHash};
use rusqlite::params;
use tally::{ContestId, StationId};

use super::chains;
use super::database::{self, Transaction, sql};
use super::inbox::inbox_entries;
use super::photos::complete_photos;
use super::review_keys::reviewers_at;
use super::roster::assigned_devices;
use super::statements::{chosen_statements_about, signed_verdicts_about, statement_count_about};
use super::verdicts::{requested_originals, verdicts_about};
use super::{InboxEntry, Store, StoreError, StoredStatement, StoredVerdict};

/// Maximum number of devices at a station whose gaps are looked for, assigned ones first.
const DEVICES_MAX: usize = 50;

/// A snapshot of a station.
#[derive(Debug)]
pub struct StationRecord {
    /// The devices of present and ended assignments to the contest; see [`Store::assigned_devices`].
    pub assigned: BTreeMap<DeviceId, Option<i64>>,
    /// The same for any contest.
    pub assigned_to_any: BTreeMap<DeviceId, Option<i64>>,
    /// The statements, oldest first. Of a station that has very many, those of assigned devices, and the
    /// latest of each other device.
    pub statements: Vec<StoredStatement>,
    /// Number of statements about the station that are left out.
    pub more_count: u64,
    /// The verdicts, oldest first.
    pub verdicts: Vec<StoredVerdict>,
    /// What coordinators signed.
    pub signed: Vec<StoredStatement>,
    /// Whose their keys are.
    pub reviewers: BTreeMap<DeviceId, String>,
    /// The inbox items about the station, oldest first.
    pub inbox_entries: Vec<InboxEntry>,
    pub requested_originals: Vec<PhotoHash>,
    /// The hashes of photos and originals that are complete.
    pub complete_photos: BTreeSet<PhotoHash>,
    /// The missing sequence numbers of each device that signed a statement about the station.
    pub missing: BTreeMap<DeviceId, Vec<u64>>,
}

impl Store {
    /// Reads a station in one transaction. Names at most `gaps_max` missing sequence numbers of a device, and
    /// reads at most `statements_max` statements.
    pub fn station_record(
        &self,
        station: &StationId,
        contest: &ContestId,
        gaps_max: usize,
        statements_max: usize,
    ) -> Result<StationRecord, StoreError> {
        self.read("read a station", |transaction| {
            let statements = chosen_statements_about(transaction, station, statements_max)?;
            let all_count = statement_count_about(transaction, station)?;
            Ok(StationRecord {
                more_count: all_count.saturating_sub(statements.len() as u64),
                assigned: assigned_devices(transaction, station, Some(contest))?,
                assigned_to_any: assigned_devices(transaction, station, None)?,
                statements,
                verdicts: verdicts_about(transaction, station)?,
                signed: signed_verdicts_about(transaction, station)?,
                reviewers: reviewers_at(transaction, station)?,
                inbox_entries: inbox_entries(transaction, station)?,
                requested_originals: requested_originals(transaction, station)?,
                complete_photos: complete_photos(transaction, station)?,
                missing: missing_at(transaction, station, gaps_max)?,
            })
        })
    }
}

fn missing_at(
    transaction: &Transaction<'_>,
    station: &StationId,
    gaps_max: usize,
) -> database::Result<BTreeMap<DeviceId, Vec<u64>>> {
    let devices: Vec<DeviceId> = transaction.rows(
        sql!(
            "SELECT device FROM device_usage WHERE station = ?1
             ORDER BY EXISTS (SELECT 1 FROM assignment a
                 WHERE a.device = device_usage.device AND a.station = device_usage.station) DESC, device
             LIMIT ?2"
        ),
        params![station.to_string(), DEVICES_MAX],
        |row| Ok(DeviceId(row.get("device")?)),
    )?;
    let missing = chains::missing(transaction, &devices, gaps_max)?;
    Ok(devices.into_iter().zip(missing).collect())
}
