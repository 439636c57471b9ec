//! The projection from a sample of stations.

use serde::{Deserialize, Serialize};
use tally::{Choice, ContestId, RegionLevel};

use super::region::RegionName;

/// `GET /api/projection?contest=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ProjectionView {
    pub contest: ContestId,
    /// `None` if no sample was drawn.
    pub sample: Option<SampleView>,
    /// Stations of the sample that have a result.
    pub arrived: u32,
    /// The shares, the largest first. Empty while too few stations are in.
    pub shares: Vec<ShareView>,
    /// How far the first is ahead of the second; `None` while too few stations are in.
    pub margin: Option<Interval>,
    /// The strata of the sample, by code.
    pub strata: Vec<StratumView>,
}

/// A sample, as it was drawn before the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SampleView {
    /// From it and the election package anybody draws the same stations.
    pub seed: String,
    /// The level of the regions that are its strata.
    pub level: RegionLevel,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub drawn_at_ms: i64,
    pub stations: u32,
}

/// A share of the valid votes, in thousandths, with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ShareView {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub choice: Choice,
    pub name: String,
    pub share: Interval,
    /// The share in all votes that count so far, which is no sample; `None` without any.
    pub counted_share: Option<f64>,
}

/// An estimate, and the interval that contains the true number in 95 of 100 samples. Parts of one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Interval {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

/// A region of which stations were drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StratumView {
    pub region: RegionName,
    /// All its stations.
    pub stations: u32,
    pub drawn: u32,
    pub arrived: u32,
}
