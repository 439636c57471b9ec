//! The page of a region.

use serde::{Deserialize, Serialize};
use tally::{ContestId, RegionCode, RegionLevel};

use crate::model::count::{Coverage, Votes};

/// A region by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionName {
    pub code: RegionCode,
    pub name: String,
}

/// `GET /api/regions?contest=…` (the whole election, or the user's region) and `GET
/// /api/regions/{code}?contest=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionView {
    /// The regions from the top down to this one; empty for the whole election.
    pub path: Vec<RegionName>,
    /// The contest that the figures are of.
    pub contest: ContestId,
    /// Its stations by standing.
    pub coverage: Coverage,
    /// Votes of each candidate.
    pub candidates: Vec<CandidateVotes>,
    /// Invalid votes.
    pub invalid: Votes,
    /// The regions directly below; empty for a desa.
    pub children: Vec<RegionRow>,
    /// Arrivals over time, oldest first, in equal steps; empty when nothing arrived.
    pub arrivals: Vec<Arrivals>,
    /// Length of a step of `arrivals`, in milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub arrivals_step_ms: i64,
    /// Time at which this was computed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// One candidate's votes in a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CandidateVotes {
    /// The number on the ballot.
    pub number: u16,
    /// One name, or two.
    pub names: Vec<String>,
    pub votes: Votes,
}

/// One region in the table of its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionRow {
    pub region: RegionName,
    pub level: RegionLevel,
    /// Its stations by standing.
    pub coverage: Coverage,
    /// Time of the latest arrival.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
}

/// The arrivals in one step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Arrivals {
    /// Begin of the step.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub from_ms: i64,
    pub tallies: u32,
    /// Complete photos.
    pub photos: u32,
}
