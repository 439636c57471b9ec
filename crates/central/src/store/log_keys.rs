//! The public keys of the log, and the rotation from each to the next.

use evidence::{LogPublicKey, Rotation};
use rusqlite::params;

use super::database::{self, Lock, Row, Transaction, sql};
use super::{AuditContext, Store, StoreError, audit};

/// A key under which the log signs or has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownLogKey {
    pub key: LogPublicKey,
    /// The rotation by which the previous key named this one; `None` for the first.
    pub rotation: Option<Rotation>,
    /// The time of its first use.
    pub since_ms: i64,
}

/// A row of `log_key`.
struct KeyRow {
    public_key: [u8; 32],
    rotation: Option<Vec<u8>>,
    since_ms: i64,
}

fn key_row(row: &Row<'_>) -> database::Result<KeyRow> {
    Ok(KeyRow {
        public_key: row.get("public_key")?,
        rotation: row.get("handed_over")?,
        since_ms: row.get("since_ms")?,
    })
}

impl KeyRow {
    fn read(self) -> Result<KnownLogKey, evidence::KeyError> {
        Ok(KnownLogKey {
            key: LogPublicKey::from_bytes(&self.public_key)?,
            rotation: self.rotation.map(|bytes| Rotation::from_bytes(&bytes)).transpose()?,
            since_ms: self.since_ms,
        })
    }
}

impl Store {
    /// The keys of the log, oldest first; the last one signs. Empty before the endpoint's first start.
    pub fn log_keys(&self) -> Result<Vec<KnownLogKey>, StoreError> {
        let rows = self.read("read the log's keys", |transaction| {
            transaction.rows(
                sql!("SELECT public_key, handed_over, since_ms FROM log_key ORDER BY number"),
                &[],
                key_row,
            )
        })?;
        rows.into_iter()
            .map(|row| row.read().map_err(|error| StoreError::corrupt("a key of the log", error)))
            .collect()
    }

    /// Stores the log's first key. If the log has a key, it stays.
    pub fn store_first_log_key(&self, key: LogPublicKey, now_ms: i64) -> Result<(), StoreError> {
        self.write("store the log's first key", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO log_key (number, public_key, since_ms) VALUES (1, ?1, ?2)
                     ON CONFLICT DO NOTHING"
                ),
                params![key.to_bytes(), now_ms],
            )?;
            Ok(())
        })
    }

    /// Stores the rotation from the key that signs to the next. Returns `false` if another key signs.
    pub fn rotate_log_key(&self, rotation: &Rotation, audit: AuditContext<'_>) -> Result<bool, StoreError> {
        self.write("rotate the log's key", |transaction| {
            transaction.lock(Lock::Log)?;
            if !signs(transaction, rotation.old)? {
                return Ok(false);
            }
            transaction.execute(
                sql!(
                    "INSERT INTO log_key (number, public_key, handed_over, since_ms)
                     SELECT max(number) + 1, ?1, ?2, ?3 FROM log_key"
                ),
                params![rotation.new.to_bytes(), rotation.to_bytes(), audit.now_ms],
            )?;
            let subject = format!("{} to {}", rotation.old.id(), rotation.new.id());
            audit::record(transaction, audit, "log.rotate_key", &subject)?;
            Ok(true)
        })
    }
}

/// Whether this is the key that signs now.
pub(super) fn signs(transaction: &Transaction<'_>, key: LogPublicKey) -> database::Result<bool> {
    let newest: Option<[u8; 32]> =
        transaction.row(sql!("SELECT public_key FROM log_key ORDER BY number DESC LIMIT 1"), &[], |row| {
            row.get("public_key")
        })?;
    Ok(newest == Some(key.to_bytes()))
}
