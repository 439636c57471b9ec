//! Login, and what a session may do.

use serde::{Deserialize, Serialize};
use tally::{Localized, RegionCode};

use super::contest::KindView;
use crate::model::role::Role;

/// `POST /api/login`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LoginRequest {
    pub user: String,
    pub password: String,
}

/// The session: the response of `POST /api/login` and `GET /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SessionView {
    pub user: String,
    pub role: Role,
    /// What the user may do.
    pub may: Permissions,
    /// The region of the user; `None` for the whole election.
    pub region: Option<RegionCode>,
    /// The election's name.
    pub election: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this endpoint is for practice.
    pub drill: bool,
    /// The contests that are voted in the user's region, by kind.
    pub kinds: Vec<KindView>,
}

/// What a user may do. The console shows the controls for it; the routes check it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own")]
pub struct Permissions {
    /// Decide on tallies.
    pub decide: bool,
    /// Request photos and originals.
    pub request_photos: bool,
    /// See and make invitations.
    pub invite: bool,
    /// Revoke devices.
    pub revoke: bool,
    /// Import bundles and pictures of codes.
    pub import: bool,
    /// See and change accounts, and read the audit.
    pub administer: bool,
}
