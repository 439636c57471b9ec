//! Requests of coordinators to decide on a tally, or to get another photo or an original.

use protocol::Decision;
use serde::Deserialize;

/// `POST /api/stations/{station}/photo-requests`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoRequestRequest {
    /// The tally that the page belongs to, hex.
    pub tally: String,
    pub page: u8,
    /// What is wrong with the present photo. The witness reads it.
    pub reason: String,
}

/// `POST /api/stations/{station}/verdicts`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictRequest {
    /// The tally, hex.
    pub tally: String,
    pub decision: Decision,
    /// The reason. The witness reads it. A dispute has one.
    #[serde(default)]
    pub reason: String,
}

/// `POST /api/stations/{station}/originals`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OriginalRequest {
    /// The photo's derivative, SHA-256, hex.
    pub photo: String,
}
