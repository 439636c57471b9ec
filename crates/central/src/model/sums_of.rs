//! What the sums of a region are of: one contest, or all contests of a kind.

use std::fmt;

use tally::{ContestId, ContestKind};

/// What the sums of a region are of.
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
