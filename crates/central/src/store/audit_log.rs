//! The state of the audit in the log: statements that the endpoint signs with a key of its own.
//!
//! They are stored like those of devices, under a station that no region has, so that no count, list or
//! rebuild meets them. Their key has a row among the devices, which is assigned nowhere.

use std::collections::BTreeMap;

use evidence::{Body, PublicKey, Sealed, StatementId, Unverified};
use rusqlite::params;

use super::audit::{AuditHash, head};
use super::database::{self, Lock, Row, Transaction, Writers, sql, unreadable};
use super::error::TxError;
use super::{Store, StoreError};

/// The station of these statements in the store. It comes after every region's.
const STATION: &str = "~audit";

/// The state of the audit at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditState {
    pub rows: u64,
    /// The hash of the last row.
    pub head: AuditHash,
}

/// The place of a statement in the chain of the audit's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditPlace {
    pub sequence: u64,
    pub previous: Option<StatementId>,
}

/// A state of the audit that a statement states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedAudit {
    pub statement: StatementId,
    pub bytes: Vec<u8>,
    /// The key of the audit that signed it.
    pub key: PublicKey,
    pub state: AuditState,
    pub at_ms: i64,
    /// Its index in the log; `None` until it is in the log.
    pub log_index: Option<u64>,
}

impl Store {
    /// Stores a statement about the audit as it is now, which `seal` makes, for the log. Returns `false` if
    /// the last one states the same, or if there is no row yet.
    pub fn state_audit<E: From<StoreError>>(
        &self,
        key: PublicKey,
        seal: impl Fn(AuditState, AuditPlace) -> Result<Sealed, E>,
        now_ms: i64,
    ) -> Result<bool, E> {
        self.write_or_abort(Writers::One, "state the audit", |transaction| {
            transaction.lock(Lock::Audit)?;
            let Some(state) = state(transaction)? else { return Ok(false) };
            let last = last_of(transaction, key)?;
            if last.as_ref().is_some_and(|(_, stated)| stated.state == state) {
                return Ok(false);
            }
            let place = AuditPlace {
                sequence: last.as_ref().map_or(1, |(sequence, _)| sequence + 1),
                previous: last.map(|(_, stated)| stated.statement),
            };
            let sealed = seal(state, place).map_err(TxError::Aborted)?;
            store(transaction, key, place, &sealed, now_ms)?;
            Ok(true)
        })
    }

    /// All states of the audit that were stated, oldest first.
    pub fn stated_audits(&self) -> Result<Vec<StatedAudit>, StoreError> {
        self.read("read what was stated of the audit", stated)
    }

    /// The newest of them.
    pub fn newest_stated_audit(&self) -> Result<Option<StatedAudit>, StoreError> {
        self.query("read what was stated of the audit last", |transaction| {
            let newest = transaction.row(
                sql!(STATED, " ORDER BY s.received_at_ms DESC, s.sequence DESC LIMIT 1"),
                params![STATION],
                numbered,
            )?;
            Ok(newest.map(|(_, stated)| stated))
        })
    }
}

/// The columns of a [`StatedAudit`] with its sequence number.
const STATED: &str = "SELECT s.id, s.bytes, d.public_key, s.sequence, s.received_at_ms, l.position
    FROM statement s JOIN device d ON d.id = s.device
    LEFT JOIN log_leaf l ON l.statement = s.id AND l.station = s.station
    WHERE s.station = ?1";

/// All states that were stated, oldest first.
fn stated(transaction: &Transaction<'_>) -> database::Result<Vec<StatedAudit>> {
    let all = transaction.rows(
        sql!(STATED, " ORDER BY s.received_at_ms, s.device, s.sequence"),
        params![STATION],
        numbered,
    )?;
    Ok(all.into_iter().map(|(_, stated)| stated).collect())
}

/// What was stated of the audit, by the number of rows. One whose signature does not hold is an error: nobody
/// but who changed the database wrote it.
pub(super) fn stated_heads(
    transaction: &Transaction<'_>,
) -> database::Result<BTreeMap<u64, (AuditHash, StatementId)>> {
    let stated = stated(transaction)?;
    Ok(stated.into_iter().map(|one| (one.state.rows, (one.state.head, one.statement))).collect())
}

fn last_of(transaction: &Transaction<'_>, key: PublicKey) -> database::Result<Option<(u64, StatedAudit)>> {
    transaction.row(
        sql!(STATED, " AND s.device = ?2 ORDER BY s.sequence DESC LIMIT 1"),
        params![STATION, key.device_id().0],
        numbered,
    )
}

fn numbered(row: &Row<'_>) -> database::Result<(u64, StatedAudit)> {
    let bytes: Vec<u8> = row.get("bytes")?;
    let key: [u8; 32] = row.get("public_key")?;
    let key = PublicKey::from_bytes(&key).map_err(|error| unreadable("public_key", error))?;
    let statement = Unverified::parse(&bytes)
        .and_then(|unverified| unverified.verify(&key))
        .map_err(|error| unreadable("bytes", error))?;
    let Body::Audit(body) = &statement.body else {
        return Err(unreadable("bytes", "the statement is not about the audit"));
    };
    let stated = StatedAudit {
        statement: StatementId(row.get("id")?),
        state: AuditState { rows: body.rows, head: AuditHash(body.head) },
        bytes,
        key,
        at_ms: row.get("received_at_ms")?,
        log_index: row.get("position")?,
    };
    Ok((row.get("sequence")?, stated))
}

/// The audit as it is now; `None` if it has no row.
fn state(transaction: &Transaction<'_>) -> database::Result<Option<AuditState>> {
    let Some(head) = head(transaction)? else { return Ok(None) };
    let rows = transaction.row(sql!("SELECT count(*) AS rows FROM audit"), &[], |row| row.get("rows"))?;
    Ok(Some(AuditState { rows: rows.unwrap_or(0), head }))
}

fn store(
    transaction: &Transaction<'_>,
    key: PublicKey,
    place: AuditPlace,
    sealed: &Sealed,
    now_ms: i64,
) -> database::Result<()> {
    let device = key.device_id();
    transaction.execute(
        sql!(
            "INSERT INTO device (id, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO NOTHING"
        ),
        params![device.0, key.to_bytes(), now_ms],
    )?;
    transaction.execute(
        sql!(
            "INSERT INTO statement (id, device, sequence, station, bytes, received_at_ms, quarantined, contest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, FALSE, '')"
        ),
        params![sealed.id.0, device.0, place.sequence, STATION, sealed.bytes, now_ms],
    )?;
    transaction.execute(
        sql!("INSERT INTO log_waiting (statement, station) VALUES (?1, ?2)"),
        params![sealed.id.0, STATION],
    )?;
    Ok(())
}
