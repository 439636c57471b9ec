//! Devices, and where they witness.

use std::collections::BTreeMap;

use evidence::{DeviceId, PublicKey};
use protocol::Assignment;
use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::{self, Row, Transaction};
use super::{Actor, Store, StoreError, audit};
use crate::model::invitation_code::InvitationCode;

/// What came of a device's asking with an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The device is enrolled, now or already before; this is where it witnesses.
    Enrolled(Assigned),
    /// No such invitation.
    Unknown,
    /// Another device was faster.
    UsedByAnother,
}

/// Where a device witnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// Its assignments.
    pub assignments: Vec<Assignment>,
    /// How often they were changed.
    pub revision: u64,
    /// All stations at which it witnesses or did.
    pub ever: Vec<StationId>,
}

/// A device that has enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnrolledDevice {
    /// Its name.
    pub device: DeviceId,
    /// Since when.
    pub enrolled_at_ms: i64,
    /// Since when it is revoked, if it is.
    pub revoked_at_ms: Option<i64>,
}

impl Store {
    /// Gives the invitation to the device with this key. The first device to ask has it; that one may ask again.
    pub fn enrol(&self, code: &InvitationCode, key: PublicKey, now_ms: i64) -> Result<Taken, StoreError> {
        let device = key.device_id();
        self.write("enrolling a device", |transaction| {
            let invitation: Option<(StationId, Option<[u8; 16]>)> = transaction.row(
                "SELECT station, device FROM invitation WHERE code = ?1",
                params![code.as_str()],
                |row| Ok((row.parsed(0)?, row.get(1)?)),
            )?;
            let station = match invitation {
                None => return Ok(Taken::Unknown),
                Some((_, Some(other))) if other != device.0 => return Ok(Taken::UsedByAnother),
                Some((_, Some(_))) => return assigned(transaction, device).map(Taken::Enrolled),
                Some((station, None)) => station,
            };
            transaction.execute(
                "INSERT INTO device (id, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
                params![device.0, key.to_bytes(), now_ms],
            )?;
            transaction.execute(
                "UPDATE invitation SET used_at_ms = ?2, device = ?3 WHERE code = ?1",
                params![code.as_str(), now_ms, device.0],
            )?;
            transaction.execute(
                "INSERT INTO assignment (device, station, contest)
                 SELECT ?2, ?3, contest FROM invitation_contest WHERE code = ?1
                 ON CONFLICT (device, station, contest) DO NOTHING",
                params![code.as_str(), device.0, station.to_string()],
            )?;
            note_to_count(transaction, device, &station)?;
            audit::note(transaction, now_ms, &Actor::Device(device), "device.enrol", &station.to_string())?;
            assigned(transaction, device).map(Taken::Enrolled)
        })
    }

    /// Where a device witnesses by now.
    pub fn assigned(&self, device: DeviceId) -> Result<Assigned, StoreError> {
        self.read("reading where a device witnesses", |transaction| assigned(transaction, device))
    }

    /// How often a device's assignments were changed.
    pub fn assignments_revision(&self, device: DeviceId) -> Result<u64, StoreError> {
        self.read("reading a device's assignments", |transaction| revision(transaction, device))
    }

    /// Assigns a device to contests at a station; the device hears of it by its inbox. `false` when there is no such
    /// device, or it was assigned before.
    pub fn assign(
        &self,
        device: DeviceId,
        station: &StationId,
        contests: &[ContestId],
        actor: &Actor,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        self.write("assigning a device", |transaction| {
            let known = transaction
                .row("SELECT 1 FROM device WHERE id = ?1", params![device.0], |row| row.get::<i64>(0))?;
            let mut changed = 0;
            for contest in contests.iter().filter(|_| known.is_some()) {
                changed += transaction.execute(
                    "INSERT INTO assignment (device, station, contest) VALUES (?1, ?2, ?3)
                     ON CONFLICT (device, station, contest) DO UPDATE SET ended_at_ms = NULL
                     WHERE assignment.ended_at_ms IS NOT NULL",
                    params![device.0, station.to_string(), contest.as_str()],
                )?;
            }
            note_change(transaction, changed, device, (now_ms, actor, "device.assign", station))
        })
    }

    /// Ends all assignments of a device at a station: what it sent before still counts. `false` when there was none.
    pub fn unassign(
        &self,
        device: DeviceId,
        station: &StationId,
        actor: &Actor,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        self.write("ending a device's assignment", |transaction| {
            let changed = transaction.execute(
                "UPDATE assignment SET ended_at_ms = ?3 WHERE device = ?1 AND station = ?2 AND ended_at_ms IS NULL",
                params![device.0, station.to_string(), now_ms],
            )?;
            note_change(transaction, changed, device, (now_ms, actor, "device.unassign", station))
        })
    }

    /// The key with which a device enrolled. A stored key that is none fits no signature.
    pub fn device_key(&self, device: DeviceId) -> Result<Option<PublicKey>, StoreError> {
        let bytes: Option<[u8; 32]> = self.ask("reading a device's key", |transaction| {
            transaction
                .row("SELECT public_key FROM device WHERE id = ?1", params![device.0], |row| row.get(0))
        })?;
        Ok(bytes.and_then(|bytes| PublicKey::from_bytes(&bytes).ok()))
    }

    /// Revokes a device: what it sent before stays, what arrives from now on is quarantined. `false` when there is no
    /// such device, or it was revoked before.
    pub fn revoke_device(
        &self,
        device: DeviceId,
        because: Option<&str>,
        actor: &Actor,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        self.write("revoking a device", |transaction| {
            let revoked = transaction.execute(
                "UPDATE device SET revoked_at_ms = ?2, revoked_because = ?3
                 WHERE id = ?1 AND revoked_at_ms IS NULL",
                params![device.0, now_ms, because],
            )?;
            if revoked == 1 {
                audit::note(transaction, now_ms, actor, "device.revoke", &device.to_string())?;
            }
            Ok(revoked == 1)
        })
    }

    /// All devices, by their names.
    pub fn devices(&self) -> Result<Vec<EnrolledDevice>, StoreError> {
        self.read("reading the devices", |transaction| {
            transaction.rows(
                "SELECT id, enrolled_at_ms, revoked_at_ms FROM device ORDER BY id",
                &[],
                enrolled,
            )
        })
    }

    /// The devices that are or were assigned to this station, for this contest where one is named, each with the time
    /// from which on it is not any more.
    pub fn assigned_devices(
        &self,
        station: &StationId,
        contest: Option<&ContestId>,
    ) -> Result<BTreeMap<DeviceId, Option<i64>>, StoreError> {
        self.read("reading who witnesses at a station", |transaction| {
            let devices = transaction.rows(
                "SELECT device, CASE WHEN count(*) = count(ended_at_ms) THEN max(ended_at_ms) END FROM assignment
                 WHERE station = ?2 AND (CAST(?1 AS TEXT) IS NULL OR contest = ?1) GROUP BY device",
                params![contest.map(ContestId::as_str), station.to_string()],
                |row| Ok((DeviceId(row.get(0)?), row.get(1)?)),
            )?;
            Ok(devices.into_iter().collect())
        })
    }

    /// The stations at which a device is or was assigned.
    pub fn stations_of_device(&self, device: DeviceId) -> Result<Vec<StationId>, StoreError> {
        self.ask("reading where a device witnesses", |transaction| {
            transaction.rows(
                "SELECT DISTINCT station FROM assignment WHERE device = ?1 ORDER BY station",
                params![device.0],
                |row| row.parsed(0),
            )
        })
    }
}

fn enrolled(row: &Row<'_>) -> database::Result<EnrolledDevice> {
    Ok(EnrolledDevice {
        device: DeviceId(row.get(0)?),
        enrolled_at_ms: row.get(1)?,
        revoked_at_ms: row.get(2)?,
    })
}

/// How many devices witness for contest ?1 at each station from ?2 on and before ?3; stations without any are left out.
pub(super) const WITNESSES: &str = "SELECT station, count(*) FROM assignment
    WHERE contest = ?1 AND station >= ?2 AND station < ?3 AND ended_at_ms IS NULL GROUP BY station";

/// Notes that all contests of a station are to be counted anew.
fn note_to_count(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
) -> database::Result<()> {
    transaction.execute(
        "INSERT INTO count_waiting (contest, station)
         SELECT contest, station FROM assignment WHERE device = ?1 AND station = ?2",
        params![device.0, station.to_string()],
    )?;
    Ok(())
}

/// Notes that a device's assignments changed, if they did.
fn note_change(
    transaction: &Transaction<'_>,
    changed: u64,
    device: DeviceId,
    (now_ms, actor, action, station): (i64, &Actor, &'static str, &StationId),
) -> database::Result<bool> {
    if changed == 0 {
        return Ok(false);
    }
    transaction.execute(
        "UPDATE device SET assignments_revision = assignments_revision + 1 WHERE id = ?1",
        params![device.0],
    )?;
    note_to_count(transaction, device, station)?;
    audit::note(transaction, now_ms, actor, action, &format!("{device} {station}"))?;
    Ok(true)
}

fn revision(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<u64> {
    let revision = transaction.row(
        "SELECT assignments_revision FROM device WHERE id = ?1",
        params![device.0],
        |row| row.get(0),
    )?;
    Ok(revision.unwrap_or(0))
}

fn assigned(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<Assigned> {
    Ok(Assigned {
        assignments: assignments(transaction, device)?,
        revision: revision(transaction, device)?,
        ever: transaction.rows(
            "SELECT DISTINCT station FROM assignment WHERE device = ?1 ORDER BY station",
            params![device.0],
            |row| row.parsed(0),
        )?,
    })
}

fn assignments(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<Vec<Assignment>> {
    let rows: Vec<(StationId, ContestId)> = transaction.rows(
        "SELECT station, contest FROM assignment WHERE device = ?1 AND ended_at_ms IS NULL ORDER BY station, contest",
        params![device.0],
        |row| Ok((row.parsed(0)?, row.parsed(1)?)),
    )?;
    let mut assignments: Vec<Assignment> = Vec::new();
    for (station, contest) in rows {
        match assignments.last_mut() {
            Some(last) if last.station == station => last.contests.push(contest),
            _ => assignments.push(Assignment { station, contests: vec![contest] }),
        }
    }
    Ok(assignments)
}
