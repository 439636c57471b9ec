//! Login, and what a session may do.

use serde::{Deserialize, Serialize};
use tally::{Localized, RegionCode};

use super::contest::KindView;
use crate::model::role::Role;

/// `POST /api/login`. Without the code, an account with a second factor answers `second_factor_needed`; the
/// same request with the code then logs in.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LoginRequest {
    pub user: String,
    pub password: String,
    /// Six digits of the user's authenticator, or a recovery code.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default)]
    pub code: Option<String>,
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
    /// The election's id, which signed statements name.
    pub election_id: String,
    /// The election's name.
    pub election: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this endpoint is for practice.
    pub drill: bool,
    /// The contests that are voted in the user's region, by kind.
    pub kinds: Vec<KindView>,
    /// Whether the account has a second factor.
    pub second_factor: bool,
    /// What the user must do before any other route answers.
    pub duty: Option<Duty>,
    /// Logins from a new place that the user has not confirmed, newest first.
    pub new_places: Vec<NewPlace>,
}

/// What a user must do before they may use the console. Until then other routes answer with the problem of
/// the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Choose a password: somebody else has seen the present one.
    ChangePassword,
    /// Set up a second factor.
    SetUpSecondFactor,
}

/// A login from a network from which the user had never logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewPlace {
    /// An IPv4 network of 256 addresses, or an IPv6 network; empty if it is unknown.
    pub network: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// `POST /api/session/password`: another password for oneself. It ends the user's other sessions, and gives
/// this one a new token.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PasswordRequest {
    pub old: String,
    pub new: String,
}

/// `POST /api/session/second-factor`: begins to set up a second factor; `…/remove` and `…/recovery-codes`
/// also need a code.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SecondFactorRequest {
    pub password: String,
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default)]
    pub code: Option<String>,
}

/// A secret for an authenticator. It is shown once, and is in force when a code confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewSecondFactor {
    /// For typing: base32, in groups of four.
    pub secret: String,
    /// For a QR code: `otpauth://totp/…`.
    pub address: String,
}

/// `POST /api/session/second-factor/confirm`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ConfirmSecondFactor {
    pub code: String,
}

/// Codes that replace the authenticator, each once. They are shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

/// An open session. `GET /api/session/sessions` gives one's own, `GET /api/accounts/{user}/sessions` those of
/// a user, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OpenSession {
    /// Its number, for `…/sessions/{session}/end`.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub session: i64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub opened_at_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires_at_ms: i64,
    /// As in [`NewPlace`].
    pub network: String,
    /// What the browser says about itself, cut.
    pub browser: String,
    /// Whether it is the session of this request.
    pub own: bool,
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
    /// Send messages to the witnesses of a region, and work through incidents.
    pub coordinate: bool,
    /// See people: their names, numbers and assignments.
    pub see_people: bool,
    /// Change, import and export people.
    pub manage_people: bool,
    /// Lead the class of the drill that is served here, if one is.
    pub lead_drill: bool,
}
