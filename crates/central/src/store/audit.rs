//! Who changed what, written in the transaction of the change.

use std::fmt;

use evidence::DeviceId;
use rusqlite::params;

use super::database::{self, Transaction};
use super::{Store, StoreError};

/// Who changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at the command line of the endpoint's machine.
    Operator,
    /// A user of the console.
    User(String),
    /// A device that enrols.
    Device(DeviceId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::User(name) => write!(f, "user:{name}"),
            Self::Device(id) => write!(f, "device:{id}"),
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, by the endpoint's clock.
    pub at_ms: i64,
    /// See [`Actor`].
    pub actor: String,
    /// What was done, for instance `invitation.create`.
    pub action: String,
    /// To what. Never a password, a token or an unused code.
    pub subject: String,
}

/// Adds a row in the transaction of the change.
pub(super) fn note(
    transaction: &Transaction<'_>,
    at_ms: i64,
    actor: &Actor,
    action: &'static str,
    subject: &str,
) -> database::Result<()> {
    transaction.execute(
        "INSERT INTO audit (at_ms, actor, action, subject) VALUES (?1, ?2, ?3, ?4)",
        params![at_ms, actor.to_string(), action, subject],
    )?;
    Ok(())
}

impl Store {
    /// The changes, oldest first.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("reading the audit", |transaction| {
            transaction.rows("SELECT at_ms, actor, action, subject FROM audit ORDER BY number", &[], |row| {
                Ok(AuditEntry {
                    at_ms: row.get(0)?,
                    actor: row.get(1)?,
                    action: row.get(2)?,
                    subject: row.get(3)?,
                })
            })
        })
    }
}
