//! The witnesses' phones: who they are, and what is wrong with their chains.

use serde::{Deserialize, Serialize};
use tally::StationId;

/// `GET /api/devices?region=…&troubled=…`: at most 200, those of whom something was heard last first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DeviceList {
    /// The phones.
    pub devices: Vec<DeviceView>,
    /// Whether there are more.
    pub more: bool,
}

/// `POST /api/devices/{device}/revoke`: a phone is lost, or somebody else has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RevokeRequest {
    /// Why, at most 200 characters; nothing is said when it is empty.
    #[serde(default)]
    pub because: String,
}

/// One phone. `POST /api/devices/{device}/revoke` answers with it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DeviceView {
    /// Its name, hex.
    pub device: String,
    /// Where it witnesses.
    pub stations: Vec<StationId>,
    /// Since when.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub enrolled_at_ms: i64,
    /// Since when it is revoked.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
    /// Why, where somebody said so.
    pub revoked_because: Option<String>,
    /// Statements that arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub statements: u64,
    /// Those of them that came after it was revoked.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub quarantined: u64,
    /// When the last one arrived.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
    /// How many statements are missing below its highest sequence number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub missing_count: u64,
    /// Their sequence numbers, the lowest first, at most 20.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub missing: Vec<u64>,
    /// Sequence numbers under which it signed more than one statement, the lowest first, at most 20.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub forks: Vec<u64>,
}
