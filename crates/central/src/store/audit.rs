//! The audit: who changed what, written in the transaction of the change.

use std::fmt;

use evidence::DeviceId;
use rusqlite::params;

use super::database::{self, Transaction, sql};
use super::{Store, StoreError};

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person at the command line of the endpoint's machine.
    Operator,
    /// A user of the console, by name.
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

/// Who makes a change, and when: every method of the store that writes an audit row asks for it.
#[derive(Debug, Clone, Copy)]
pub struct AuditContext<'a> {
    pub actor: &'a Actor,
    /// The endpoint's clock.
    pub now_ms: i64,
}

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Time of the change, by the endpoint's clock.
    pub at_ms: i64,
    /// The text of an [`Actor`].
    pub actor: String,
    /// The kind of change, for instance `invitation.create`.
    pub action: String,
    /// What was changed. Never a password, a token or an unused code.
    pub subject: String,
}

/// Adds a row in the transaction of the change.
pub(super) fn record(
    transaction: &Transaction<'_>,
    context: AuditContext<'_>,
    action: &'static str,
    subject: &str,
) -> database::Result<()> {
    transaction.execute(
        sql!("INSERT INTO audit (at_ms, actor, action, subject) VALUES (?1, ?2, ?3, ?4)"),
        params![context.now_ms, context.actor.to_string(), action, subject],
    )?;
    Ok(())
}

impl Store {
    /// The audit, oldest change first.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("read the audit", |transaction| {
            transaction.rows(
                sql!("SELECT at_ms, actor, action, subject FROM audit ORDER BY number"),
                &[],
                |row| {
                    Ok(AuditEntry {
                        at_ms: row.get("at_ms")?,
                        actor: row.get("actor")?,
                        action: row.get("action")?,
                        subject: row.get("subject")?,
                    })
                },
            )
        })
    }
}
