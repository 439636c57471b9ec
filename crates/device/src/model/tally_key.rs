//! What a draft or a tally belongs to.

use tally::{ContestId, StationId};

/// One contest at one station: what a draft or a tally belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TallyKey {
    pub(crate) station: StationId,
    pub(crate) contest: ContestId,
}

impl TallyKey {
    pub(crate) fn new(station: &StationId, contest: &ContestId) -> Self {
        Self { station: station.clone(), contest: contest.clone() }
    }
}
