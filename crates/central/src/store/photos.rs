//! Photos, as statements announce them and as they end.

use evidence::PhotoHash;
use rusqlite::params;
use tally::StationId;

use super::database::{self, Row, Writers};
use super::{Store, StoreError};

/// The last word on a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoEnd {
    /// All of it is here, and it is a picture.
    Whole,
    /// Its bytes came, and they are no picture.
    Refused,
}

/// What is known of a photo by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedPhoto {
    /// The lengths under which statements announced it, those of originals only once one was asked for; none when it
    /// is not expected.
    pub announced_bytes: Vec<u64>,
    /// The last word on it.
    pub end: Option<PhotoEnd>,
}

/// A photo that is here, at a station and of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedPhoto {
    /// The station.
    pub station: StationId,
    /// The page that it shows.
    pub page: u8,
    /// When the last of it arrived.
    pub arrived_at_ms: i64,
}

impl Store {
    /// What is known of a photo.
    pub fn announced_photo(&self, hash: PhotoHash) -> Result<AnnouncedPhoto, StoreError> {
        self.read("looking for a photo", |transaction| {
            let announced_bytes = transaction.rows(
                "SELECT derivative_bytes FROM photo WHERE derivative = ?1
                 UNION SELECT original_bytes FROM original_wanted WHERE original = ?1",
                params![hash.0],
                |row| row.get(0),
            )?;
            let end: Option<String> = transaction.row(
                "SELECT ended_as FROM photo_end WHERE derivative = ?1",
                params![hash.0],
                |row| row.get(0),
            )?;
            let end = end.map(|end| if end == "whole" { PhotoEnd::Whole } else { PhotoEnd::Refused });
            Ok(AnnouncedPhoto { announced_bytes, end })
        })
    }

    /// Says the last word on a photo, once; later words change nothing.
    pub fn end_photo(&self, hash: PhotoHash, end: PhotoEnd, now_ms: i64) -> Result<(), StoreError> {
        let known = self.announced_photo(hash)?.end;
        if known.is_some() {
            return Ok(());
        }
        let ended_as = match end {
            PhotoEnd::Whole => "whole",
            PhotoEnd::Refused => "refused",
        };
        self.write_by(Writers::Many, "ending a photo", |transaction| {
            transaction.execute(
                "INSERT INTO photo_end (derivative, ended_as, ended_at_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (derivative) DO NOTHING",
                params![hash.0, ended_as, now_ms],
            )?;
            transaction.execute(
                "INSERT INTO count_waiting (contest, station) SELECT DISTINCT t.contest, t.station
                 FROM photo p
                 JOIN statement t ON t.id = p.tally AND t.station = p.station AND t.contest <> ''
                 WHERE p.derivative = ?1",
                params![hash.0],
            )?;
            Ok(())
        })
    }

    /// The stations at which a photo was taken, as far as statements say so.
    pub fn stations_of_photo(&self, hash: PhotoHash) -> Result<Vec<StationId>, StoreError> {
        self.ask("looking for a photo's station", |transaction| {
            transaction.rows(
                "SELECT station FROM photo WHERE derivative = ?1
                 UNION SELECT station FROM original_wanted WHERE original = ?1",
                params![hash.0],
                |row| row.parsed(0),
            )
        })
    }
}

/// The photos of contest ?1 at stations from ?2 on and before ?3 that are here. A photo counts for the tally that it names
/// when device and station are the tally's own and the device is assigned there, and when both came before their device
/// was revoked.
pub(super) const ARRIVED_PHOTOS: &str = "SELECT t.station, p.page, e.ended_at_ms
    FROM statement t
    JOIN photo p ON p.tally = t.id AND p.device = t.device AND p.station = t.station
    JOIN photo_end e ON e.derivative = p.derivative AND e.ended_as = 'whole'
    JOIN assignment a ON a.device = t.device AND a.station = t.station AND a.contest = t.contest
        AND (a.ended_at_ms IS NULL OR t.received_at_ms < a.ended_at_ms)
    JOIN statement shown ON shown.id = p.statement AND shown.station = p.station AND NOT shown.quarantined
    WHERE NOT t.quarantined AND t.contest = ?1 AND t.station >= ?2 AND t.station < ?3";

pub(super) fn arrived_photo(row: &Row<'_>) -> database::Result<ArrivedPhoto> {
    Ok(ArrivedPhoto { station: row.parsed(0)?, page: row.get(1)?, arrived_at_ms: row.get(2)? })
}
