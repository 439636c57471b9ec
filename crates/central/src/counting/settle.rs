//! Lets the counts follow the statements, and derives all of them again.

use tally::{ContestId, RegionLevel, StationId};

use super::rebuild::RebuildError;
use super::station::count_station;
use crate::endpoint::Endpoint;
use crate::store::{CountInputs, Counted, Rebuilt, RecountPart, RecountScope, StoreError};

impl Endpoint {
    /// Counts changes until none waits. Gives their number.
    pub fn settle_counts(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        loop {
            let batch = self
                .store()
                .settle_counts(&|contest, station, inputs| self.count_of(contest, station, inputs))?;
            settled += batch.changes;
            if !batch.more {
                return Ok(settled);
            }
        }
    }

    /// Derives what counting reads, and all counts, again from the statements, all or nothing.
    pub fn rebuild(&self) -> Result<Rebuilt, RebuildError> {
        let parts = self.recount_parts();
        self.store().rebuild(
            |unread| self.verify_again(unread),
            RecountScope(&parts),
            &|contest, station, inputs| self.count_of(contest, station, inputs),
        )
    }

    fn recount_parts(&self) -> Vec<RecountPart> {
        let package = self.package();
        let part = |region| {
            let contests = package.contests_touching(Some(&region)).into_iter();
            RecountPart { contests: contests.map(|contest| contest.id.clone()).collect(), region }
        };
        package.at_level(RegionLevel::KabupatenKota).into_iter().map(part).collect()
    }

    fn count_of(&self, contest: &ContestId, station: &StationId, inputs: &CountInputs) -> Option<Counted> {
        if !self.election().is_voted_at(contest, station) {
            return None;
        }
        let paper = self.package().paper_of_kind(contest, station.kind())?;
        let sums = self.package().sums_with(paper.contest(), station);
        let (count, doubt) = count_station(&paper, inputs);
        Some(Counted { count, doubt, sums })
    }
}
