//! The sums that are stored: of which contests, in which region.

use std::fmt;

use tally::{ContestId, ContestKind, RegionCode};

/// What sums are of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SumsOf {
    Contest(ContestId),
    /// All contests of the kind.
    Kind(ContestKind),
}

/// The name in the database. A contest's id has no colon.
impl fmt::Display for SumsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contest(contest) => write!(f, "{contest}"),
            Self::Kind(kind) => write!(f, "kind:{}", kind.word()),
        }
    }
}

/// Sums in a region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SumKey {
    pub sums_of: SumsOf,
    /// `None` is the whole election.
    pub region: Option<RegionCode>,
}
