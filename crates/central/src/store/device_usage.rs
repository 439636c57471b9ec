//! What each device stored, and whether a statement is above the device's quota ([`protocol::quota`]).
//!
//! Replicas that ingest statements of one device at the same time can exceed a quota by one batch.

use std::collections::{BTreeMap, BTreeSet};

use evidence::DeviceId;
use protocol::quota::{self, Standing};
use rusqlite::params;

use super::database::{self, Insert, OnConflict, Row, Sql, Transaction, sql};
use super::statements::NewStatement;
use crate::model::statement::Entry;

const USAGE: Insert<6> = Insert {
    table: "device_usage",
    columns: [
        ("device", "bytea"),
        ("station", "text"),
        ("statements", "bigint"),
        ("photos", "bigint"),
        ("photo_bytes", "bigint"),
        ("after_revocation", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(device, station) DO UPDATE SET statements = device_usage.statements + excluded.statements,
            photos = device_usage.photos + excluded.photos,
            photo_bytes = device_usage.photo_bytes + excluded.photo_bytes,
            after_revocation = device_usage.after_revocation + excluded.after_revocation",
    ),
};

/// Whether device ?1 is revoked, and what it stored about stations that it was never assigned to.
const OF_DEVICE: Sql = sql!(
    "SELECT d.revoked_at_ms IS NOT NULL AS revoked,
        CAST(coalesce(sum(u.after_revocation), 0) AS BIGINT) AS after_revocation,
        CAST(coalesce(sum(CASE WHEN a.station IS NULL THEN u.statements END), 0) AS BIGINT) AS statements,
        CAST(coalesce(sum(CASE WHEN a.station IS NULL THEN u.photos END), 0) AS BIGINT) AS photos,
        CAST(coalesce(sum(CASE WHEN a.station IS NULL THEN u.photo_bytes END), 0) AS BIGINT) AS photo_bytes
     FROM device d LEFT JOIN device_usage u ON u.device = d.id
     LEFT JOIN (SELECT DISTINCT station FROM assignment WHERE device = ?1) a ON a.station = u.station
     WHERE d.id = ?1 GROUP BY d.id, d.revoked_at_ms"
);

/// What device ?1 stored about station ?2, and whether it is or was assigned there.
const OF_STATION: Sql = sql!(
    "SELECT EXISTS (SELECT 1 FROM assignment a WHERE a.device = d.id AND a.station = ?2) AS assigned,
        coalesce(u.statements, 0) AS statements, coalesce(u.photos, 0) AS photos,
        coalesce(u.photo_bytes, 0) AS photo_bytes
     FROM device d LEFT JOIN device_usage u ON u.device = d.id AND u.station = ?2 WHERE d.id = ?1"
);

/// A number of statements and photos.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Usage {
    statements: u64,
    photos: u64,
    photo_bytes: u64,
}

impl Usage {
    fn of(entry: &Entry) -> Self {
        match entry {
            Entry::Photo { derivative_bytes, .. } => {
                Self { statements: 1, photos: 1, photo_bytes: *derivative_bytes }
            }
            Entry::Tally { .. }
            | Entry::Attendance { .. }
            | Entry::Incident { .. }
            | Entry::Report
            | Entry::Verdict { .. } => Self { statements: 1, photos: 0, photo_bytes: 0 },
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            statements: self.statements.saturating_add(other.statements),
            photos: self.photos.saturating_add(other.photos),
            photo_bytes: self.photo_bytes.saturating_add(other.photo_bytes),
        }
    }

    fn read(row: &Row<'_>) -> database::Result<Self> {
        Ok(Self {
            statements: row.get("statements")?,
            photos: row.get("photos")?,
            photo_bytes: row.get("photo_bytes")?,
        })
    }
}

/// A device, and what it stored where it is not assigned.
#[derive(Debug, Clone, Copy, Default)]
struct DeviceState {
    is_revoked: bool,
    after_revocation: u64,
    unassigned: Usage,
}

/// What a device stored about one station.
#[derive(Debug, Clone, Copy, Default)]
struct StationState {
    is_assigned: bool,
    usage: Usage,
}

/// The usage of the devices of a batch, as it is with the statements accepted so far.
struct Ledger {
    devices: BTreeMap<DeviceId, DeviceState>,
    stations: BTreeMap<(DeviceId, String), StationState>,
}

impl Ledger {
    fn read(transaction: &Transaction<'_>, statements: &[NewStatement<'_>]) -> database::Result<Self> {
        let devices: BTreeSet<DeviceId> = statements.iter().map(|new| new.statement.device).collect();
        let keys: BTreeSet<(DeviceId, String)> = statements.iter().map(key).collect();
        let states = transaction.row_each(
            OF_DEVICE,
            &devices,
            |id| [&id.0],
            |row| {
                Ok(DeviceState {
                    is_revoked: row.get("revoked")?,
                    after_revocation: row.get("after_revocation")?,
                    unassigned: Usage::read(row)?,
                })
            },
        )?;
        let stations = transaction.row_each(
            OF_STATION,
            &keys,
            |(id, station)| [&id.0, station],
            |row| Ok(StationState { is_assigned: row.get("assigned")?, usage: Usage::read(row)? }),
        )?;
        Ok(Self {
            devices: devices.into_iter().zip(states.into_iter().map(Option::unwrap_or_default)).collect(),
            stations: keys.into_iter().zip(stations.into_iter().map(Option::unwrap_or_default)).collect(),
        })
    }

    /// Counts a statement, unless it is above the quota of its device.
    fn accept(&mut self, new: &NewStatement<'_>) -> bool {
        let device = self.devices.entry(new.statement.device).or_default();
        let station = self.stations.entry(key(new)).or_default();
        let added = Usage::of(&new.statement.entry);
        let of_station = station.usage.plus(added);
        let unassigned = device.unassigned.plus(added);
        let standing = match (device.is_revoked, station.is_assigned) {
            (true, _) => Standing::Revoked,
            (false, true) => Standing::Assigned,
            (false, false) => Standing::Unassigned,
        };
        let is_within = match standing {
            Standing::Assigned => {
                of_station.statements <= quota::ASSIGNED_STATEMENTS
                    && of_station.photo_bytes <= quota::ASSIGNED_PHOTO_BYTES
            }
            Standing::Unassigned => {
                of_station.statements <= quota::UNASSIGNED_STATEMENTS_PER_STATION
                    && unassigned.statements <= quota::UNASSIGNED_STATEMENTS
                    && unassigned.photos <= quota::UNASSIGNED_PHOTOS
                    && unassigned.photo_bytes <= quota::UNASSIGNED_PHOTO_BYTES
            }
            Standing::Revoked => device.after_revocation < quota::REVOKED_STATEMENTS && added.photos == 0,
        };
        if is_within {
            station.usage = of_station;
            device.after_revocation += u64::from(device.is_revoked);
            if !station.is_assigned {
                device.unassigned = unassigned;
            }
        }
        is_within
    }
}

fn key(new: &NewStatement<'_>) -> (DeviceId, String) {
    (new.statement.device, new.columns.station.clone())
}

/// For each statement, whether it is new and above the quota of its device.
pub(super) fn above_quota(
    transaction: &Transaction<'_>,
    statements: &[NewStatement<'_>],
) -> database::Result<Vec<bool>> {
    let mut ledger = Ledger::read(transaction, statements)?;
    let mut above: Vec<bool> = statements.iter().map(|new| !ledger.accept(new)).collect();
    // A statement that is stored is accepted again, whatever the quota is.
    let (indices, refused): (Vec<usize>, Vec<&NewStatement<'_>>) =
        statements.iter().enumerate().filter(|(index, _)| above.get(*index) == Some(&true)).unzip();
    let stored: Vec<Option<bool>> = transaction.row_each(
        sql!("SELECT quarantined FROM statement WHERE id = ?1 AND station = ?2"),
        refused,
        |new| [&new.statement.id.0, &new.columns.station],
        |row| row.get("quarantined"),
    )?;
    for (index, stored) in indices.into_iter().zip(stored) {
        if let Some(above) = above.get_mut(index) {
            *above = stored.is_none();
        }
    }
    Ok(above)
}

/// A row of `device_usage` to be added to the stored one.
struct Addition<'a> {
    device: &'a DeviceId,
    station: &'a str,
    usage: Usage,
    after_revocation: u64,
}

/// Counts statements that were added. `is_revoked` says whether a device is revoked.
pub(super) fn count(
    transaction: &Transaction<'_>,
    added: &[NewStatement<'_>],
    is_revoked: impl Fn(&DeviceId) -> bool,
) -> database::Result<()> {
    let mut usage: BTreeMap<(DeviceId, String), Usage> = BTreeMap::new();
    for new in added {
        let sum = usage.entry(key(new)).or_default();
        *sum = sum.plus(Usage::of(&new.statement.entry));
    }
    let additions: Vec<Addition<'_>> = usage
        .iter()
        .map(|((device, station), usage)| Addition {
            device,
            station,
            usage: *usage,
            after_revocation: if is_revoked(device) { usage.statements } else { 0 },
        })
        .collect();
    transaction.insert_all(&USAGE, &additions, |row| {
        let Usage { statements, photos, photo_bytes } = &row.usage;
        [&row.device.0, &row.station, statements, photos, photo_bytes, &row.after_revocation]
    })?;
    Ok(())
}

/// Counts all stored statements again.
pub(super) fn count_again(transaction: &Transaction<'_>) -> database::Result<()> {
    transaction.execute(sql!("DELETE FROM device_usage"), params![])?;
    transaction.execute(
        sql!(
            "INSERT INTO device_usage (device, station, statements, photos, photo_bytes, after_revocation)
             SELECT s.device, s.station, count(*), count(p.statement), coalesce(sum(p.derivative_bytes), 0),
                 count(*) FILTER (WHERE s.quarantined)
             FROM statement s LEFT JOIN photo p ON p.statement = s.id AND p.station = s.station
             WHERE s.station < '~' GROUP BY s.device, s.station"
        ),
        params![],
    )?;
    Ok(())
}
