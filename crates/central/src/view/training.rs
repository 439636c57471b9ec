//! How far the witnesses of a region have practised.

use serde::{Deserialize, Serialize};
use tally::{Readiness, RegionCode, StationId};

use super::RegionName;

/// `GET /api/readiness` (the user's region) and `GET /api/readiness/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadinessView {
    /// The region and those above it that the user reaches, from the top; empty for the whole election.
    pub path: Vec<RegionName>,
    pub total: ReadinessRow,
    /// The regions below, the one with the most stations that are not ready first; none below a desa.
    pub rows: Vec<ReadinessRow>,
    /// From when a person is ready.
    pub threshold: Readiness,
}

/// One region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadinessRow {
    /// `None` for the whole election.
    pub code: Option<RegionCode>,
    pub name: String,
    pub stations: u32,
    /// Stations with a witness, and those of them of whose witnesses nobody is ready.
    pub staffed: u32,
    pub unready: u32,
    /// Present assignments, those of people who were trained, and of people who are ready.
    pub witnesses: u32,
    pub trained: u32,
    pub ready: u32,
    /// When somebody last practised.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
    /// Half of the people who practised needed at most so long for an exercise.
    pub median_seconds: Option<u32>,
}

/// `GET /api/readiness-stations?region=…&after=…`: at most 200 stations of whose witnesses nobody is
/// ready, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UnreadyStations {
    pub stations: Vec<UnreadyStationView>,
    /// The parameter `after` of the next page; `None` at the end.
    pub next: Option<StationId>,
}

/// A station of whose witnesses nobody is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UnreadyStationView {
    pub station: StationId,
    pub desa_name: String,
    pub kecamatan_name: String,
    pub witnesses: u32,
    pub trained: u32,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
}
