//! Invitations.

use serde::{Deserialize, Serialize};
use tally::{ContestId, StationId};

/// `POST /api/invitations`: one invitation for each station.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InviteRequest {
    pub stations: Vec<StationId>,
    /// All contests when empty.
    #[serde(default)]
    pub contests: Vec<ContestId>,
}

/// An invitation. `GET /api/invitations?region=…&search=…` gives a list of them, newest first, at most 500.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InvitationView {
    /// The code in groups of four: `ABCD-EFGH-JKMN`.
    pub code: String,
    /// The link that the witness pastes or opens: endpoint and code in one.
    pub link: String,
    pub station: StationId,
    /// The number of the TPS in its desa.
    pub number: u16,
    /// The name of its desa.
    pub desa: String,
    pub contests: Vec<ContestId>,
    /// Time at which it was made.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created_at_ms: i64,
    /// Time at which a device used it.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub used_at_ms: Option<i64>,
    /// The device that used it, hex.
    pub device: Option<String>,
    /// Time at which that device was revoked.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
}
