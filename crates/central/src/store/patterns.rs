//! What patterns are found in: the tallies and photos of a region.

use evidence::PhotoHash;
use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::sql;
use super::photos::{ARRIVED_PHOTOS, ArrivedPhoto, arrived_photo};
use super::statements::{CountedTally, TALLIES, counted_tally};
use super::{StationRange, Store, StoreError};

/// Maximum number of places of photos that are at several stations.
const REPEATED_MAX: usize = 10_000;

/// The tallies and photos of a region.
pub(crate) struct PatternSource {
    /// By station, then oldest first.
    pub(crate) tallies: Vec<CountedTally>,
    pub(crate) photos: Vec<ArrivedPhoto>,
    /// The photos of the region that statements name at several stations, with all these stations, those
    /// outside of the region too; by photo.
    pub(crate) repeated: Vec<(PhotoHash, StationId)>,
}

impl Store {
    pub(crate) fn pattern_source(
        &self,
        contest: &ContestId,
        range: &StationRange,
    ) -> Result<PatternSource, StoreError> {
        self.read("read what patterns are found in", |transaction| {
            let of_contest = params![contest.as_str(), range.from, range.until];
            Ok(PatternSource {
                tallies: transaction.rows(TALLIES, of_contest, counted_tally)?,
                photos: transaction.rows(ARRIVED_PHOTOS, of_contest, arrived_photo)?,
                repeated: transaction.rows(
                    sql!(
                        "SELECT DISTINCT o.derivative, o.station FROM photo o WHERE o.derivative IN (
                             SELECT p.derivative FROM photo p WHERE p.station >= ?1 AND p.station < ?2
                             AND EXISTS (SELECT 1 FROM photo other
                                 WHERE other.derivative = p.derivative AND other.station <> p.station))
                         ORDER BY o.derivative, o.station LIMIT ?3"
                    ),
                    params![range.from, range.until, REPEATED_MAX],
                    |row| Ok((PhotoHash(row.get("derivative")?), row.parsed("station")?)),
                )?,
            })
        })
    }
}
