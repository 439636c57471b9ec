//! The seats of a district.

use serde::{Deserialize, Serialize};
use tally::ContestId;
use tally::seats::SeatAllocation;

use crate::model::count::Coverage;

/// `GET /api/seats?contest=…`: the seats that the present sums would give. While `coverage` or the
/// threshold's is incomplete, this is arithmetic of incomplete sums, and not a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SeatsView {
    pub contest: ContestId,
    /// The stations of the district by standing.
    pub coverage: Coverage,
    pub allocation: SeatAllocation,
    /// The names of the parties, in the order of `allocation`.
    pub names: Vec<String>,
    /// The national threshold, where the contest has one.
    pub threshold: Option<SeatThreshold>,
    /// Time at which this was computed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// The share of the votes of the whole country that a party needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SeatThreshold {
    /// In thousandths of all valid votes.
    pub permille: u16,
    /// The stations of the country by standing.
    pub coverage: Coverage,
}
