//! What a draft or a tally belongs to.

use tally::{ContestId, FIRST_ROUND, StationId};

use crate::error::DeviceError;

/// One round of one contest at one station: what a draft or a tally belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TallyKey {
    pub station: StationId,
    pub contest: ContestId,
    /// 1 for the first count, 2 to 9 for a later round of the package.
    pub round: u8,
}

impl TallyKey {
    /// The first count of `contest` at `station`.
    pub fn first(station: &StationId, contest: &ContestId) -> Self {
        Self::of_round(station, contest, FIRST_ROUND)
    }

    /// A round of `contest` at `station`.
    pub fn of_round(station: &StationId, contest: &ContestId, round: u8) -> Self {
        Self { station: station.clone(), contest: contest.clone(), round }
    }

    pub(crate) fn not_sealed(&self) -> DeviceError {
        DeviceError::NotSealed { station: self.station.clone(), contest: self.contest.clone() }
    }

    pub(crate) fn already_sealed(&self) -> DeviceError {
        DeviceError::AlreadySealed { station: self.station.clone(), contest: self.contest.clone() }
    }
}
