//! Sessions of the console: login, and the token of a session.

use protocol::limit;

use crate::endpoint::Endpoint;
use crate::model::session_token::SessionToken;
use crate::refusal::Refusal;
use crate::store::User;

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

    pub(crate) fn open_session(&self, user: &User) -> Result<SessionToken, Refusal> {
        let token = SessionToken::random(self.environment())
            .map_err(|error| Refusal::internal("making a session's token", &error))?;
        let now_ms = self.now_ms();
        self.store().open_session(token.hash(), &user.name, now_ms, now_ms + SESSION_MS)?;
        Ok(token)
    }
}
