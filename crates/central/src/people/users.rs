//! Users of the console: adding them, and changing their passwords.

use environment::RngError;
use protocol::limit;
use tally::RegionCode;

use crate::endpoint::Endpoint;
use crate::model::passwords::{PasswordHashError, StoredPassword, random_password};
use crate::store::{Actor, AuditContext, StoreError, User};

/// Maximum length of a user's name, in characters.
const NAME_CHARS_MAX: usize = 40;

/// Why a user cannot be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    #[error(
        "a user's name has 1 to {NAME_CHARS_MAX} letters, digits, hyphens, dots and underscores; {0:?} does not fit"
    )]
    NameUnfit(String),
    #[error("there is already a user {0}; `user password {0}` gives them another password")]
    NameExists(String),
    #[error("there is no user {0}")]
    Unknown(String),
    #[error(
        "a password has {} characters or more, and at most {} bytes",
        limit::PASSWORD_CHARS_MIN,
        limit::PASSWORD_BYTES
    )]
    PasswordUnfit,
    #[error("the election has no region {0}")]
    RegionUnknown(RegionCode),
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Hash(#[from] PasswordHashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Endpoint {
    /// Adds a user of the console.
    pub fn add_user(&self, user: &User, password: &str, actor: &Actor) -> Result<(), UserError> {
        if !is_name(&user.name) {
            return Err(UserError::NameUnfit(user.name.clone()));
        }
        if let Some(region) = user.region.as_ref().filter(|code| self.election().region(code).is_none()) {
            return Err(UserError::RegionUnknown(region.clone()));
        }
        let password = self.stored_password(password)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let is_new = self.store().add_user(user, &password, audit)?;
        if is_new { Ok(()) } else { Err(UserError::NameExists(user.name.clone())) }
    }

    /// Gives a user another password, and ends their sessions.
    pub fn change_password(&self, name: &str, password: &str, actor: &Actor) -> Result<(), UserError> {
        let password = self.stored_password(password)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let exists = self.store().change_password(name, &password, audit)?;
        if exists { Ok(()) } else { Err(UserError::Unknown(name.to_owned())) }
    }

    /// A random password, for a user who did not choose one.
    pub fn random_password(&self) -> Result<String, UserError> {
        Ok(random_password(self.environment())?)
    }

    fn stored_password(&self, password: &str) -> Result<StoredPassword, UserError> {
        if password.chars().count() < limit::PASSWORD_CHARS_MIN || password.len() > limit::PASSWORD_BYTES {
            return Err(UserError::PasswordUnfit);
        }
        Ok(StoredPassword::new(password, self.environment())?)
    }
}

fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (1..=NAME_CHARS_MAX).contains(&name.len()) && name.chars().all(fits)
}
