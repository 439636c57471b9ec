//! The audit: who changed what, written in the transaction of the change.
//!
//! Each row has a hash over itself and the hash of the row before. An auditor who noted the newest hash, the
//! head, can tell later whether an older row was changed or removed.

use std::fmt;

use evidence::{DeviceId, StatementId};
use rusqlite::params;
use sha2::{Digest as _, Sha256};
use tally::RegionCode;

use super::database::{self, Database, Lock, Row, Transaction, Writers, sql};
use super::{Store, StoreError, audit_log};

/// Begins what is hashed for a row.
const CONTEXT: &[u8] = b"saksi-audit-v1\0";
/// Number of rows that are read at once when the chain is checked.
const BATCH: i64 = 10_000;

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person at the command line of the endpoint's machine.
    Operator,
    /// A user of the console, by name.
    User(String),
    /// A device that enrols.
    Device(DeviceId),
    /// A program with a token, by the token's name.
    Token(String),
    /// Somebody who is not logged in.
    Stranger,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::User(name) => write!(f, "user:{name}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Token(name) => write!(f, "token:{name}"),
            Self::Stranger => f.write_str("stranger"),
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
    /// A later row has a higher number. Numbers may be left out.
    pub number: i64,
    /// Time of the change, by the endpoint's clock.
    pub at_ms: i64,
    /// The text of an [`Actor`].
    pub actor: String,
    /// The kind of change, for instance `invitation.create`.
    pub action: String,
    /// What was changed. Never a password, a token or a code.
    pub subject: String,
    /// The hash over this row and the hash of the row before.
    pub hash: AuditHash,
}

/// The hash of a row of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    /// The hash before the first row.
    const START: Self = Self([0; 32]);

    /// The hash of the row that follows.
    fn followed_by(self, at_ms: i64, actor: &str, action: &str, subject: &str) -> Self {
        let mut hash = Sha256::new().chain_update(CONTEXT).chain_update(self.0);
        hash.update(at_ms.to_be_bytes());
        for text in [actor, action, subject] {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whether the rows of the audit still follow each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditCheck {
    pub rows: u64,
    /// The hash of the newest row; `None` if there is no row.
    pub head: Option<AuditHash>,
    /// The number of the first row that was changed, or that does not follow the row before.
    pub broken_at: Option<i64>,
    /// Number of states of the audit, of those that were stated for the log, which hold.
    pub states: u64,
    /// The first statement whose state does not hold: the audit was rewritten since.
    pub contradicted_by: Option<StatementId>,
}

/// Which rows of the audit are read.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only rows with a lower number.
    pub before: Option<i64>,
    /// Only rows whose actor, action or subject contains this.
    pub text: String,
    /// Only rows of this actor.
    pub actor: Option<String>,
    /// Only this kind of change, or, with a dot at its end, kinds that begin so.
    pub action: Option<String>,
    /// Only rows whose subject names the region, or something in it.
    pub region: Option<RegionCode>,
    /// Only rows from this time on, and before that time.
    pub from_ms: Option<i64>,
    pub until_ms: Option<i64>,
}

/// What the filter of the audit can be set to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditWords {
    pub actions: Vec<String>,
    pub actors: Vec<String>,
}

/// Adds a row in the transaction of the change.
pub(super) fn record(
    transaction: &Transaction<'_>,
    context: AuditContext<'_>,
    action: &'static str,
    subject: &str,
) -> database::Result<()> {
    transaction.lock(Lock::Audit)?;
    let AuditContext { actor, now_ms } = context;
    let actor = actor.to_string();
    let previous = head(transaction)?.unwrap_or(AuditHash::START);
    let hash = previous.followed_by(now_ms, &actor, action, subject);
    transaction.execute(
        sql!("INSERT INTO audit (at_ms, actor, action, subject, hash) VALUES (?1, ?2, ?3, ?4, ?5)"),
        params![now_ms, actor, action, subject, hash.0],
    )?;
    Ok(())
}

/// The hash of the newest row.
pub(super) fn head(transaction: &Transaction<'_>) -> database::Result<Option<AuditHash>> {
    let hash: Option<Option<[u8; 32]>> =
        transaction
            .row(sql!("SELECT hash FROM audit ORDER BY number DESC LIMIT 1"), &[], |row| row.get("hash"))?;
    Ok(hash.flatten().map(AuditHash))
}

impl Store {
    /// Records something that changes nothing in the store, for instance a login or an export.
    pub fn record_event(
        &self,
        action: &'static str,
        subject: &str,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        self.write("record an event", |transaction| record(transaction, audit, action, subject))
    }

    /// The audit, oldest change first.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("read the audit", |transaction| {
            transaction.rows(
                sql!("SELECT number, at_ms, actor, action, subject, hash FROM audit ORDER BY number"),
                &[],
                entry,
            )
        })
    }

    /// The newest rows that the filter lets through, newest first, at most `most`.
    pub fn audit_page(&self, filter: &AuditFilter, most: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let like = |text: &str| text.replace(['%', '_'], "");
        let pattern = format!("%{}%", like(&filter.text));
        let actor = filter.actor.as_deref().unwrap_or_default();
        // A kind with a dot at its end is a beginning of kinds.
        let action = filter.action.as_deref().unwrap_or_default();
        let kinds = if action.ends_with('.') { format!("{}%", like(action)) } else { action.to_owned() };
        let region = filter.region.as_ref().map_or("", RegionCode::as_str);
        let (starts, contains) = (format!("{region}%"), format!("% {region}%"));
        self.read("read the audit", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT number, at_ms, actor, action, subject, hash FROM audit
                     WHERE number < ?1 AND (actor LIKE ?2 OR action LIKE ?2 OR subject LIKE ?2)
                        AND (NOT ?3 OR actor = ?4) AND (NOT ?5 OR action LIKE ?6)
                        AND (NOT ?7 OR subject LIKE ?8 OR subject LIKE ?9) AND at_ms >= ?10 AND at_ms < ?11
                     ORDER BY number DESC LIMIT ?12"
                ),
                params![
                    filter.before.unwrap_or(i64::MAX),
                    pattern,
                    !actor.is_empty(),
                    actor,
                    !action.is_empty(),
                    kinds,
                    !region.is_empty(),
                    starts,
                    contains,
                    filter.from_ms.unwrap_or(i64::MIN),
                    filter.until_ms.unwrap_or(i64::MAX),
                    most
                ],
                entry,
            )
        })
    }

    /// The kinds of change in the audit, and those who made changes, at most `most` of each.
    pub fn audit_words(&self, most: usize) -> Result<AuditWords, StoreError> {
        self.read("read the words of the audit", |transaction| {
            let actions = sql!("SELECT DISTINCT action AS word FROM audit ORDER BY action LIMIT ?1");
            let actors = sql!("SELECT DISTINCT actor AS word FROM audit ORDER BY actor LIMIT ?1");
            let words = |sql| transaction.rows(sql, params![most], |row| row.get::<String>("word"));
            Ok(AuditWords { actions: words(actions)?, actors: words(actors)? })
        })
    }

    /// The hash of the newest row.
    pub fn audit_head(&self) -> Result<Option<AuditHash>, StoreError> {
        self.query("read the head of the audit", head)
    }

    /// Checks every row against the row before.
    pub fn check_audit(&self) -> Result<AuditCheck, StoreError> {
        self.read("check the audit", |transaction| {
            let stated = audit_log::stated_heads(transaction)?;
            let (mut check, mut after) = (AuditCheck::default(), i64::MIN);
            loop {
                let rows = rows_after(transaction, after)?;
                let Some(last) = rows.last() else {
                    // A state of more rows than there are.
                    let beyond = stated.range(check.rows + 1..).next().map(|(_, (_, statement))| *statement);
                    check.contradicted_by = check.contradicted_by.or(beyond);
                    return Ok(check);
                };
                after = last.number;
                for row in &rows {
                    let previous = check.head.unwrap_or(AuditHash::START);
                    let expected = previous.followed_by(row.at_ms, &row.actor, &row.action, &row.subject);
                    if expected != row.hash && check.broken_at.is_none() {
                        check.broken_at = Some(row.number);
                    }
                    check.rows += 1;
                    check.head = Some(row.hash);
                    match stated.get(&check.rows) {
                        Some((head, _)) if *head == row.hash => check.states += 1,
                        Some((_, statement)) => {
                            check.contradicted_by = check.contradicted_by.or(Some(*statement));
                        }
                        None => {}
                    }
                }
            }
        })
    }
}

fn rows_after(transaction: &Transaction<'_>, after: i64) -> database::Result<Vec<AuditEntry>> {
    transaction.rows(
        sql!(
            "SELECT number, at_ms, actor, action, subject, hash FROM audit
             WHERE number > ?1 ORDER BY number LIMIT ?2"
        ),
        params![after, BATCH],
        entry,
    )
}

/// Adds the hashes of the rows of an earlier version.
pub(super) fn chain_old_rows(database: &Database) -> database::Result<()> {
    let oldest = |transaction: &Transaction<'_>| {
        transaction.row(sql!("SELECT hash FROM audit ORDER BY number LIMIT 1"), &[], |row| {
            row.get::<Option<[u8; 32]>>("hash")
        })
    };
    if database.query(oldest)? != Some(None) {
        return Ok(());
    }
    database.write(Writers::One, |transaction: &Transaction<'_>| {
        transaction.lock(Lock::Audit)?;
        let mut previous = AuditHash::START;
        let mut after = i64::MIN;
        loop {
            let rows = rows_after(transaction, after)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.number;
            for row in &rows {
                if row.hash != AuditHash::START {
                    return Ok(());
                }
                previous = previous.followed_by(row.at_ms, &row.actor, &row.action, &row.subject);
                transaction.execute(
                    sql!("UPDATE audit SET hash = ?2 WHERE number = ?1"),
                    params![row.number, previous.0],
                )?;
            }
        }
    })
}

/// A row without a hash, of an earlier version, gets the hash of no row.
fn entry(row: &Row<'_>) -> database::Result<AuditEntry> {
    let hash: Option<[u8; 32]> = row.get("hash")?;
    Ok(AuditEntry {
        number: row.get("number")?,
        at_ms: row.get("at_ms")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        hash: hash.map_or(AuditHash::START, AuditHash),
    })
}
