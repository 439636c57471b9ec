//! Photos: what statements announce, and the outcome of each upload. The bytes are elsewhere.

use std::collections::BTreeSet;

use evidence::PhotoHash;
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
    /// The lengths that statements announced. The length of an original is among them after a coordinator
    /// requested it. Empty if the photo is not expected.
    pub announced_bytes: Vec<u64>,
    /// `None` until the upload is over.
    pub outcome: Option<PhotoOutcome>,
}

/// A complete photo at a station, of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedPhoto {
    pub station: StationId,
    /// The page of the form that it shows.
    pub page: u8,
    /// The time at which its last byte arrived.
    pub arrived_at_ms: i64,
}

impl Store {
    /// What the store knows of a photo.
    pub fn announced_photo(&self, hash: PhotoHash) -> Result<AnnouncedPhoto, StoreError> {
        self.read("look for a photo", |transaction| {
            let announced_bytes = transaction.rows(
                sql!(
                    "SELECT derivative_bytes AS bytes FROM photo WHERE derivative = ?1
                     UNION SELECT original_bytes FROM original_wanted WHERE original = ?1"
                ),
                params![hash.0],
                |row| row.get("bytes"),
            )?;
            let word: Option<String> = transaction.row(
                sql!("SELECT ended_as FROM photo_end WHERE derivative = ?1"),
                params![hash.0],
                |row| row.get("ended_as"),
            )?;
            let outcome = word.map(|word| match word == PhotoOutcome::Complete.word() {
                true => PhotoOutcome::Complete,
                false => PhotoOutcome::Refused,
            });
            Ok(AnnouncedPhoto { announced_bytes, outcome })
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

    /// The stations at which statements say that the photo was taken.
    pub fn stations_of_photo(&self, hash: PhotoHash) -> Result<Vec<StationId>, StoreError> {
        self.query("look for a photo's station", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT station FROM photo WHERE derivative = ?1
                     UNION SELECT station FROM original_wanted WHERE original = ?1"
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
    "SELECT t.station, p.page, e.ended_at_ms
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
    })
}
