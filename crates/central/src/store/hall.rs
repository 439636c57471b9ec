//! The store of a hall: whose hall it is, whom it lets in, what it keeps for phones, and what was handed on.
//! What the phones gave is in the tables of every endpoint, as the bytes that were signed.

use evidence::{DeviceId, PhotoHash, PublicKey, StatementId};
use protocol::{Assignment, CarriedEnrolment};
use rusqlite::params;
use sha2::{Digest as _, Sha256};
use tally::{ContestId, StationId};

use super::database::{self, Row, Transaction, json_of, sql, unreadable};
use super::{Store, StoreError};

/// Maximum number of devices that a hall lets in.
const DEVICES_MAX: i64 = 20_000;

/// Maximum number of enrolments that a hall keeps for one device: it may get a second invitation.
const ENROLMENTS_OF_DEVICE_MAX: i64 = 4;

/// The endpoint that a store is the hall of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallMark {
    /// The endpoint's base address.
    pub endpoint: String,
    /// The keys of the endpoint's log.
    pub log_keys: protocol::LogKeys,
    /// The code of the hall's own invitation, with which it hands on.
    pub code: String,
}

/// An invitation that a hall lets in. The hall knows no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownInvitation {
    /// The public half of the key that the code makes.
    pub key: PublicKey,
    pub station: StationId,
    pub contests: Vec<ContestId>,
    pub expires_at_ms: i64,
}

/// A device that had joined before the hall opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    pub key: PublicKey,
    pub assignments: Vec<Assignment>,
}

/// An enrolment that waits to be handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEnrolment {
    pub device: DeviceId,
    /// As the phone signed it.
    pub enrolment: String,
}

/// What waits to be handed on, and what was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HallCounts {
    pub enrolments_waiting: u64,
    pub statements_waiting: u64,
    pub photos_waiting: u64,
    pub handed: u64,
    pub refused: u64,
}

/// Statements that were not handed on yet. A condition or an end follows.
const NOT_HANDED: &str = "FROM log_leaf l JOIN statement s ON s.id = l.statement AND s.station = l.station
    WHERE NOT EXISTS (SELECT 1 FROM hall_handed h WHERE h.hash = l.statement) ";

/// Complete photos that were not handed on yet, whose statement was.
const PHOTOS_NOT_HANDED: &str =
    "FROM photo p JOIN photo_end e ON e.derivative = p.derivative AND e.ended_as = 'whole'
    JOIN hall_handed s ON s.hash = p.statement AND s.refusal IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM hall_handed h WHERE h.hash = p.derivative) ";

impl Store {
    /// The endpoint that this store is the hall of; `None` for the store of an endpoint.
    pub fn hall(&self) -> Result<Option<HallMark>, StoreError> {
        self.query("read whose hall this is", |transaction| {
            transaction.row(sql!("SELECT endpoint, log_keys, code FROM hall"), &[], |row| {
                Ok(HallMark {
                    endpoint: row.get("endpoint")?,
                    log_keys: row.json("log_keys")?,
                    code: row.get("code")?,
                })
            })
        })
    }

    /// Makes this store a hall's, or brings it up to date with a newer file. What is there stays.
    pub fn open_hall(
        &self,
        mark: &HallMark,
        invitations: &[KnownInvitation],
        devices: &[KnownDevice],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("open a hall", |transaction| {
            set_mark(transaction, mark)?;
            invitations.iter().try_for_each(|one| add_invitation(transaction, one, now_ms))?;
            devices.iter().try_for_each(|one| add_device(transaction, one, now_ms))
        })
    }

    /// Lets a device in that has no invitation known here, without an assignment. `false` if the hall is
    /// full.
    pub fn enrol_guest(&self, key: PublicKey, now_ms: i64) -> Result<bool, StoreError> {
        self.write("enrol a guest", |transaction| {
            let count: Option<i64> =
                transaction.row(sql!("SELECT count(*) AS count FROM device"), &[], |row| row.get("count"))?;
            if count.unwrap_or(0) >= DEVICES_MAX {
                return Ok(false);
            }
            insert_device(transaction, key, now_ms)?;
            Ok(true)
        })
    }

    /// Keeps an enrolment to hand it on, unless it is one too many of its device. One that is kept already
    /// stays as it is.
    pub fn keep_enrolment(
        &self,
        device: DeviceId,
        kept: &CarriedEnrolment,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("keep an enrolment", |transaction| {
            let count: Option<i64> = transaction.row(
                sql!("SELECT count(*) AS count FROM hall_enrolment WHERE device = ?1"),
                params![device.0],
                |row| row.get("count"),
            )?;
            if count.unwrap_or(0) >= ENROLMENTS_OF_DEVICE_MAX {
                return Ok(());
            }
            transaction.execute(
                sql!(
                    "INSERT INTO hall_enrolment (device, enrolment, kept_at_ms) VALUES (?1, ?2, ?3)
                     ON CONFLICT (device, enrolment) DO NOTHING"
                ),
                params![device.0, json_of(kept)?, now_ms],
            )?;
            Ok(())
        })
    }

    /// Enrolments that were not handed on yet, oldest first.
    pub fn kept_enrolments(&self, most: usize) -> Result<Vec<KeptEnrolment>, StoreError> {
        self.query("read the enrolments to hand on", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT device, enrolment FROM hall_enrolment WHERE handed_at_ms IS NULL
                     ORDER BY kept_at_ms, device, enrolment LIMIT ?1"
                ),
                params![most],
                |row| {
                    Ok(KeptEnrolment {
                        device: DeviceId(row.get("device")?),
                        enrolment: row.get("enrolment")?,
                    })
                },
            )
        })
    }

    /// An enrolment was handed on, or the endpoint refused it for good.
    pub fn enrolment_handed(
        &self,
        kept: &KeptEnrolment,
        refusal: Option<&str>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("write that an enrolment was handed on", |transaction| {
            transaction.execute(
                sql!(
                    "UPDATE hall_enrolment SET handed_at_ms = ?3, refusal = ?4 WHERE device = ?1 AND enrolment = ?2"
                ),
                params![kept.device.0, kept.enrolment, now_ms, refusal],
            )?;
            Ok(())
        })
    }

    /// Statements that were not handed on yet, in the order of the hall's log from `position` on, with their
    /// positions.
    pub fn statements_to_hand_on(
        &self,
        position: i64,
        most: usize,
    ) -> Result<Vec<(i64, StatementId, Vec<u8>)>, StoreError> {
        self.query("read the statements to hand on", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT l.position, l.statement, s.bytes ",
                    NOT_HANDED,
                    "AND l.position >= ?1 ORDER BY l.position LIMIT ?2"
                ),
                params![position, most],
                |row| Ok((row.get("position")?, StatementId(row.get("statement")?), row.get("bytes")?)),
            )
        })
    }

    /// Complete photos that were not handed on yet, whose statement was, after `after` by hash.
    pub fn photos_to_hand_on(
        &self,
        after: Option<PhotoHash>,
        most: usize,
    ) -> Result<Vec<PhotoHash>, StoreError> {
        let after = after.map_or([0; 32], |hash| hash.0);
        self.query("read the photos to hand on", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT DISTINCT p.derivative ",
                    PHOTOS_NOT_HANDED,
                    "AND p.derivative > ?1 ORDER BY p.derivative LIMIT ?2"
                ),
                params![after, most],
                |row| Ok(PhotoHash(row.get("derivative")?)),
            )
        })
    }

    /// A statement or a photo was handed on, or the endpoint refused it for good.
    pub fn handed(&self, hash: [u8; 32], refusal: Option<&str>, now_ms: i64) -> Result<(), StoreError> {
        self.write("write what was handed on", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO hall_handed (hash, handed_at_ms, refusal) VALUES (?1, ?2, ?3)
                     ON CONFLICT (hash) DO UPDATE SET handed_at_ms = ?2, refusal = ?3"
                ),
                params![hash, now_ms, refusal],
            )?;
            Ok(())
        })
    }

    /// What waits to be handed on, and what was.
    pub fn hall_counts(&self) -> Result<HallCounts, StoreError> {
        self.query("count what was handed on", |transaction| {
            let counts = transaction.row(
                sql!(
                    "SELECT (SELECT count(*) FROM hall_enrolment WHERE handed_at_ms IS NULL) AS enrolments,
                        (SELECT count(*) ",
                    NOT_HANDED,
                    ") AS statements, (SELECT count(DISTINCT p.derivative) ",
                    PHOTOS_NOT_HANDED,
                    ") AS photos, (SELECT count(*) FROM hall_handed WHERE refusal IS NULL) AS handed,
                        (SELECT count(*) FROM hall_handed WHERE refusal IS NOT NULL)
                        + (SELECT count(*) FROM hall_enrolment WHERE refusal IS NOT NULL) AS refused"
                ),
                &[],
                |row| {
                    Ok(HallCounts {
                        enrolments_waiting: row.get("enrolments")?,
                        statements_waiting: row.get("statements")?,
                        photos_waiting: row.get("photos")?,
                        handed: row.get("handed")?,
                        refused: row.get("refused")?,
                    })
                },
            )?;
            Ok(counts.unwrap_or_default())
        })
    }

    /// The invitations to stations of a range that nobody has used, for a hall. Those of an earlier version
    /// are left out: their codes have no key here.
    pub fn open_invitations(
        &self,
        stations: &super::StationRange,
        now_ms: i64,
    ) -> Result<Vec<KnownInvitation>, StoreError> {
        self.query("read the open invitations", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT enrol_key, station, contests, expires_at_ms FROM invitation
                     WHERE station >= ?1 AND station < ?2 AND enrol_key IS NOT NULL AND used_at_ms IS NULL
                        AND withdrawn_at_ms IS NULL AND expires_at_ms > ?3
                     ORDER BY number"
                ),
                params![stations.from, stations.until, now_ms],
                known_invitation,
            )
        })
    }

    /// The devices that are assigned to stations of a range and not revoked, for a hall.
    pub fn devices_for_hall(&self, stations: &super::StationRange) -> Result<Vec<KnownDevice>, StoreError> {
        let read = |transaction: &Transaction<'_>| {
            transaction.rows(
                sql!(
                    "SELECT d.public_key, a.station, a.contest
                     FROM assignment a JOIN device d ON d.id = a.device
                     WHERE a.station >= ?1 AND a.station < ?2 AND a.ended_at_ms IS NULL
                        AND d.revoked_at_ms IS NULL
                     ORDER BY d.id, a.station, a.contest"
                ),
                params![stations.from, stations.until],
                |row| Ok((row.get("public_key")?, row.parsed("station")?, row.parsed("contest")?)),
            )
        };
        let rows: Vec<([u8; 32], StationId, ContestId)> = self.query("read the devices of a region", read)?;
        let mut devices: Vec<KnownDevice> = Vec::new();
        for (key, station, contest) in rows {
            // Stored bytes that are no key verify no signature, and are left out.
            let Ok(key) = PublicKey::from_bytes(&key) else { continue };
            if devices.last().is_none_or(|last| last.key != key) {
                devices.push(KnownDevice { key, assignments: Vec::new() });
            }
            let Some(device) = devices.last_mut() else { continue };
            match device.assignments.last_mut() {
                Some(last) if last.station == station => last.contests.push(contest),
                _ => device.assignments.push(Assignment { station, contests: vec![contest] }),
            }
        }
        Ok(devices)
    }
}

/// Marks this store as that of a hall.
pub(super) fn set_mark(transaction: &Transaction<'_>, mark: &HallMark) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO hall (only_one, endpoint, log_keys, code) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (only_one) DO UPDATE SET endpoint = ?1, log_keys = ?2, code = ?3"
        ),
        params![mark.endpoint, json_of(&mark.log_keys)?, mark.code],
    )?;
    Ok(())
}

fn known_invitation(row: &Row<'_>) -> database::Result<KnownInvitation> {
    let key: [u8; 32] = row.get("enrol_key")?;
    let contests: String = row.get("contests")?;
    Ok(KnownInvitation {
        key: PublicKey::from_bytes(&key).map_err(|error| unreadable("enrol_key", error))?,
        station: row.parsed("station")?,
        contests: contests.split(',').filter_map(|contest| contest.parse().ok()).collect(),
        expires_at_ms: row.get("expires_at_ms")?,
    })
}

fn add_invitation(
    transaction: &Transaction<'_>,
    known: &KnownInvitation,
    now_ms: i64,
) -> database::Result<()> {
    let contests: Vec<&str> = known.contests.iter().map(ContestId::as_str).collect();
    // A hall knows no code, and so no hash of one: this one belongs to none.
    let no_code: [u8; 32] =
        Sha256::new().chain_update(b"saksi-hall-v1\0").chain_update(known.key.to_bytes()).finalize().into();
    transaction.execute(
        sql!(
            "INSERT INTO invitation (code_hash, hint, station, contests, made_by, created_at_ms, expires_at_ms,
                enrol_key)
             VALUES (?1, '', ?2, ?3, '', ?4, ?5, ?6) ON CONFLICT (code_hash) DO NOTHING"
        ),
        params![
            no_code,
            known.station.to_string(),
            contests.join(","),
            now_ms,
            known.expires_at_ms,
            known.key.to_bytes()
        ],
    )?;
    Ok(())
}

pub(super) fn add_device(
    transaction: &Transaction<'_>,
    known: &KnownDevice,
    now_ms: i64,
) -> database::Result<()> {
    insert_device(transaction, known.key, now_ms)?;
    for Assignment { station, contests } in &known.assignments {
        for contest in contests {
            transaction.execute(
                sql!(
                    "INSERT INTO assignment (device, station, contest) VALUES (?1, ?2, ?3)
                     ON CONFLICT (device, station, contest) DO NOTHING"
                ),
                params![known.key.device_id().0, station.to_string(), contest.as_str()],
            )?;
        }
    }
    Ok(())
}

fn insert_device(transaction: &Transaction<'_>, key: PublicKey, now_ms: i64) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO device (id, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO NOTHING"
        ),
        params![key.device_id().0, key.to_bytes(), now_ms],
    )?;
    Ok(())
}
