//! Users of the console: adding them, and changing their passwords.

use environment::RngError;
use protocol::limit;
use tally::RegionCode;

use crate::endpoint::Endpoint;
use crate::model::passwords::{PasswordHashError, random_password};
use crate::model::role::Role;
use crate::model::second_factor::AddressError;
use crate::store::{Actor, AuditContext, NewStoredPassword, StoreError, User};

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
    #[error("the new password is the old one")]
    PasswordSame,
    #[error("the account has a second factor already; remove it first")]
    SecondFactorExists,
    #[error("the account has no second factor")]
    SecondFactorMissing,
    #[error("the code is none of this second factor")]
    SecondFactorCodeWrong,
    #[error("accounts of this role need a second factor here")]
    SecondFactorRequired,
    #[error("the election has no region {0}")]
    RegionUnknown(RegionCode),
    /// The last user who can change accounts would lose that.
    #[error("{0} is the only admin of the whole election, and somebody must be able to change accounts")]
    LastAdmin(String),
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Hash(#[from] PasswordHashError),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Endpoint {
    /// Adds a user of the console with a password that they chose.
    pub fn add_user(&self, user: &User, password: &str, actor: &Actor) -> Result<(), UserError> {
        self.add_user_with(user, Password::Chosen(password), actor)
    }

    /// Adds a user with a random password, which they must change when they log in.
    pub fn add_user_with_one_time_password(&self, user: &User, actor: &Actor) -> Result<String, UserError> {
        let password = random_password(self.environment())?;
        self.add_user_with(user, Password::OneTime(&password), actor)?;
        Ok(password)
    }

    fn add_user_with(&self, user: &User, password: Password<'_>, actor: &Actor) -> Result<(), UserError> {
        if !is_name(&user.name) {
            return Err(UserError::NameUnfit(user.name.clone()));
        }
        self.must_have_region(user)?;
        let password = self.stored_password(password)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let is_new = self.store().add_user(user, &password, audit)?;
        if is_new { Ok(()) } else { Err(UserError::NameExists(user.name.clone())) }
    }

    /// Gives a user a password that they chose, and ends their sessions.
    pub fn change_password(&self, name: &str, password: &str, actor: &Actor) -> Result<(), UserError> {
        self.change_password_to(name, Password::Chosen(password), actor)
    }

    /// Gives a user a random password, which they must change when they log in, and ends their sessions.
    pub fn reset_password(&self, name: &str, actor: &Actor) -> Result<String, UserError> {
        let password = random_password(self.environment())?;
        self.change_password_to(name, Password::OneTime(&password), actor)?;
        Ok(password)
    }

    fn change_password_to(&self, name: &str, password: Password<'_>, actor: &Actor) -> Result<(), UserError> {
        let password = self.stored_password(password)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let exists = self.store().change_password(name, &password, audit)?;
        if exists { Ok(()) } else { Err(UserError::Unknown(name.to_owned())) }
    }

    /// Changes a user's role and region, and ends their sessions.
    pub fn change_role(&self, user: &User, actor: &Actor) -> Result<(), UserError> {
        self.must_have_region(user)?;
        if user.role != Role::Admin || user.region.is_some() {
            self.must_keep_an_admin(&user.name)?;
        }
        let exists = self.store().change_role(user, AuditContext { actor, now_ms: self.now_ms() })?;
        if exists { Ok(()) } else { Err(UserError::Unknown(user.name.clone())) }
    }

    /// Removes a user, and ends their sessions.
    pub fn remove_user(&self, name: &str, actor: &Actor) -> Result<(), UserError> {
        self.must_keep_an_admin(name)?;
        let exists = self.store().remove_user(name, AuditContext { actor, now_ms: self.now_ms() })?;
        if exists { Ok(()) } else { Err(UserError::Unknown(name.to_owned())) }
    }

    /// Ends all sessions of a user. Returns their number.
    pub fn end_sessions(&self, name: &str, actor: &Actor) -> Result<u64, UserError> {
        if self.store().user(name)?.is_none() {
            return Err(UserError::Unknown(name.to_owned()));
        }
        Ok(self.store().end_sessions(name, AuditContext { actor, now_ms: self.now_ms() })?)
    }

    fn must_have_region(&self, user: &User) -> Result<(), UserError> {
        match user.region.as_ref().filter(|code| self.election().region(code).is_none()) {
            Some(region) => Err(UserError::RegionUnknown(region.clone())),
            None => Ok(()),
        }
    }

    fn must_keep_an_admin(&self, without: &str) -> Result<(), UserError> {
        let users = self.store().users()?;
        let is_admin = |user: &User| user.role == Role::Admin && user.region.is_none();
        let was_admin = users.iter().any(|user| user.name == without && is_admin(user));
        let has_another = users.iter().any(|user| user.name != without && is_admin(user));
        if was_admin && !has_another { Err(UserError::LastAdmin(without.to_owned())) } else { Ok(()) }
    }

    fn stored_password(&self, password: Password<'_>) -> Result<NewStoredPassword, UserError> {
        let (text, is_one_time) = match password {
            Password::Chosen(text) => (text, false),
            Password::OneTime(text) => (text, true),
        };
        if text.chars().count() < limit::PASSWORD_CHARS_MIN || text.len() > limit::PASSWORD_BYTES {
            return Err(UserError::PasswordUnfit);
        }
        let hash = self.password_hashing().hash(text, self.environment())?;
        Ok(NewStoredPassword { hash, is_one_time })
    }
}

/// A password for a user.
#[derive(Clone, Copy)]
enum Password<'a> {
    /// Only the user knows it.
    Chosen(&'a str),
    /// Somebody hands it to the user, who must change it.
    OneTime(&'a str),
}

/// Whether a user can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (1..=NAME_CHARS_MAX).contains(&name.len()) && name.chars().all(fits)
}
