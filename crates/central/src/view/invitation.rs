//! Invitations.

use serde::{Deserialize, Serialize};
use tally::{ContestId, StationId};

/// `POST /api/invitations`: one invitation for each station, to those of the contests that are voted there.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InviteRequest {
    pub stations: Vec<StationId>,
    /// All contests of the station when empty.
    #[serde(default)]
    pub contests: Vec<ContestId>,
}

/// A new invitation with its code: the response of `POST /api/invitations`. The endpoint stores only a hash
/// of the code and cannot show it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewInvitation {
    /// The code in groups of four: `ABCD-EFGH-JKMN-PQRS`.
    pub code: String,
    /// The link that the witness pastes or opens: endpoint, code, and the fingerprint of the log's key.
    pub link: String,
    /// The number by which people name the invitation.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub invitation: i64,
    pub station: StationId,
    /// The number of the TPS in its desa.
    pub number: u16,
    /// The name of its desa.
    pub desa: String,
    /// Time from which the code is refused.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires_at_ms: i64,
}

/// `GET /api/invitations?region=…&search=…&before=…`: at most 500, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InvitationList {
    pub invitations: Vec<InvitationView>,
    /// `before` of the next page; `None` on the last.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next: Option<i64>,
}

/// Whether an invitation can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum InvitationUse {
    Unused,
    Used,
    Expired,
    Withdrawn,
}

/// An invitation. `POST /api/invitations/{invitation}/withdraw` responds with it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InvitationView {
    /// The number by which people name the invitation. A newer one has a higher number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub invitation: i64,
    /// The last four letters of its code; empty for an unused code of an earlier version.
    pub hint: String,
    pub state: InvitationUse,
    pub station: StationId,
    /// The number of the TPS in its desa.
    pub number: u16,
    /// The name of its desa.
    pub desa: String,
    pub contests: Vec<ContestId>,
    /// Who made it, as in the audit; empty for one of an earlier version.
    pub made_by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created_at_ms: i64,
    /// Time from which the code is refused.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires_at_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub withdrawn_at_ms: Option<i64>,
    /// Time at which a device used it.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub used_at_ms: Option<i64>,
    /// The device that used it, hex.
    pub device: Option<String>,
    /// Time at which that device was revoked.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
}
