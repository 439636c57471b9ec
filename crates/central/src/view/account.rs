//! The accounts of the console's users, and the audit.

use serde::{Deserialize, Serialize};
use tally::RegionCode;

use crate::model::role::Role;

/// One account. `GET /api/accounts` gives all of them, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AccountView {
    pub user: String,
    pub role: Role,
    /// `None` for the whole election.
    pub region: Option<RegionCode>,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created_at_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_login_at_ms: Option<i64>,
    /// Number of open sessions.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sessions: u64,
    /// Whether the account has a second factor.
    pub second_factor: bool,
    /// Whether the user must choose another password at the next login.
    pub must_change_password: bool,
    /// Number of failed logins lately, from all networks.
    pub failures: u32,
}

/// `POST /api/accounts`: a new account. The endpoint makes its password, which the user must change.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewAccountRequest {
    pub user: String,
    pub role: Role,
    pub region: Option<RegionCode>,
}

/// A password that the endpoint made: the response of `POST /api/accounts` and `…/{user}/password`. It is
/// shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewPassword {
    pub user: String,
    pub password: String,
}

/// `POST /api/accounts/{user}/role`: another role or region. It ends the user's sessions.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RoleRequest {
    pub role: Role,
    pub region: Option<RegionCode>,
}

/// `GET /api/audit`, with any of `before`, `search`, `actor`, `action`, `region`, `from_ms` and `until_ms`:
/// at most 200 rows, newest first. `GET /api/audit/export` with the same query gives them as CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AuditView {
    pub rows: Vec<AuditRow>,
    /// `before` of the next page; `None` on the last.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next: Option<i64>,
    /// The hash of the newest row, hex. Who writes it down can tell later whether an older row was changed.
    pub head: Option<String>,
    /// The newest head that is in the log; `None` before the first.
    pub logged: Option<LoggedAuditHead>,
    /// The kinds of change, for the filter.
    pub actions: Vec<String>,
    /// Those who made changes, for the filter; at most 500.
    pub actors: Vec<String>,
}

/// A head of the audit that the log contains: nobody can change the rows before it unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LoggedAuditHead {
    /// The statement that states it, hex.
    pub statement: String,
    /// Number of rows up to the head.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub rows: u64,
    /// The hash of the last of them, hex.
    pub head: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// Its index in the log; `None` until it is in the log.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
}

/// One row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AuditRow {
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub number: i64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// `operator` at the command line, `user:NAME`, or `device:ID`.
    pub actor: String,
    /// The kind of change, for instance `invitation.create`.
    pub action: String,
    /// What was changed.
    pub subject: String,
}
