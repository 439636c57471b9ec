//! The rounds of the package, by station.

use std::collections::{BTreeSet, HashMap};

use tally::{Contest, ContestId, Election, FIRST_ROUND, RegionCode, Round, StationId};

use super::package::Package;
use crate::model::sums_of::SumsOf;

/// An index of the later rounds.
#[derive(Debug)]
pub(super) struct Rounds {
    /// Positions in the package's list.
    of_station: HashMap<StationId, Vec<usize>>,
    /// Numbers of stations with a later round; `None` is the whole election.
    stations: HashMap<(SumsOf, Option<RegionCode>), u32>,
}

impl Rounds {
    pub(super) fn of(election: &Election) -> Self {
        let mut of_station: HashMap<StationId, Vec<usize>> = HashMap::new();
        for (position, round) in election.rounds.iter().enumerate() {
            for station in &round.stations {
                of_station.entry(station.clone()).or_default().push(position);
            }
        }
        let mut stations: HashMap<(SumsOf, Option<RegionCode>), u32> = HashMap::new();
        for (station, positions) in &of_station {
            let has_round = |contest: &&Contest| {
                let rounds = positions.iter().filter_map(|&position| election.rounds.get(position));
                rounds.into_iter().any(|round| is_of_contest(round, &contest.id))
            };
            let contests: Vec<&Contest> = election.contests_at(station).filter(has_round).collect();
            let kinds: BTreeSet<SumsOf> = contests.iter().map(|contest| SumsOf::Kind(contest.kind)).collect();
            let contests = contests.into_iter().map(|contest| SumsOf::Contest(contest.id.clone()));
            for summed in contests.chain(kinds) {
                for region in station.desa().path().into_iter().map(Some).chain([None]) {
                    *stations.entry((summed.clone(), region)).or_default() += 1;
                }
            }
        }
        Self { of_station, stations }
    }
}

fn is_of_contest(round: &Round, contest: &ContestId) -> bool {
    round.contests.is_empty() || round.contests.contains(contest)
}

impl Package {
    /// The later rounds of a station and contest, oldest first.
    pub fn rounds_of(&self, station: &StationId, contest: &ContestId) -> Vec<&Round> {
        let positions = self.rounds.of_station.get(station).map_or(&[][..], Vec::as_slice);
        let rounds = positions.iter().filter_map(|&position| self.election.rounds.get(position));
        let mut rounds: Vec<&Round> = rounds.filter(|round| is_of_contest(round, contest)).collect();
        rounds.sort_by_key(|round| round.number);
        rounds
    }

    /// Whether the package has this round of a station and contest. It always has the first.
    pub fn has_round(&self, station: &StationId, contest: &ContestId, number: u8) -> bool {
        number == FIRST_ROUND || self.rounds_of(station, contest).iter().any(|round| round.number == number)
    }

    /// The number of the newest round of a station and contest.
    pub fn newest_round(&self, station: &StationId, contest: &ContestId) -> u8 {
        self.rounds_of(station, contest).last().map_or(FIRST_ROUND, |round| round.number)
    }

    /// Number of stations of a region for which a later round is announced; `None` is the whole election.
    pub(crate) fn later_rounds(&self, summed: SumsOf, region: Option<&RegionCode>) -> u32 {
        self.rounds.stations.get(&(summed, region.cloned())).copied().unwrap_or(0)
    }
}
