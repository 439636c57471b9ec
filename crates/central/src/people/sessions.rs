//! Sessions of the console: login, and the token of a session.

use protocol::limit;

use crate::endpoint::Endpoint;
use crate::ingest::import::Imported;
use crate::model::session_token::SessionToken;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, StoreError, User};

/// Length of a session: 12 hours, one night at a count.
pub(crate) const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;

impl Endpoint {
    /// The user with this name and password. The check takes as long for a user that does not exist.
    pub(crate) fn authenticated(&self, name: &str, password: &str) -> Result<Option<User>, Refusal> {
        if password.len() > limit::PASSWORD_BYTES {
            return Ok(None);
        }
        let Some((user, stored)) = self.store().user(name)? else {
            self.decoy_password().matches(password);
            return Ok(None);
        };
        Ok(stored.matches(password).then_some(user))
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

    pub(crate) fn close_session(&self, token: &SessionToken, user: User) -> Result<(), Refusal> {
        let audit = AuditContext { actor: &Actor::User(user.name), now_ms: self.now_ms() };
        Ok(self.store().end_session(token.hash(), audit)?)
    }

    pub(crate) fn open_session(&self, user: &User) -> Result<SessionToken, Refusal> {
        let token = SessionToken::random(self.environment())
            .map_err(|error| Refusal::internal("making a session's token", &error))?;
        let now_ms = self.now_ms();
        self.store().open_session(token.hash(), &user.name, now_ms, now_ms + SESSION_MS)?;
        Ok(token)
    }
}
