//! Users of the console.

use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Row, sql, unreadable};
use super::sessions::{self, delete_sessions};
use super::{AuditContext, Store, StoreError, audit, review_keys, second_factors};
use crate::model::passwords::StoredPassword;
use crate::model::role::Role;

/// A user of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name for the login.
    pub name: String,
    pub role: Role,
    /// The region that the role is limited to; `None` for the whole election.
    pub region: Option<RegionCode>,
}

impl User {
    /// Whether `region` is the user's region or part of it.
    pub fn reaches(&self, region: &RegionCode) -> bool {
        self.region.as_ref().is_none_or(|own| own.contains(region))
    }
}

/// A user with what the list of accounts shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    pub created_at_ms: i64,
    pub last_login_at_ms: Option<i64>,
    /// Number of open sessions.
    pub sessions: u64,
    pub has_second_factor: bool,
    pub must_change_password: bool,
}

/// A password as it is stored for a user.
#[derive(Clone)]
pub struct NewStoredPassword {
    pub(crate) hash: StoredPassword,
    /// Whether somebody else knows it, so that the user must choose another one.
    pub(crate) is_one_time: bool,
}

impl Store {
    /// Adds a user. Returns `false` if the name exists.
    pub fn add_user(
        &self,
        user: &User,
        password: &NewStoredPassword,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("add a user", |transaction| {
            let added = transaction.execute(
                sql!(
                    "INSERT INTO \"user\" (name, role, region, password, created_at_ms, must_change_password)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (name) DO NOTHING"
                ),
                params![
                    user.name,
                    role_word(user.role),
                    user.region.as_ref().map(RegionCode::as_str),
                    password.hash.0,
                    audit.now_ms,
                    password.is_one_time
                ],
            )?;
            if added == 1 {
                audit::record(transaction, audit, "user.add", &described(user))?;
            }
            Ok(added == 1)
        })
    }

    /// Changes a user's password and ends their sessions. Returns `false` if the user does not exist.
    pub fn change_password(
        &self,
        name: &str,
        password: &NewStoredPassword,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("change a password", |transaction| {
            let changed = transaction.execute(
                sql!("UPDATE \"user\" SET password = ?2, must_change_password = ?3 WHERE name = ?1"),
                params![name, password.hash.0, password.is_one_time],
            )?;
            delete_sessions(transaction, name)?;
            if changed == 1 {
                audit::record(transaction, audit, "user.password", name)?;
            }
            Ok(changed == 1)
        })
    }

    /// All users, by name.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read("read the users", |transaction| {
            transaction.rows(sql!("SELECT name, role, region FROM \"user\" ORDER BY name"), &[], user)
        })
    }

    /// All accounts, by name.
    pub fn accounts(&self, now_ms: i64) -> Result<Vec<Account>, StoreError> {
        self.read("read the accounts", |transaction| {
            transaction.rows(sql!(ACCOUNT, " ORDER BY u.name"), params![now_ms], account)
        })
    }

    /// The account with this name.
    pub fn account(&self, name: &str, now_ms: i64) -> Result<Option<Account>, StoreError> {
        self.query("read an account", |transaction| {
            transaction.row(sql!(ACCOUNT, " WHERE u.name = ?2"), params![now_ms, name], account)
        })
    }

    /// Changes a user's role and region, and ends their sessions. Returns `false` if the user does not exist.
    pub fn change_role(&self, changed: &User, audit: AuditContext<'_>) -> Result<bool, StoreError> {
        self.write("change a role", |transaction| {
            let region = changed.region.as_ref().map(RegionCode::as_str);
            let count = transaction.execute(
                sql!("UPDATE \"user\" SET role = ?2, region = ?3 WHERE name = ?1"),
                params![changed.name, role_word(changed.role), region],
            )?;
            if count == 1 {
                delete_sessions(transaction, &changed.name)?;
                audit::record(transaction, audit, "user.role", &described(changed))?;
            }
            Ok(count == 1)
        })
    }

    /// Removes a user and ends their sessions. What they did stays in the audit under their name. Returns
    /// `false` if the user does not exist.
    pub fn remove_user(&self, name: &str, audit: AuditContext<'_>) -> Result<bool, StoreError> {
        self.write("remove a user", |transaction| {
            delete_sessions(transaction, name)?;
            second_factors::delete(transaction, name)?;
            sessions::delete_places(transaction, name)?;
            // Somebody else may get the name.
            review_keys::revoke_all_of(transaction, name, audit.now_ms)?;
            let removed = transaction.execute(sql!("DELETE FROM \"user\" WHERE name = ?1"), params![name])?;
            if removed == 1 {
                audit::record(transaction, audit, "user.remove", name)?;
            }
            Ok(removed == 1)
        })
    }

    /// Ends all sessions of a user. Returns their number.
    pub fn end_sessions(&self, name: &str, audit: AuditContext<'_>) -> Result<u64, StoreError> {
        self.write("end a user's sessions", |transaction| {
            let ended = delete_sessions(transaction, name)?;
            if ended > 0 {
                audit::record(transaction, audit, "user.sessions", name)?;
            }
            Ok(ended)
        })
    }

    /// A user and the hash of their password.
    pub fn user(&self, name: &str) -> Result<Option<(User, StoredPassword)>, StoreError> {
        self.query("look for a user", |transaction| {
            transaction.row(
                sql!("SELECT name, role, region, password FROM \"user\" WHERE name = ?1"),
                params![name],
                |row| Ok((user(row)?, StoredPassword(row.get("password")?))),
            )
        })
    }
}

/// The columns of an [`Account`] at the time ?1.
const ACCOUNT: &str =
    "SELECT u.name, u.role, u.region, u.created_at_ms, u.last_login_at_ms, u.must_change_password,
        EXISTS (SELECT 1 FROM second_factor f
            WHERE f.account = u.name AND f.confirmed_at_ms IS NOT NULL) AS has_second_factor,
        (SELECT count(*) FROM session s WHERE s.\"user\" = u.name AND s.expires_at_ms > ?1) AS sessions
    FROM \"user\" u";

fn account(row: &Row<'_>) -> database::Result<Account> {
    Ok(Account {
        user: user(row)?,
        created_at_ms: row.get("created_at_ms")?,
        last_login_at_ms: row.get("last_login_at_ms")?,
        sessions: row.get("sessions")?,
        has_second_factor: row.get("has_second_factor")?,
        must_change_password: row.get("must_change_password")?,
    })
}

/// A user's name, role and region, for the audit.
fn described(user: &User) -> String {
    let region = user.region.as_ref().map_or("everywhere", RegionCode::as_str);
    format!("{} {} {region}", user.name, role_word(user.role))
}

pub(super) fn user(row: &Row<'_>) -> database::Result<User> {
    let role: String = row.get("role")?;
    let role = role_of(&role).ok_or_else(|| unreadable("role", format!("{role:?} is no role")))?;
    let region: Option<String> = row.get("region")?;
    let region = region
        .map(|code| code.parse().map_err(|error: tally::IdError| unreadable("region", error)))
        .transpose()?;
    Ok(User { name: row.get("name")?, role, region })
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Coordinator => "coordinator",
        Role::Trainer => "trainer",
        Role::Auditor => "auditor",
    }
}

fn role_of(word: &str) -> Option<Role> {
    [Role::Admin, Role::Coordinator, Role::Trainer, Role::Auditor]
        .into_iter()
        .find(|&role| role_word(role) == word)
}
