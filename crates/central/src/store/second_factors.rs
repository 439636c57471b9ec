//! The second factors of users, and their recovery codes.

use rusqlite::params;

use super::database::{self, Insert, OnConflict, Transaction, sql};
use super::sessions::delete_sessions;
use super::{AuditContext, Store, StoreError, audit};
use crate::model::second_factor::{FactorSecret, RecoveryHash};

const RECOVERY_CODE: Insert<2> = Insert {
    table: "recovery_code",
    columns: [("code_hash", "bytea"), ("account", "text")],
    on_conflict: OnConflict::Fail,
};

/// A user's second factor.
pub(crate) struct StoredFactor {
    pub(crate) secret: FactorSecret,
    /// Whether a code has confirmed it, so that logins need it.
    pub(crate) is_confirmed: bool,
}

impl Store {
    /// The second factor of a user.
    pub(crate) fn second_factor(&self, user: &str) -> Result<Option<StoredFactor>, StoreError> {
        self.query("read a second factor", |transaction| {
            transaction.row(
                sql!(
                    "SELECT secret, confirmed_at_ms IS NOT NULL AS is_confirmed FROM second_factor
                     WHERE account = ?1"
                ),
                params![user],
                |row| {
                    Ok(StoredFactor {
                        secret: FactorSecret(row.get("secret")?),
                        is_confirmed: row.get("is_confirmed")?,
                    })
                },
            )
        })
    }

    /// Stores a secret that a code must confirm. Returns `false` if the user has a confirmed one.
    pub(crate) fn begin_second_factor(&self, user: &str, secret: &FactorSecret) -> Result<bool, StoreError> {
        self.write("begin a second factor", |transaction| {
            let changed = transaction.execute(
                sql!(
                    "INSERT INTO second_factor (account, secret) VALUES (?1, ?2)
                     ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = 0
                     WHERE second_factor.confirmed_at_ms IS NULL"
                ),
                params![user, secret.0],
            )?;
            Ok(changed == 1)
        })
    }

    /// Puts a second factor in force, with the step of the code that confirmed it. Returns `false` if there
    /// is none to confirm.
    pub(crate) fn confirm_second_factor(
        &self,
        user: &str,
        step: i64,
        codes: &[RecoveryHash],
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("confirm a second factor", |transaction| {
            let changed = transaction.execute(
                sql!(
                    "UPDATE second_factor SET confirmed_at_ms = ?2, last_step = ?3
                     WHERE account = ?1 AND confirmed_at_ms IS NULL"
                ),
                params![user, audit.now_ms, step],
            )?;
            if changed == 1 {
                replace_codes(transaction, user, codes)?;
                audit::record(transaction, audit, "user.second_factor", user)?;
            }
            Ok(changed == 1)
        })
    }

    /// Uses the code of a step. Returns `false` if this one or a later one was used: a code that somebody saw
    /// does not log in a second time.
    pub(crate) fn use_step(&self, user: &str, step: i64) -> Result<bool, StoreError> {
        self.write("use a code of a second factor", |transaction| {
            let used = transaction.execute(
                sql!(
                    "UPDATE second_factor SET last_step = ?2
                     WHERE account = ?1 AND last_step < ?2 AND confirmed_at_ms IS NOT NULL"
                ),
                params![user, step],
            )?;
            Ok(used == 1)
        })
    }

    /// Uses a recovery code. Returns `false` if the user has no such code, or used it.
    pub(crate) fn use_recovery_code(
        &self,
        user: &str,
        code: RecoveryHash,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("use a recovery code", |transaction| {
            let used = transaction.execute(
                sql!(
                    "UPDATE recovery_code SET used_at_ms = ?3
                     WHERE account = ?1 AND code_hash = ?2 AND used_at_ms IS NULL"
                ),
                params![user, code.0, audit.now_ms],
            )?;
            if used == 1 {
                audit::record(transaction, audit, "user.recovery_code", user)?;
            }
            Ok(used == 1)
        })
    }

    /// Gives a user new recovery codes in place of all earlier ones.
    pub(crate) fn replace_recovery_codes(
        &self,
        user: &str,
        codes: &[RecoveryHash],
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        self.write("replace recovery codes", |transaction| {
            replace_codes(transaction, user, codes)?;
            audit::record(transaction, audit, "user.recovery_codes", user)
        })
    }

    /// Removes the second factor of a user, and ends their sessions if somebody else does it. Returns `false`
    /// if there is none.
    pub(crate) fn remove_second_factor(
        &self,
        user: &str,
        removal: Removal,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("remove a second factor", |transaction| {
            if delete(transaction, user)? == 0 {
                return Ok(false);
            }
            if removal == Removal::ByAnother {
                delete_sessions(transaction, user)?;
            }
            audit::record(transaction, audit, "user.second_factor_removed", user)?;
            Ok(true)
        })
    }
}

/// Who removes a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removal {
    ByTheUser,
    ByAnother,
}

fn replace_codes(transaction: &Transaction<'_>, user: &str, codes: &[RecoveryHash]) -> database::Result<()> {
    transaction.execute(sql!("DELETE FROM recovery_code WHERE account = ?1"), params![user])?;
    transaction.insert_all(&RECOVERY_CODE, codes, |code| [&code.0, &user])?;
    Ok(())
}

/// Deletes the second factor and the recovery codes of a user.
pub(super) fn delete(transaction: &Transaction<'_>, user: &str) -> database::Result<u64> {
    transaction.execute(sql!("DELETE FROM recovery_code WHERE account = ?1"), params![user])?;
    transaction.execute(sql!("DELETE FROM second_factor WHERE account = ?1"), params![user])
}
