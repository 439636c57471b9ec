//! Who is at the stations, and who is silent since when.

use serde::{Deserialize, Serialize};
use tally::{RegionCode, StationId};

use super::message::Contact;
use crate::model::presence::Presence;

/// `GET /api/attendance?region=…&presence=…&silent=…&after=…`: at most 200 witnesses by station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AttendanceList {
    /// The region of the list; `None` for the whole election.
    pub region: Option<RegionCode>,
    pub witnesses: Vec<WitnessAttendance>,
    /// `after` of the next page; `None` on the last.
    pub next: Option<String>,
    pub counts: AttendanceCounts,
    /// Time without a sign of a device after which its witness counts as silent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub silent_after_ms: i64,
}

/// Numbers of the witnesses of a region, whatever the filter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AttendanceCounts {
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub present: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub not_admitted: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub left: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unknown: u64,
    /// Number of those of all of them that are silent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub silent: u64,
}

/// A witness with a device, at one station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct WitnessAttendance {
    pub station: StationId,
    /// The device, hex.
    pub device: String,
    pub presence: Presence,
    /// When the report of it arrived; `None` without one.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub since_ms: Option<i64>,
    /// The last sign of the device: a request or a statement. `None` if there was none yet.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub heard_at_ms: Option<i64>,
    pub silent: bool,
    /// Who it is, for those who may see people.
    pub contact: Option<Contact>,
}
