//! The second factor of a user: setting it up, checking its codes, removing it.

use crate::endpoint::Endpoint;
use crate::model::role::Role;
use crate::model::second_factor::{FactorSecret, RecoveryCode, RecoveryHash};
use crate::people::users::UserError;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, Removal, StoreError, User};

/// What a login with the right password needs further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactorCheck {
    /// Nothing: the account has no second factor, or the code is right and was used now.
    Passed,
    /// A code.
    Needed,
    /// The code is wrong, or it was used already.
    Wrong,
}

impl Endpoint {
    /// Whether users of this role must have a second factor here.
    pub(crate) fn requires_second_factor(&self, role: Role) -> bool {
        self.second_factor_required() && role.is_sensitive()
    }

    /// Checks the code of a user whose password was right. A right code is used up.
    pub(crate) fn check_second_factor(
        &self,
        user: &str,
        code: Option<&str>,
    ) -> Result<FactorCheck, StoreError> {
        let Some(factor) = self.store().second_factor(user)?.filter(|factor| factor.is_confirmed) else {
            return Ok(FactorCheck::Passed);
        };
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
            return Ok(FactorCheck::Needed);
        };
        let is_right = match RecoveryCode::from_typed(code) {
            Some(code) => {
                let audit = AuditContext { actor: &Actor::User(user.to_owned()), now_ms: self.now_ms() };
                self.store().use_recovery_code(user, code.hash(), audit)?
            }
            None => match factor.secret.step_of(user, code, self.now_ms()) {
                Some(step) => self.store().use_step(user, step)?,
                None => false,
            },
        };
        Ok(if is_right { FactorCheck::Passed } else { FactorCheck::Wrong })
    }

    /// Makes a secret that a code must confirm before logins need it.
    pub(crate) fn begin_second_factor(&self, user: &str) -> Result<FactorSecret, UserError> {
        let secret = FactorSecret::random(self.environment())?;
        if self.store().begin_second_factor(user, &secret)? {
            Ok(secret)
        } else {
            Err(UserError::SecondFactorExists)
        }
    }

    /// Puts the second factor in force, if the code is one of its secret. Gives the recovery codes.
    pub(crate) fn confirm_second_factor(
        &self,
        user: &str,
        code: &str,
    ) -> Result<Vec<RecoveryCode>, UserError> {
        let begun = self.store().second_factor(user)?.filter(|factor| !factor.is_confirmed);
        let factor = begun.ok_or(UserError::SecondFactorMissing)?;
        let step =
            factor.secret.step_of(user, code, self.now_ms()).ok_or(UserError::SecondFactorCodeWrong)?;
        let (codes, hashes) = self.new_recovery_codes()?;
        let actor = Actor::User(user.to_owned());
        let audit = AuditContext { actor: &actor, now_ms: self.now_ms() };
        if self.store().confirm_second_factor(user, step, &hashes, audit)? {
            Ok(codes)
        } else {
            Err(UserError::SecondFactorMissing)
        }
    }

    /// Gives a user new recovery codes; the earlier ones end.
    pub(crate) fn replace_recovery_codes(&self, user: &str) -> Result<Vec<RecoveryCode>, UserError> {
        if !self.store().second_factor(user)?.is_some_and(|factor| factor.is_confirmed) {
            return Err(UserError::SecondFactorMissing);
        }
        let (codes, hashes) = self.new_recovery_codes()?;
        let actor = Actor::User(user.to_owned());
        let audit = AuditContext { actor: &actor, now_ms: self.now_ms() };
        self.store().replace_recovery_codes(user, &hashes, audit)?;
        Ok(codes)
    }

    fn new_recovery_codes(&self) -> Result<(Vec<RecoveryCode>, Vec<RecoveryHash>), UserError> {
        let codes = RecoveryCode::random_set(self.environment())?;
        let hashes = codes.iter().map(RecoveryCode::hash).collect();
        Ok((codes, hashes))
    }

    /// Removes one's own second factor, where none is required.
    pub(crate) fn remove_own_second_factor(&self, user: &User) -> Result<(), UserError> {
        if self.requires_second_factor(user.role) {
            return Err(UserError::SecondFactorRequired);
        }
        self.remove_factor(&user.name, Removal::ByTheUser, &Actor::User(user.name.clone()))
    }

    /// Removes the second factor of a user who lost it, and ends their sessions.
    pub fn reset_second_factor(&self, name: &str, actor: &Actor) -> Result<(), UserError> {
        if self.store().user(name)?.is_none() {
            return Err(UserError::Unknown(name.to_owned()));
        }
        self.remove_factor(name, Removal::ByAnother, actor)
    }

    fn remove_factor(&self, name: &str, removal: Removal, actor: &Actor) -> Result<(), UserError> {
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        if self.store().remove_second_factor(name, removal, audit)? {
            Ok(())
        } else {
            Err(UserError::SecondFactorMissing)
        }
    }
}

/// Why a check of a second factor ends a request.
pub(crate) fn refusal_of_check(check: FactorCheck) -> Option<Refusal> {
    use protocol::{Problem, ProblemCode};
    match check {
        FactorCheck::Passed => None,
        FactorCheck::Needed => {
            Some(Problem::new(ProblemCode::SecondFactorNeeded, "send the code with the password").into())
        }
        FactorCheck::Wrong => Some(Problem::new(ProblemCode::SecondFactorWrong, "try the next code").into()),
    }
}
