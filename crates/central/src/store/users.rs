//! Users of the console, and their sessions.

use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Row, sql, unreadable};
use super::{AuditContext, Store, StoreError, audit};
use crate::model::passwords::StoredPassword;
use crate::model::role::Role;
use crate::model::session_token::TokenHash;

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

impl Store {
    /// Adds a user. Returns `false` if the name exists.
    pub fn add_user(
        &self,
        user: &User,
        password: &StoredPassword,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("add a user", |transaction| {
            let added = transaction.execute(
                sql!(
                    "INSERT INTO \"user\" (name, role, region, password, created_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (name) DO NOTHING"
                ),
                params![
                    user.name,
                    role_word(user.role),
                    user.region.as_ref().map(RegionCode::as_str),
                    password.0,
                    audit.now_ms
                ],
            )?;
            if added == 1 {
                audit::record(transaction, audit, "user.add", &user.name)?;
            }
            Ok(added == 1)
        })
    }

    /// Changes a user's password and ends their sessions. Returns `false` if the user does not exist.
    pub fn change_password(
        &self,
        name: &str,
        password: &StoredPassword,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("change a password", |transaction| {
            let changed = transaction.execute(
                sql!("UPDATE \"user\" SET password = ?2 WHERE name = ?1"),
                params![name, password.0],
            )?;
            transaction.execute(sql!("DELETE FROM session WHERE \"user\" = ?1"), params![name])?;
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

    /// Opens a session, and deletes the expired ones.
    pub fn open_session(
        &self,
        token: TokenHash,
        user: &str,
        now_ms: i64,
        expires_at_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("open a session", |transaction| {
            transaction.execute(sql!("DELETE FROM session WHERE expires_at_ms <= ?1"), params![now_ms])?;
            transaction.execute(
                sql!("INSERT INTO session (token_hash, \"user\", expires_at_ms) VALUES (?1, ?2, ?3)"),
                params![token.0, user, expires_at_ms],
            )?;
            Ok(())
        })
    }

    /// The user of a session; `None` if it is unknown or has expired.
    pub fn session_user(&self, token: TokenHash, now_ms: i64) -> Result<Option<User>, StoreError> {
        self.query("look for a session", |transaction| {
            transaction.row(
                sql!(
                    "SELECT u.name, u.role, u.region FROM session s JOIN \"user\" u ON u.name = s.\"user\"
                     WHERE s.token_hash = ?1 AND s.expires_at_ms > ?2"
                ),
                params![token.0, now_ms],
                user,
            )
        })
    }

    /// Ends a session.
    pub fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.write("end a session", |transaction| {
            transaction.execute(sql!("DELETE FROM session WHERE token_hash = ?1"), params![token.0])?;
            Ok(())
        })
    }
}

fn user(row: &Row<'_>) -> database::Result<User> {
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
