//! Sessions of the console, and the places from which users logged in.

use rusqlite::params;

use super::database::{self, Row, Transaction, sql};
use super::users::{User, user};
use super::{Actor, AuditContext, Store, StoreError, audit};
use crate::model::session_token::TokenHash;

/// Maximum number of open sessions of a user. A further login ends the oldest.
const SESSIONS_MAX: i64 = 20;
/// Maximum number of remembered places of a user. A further one replaces the one that was used longest ago.
const PLACES_MAX: i64 = 100;
/// By how much a session may be opened in the future: the clocks of two replicas differ a little. After a
/// larger jump of the clock to an earlier time a session is void, so that it does not last longer.
const CLOCK_TOLERANCE_MS: i64 = 60_000;

/// A session that is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewSession<'a> {
    pub(crate) user: &'a str,
    pub(crate) origin: &'a SessionOrigin,
    pub(crate) opened_at_ms: i64,
    pub(crate) expires_at_ms: i64,
}

/// Where a session was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SessionOrigin {
    /// A network of some addresses; empty if it is unknown.
    pub(crate) network: String,
    /// What the browser says about itself.
    pub(crate) browser: String,
}

/// A session as a request meets it.
#[derive(Debug, Clone)]
pub(crate) struct SessionUser {
    pub(crate) user: User,
    pub(crate) expires_at_ms: i64,
    pub(crate) must_change_password: bool,
    pub(crate) has_second_factor: bool,
}

/// An open session in the list of a user's.
#[derive(Debug, Clone)]
pub(crate) struct ListedSession {
    pub(crate) token: TokenHash,
    pub(crate) opened_at_ms: i64,
    pub(crate) expires_at_ms: i64,
    pub(crate) origin: SessionOrigin,
}

/// A place from which a user logged in for the first time, and did not confirm it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnconfirmedPlace {
    pub(crate) network: String,
    pub(crate) at_ms: i64,
}

impl Store {
    /// Opens a session, and deletes the expired ones.
    pub(crate) fn open_session(&self, token: TokenHash, session: NewSession<'_>) -> Result<(), StoreError> {
        let NewSession { user, origin, opened_at_ms: now_ms, expires_at_ms } = session;
        self.write("open a session", |transaction| {
            make_room(transaction, user, now_ms)?;
            transaction.execute(
                sql!(
                    "INSERT INTO session (token_hash, \"user\", opened_at_ms, expires_at_ms, network, browser)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                ),
                params![token.0, user, now_ms, expires_at_ms, origin.network, origin.browser],
            )?;
            transaction.execute(
                sql!("UPDATE \"user\" SET last_login_at_ms = ?2 WHERE name = ?1"),
                params![user, now_ms],
            )?;
            let audit = AuditContext { actor: &Actor::User(user.to_owned()), now_ms };
            audit::record(transaction, audit, "session.open", user)?;
            if is_new_place(transaction, user, &origin.network, now_ms)? {
                audit::record(transaction, audit, "session.place", &format!("{user} {}", origin.network))?;
            }
            Ok(())
        })
    }

    /// The user of a session; `None` if it is unknown or has expired.
    pub(crate) fn session_user(
        &self,
        token: TokenHash,
        now_ms: i64,
    ) -> Result<Option<SessionUser>, StoreError> {
        self.query("look for a session", |transaction| {
            transaction.row(
                sql!(
                    "SELECT u.name, u.role, u.region, u.must_change_password, s.expires_at_ms,
                        EXISTS (SELECT 1 FROM second_factor f
                            WHERE f.account = u.name AND f.confirmed_at_ms IS NOT NULL) AS has_second_factor
                     FROM session s JOIN \"user\" u ON u.name = s.\"user\"
                     WHERE s.token_hash = ?1 AND s.expires_at_ms > ?2 AND s.opened_at_ms <= ?3"
                ),
                params![token.0, now_ms, now_ms.saturating_add(CLOCK_TOLERANCE_MS)],
                |row| {
                    Ok(SessionUser {
                        user: user(row)?,
                        expires_at_ms: row.get("expires_at_ms")?,
                        must_change_password: row.get("must_change_password")?,
                        has_second_factor: row.get("has_second_factor")?,
                    })
                },
            )
        })
    }

    /// The open sessions of a user, newest first.
    pub(crate) fn sessions_of(&self, user: &str, now_ms: i64) -> Result<Vec<ListedSession>, StoreError> {
        self.query("read a user's sessions", |transaction| open_sessions(transaction, user, now_ms))
    }

    /// Ends a session.
    pub(crate) fn end_session(&self, token: TokenHash, audit: AuditContext<'_>) -> Result<(), StoreError> {
        self.write("end a session", |transaction| {
            let ended =
                transaction.execute(sql!("DELETE FROM session WHERE token_hash = ?1"), params![token.0])?;
            if ended == 1 {
                audit::record(transaction, audit, "session.close", &audit.actor.to_string())?;
            }
            Ok(())
        })
    }

    /// Ends the session of a user that has this number. Returns `false` if there is none.
    pub(crate) fn end_numbered_session(
        &self,
        user: &str,
        number: i64,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("end a session", |transaction| {
            let open = open_sessions(transaction, user, audit.now_ms)?;
            let Some(session) = open.iter().find(|session| session.token.number() == number) else {
                return Ok(false);
            };
            transaction
                .execute(sql!("DELETE FROM session WHERE token_hash = ?1"), params![session.token.0])?;
            audit::record(transaction, audit, "user.sessions", user)?;
            Ok(true)
        })
    }

    /// Ends all sessions of a user but one.
    pub(crate) fn end_other_sessions(
        &self,
        user: &str,
        kept: TokenHash,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        self.write("end a user's other sessions", |transaction| {
            let ended = transaction.execute(
                sql!("DELETE FROM session WHERE \"user\" = ?1 AND token_hash <> ?2"),
                params![user, kept.0],
            )?;
            if ended > 0 {
                audit::record(transaction, audit, "user.sessions", user)?;
            }
            Ok(())
        })
    }

    /// The places of a user that are not confirmed, newest first.
    pub(crate) fn unconfirmed_places(&self, user: &str) -> Result<Vec<UnconfirmedPlace>, StoreError> {
        self.query("read a user's new places", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT network, first_at_ms FROM login_place
                     WHERE account = ?1 AND confirmed_at_ms IS NULL ORDER BY first_at_ms DESC, network"
                ),
                params![user],
                |row| Ok(UnconfirmedPlace { network: row.get("network")?, at_ms: row.get("first_at_ms")? }),
            )
        })
    }

    /// Confirms all places of a user.
    pub(crate) fn confirm_places(&self, user: &str, audit: AuditContext<'_>) -> Result<(), StoreError> {
        self.write("confirm a user's places", |transaction| {
            let confirmed = transaction.execute(
                sql!(
                    "UPDATE login_place SET confirmed_at_ms = ?2
                     WHERE account = ?1 AND confirmed_at_ms IS NULL"
                ),
                params![user, audit.now_ms],
            )?;
            if confirmed > 0 {
                audit::record(transaction, audit, "session.places_confirmed", user)?;
            }
            Ok(())
        })
    }
}

/// Deletes expired sessions, and the oldest of the user when they have too many.
fn make_room(transaction: &Transaction<'_>, user: &str, now_ms: i64) -> database::Result<()> {
    transaction.execute(sql!("DELETE FROM session WHERE expires_at_ms <= ?1"), params![now_ms])?;
    transaction.execute(
        sql!(
            "DELETE FROM session WHERE \"user\" = ?1 AND token_hash NOT IN
                (SELECT token_hash FROM session WHERE \"user\" = ?1
                 ORDER BY opened_at_ms DESC, token_hash LIMIT ?2)"
        ),
        params![user, SESSIONS_MAX - 1],
    )?;
    Ok(())
}

/// Remembers the place of a login. Whether it is new: the first place of a user is not.
fn is_new_place(
    transaction: &Transaction<'_>,
    user: &str,
    network: &str,
    now_ms: i64,
) -> database::Result<bool> {
    let known = transaction.execute(
        sql!("UPDATE login_place SET last_at_ms = ?3 WHERE account = ?1 AND network = ?2"),
        params![user, network, now_ms],
    )?;
    if known > 0 {
        return Ok(false);
    }
    let is_first = transaction
        .row(sql!("SELECT 1 AS one FROM login_place WHERE account = ?1 LIMIT 1"), params![user], |row| {
            row.get::<i64>("one")
        })?
        .is_none();
    transaction.execute(
        sql!(
            "DELETE FROM login_place WHERE account = ?1 AND network NOT IN
                (SELECT network FROM login_place WHERE account = ?1
                 ORDER BY last_at_ms DESC, network LIMIT ?2)"
        ),
        params![user, PLACES_MAX - 1],
    )?;
    transaction.execute(
        sql!(
            "INSERT INTO login_place (account, network, first_at_ms, last_at_ms, confirmed_at_ms)
             VALUES (?1, ?2, ?3, ?3, ?4)"
        ),
        params![user, network, now_ms, is_first.then_some(now_ms)],
    )?;
    Ok(!is_first)
}

fn open_sessions(
    transaction: &Transaction<'_>,
    user: &str,
    now_ms: i64,
) -> database::Result<Vec<ListedSession>> {
    transaction.rows(
        sql!(
            "SELECT token_hash, opened_at_ms, expires_at_ms, network, browser FROM session
             WHERE \"user\" = ?1 AND expires_at_ms > ?2 ORDER BY opened_at_ms DESC, token_hash"
        ),
        params![user, now_ms],
        listed,
    )
}

fn listed(row: &Row<'_>) -> database::Result<ListedSession> {
    Ok(ListedSession {
        token: TokenHash(row.get("token_hash")?),
        opened_at_ms: row.get("opened_at_ms")?,
        expires_at_ms: row.get("expires_at_ms")?,
        origin: SessionOrigin { network: row.get("network")?, browser: row.get("browser")? },
    })
}

/// Ends all sessions of a user. Returns their number.
pub(super) fn delete_sessions(transaction: &Transaction<'_>, user: &str) -> database::Result<u64> {
    transaction.execute(sql!("DELETE FROM session WHERE \"user\" = ?1"), params![user])
}

/// Forgets the places of a user who is removed.
pub(super) fn delete_places(transaction: &Transaction<'_>, user: &str) -> database::Result<()> {
    transaction.execute(sql!("DELETE FROM login_place WHERE account = ?1"), params![user]).map(drop)
}
