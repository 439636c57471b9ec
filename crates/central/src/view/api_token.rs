//! Tokens with which programs of others read the results.

use serde::{Deserialize, Serialize};
use tally::RegionCode;

/// `GET /api/tokens`: all of them, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ApiTokenView {
    /// The number by which it is revoked. It says nothing about the token.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub number: i64,
    /// Who uses it.
    pub name: String,
    /// What it reads; `None` is the whole election.
    pub region: Option<RegionCode>,
    /// As in the audit.
    pub made_by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub made_at_ms: i64,
    /// To the minute; `None` if it was never used.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub used_at_ms: Option<i64>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
}

/// `POST /api/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewApiTokenRequest {
    /// Who will use it, at most 100 characters.
    pub name: String,
    #[serde(default)]
    pub region: Option<RegionCode>,
}

/// The only answer that has the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewApiToken {
    pub token: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub number: i64,
}
