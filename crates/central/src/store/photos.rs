//! Photos: what statements announce, and the outcome of each upload. The bytes are elsewhere.

use std::collections::BTreeSet;

use evidence::{DeviceId, PhotoHash};
use protocol::quota::Standing;
use rusqlite::params;
use tally::StationId;

use super::database::{self, Row, Sql, Transaction, sql};
use super::{Store, StoreError};

/// The final outcome of a photo's upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoOutcome {
    /// All bytes arrived, and they are an image.
    Complete,
    /// The bytes arrived, and they are no image.
    Refused,
}

impl PhotoOutcome {
    /// The word in the database.
    fn word(self) -> &'static str {
        match self {
            Self::Complete => "whole",
            Self::Refused => "refused",
        }
    }
}

/// What the store knows of a photo by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedPhoto {
    /// What statements announced. An original is among it after a coordinator requested it. Empty if the
    /// photo is not expected.
    pub announcements: Vec<Announcement>,
    /// Whether a coordinator requested it as an original.
    pub is_requested_original: bool,
    /// `None` until the upload is over.
    pub outcome: Option<PhotoOutcome>,
}

/// A length with which a photo was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement {
    /// The device that signed it; `None` for an original that a coordinator requested.
    pub device: Option<DeviceId>,
    pub bytes: u64,
}

impl AnnouncedPhoto {
    /// All announced lengths.
    pub fn lengths(&self) -> Vec<u64> {
        self.announcements.iter().map(|announcement| announcement.bytes).collect()
    }

    /// The lengths that can be right for a part that `sender` sends: its own ones, if it announced the photo.
    /// Otherwise it carries the photo of another device.
    pub fn lengths_for(&self, sender: DeviceId) -> Vec<u64> {
        let own: Vec<u64> = self
            .announcements
            .iter()
            .filter(|announcement| announcement.device == Some(sender))
            .map(|announcement| announcement.bytes)
            .collect();
        if own.is_empty() { self.lengths() } else { own }
    }
}

/// A complete photo at a station, of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedPhoto {
    pub station: StationId,
    /// The page of the form that it shows.
    pub page: u8,
    /// The time at which its last byte arrived.
    pub arrived_at_ms: i64,
    /// The device that took it, and its sequence number of the photo's tally.
    pub device: DeviceId,
    pub sequence: u64,
    /// What the device read in it with certainty: fields and figures.
    pub readings: Vec<(String, u32)>,
}

/// The readings of a photo; none where the column is empty.
fn readings(row: &Row<'_>) -> database::Result<Vec<(String, u32)>> {
    let text: String = row.get("readings")?;
    if text.is_empty() { Ok(Vec::new()) } else { row.json("readings") }
}

impl Store {
    /// What the store knows of a photo.
    pub fn announced_photo(&self, hash: PhotoHash) -> Result<AnnouncedPhoto, StoreError> {
        self.read("look for a photo", |transaction| {
            let mut announcements = transaction.rows(
                sql!("SELECT DISTINCT device, derivative_bytes AS bytes FROM photo WHERE derivative = ?1"),
                params![hash.0],
                |row| {
                    Ok(Announcement { device: Some(DeviceId(row.get("device")?)), bytes: row.get("bytes")? })
                },
            )?;
            let originals = transaction.rows(
                sql!("SELECT DISTINCT original_bytes AS bytes FROM original_wanted WHERE original = ?1"),
                params![hash.0],
                |row| Ok(Announcement { device: None, bytes: row.get("bytes")? }),
            )?;
            let is_requested_original = !originals.is_empty();
            announcements.extend(originals);
            let word: Option<String> = transaction.row(
                sql!("SELECT ended_as FROM photo_end WHERE derivative = ?1"),
                params![hash.0],
                |row| row.get("ended_as"),
            )?;
            let outcome = word.map(|word| match word == PhotoOutcome::Complete.word() {
                true => PhotoOutcome::Complete,
                false => PhotoOutcome::Refused,
            });
            Ok(AnnouncedPhoto { announcements, is_requested_original, outcome })
        })
    }

    /// Stores the outcome of a photo's upload. The first outcome is final; later ones change nothing.
    pub fn set_photo_outcome(
        &self,
        hash: PhotoHash,
        outcome: PhotoOutcome,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        if self.announced_photo(hash)?.outcome.is_some() {
            return Ok(());
        }
        self.write_beside_others("store the outcome of a photo", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO photo_end (derivative, ended_as, ended_at_ms) VALUES (?1, ?2, ?3)
                     ON CONFLICT (derivative) DO NOTHING"
                ),
                params![hash.0, outcome.word(), now_ms],
            )?;
            // A station's count says how many pages have a photo.
            transaction.execute(
                sql!(
                    "INSERT INTO count_waiting (contest, station) SELECT DISTINCT t.contest, t.station
                     FROM photo p
                     JOIN statement t ON t.id = p.tally AND t.station = p.station AND t.contest <> ''
                     WHERE p.derivative = ?1"
                ),
                params![hash.0],
            )?;
            Ok(())
        })
    }

    /// What a device may upload: whether it is revoked, or assigned to any station.
    pub fn upload_standing(&self, device: DeviceId) -> Result<Standing, StoreError> {
        self.query("look for a device", |transaction| {
            let standing = transaction.row(
                sql!(
                    "SELECT d.revoked_at_ms IS NOT NULL AS revoked,
                        EXISTS (SELECT 1 FROM assignment a WHERE a.device = d.id) AS assigned
                     FROM device d WHERE d.id = ?1"
                ),
                params![device.0],
                |row| {
                    Ok(match (row.get("revoked")?, row.get("assigned")?) {
                        (true, _) => Standing::Revoked,
                        (false, true) => Standing::Assigned,
                        (false, false) => Standing::Unassigned,
                    })
                },
            )?;
            Ok(standing.unwrap_or(Standing::Revoked))
        })
    }

    /// The stations at which the device that announced the photo first says that it was taken, and the one of
    /// the first request for an original. Who learns the hash later cannot move the photo elsewhere by
    /// announcing it too.
    pub fn stations_of_photo(&self, hash: PhotoHash) -> Result<Vec<StationId>, StoreError> {
        self.query("look for a photo's station", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT p.station FROM photo p WHERE p.derivative = ?1 AND p.device =
                        (SELECT f.device FROM photo f
                         JOIN statement s ON s.id = f.statement AND s.station = f.station
                         WHERE f.derivative = ?1 ORDER BY s.received_at_ms, s.id LIMIT 1)
                     UNION SELECT w.station FROM original_wanted w WHERE w.original = ?1 AND w.at_ms =
                        (SELECT min(e.at_ms) FROM original_wanted e WHERE e.original = ?1)"
                ),
                params![hash.0],
                |row| row.parsed("station"),
            )
        })
    }
}

/// The complete photos of a station, requested originals included.
pub(super) fn complete_photos(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<BTreeSet<PhotoHash>> {
    let found = transaction.rows(
        sql!(
            "SELECT e.derivative FROM photo_end e WHERE e.ended_as = 'whole' AND e.derivative IN (
                 SELECT p.derivative FROM photo p WHERE p.station = ?1
                 UNION SELECT o.original FROM original_wanted o WHERE o.station = ?1)"
        ),
        params![station.to_string()],
        |row| Ok(PhotoHash(row.get("derivative")?)),
    )?;
    Ok(found.into_iter().collect())
}

/// The complete photos of contest ?1 at stations from ?2 on and before ?3. A photo counts for the tally that
/// it names if device and station are the tally's own, if the device is assigned there, and if both
/// statements arrived before the device was revoked.
pub(super) const ARRIVED_PHOTOS: Sql = sql!(
    "SELECT t.station, t.device, t.sequence, p.page, p.readings, e.ended_at_ms
    FROM statement t
    JOIN photo p ON p.tally = t.id AND p.device = t.device AND p.station = t.station
    JOIN photo_end e ON e.derivative = p.derivative AND e.ended_as = 'whole'
    JOIN assignment a ON a.device = t.device AND a.station = t.station AND a.contest = t.contest
        AND (a.ended_at_ms IS NULL OR t.received_at_ms < a.ended_at_ms)
    JOIN statement shown ON shown.id = p.statement AND shown.station = p.station AND NOT shown.quarantined
    WHERE NOT t.quarantined AND t.contest = ?1 AND t.station >= ?2 AND t.station < ?3"
);

pub(super) fn arrived_photo(row: &Row<'_>) -> database::Result<ArrivedPhoto> {
    Ok(ArrivedPhoto {
        station: row.parsed("station")?,
        page: row.get("page")?,
        arrived_at_ms: row.get("ended_at_ms")?,
        device: DeviceId(row.get("device")?),
        sequence: row.get("sequence")?,
        readings: readings(row)?,
    })
}
