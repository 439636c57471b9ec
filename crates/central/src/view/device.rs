//! The devices of witnesses, and the state of their chains.

use serde::{Deserialize, Serialize};
use tally::StationId;

/// `GET /api/devices?region=…&troubled=…&search=…&after=…`: a page of at most 200, the one of the latest
/// arrival first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DeviceList {
    pub devices: Vec<DeviceView>,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<String>,
}

/// `POST /api/devices/{device}/revoke`: a device is lost, or somebody else has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RevokeRequest {
    /// The reason, at most 200 characters; empty for none.
    #[serde(default)]
    pub because: String,
}

/// One device. `POST /api/devices/{device}/revoke` responds with it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DeviceView {
    /// Its id, hex.
    pub device: String,
    /// The stations of its present and ended assignments.
    pub stations: Vec<StationId>,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub enrolled_at_ms: i64,
    /// Time of its revocation.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
    /// The reason of the revocation, if one was given.
    pub revoked_because: Option<String>,
    /// Number of statements that arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub statements: u64,
    /// Number of statements that arrived after the revocation.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub quarantined: u64,
    /// Time of the latest arrival.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
    /// Number of missing statements below its highest sequence number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub missing_count: u64,
    /// The missing sequence numbers, lowest first, at most 20.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub missing: Vec<u64>,
    /// Sequence numbers of more than one statement, lowest first, at most 20.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub forks: Vec<u64>,
}
