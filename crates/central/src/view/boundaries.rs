//! The outlines of regions.

use serde::{Deserialize, Serialize};
use tally::RegionCode;

/// `GET /api/boundaries?region=…`: the outlines of the regions directly below, as far as the operator gave
/// them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BoundariesView {
    pub regions: Vec<RegionOutline>,
}

/// The outline of one region. What an odd number of its rings contains is inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionOutline {
    pub code: RegionCode,
    /// Longitudes and latitudes in degrees.
    pub rings: Vec<Vec<[f64; 2]>>,
}
