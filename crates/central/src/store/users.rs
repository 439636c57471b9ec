//! Users of the console, and their sessions.

use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Row, Transaction, sql, unreadable};
use super::{Actor, AuditContext, Store, StoreError, audit};
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

/// A user with what the list of accounts shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    pub created_at_ms: i64,
    pub last_login_at_ms: Option<i64>,
    /// Number of open sessions.
    pub sessions: u64,
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
                audit::record(transaction, audit, "user.add", &described(user))?;
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
            transaction.rows(
                sql!(
                    "SELECT u.name, u.role, u.region, u.created_at_ms, u.last_login_at_ms,
                        (SELECT count(*) FROM session s WHERE s.\"user\" = u.name AND s.expires_at_ms > ?1)
                            AS sessions
                     FROM \"user\" u ORDER BY u.name"
                ),
                params![now_ms],
                |row| {
                    Ok(Account {
                        user: user(row)?,
                        created_at_ms: row.get("created_at_ms")?,
                        last_login_at_ms: row.get("last_login_at_ms")?,
                        sessions: row.get("sessions")?,
                    })
                },
            )
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
            transaction.execute(
                sql!("UPDATE \"user\" SET last_login_at_ms = ?2 WHERE name = ?1"),
                params![user, now_ms],
            )?;
            let audit = AuditContext { actor: &Actor::User(user.to_owned()), now_ms };
            audit::record(transaction, audit, "session.open", user)
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
    pub fn end_session(&self, token: TokenHash, audit: AuditContext<'_>) -> Result<(), StoreError> {
        self.write("end a session", |transaction| {
            let ended =
                transaction.execute(sql!("DELETE FROM session WHERE token_hash = ?1"), params![token.0])?;
            if ended == 1 {
                audit::record(transaction, audit, "session.close", &audit.actor.to_string())?;
            }
            Ok(())
        })
    }
}

fn delete_sessions(transaction: &Transaction<'_>, user: &str) -> database::Result<u64> {
    transaction.execute(sql!("DELETE FROM session WHERE \"user\" = ?1"), params![user])
}

/// A user's name, role and region, for the audit.
fn described(user: &User) -> String {
    let region = user.region.as_ref().map_or("everywhere", RegionCode::as_str);
    format!("{} {} {region}", user.name, role_word(user.role))
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
