//! The page of a region.

use serde::{Deserialize, Serialize};
use tally::{CandidateNumber, Choice, ContestId, ContestKind, PartyNumber, RegionCode, RegionLevel};

use super::contest::{ContestView, KindView};
use crate::model::count::{Coverage, Votes};

/// A region by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionName {
    pub code: RegionCode,
    pub name: String,
}

/// `GET /api/regions?contest=…` or `?kind=…` (the whole election, or the user's region) and `GET
/// /api/regions/{code}?contest=…` or `?kind=…`. The sums of a kind are those of all its contests that are
/// voted in the region. Where only one is, the page is that of the contest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionView {
    /// The regions from the top down to this one; empty for the whole election.
    pub path: Vec<RegionName>,
    /// The kind of the contests that the figures are of.
    pub kind: ContestKind,
    /// The contest that the figures are of; `None` for the sums of several contests of the kind.
    pub contest: Option<ContestId>,
    /// The contests that are voted here, by kind.
    pub kinds: Vec<KindView>,
    /// The contests of the kind whose districts lie partly in the region and partly outside of it, while the
    /// region has stations of other districts too.
    pub cut_districts: Vec<ContestView>,
    /// Its stations by standing.
    pub coverage: Coverage,
    /// The votes, in the ballot's order. Sums of several contests have the lists without their candidates,
    /// and nothing of candidates who are on no list.
    pub votes: Vec<VoteRow>,
    /// Invalid votes.
    pub invalid: Votes,
    /// The stations with a later round.
    pub later_rounds: LaterRounds,
    /// The regions directly below in which it is voted; empty for a desa.
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

/// The votes of a candidate, a pair or a list in a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VoteRow {
    pub choice: Choice,
    /// The party whose list it is, or on whose list the candidate is.
    pub party: Option<PartyNumber>,
    /// The candidate's number on the ballot or on the list.
    pub number: Option<CandidateNumber>,
    /// One name, two of a pair, or the party's.
    pub names: Vec<String>,
    /// The names in one line.
    pub label: String,
    /// Whether this is the empty column that stands against a single pair.
    pub empty_column: bool,
    pub votes: Votes,
    /// Of a list: the votes of the party itself, without its candidates.
    pub party_itself: Option<Votes>,
    /// Of a list: its candidates.
    pub candidates: Vec<VoteRow>,
}

/// Numbers of stations with a round after the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LaterRounds {
    /// Stations for which the package announces a later round.
    pub announced: u32,
    /// Those of which a later round counts.
    pub counted: u32,
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
