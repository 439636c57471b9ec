//! Users of the console, and their sessions.

use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Row, unreadable};
use super::{Actor, Store, StoreError, audit};
use crate::model::credentials::StoredPassword;
use crate::model::credentials::TokenHash;
use crate::model::role::Role;

/// A user of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name with which they log in.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where; `None` for the whole election.
    pub region: Option<RegionCode>,
}

impl User {
    /// Whether `region` is theirs or lies in theirs.
    pub fn reaches(&self, region: &RegionCode) -> bool {
        self.region.as_ref().is_none_or(|own| own.contains(region))
    }
}

impl Store {
    /// Adds a user; `false` when the name is taken.
    pub fn add_user(
        &self,
        user: &User,
        password: &StoredPassword,
        actor: &Actor,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        self.write("adding a user", |transaction| {
            let added = transaction.execute(
                "INSERT INTO \"user\" (name, role, region, password, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (name) DO NOTHING",
                params![
                    user.name,
                    role_word(user.role),
                    user.region.as_ref().map(RegionCode::as_str),
                    password.0,
                    now_ms
                ],
            )?;
            if added == 1 {
                audit::note(transaction, now_ms, actor, "user.add", &user.name)?;
            }
            Ok(added == 1)
        })
    }

    /// Gives a user another password and ends their sessions; `false` when there is no such user.
    pub fn change_password(
        &self,
        name: &str,
        password: &StoredPassword,
        actor: &Actor,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        self.write("changing a password", |transaction| {
            let changed = transaction
                .execute("UPDATE \"user\" SET password = ?2 WHERE name = ?1", params![name, password.0])?;
            transaction.execute("DELETE FROM session WHERE \"user\" = ?1", params![name])?;
            if changed == 1 {
                audit::note(transaction, now_ms, actor, "user.password", name)?;
            }
            Ok(changed == 1)
        })
    }

    /// All users by name.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read("reading users", |transaction| {
            transaction.rows("SELECT name, role, region FROM \"user\" ORDER BY name", &[], user)
        })
    }

    /// A user with their password's hash.
    pub fn user(&self, name: &str) -> Result<Option<(User, StoredPassword)>, StoreError> {
        self.ask("looking for a user", |transaction| {
            transaction.row(
                "SELECT name, role, region, password FROM \"user\" WHERE name = ?1",
                params![name],
                |row| Ok((user(row)?, StoredPassword(row.get(3)?))),
            )
        })
    }

    /// Opens a session, and forgets those whose time is up.
    pub fn open_session(
        &self,
        token: TokenHash,
        user: &str,
        now_ms: i64,
        expires_at_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("opening a session", |transaction| {
            transaction.execute("DELETE FROM session WHERE expires_at_ms <= ?1", params![now_ms])?;
            transaction.execute(
                "INSERT INTO session (token_hash, \"user\", expires_at_ms) VALUES (?1, ?2, ?3)",
                params![token.0, user, expires_at_ms],
            )?;
            Ok(())
        })
    }

    /// Whose session it is, as long as it lasts.
    pub fn session_user(&self, token: TokenHash, now_ms: i64) -> Result<Option<User>, StoreError> {
        self.ask("looking for a session", |transaction| {
            transaction.row(
                "SELECT u.name, u.role, u.region FROM session s JOIN \"user\" u ON u.name = s.\"user\"
                 WHERE s.token_hash = ?1 AND s.expires_at_ms > ?2",
                params![token.0, now_ms],
                user,
            )
        })
    }

    /// Ends a session.
    pub fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.write("ending a session", |transaction| {
            transaction.execute("DELETE FROM session WHERE token_hash = ?1", params![token.0])?;
            Ok(())
        })
    }
}

fn user(row: &Row<'_>) -> database::Result<User> {
    let role: String = row.get(1)?;
    let role = role_of(&role).ok_or_else(|| unreadable(1, format!("{role:?} is no role")))?;
    let region: Option<String> = row.get(2)?;
    let region = region
        .map(|code| code.parse().map_err(|error: tally::IdError| unreadable(2, error.to_string())))
        .transpose()?;
    Ok(User { name: row.get(0)?, role, region })
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
