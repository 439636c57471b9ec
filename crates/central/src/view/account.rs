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
}

/// `POST /api/accounts`: a new account. The endpoint makes its password.
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

/// `GET /api/audit?before=…&search=…`: at most 200 rows, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AuditView {
    pub rows: Vec<AuditRow>,
    /// `before` of the next page; `None` on the last.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next: Option<i64>,
    /// The hash of the newest row, hex. Who writes it down can tell later whether an older row was changed.
    pub head: Option<String>,
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
