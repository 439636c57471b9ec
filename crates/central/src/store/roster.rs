//! Devices, and the stations that they are assigned to.

use std::collections::BTreeMap;

use evidence::{DeviceId, PublicKey};
use protocol::Assignment;
use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::{self, Row, Sql, Transaction, sql};
use super::invitations::{InvitationState, ShownInvitation, invitation_shown};
use super::statements::IS_NO_REVIEWER;
use super::{Actor, AuditContext, Store, StoreError, audit, people_assignments};

/// The outcome of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolOutcome {
    /// The device is enrolled, by this request or an earlier one.
    Enrolled(DeviceAssignments),
    /// No invitation has this code.
    Unknown,
    /// Another device has used the invitation.
    UsedByAnother,
    /// Nobody used the invitation in time.
    Expired,
    /// The invitation was withdrawn.
    Withdrawn,
}

/// The assignments of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceAssignments {
    pub assignments: Vec<Assignment>,
    /// Number of changes since the enrolment.
    pub revision: u64,
    /// All stations of present and ended assignments.
    pub ever: Vec<StationId>,
}

/// An enrolled device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnrolledDevice {
    pub device: DeviceId,
    pub enrolled_at_ms: i64,
    /// `None` if it is not revoked.
    pub revoked_at_ms: Option<i64>,
}

/// Number of devices that witness for contest ?1 at each station from ?2 on and before ?3. Stations without
/// any are left out.
pub(super) const WITNESSES: Sql = sql!(
    "SELECT station, count(*) AS witnesses FROM assignment
    WHERE contest = ?1 AND station >= ?2 AND station < ?3 AND ended_at_ms IS NULL GROUP BY station"
);

impl Store {
    /// Enrols the device of this key. The first device that asks uses the invitation up; it may ask again.
    pub fn enrol(
        &self,
        shown: ShownInvitation<'_>,
        key: PublicKey,
        now_ms: i64,
    ) -> Result<EnrolOutcome, StoreError> {
        let device = key.device_id();
        // Guesses stay away from the writer.
        let read = |transaction: &Transaction<'_>| invitation_shown(transaction, shown);
        let Some(found) = self.query("look for an invitation", read)? else {
            return Ok(EnrolOutcome::Unknown);
        };
        if let Some(refused) = refused(&found, device, now_ms) {
            return Ok(refused);
        }
        self.write("enrol a device", |transaction| {
            // Another request may have used it meanwhile.
            let Some(found) = invitation_shown(transaction, shown)? else {
                return Ok(EnrolOutcome::Unknown);
            };
            if let Some(refused) = refused(&found, device, now_ms) {
                return Ok(refused);
            }
            if found.used.is_none() {
                use_invitation(transaction, &found, key, now_ms)?;
            }
            assignments_of(transaction, device).map(EnrolOutcome::Enrolled)
        })
    }

    /// The assignments of a device.
    pub fn assignments_of(&self, device: DeviceId) -> Result<DeviceAssignments, StoreError> {
        self.read("read a device's assignments", |transaction| assignments_of(transaction, device))
    }

    /// Number of changes of a device's assignments.
    pub fn assignments_revision(&self, device: DeviceId) -> Result<u64, StoreError> {
        self.read("read the revision of a device's assignments", |transaction| revision(transaction, device))
    }

    /// Assigns a device to contests at a station. The device learns it with its inbox. Returns `false` if the
    /// device is unknown, or has the assignments.
    pub fn assign(
        &self,
        device: DeviceId,
        station: &StationId,
        contests: &[ContestId],
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("assign a device", |transaction| assign(transaction, device, station, contests, audit))
    }

    /// Ends all assignments of a device at a station. What it sent before still counts. Returns `false` if
    /// there was none.
    pub fn unassign(
        &self,
        device: DeviceId,
        station: &StationId,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("end a device's assignment", |transaction| unassign(transaction, device, station, audit))
    }

    /// The key with which a device enrolled. Stored bytes that are no key verify no signature, and are left
    /// out.
    pub fn device_key(&self, device: DeviceId) -> Result<Option<PublicKey>, StoreError> {
        let bytes: Option<[u8; 32]> = self.query("read a device's key", |transaction| {
            transaction.row(
                sql!("SELECT d.public_key FROM device d WHERE d.id = ?1", IS_NO_REVIEWER),
                params![device.0],
                |row| row.get("public_key"),
            )
        })?;
        Ok(bytes.and_then(|bytes| PublicKey::from_bytes(&bytes).ok()))
    }

    /// Revokes a device. What it sent before stays; what arrives from now on is quarantined. Returns `false`
    /// if the device is unknown or revoked.
    pub fn revoke_device(
        &self,
        device: DeviceId,
        because: Option<&str>,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("revoke a device", |transaction| {
            let revoked = transaction.execute(
                sql!(
                    "UPDATE device SET revoked_at_ms = ?2, revoked_because = ?3
                     WHERE id = ?1 AND revoked_at_ms IS NULL"
                ),
                params![device.0, audit.now_ms, because],
            )?;
            if revoked == 1 {
                people_assignments::device_was_revoked(transaction, device)?;
                audit::record(transaction, audit, "device.revoke", &device.to_string())?;
            }
            Ok(revoked == 1)
        })
    }

    /// All devices, by id.
    pub fn devices(&self) -> Result<Vec<EnrolledDevice>, StoreError> {
        self.read("read the devices", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT d.id, d.enrolled_at_ms, d.revoked_at_ms FROM device d
                     WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.device = d.id AND s.station >= '~')",
                    IS_NO_REVIEWER,
                    " ORDER BY d.id"
                ),
                &[],
                enrolled_device,
            )
        })
    }

    /// The devices of present and ended assignments to a station, for one contest or for any. Each has the
    /// time at which its last assignment ended.
    pub fn assigned_devices(
        &self,
        station: &StationId,
        contest: Option<&ContestId>,
    ) -> Result<BTreeMap<DeviceId, Option<i64>>, StoreError> {
        self.read("read the witnesses of a station", |transaction| {
            assigned_devices(transaction, station, contest)
        })
    }

    /// The stations to which a device is assigned now.
    pub fn stations_now_of(&self, device: DeviceId) -> Result<Vec<StationId>, StoreError> {
        self.query("read the present stations of a device", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT DISTINCT station FROM assignment WHERE device = ?1 AND ended_at_ms IS NULL
                     ORDER BY station"
                ),
                params![device.0],
                |row| row.parsed("station"),
            )
        })
    }

    /// The stations of a device's present and ended assignments.
    pub fn stations_of_device(&self, device: DeviceId) -> Result<Vec<StationId>, StoreError> {
        self.query("read the stations of a device", |transaction| stations_ever(transaction, device))
    }
}

/// Assigns a device, if it is known and does not have the assignments.
pub(super) fn assign(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
    contests: &[ContestId],
    audit: AuditContext<'_>,
) -> database::Result<bool> {
    let known: Option<i64> =
        transaction.row(sql!("SELECT 1 AS known FROM device WHERE id = ?1"), params![device.0], |row| {
            row.get("known")
        })?;
    let mut changed = 0;
    for contest in contests.iter().filter(|_| known.is_some()) {
        changed += transaction.execute(
            sql!(
                "INSERT INTO assignment (device, station, contest) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device, station, contest) DO UPDATE SET ended_at_ms = NULL
                 WHERE assignment.ended_at_ms IS NOT NULL"
            ),
            params![device.0, station.to_string(), contest.as_str()],
        )?;
    }
    if changed > 0 {
        record_change(transaction, device, station, "device.assign", audit)?;
    }
    Ok(changed > 0)
}

/// Ends the assignments of a device at a station, if it has any.
pub(super) fn unassign(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
    audit: AuditContext<'_>,
) -> database::Result<bool> {
    let changed = transaction.execute(
        sql!(
            "UPDATE assignment SET ended_at_ms = ?3
             WHERE device = ?1 AND station = ?2 AND ended_at_ms IS NULL"
        ),
        params![device.0, station.to_string(), audit.now_ms],
    )?;
    if changed > 0 {
        record_change(transaction, device, station, "device.unassign", audit)?;
    }
    Ok(changed > 0)
}

fn enrolled_device(row: &Row<'_>) -> database::Result<EnrolledDevice> {
    Ok(EnrolledDevice {
        device: DeviceId(row.get("id")?),
        enrolled_at_ms: row.get("enrolled_at_ms")?,
        revoked_at_ms: row.get("revoked_at_ms")?,
    })
}

/// Why this device cannot use the invitation; `None` if it can, or if it did before.
fn refused(found: &InvitationState, device: DeviceId, now_ms: i64) -> Option<EnrolOutcome> {
    match found.used {
        Some((user, _)) => (user != device).then_some(EnrolOutcome::UsedByAnother),
        None if found.withdrawn_at_ms.is_some() => Some(EnrolOutcome::Withdrawn),
        None => (found.expires_at_ms <= now_ms).then_some(EnrolOutcome::Expired),
    }
}

/// Gives an unused invitation to the device of this key.
fn use_invitation(
    transaction: &Transaction<'_>,
    invitation: &InvitationState,
    key: PublicKey,
    now_ms: i64,
) -> database::Result<()> {
    let (device, station) = (key.device_id(), &invitation.station);
    transaction.execute(
        sql!(
            "INSERT INTO device (id, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO NOTHING"
        ),
        params![device.0, key.to_bytes(), now_ms],
    )?;
    transaction.execute(
        sql!("UPDATE invitation SET used_at_ms = ?2, device = ?3 WHERE number = ?1"),
        params![invitation.number, now_ms, device.0],
    )?;
    for contest in &invitation.contests {
        transaction.execute(
            sql!(
                "INSERT INTO assignment (device, station, contest) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device, station, contest) DO NOTHING"
            ),
            params![device.0, station.to_string(), contest.as_str()],
        )?;
    }
    people_assignments::join(transaction, invitation.number, device, now_ms)?;
    queue_counts(transaction, device, station)?;
    let audit = AuditContext { actor: &Actor::Device(device), now_ms };
    audit::record(transaction, audit, "device.enrol", &station.to_string())
}

/// Queues the station's counts of all contests of the device.
fn queue_counts(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO count_waiting (contest, station)
             SELECT contest, station FROM assignment WHERE device = ?1 AND station = ?2"
        ),
        params![device.0, station.to_string()],
    )?;
    Ok(())
}

/// Does what follows from a change of assignments.
fn record_change(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
    action: &'static str,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    transaction.execute(
        sql!("UPDATE device SET assignments_revision = assignments_revision + 1 WHERE id = ?1"),
        params![device.0],
    )?;
    queue_counts(transaction, device, station)?;
    audit::record(transaction, audit, action, &format!("{device} {station}"))
}

fn revision(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<u64> {
    let revision = transaction.row(
        sql!("SELECT assignments_revision FROM device WHERE id = ?1"),
        params![device.0],
        |row| row.get("assignments_revision"),
    )?;
    Ok(revision.unwrap_or(0))
}

fn stations_ever(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<Vec<StationId>> {
    transaction.rows(
        sql!("SELECT DISTINCT station FROM assignment WHERE device = ?1 ORDER BY station"),
        params![device.0],
        |row| row.parsed("station"),
    )
}

fn assignments_of(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<DeviceAssignments> {
    Ok(DeviceAssignments {
        assignments: present_assignments(transaction, device)?,
        revision: revision(transaction, device)?,
        ever: stations_ever(transaction, device)?,
    })
}

fn present_assignments(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<Vec<Assignment>> {
    let rows: Vec<(StationId, ContestId)> = transaction.rows(
        sql!(
            "SELECT station, contest FROM assignment WHERE device = ?1 AND ended_at_ms IS NULL
             ORDER BY station, contest"
        ),
        params![device.0],
        |row| Ok((row.parsed("station")?, row.parsed("contest")?)),
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

pub(super) fn assigned_devices(
    transaction: &Transaction<'_>,
    station: &StationId,
    contest: Option<&ContestId>,
) -> database::Result<BTreeMap<DeviceId, Option<i64>>> {
    let devices = transaction.rows(
        sql!(
            "SELECT device, CASE WHEN count(*) = count(ended_at_ms) THEN max(ended_at_ms) END AS ended_at_ms
             FROM assignment
             WHERE station = ?2 AND (CAST(?1 AS TEXT) IS NULL OR contest = ?1) GROUP BY device"
        ),
        params![contest.map(ContestId::as_str), station.to_string()],
        |row| Ok((DeviceId(row.get("device")?), row.get("ended_at_ms")?)),
    )?;
    Ok(devices.into_iter().collect())
}
