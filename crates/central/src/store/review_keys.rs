//! The keys with which coordinators sign what they decide.

use std::collections::BTreeMap;

use evidence::{DeviceId, PublicKey, StatementId};
use rusqlite::params;
use tally::StationId;

use super::audit::{self, AuditContext};
use super::database::{self, Row, Transaction, sql, unreadable};
use super::{Store, StoreError};
use crate::model::review::KeyKeeping;

/// Maximum number of keys that are listed.
const KEYS_MAX: usize = 2_000;

/// A key that a user enrols.
#[derive(Debug, Clone, Copy)]
pub struct NewReviewKey<'a> {
    pub key: PublicKey,
    pub account: &'a str,
    pub keeping: KeyKeeping,
}

/// The outcome of enrolling a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolReviewKey {
    Enrolled,
    /// The user has it already.
    Known,
    /// It is revoked, another user's, or a device's.
    Taken,
    /// The user has as many keys as anybody may have.
    TooMany,
}

/// A key of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReviewKey {
    pub key: PublicKey,
    pub account: String,
    pub keeping: KeyKeeping,
    pub enrolled_at_ms: i64,
    pub revoked_at_ms: Option<i64>,
    /// The last statement that it signed, with its sequence number.
    pub head: Option<(u64, StatementId)>,
}

/// The columns of a [`StoredReviewKey`]. A condition follows.
const KEYS: &str = "SELECT d.public_key, r.account, r.keeping, d.enrolled_at_ms, d.revoked_at_ms,
        s.sequence, s.id
    FROM review_key r JOIN device d ON d.id = r.device
    LEFT JOIN statement s ON s.device = r.device
        AND s.sequence = (SELECT max(last.sequence) FROM statement last WHERE last.device = r.device) ";

impl Store {
    /// Enrols a key of a user, who has at most `most` that are not revoked.
    pub fn enrol_review_key(
        &self,
        new: NewReviewKey<'_>,
        most: u64,
        audit: AuditContext<'_>,
    ) -> Result<EnrolReviewKey, StoreError> {
        let NewReviewKey { key, account, keeping } = new;
        let device = key.device_id();
        self.write("enrol a coordinator's key", |transaction| {
            if let Some(known) = key_of(transaction, device)? {
                let is_theirs = known.account == account && known.revoked_at_ms.is_none();
                return Ok(if is_theirs { EnrolReviewKey::Known } else { EnrolReviewKey::Taken });
            }
            if present_keys(transaction, account)? >= most {
                return Ok(EnrolReviewKey::TooMany);
            }
            let added = transaction.execute(
                sql!(
                    "INSERT INTO device (id, public_key, enrolled_at_ms) VALUES (?1, ?2, ?3)
                     ON CONFLICT (id) DO NOTHING"
                ),
                params![device.0, key.to_bytes(), audit.now_ms],
            )?;
            if added == 0 {
                return Ok(EnrolReviewKey::Taken);
            }
            transaction.execute(
                sql!("INSERT INTO review_key (device, account, keeping) VALUES (?1, ?2, ?3)"),
                params![device.0, account, keeping.word()],
            )?;
            audit::record(transaction, audit, "review_key.enrol", &format!("{device} of {account}"))?;
            Ok(EnrolReviewKey::Enrolled)
        })
    }

    /// All keys, the newest first.
    pub fn review_keys(&self) -> Result<Vec<StoredReviewKey>, StoreError> {
        self.query("read the coordinators' keys", |transaction| {
            transaction.rows(
                sql!(KEYS, "ORDER BY d.enrolled_at_ms DESC, d.id LIMIT ?1"),
                params![KEYS_MAX],
                review_key,
            )
        })
    }

    /// A key by its id.
    pub fn review_key(&self, device: DeviceId) -> Result<Option<StoredReviewKey>, StoreError> {
        self.query("read a coordinator's key", |transaction| key_of(transaction, device))
    }

    /// Revokes a key: nothing is signed with it from now on. Returns `false` if it was revoked before.
    pub fn revoke_review_key(
        &self,
        device: DeviceId,
        because: Option<&str>,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("revoke a coordinator's key", |transaction| {
            let revoked = transaction.execute(
                sql!(
                    "UPDATE device SET revoked_at_ms = ?2, revoked_because = ?3
                     WHERE id = ?1 AND revoked_at_ms IS NULL
                        AND EXISTS (SELECT 1 FROM review_key r WHERE r.device = device.id)"
                ),
                params![device.0, audit.now_ms, because],
            )?;
            if revoked == 1 {
                audit::record(transaction, audit, "review_key.revoke", &device.to_string())?;
            }
            Ok(revoked == 1)
        })
    }
}

pub(super) fn key_of(
    transaction: &Transaction<'_>,
    device: DeviceId,
) -> database::Result<Option<StoredReviewKey>> {
    transaction.row(sql!(KEYS, "WHERE r.device = ?1"), params![device.0], review_key)
}

/// Revokes all keys of a user.
pub(super) fn revoke_all_of(
    transaction: &Transaction<'_>,
    account: &str,
    now_ms: i64,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "UPDATE device SET revoked_at_ms = ?2 WHERE revoked_at_ms IS NULL
                AND id IN (SELECT r.device FROM review_key r WHERE r.account = ?1)"
        ),
        params![account, now_ms],
    )?;
    Ok(())
}

/// Whose the keys are that signed something about a station.
pub(super) fn reviewers_at(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<BTreeMap<DeviceId, String>> {
    let reviewers = transaction.rows(
        sql!(
            "SELECT r.device, r.account FROM review_key r
             WHERE r.device IN (SELECT s.device FROM statement s WHERE s.station = ?1)"
        ),
        params![station.to_string()],
        |row| Ok((DeviceId(row.get("device")?), row.get("account")?)),
    )?;
    Ok(reviewers.into_iter().collect())
}

fn present_keys(transaction: &Transaction<'_>, account: &str) -> database::Result<u64> {
    let count = transaction.row(
        sql!(
            "SELECT count(*) AS count FROM review_key r JOIN device d ON d.id = r.device
             WHERE r.account = ?1 AND d.revoked_at_ms IS NULL"
        ),
        params![account],
        |row| row.get("count"),
    )?;
    Ok(count.unwrap_or(0))
}

fn review_key(row: &Row<'_>) -> database::Result<StoredReviewKey> {
    let key: [u8; 32] = row.get("public_key")?;
    let sequence: Option<u64> = row.get("sequence")?;
    let head: Option<[u8; 32]> = row.get("id")?;
    Ok(StoredReviewKey {
        key: PublicKey::from_bytes(&key).map_err(|error| unreadable("public_key", error))?,
        account: row.get("account")?,
        keeping: row.parsed("keeping")?,
        enrolled_at_ms: row.get("enrolled_at_ms")?,
        revoked_at_ms: row.get("revoked_at_ms")?,
        head: sequence.zip(head.map(StatementId)),
    })
}
