//! Everything that the store has about one station, for the console's page.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PhotoHash};
use rusqlite::params;
use tally::{ContestId, StationId};

use super::chains::{SEQUENCES, gaps};
use super::database::{self, Transaction, sql};
use super::inbox::inbox_entries;
use super::photos::complete_photos;
use super::roster::assigned_devices;
use super::statements::statements_about;
use super::verdicts::{requested_originals, verdicts_about};
use super::{InboxEntry, Store, StoreError, StoredStatement, StoredVerdict};

/// A snapshot of a station.
#[derive(Debug)]
pub struct StationRecord {
    /// The devices of present and ended assignments to the contest; see [`Store::assigned_devices`].
    pub assigned: BTreeMap<DeviceId, Option<i64>>,
    /// The same for any contest.
    pub assigned_to_any: BTreeMap<DeviceId, Option<i64>>,
    /// The statements, oldest first.
    pub statements: Vec<StoredStatement>,
    /// The verdicts, oldest first.
    pub verdicts: Vec<StoredVerdict>,
    /// The inbox items about the station, oldest first.
    pub inbox_entries: Vec<InboxEntry>,
    pub requested_originals: Vec<PhotoHash>,
    /// The hashes of photos and originals that are complete.
    pub complete_photos: BTreeSet<PhotoHash>,
    /// The missing sequence numbers of each device that signed a statement about the station.
    pub missing: BTreeMap<DeviceId, Vec<u64>>,
}

impl Store {
    /// Reads a station in one transaction. Names at most `gaps_max` missing sequence numbers of a device.
    pub fn station_record(
        &self,
        station: &StationId,
        contest: &ContestId,
        gaps_max: usize,
    ) -> Result<StationRecord, StoreError> {
        self.read("read a station", |transaction| {
            Ok(StationRecord {
                assigned: assigned_devices(transaction, station, Some(contest))?,
                assigned_to_any: assigned_devices(transaction, station, None)?,
                statements: statements_about(transaction, station)?,
                verdicts: verdicts_about(transaction, station)?,
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
        sql!("SELECT DISTINCT device FROM statement WHERE station = ?1"),
        params![station.to_string()],
        |row| Ok(DeviceId(row.get("device")?)),
    )?;
    let present = transaction.rows_each(SEQUENCES, &devices, |id| [&id.0], |row| row.get("sequence"))?;
    let missing = present.iter().map(|present: &Vec<u64>| gaps(present, gaps_max));
    Ok(devices.into_iter().zip(missing).collect())
}
