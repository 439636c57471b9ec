//! Lets the counts follow the statements, and derives all of them again.

use tally::{ContestId, RegionLevel};

use super::rebuild::RebuildError;
use super::station::count_station;
use crate::endpoint::Endpoint;
use crate::model::count::StationCount;
use crate::store::{ArrivedPhoto, CountedTally, Rebuilt, RecountScope, StoreError};

impl Endpoint {
    /// Counts changes until none waits. Gives their number.
    pub fn settle_counts(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        loop {
            let batch = self.store().settle_counts(&|contest, tallies, photos, witnesses| {
                self.count_of(contest, tallies, photos, witnesses)
            })?;
            settled += batch.changes;
            if !batch.more {
                return Ok(settled);
            }
        }
    }

    /// Derives what counting reads, and all counts, again from the statements, all or nothing.
    pub fn rebuild(&self) -> Result<Rebuilt, RebuildError> {
        let contests: Vec<ContestId> =
            self.election().contests.iter().map(|contest| contest.id.clone()).collect();
        let parts = self.package().at_level(RegionLevel::KabupatenKota);
        self.store().rebuild(
            |unread| self.verify_again(unread),
            RecountScope { contests: &contests, parts: &parts },
            &|contest, tallies, photos, witnesses| self.count_of(contest, tallies, photos, witnesses),
        )
    }

    fn count_of(
        &self,
        contest: &ContestId,
        tallies: &[CountedTally],
        photos: &[ArrivedPhoto],
        witnesses: u32,
    ) -> Option<StationCount> {
        Some(count_station(self.package().paper(contest)?, tallies, photos, witnesses))
    }
}
