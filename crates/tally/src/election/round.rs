//! Rounds: the first count of a station and contest, and later votes or counts that replace it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contest::Contest;
use crate::election::Election;
use crate::id::{ContestId, StationId};
use crate::text::Localized;

/// The number of the first count of a station and contest.
pub const FIRST_ROUND: u8 = 1;
/// Maximum number of a round.
pub const ROUND_MAX: u8 = 9;

/// The legal ground of a later round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoundKind {
    /// Pemungutan suara ulang: the vote is repeated.
    Psu,
    /// Penghitungan suara ulang: the ballots are counted again.
    Pssu,
    /// Pemungutan suara lanjutan: an interrupted vote continues.
    Psl,
    /// Pemungutan suara susulan: a postponed vote.
    Pss,
}

/// A later vote or count of some stations and contests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Its number at these stations, from 2. The newest round with a result counts.
    #[schemars(range(min = 2, max = 9))]
    pub number: u8,
    /// The legal ground.
    pub kind: RoundKind,
    /// The day, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub date: String,
    /// Why it takes place, for instance the decision that orders it.
    pub reason: Localized,
    /// The stations.
    #[schemars(length(min = 1))]
    pub stations: Vec<StationId>,
    /// The contests. Empty: all contests of the stations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contests: Vec<ContestId>,
}

impl Round {
    /// Whether it is a round of this station and contest.
    pub fn is_of(&self, station: &StationId, contest: &ContestId) -> bool {
        self.has_contest(contest) && self.stations.contains(station)
    }

    fn has_contest(&self, contest: &ContestId) -> bool {
        self.contests.is_empty() || self.contests.contains(contest)
    }
}

impl Election {
    /// The later rounds of a station and contest, by number.
    pub fn rounds_of(&self, station: &StationId, contest: &ContestId) -> Vec<&Round> {
        let here = self.index(|index| index.rounds.get(station));
        let rounds = here.into_iter().flatten().filter_map(|&position| self.rounds.get(position));
        let mut rounds: Vec<&Round> = rounds.filter(|round| round.has_contest(contest)).collect();
        rounds.sort_by_key(|round| round.number);
        rounds
    }

    /// The number of the newest round of a station and contest.
    pub fn newest_round(&self, station: &StationId, contest: &ContestId) -> u8 {
        self.rounds_of(station, contest).last().map_or(FIRST_ROUND, |round| round.number)
    }

    /// The contests of the station that `round` repeats.
    pub(crate) fn contests_of_round<'a>(
        &'a self,
        round: &'a Round,
        station: &StationId,
    ) -> impl Iterator<Item = &'a Contest> + use<'a> {
        self.contests_at(station).filter(|contest| round.has_contest(&contest.id))
    }
}
