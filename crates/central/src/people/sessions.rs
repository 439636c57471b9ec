//! Sessions of the console: login, the token of a session, and what its user must do first.

use std::net::IpAddr;

use protocol::limit;

use crate::endpoint::Endpoint;
use crate::ingest::import::Imported;
use crate::model::session_token::{SessionToken, TokenHash};
use crate::people::users::UserError;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, NewSession, SessionOrigin, SessionUser, StoreError, User};
use crate::view::{Duty, is_invisible};

/// Length of a session: 12 hours, one night at a count.
pub(crate) const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;
/// Maximum length of what a browser says about itself, in characters.
const BROWSER_CHARS_MAX: usize = 160;

impl Endpoint {
    /// The user with this name and password. The check takes as long for a user that does not exist.
    pub(crate) fn authenticated(&self, name: &str, password: &str) -> Result<Option<User>, Refusal> {
        if password.len() > limit::PASSWORD_BYTES {
            return Ok(None);
        }
        let Some((user, stored)) = self.store().user(name)? else {
            self.password_hashing().matches(self.decoy_password(), password);
            return Ok(None);
        };
        Ok(self.password_hashing().matches(&stored, password).then_some(user))
    }

    /// Writes a failed login into the audit: the first, and then the second, fourth, eighth …, so that
    /// guessing does not fill it. A name that no user has is left out: somebody may have typed a password
    /// there.
    pub(crate) fn record_failed_login(&self, name: &str, failures: u32) -> Result<(), Refusal> {
        if !failures.is_power_of_two() || self.store().user(name)?.is_none() {
            return Ok(());
        }
        let audit = AuditContext { actor: &Actor::Stranger, now_ms: self.now_ms() };
        Ok(self.store().record_event("session.fail", &format!("{name} failures: {failures}"), audit)?)
    }

    /// Writes something into the audit that changes nothing in the store.
    pub(crate) fn record_event(
        &self,
        action: &'static str,
        subject: &str,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        self.store().record_event(action, subject, AuditContext { actor, now_ms: self.now_ms() })
    }

    /// Writes an import into the audit.
    pub fn record_import(&self, imported: &Imported, actor: &Actor) -> Result<(), StoreError> {
        let Imported { accepted, photos, .. } = imported;
        let refused = imported.refused.len() + imported.photos_refused.len();
        let subject = format!("{accepted} statements and {photos} photos accepted, {refused} refused");
        self.record_event("import", &subject, actor)
    }

    /// The user of an open session.
    ///
    /// A session ends by the store's times, and also when this process has known it for as long as a session
    /// lasts: a clock that jumps back does not make it longer.
    pub(crate) fn session(&self, token: TokenHash) -> Result<Option<SessionUser>, StoreError> {
        let (now_ms, steady_ms) = (self.now_ms(), self.monotonic_ms());
        let known = self.known_sessions();
        let Some(session) = self.store().session_user(token, now_ms)? else {
            known.remove(&token.0);
            return Ok(None);
        };
        let left_ms = session.expires_at_ms.saturating_sub(now_ms).clamp(0, SESSION_MS);
        let deadline_ms = known.get(&token.0).unwrap_or_else(|| steady_ms.saturating_add(left_ms));
        known.insert(token.0, deadline_ms);
        Ok((steady_ms < deadline_ms).then_some(session))
    }

    /// What the user of a session must do before anything else.
    pub(crate) fn duty_of(&self, session: &SessionUser) -> Option<Duty> {
        if session.must_change_password {
            Some(Duty::ChangePassword)
        } else if !session.has_second_factor && self.requires_second_factor(session.user.role) {
            Some(Duty::SetUpSecondFactor)
        } else {
            None
        }
    }

    pub(crate) fn close_session(&self, token: &SessionToken, user: User) -> Result<(), Refusal> {
        let audit = AuditContext { actor: &Actor::User(user.name), now_ms: self.now_ms() };
        Ok(self.store().end_session(token.hash(), audit)?)
    }

    /// Opens a session under a new token. Whatever token the browser had before is not used again.
    pub(crate) fn open_session(&self, user: &str, origin: &SessionOrigin) -> Result<SessionToken, Refusal> {
        let token = SessionToken::random(self.environment())
            .map_err(|error| Refusal::internal("making a session's token", &error))?;
        let opened_at_ms = self.now_ms();
        let session = NewSession { user, origin, opened_at_ms, expires_at_ms: opened_at_ms + SESSION_MS };
        self.store().open_session(token.hash(), session)?;
        self.known_sessions().insert(token.hash().0, self.monotonic_ms().saturating_add(SESSION_MS));
        Ok(token)
    }

    /// Gives a user the password that they chose, and ends all their sessions.
    pub(crate) fn choose_password(&self, user: &User, old: &str, new: &str) -> Result<(), UserError> {
        if old == new {
            return Err(UserError::PasswordSame);
        }
        self.change_password(&user.name, new, &Actor::User(user.name.clone()))
    }
}

/// Where a request comes from, as a session remembers it.
pub(crate) fn origin_of(address: Option<IpAddr>, browser: Option<&str>) -> SessionOrigin {
    let shown = browser.unwrap_or_default().chars().filter(|character| !is_invisible(*character));
    SessionOrigin {
        network: address.map(place_of).unwrap_or_default(),
        browser: shown.take(BROWSER_CHARS_MAX).collect(),
    }
}

/// The place of an address, as far as users see it: 256 addresses of IPv4, a /48 of IPv6. It is
/// coarse, so that the next address of the same provider is usually no new place.
fn place_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [first, second, third, _] = four.octets();
            format!("{first}.{second}.{third}.0/24")
        }
        IpAddr::V6(six) => {
            let start = std::net::Ipv6Addr::from(six.to_bits() >> 80 << 80);
            format!("{start}/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_network_and_not_an_address() {
        let place = |address: &str| place_of(address.parse().unwrap());
        assert_eq!(place("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(place("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(place("2001:db8:1:2:3::4"), "2001:db8:1::/48");
        let origin = origin_of(None, Some("Mozilla\u{202E}\u{7} 5.0"));
        assert_eq!((origin.network.as_str(), origin.browser.as_str()), ("", "Mozilla 5.0"));
        assert_eq!(origin_of(None, Some(&"x".repeat(1_000))).browser.len(), BROWSER_CHARS_MAX);
    }
}
