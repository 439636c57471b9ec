//! The public keys of the log, and how each handed over to the next.

use evidence::{LogPublicKey, Rotation};
use rusqlite::params;

use super::database::{self, Lock, Transaction};
use super::{Actor, Store, StoreError, audit};

/// A key under which the log signs or has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownLogKey {
    /// Its public half.
    pub key: LogPublicKey,
    /// How the key before it handed over; `None` for the first.
    pub rotation: Option<Rotation>,
    /// Since when it signs.
    pub since_ms: i64,
}

impl Store {
    /// The keys of the log, oldest first; the last one signs. None before the first start is over.
    pub fn log_keys(&self) -> Result<Vec<KnownLogKey>, StoreError> {
        type Row = ([u8; 32], Option<Vec<u8>>, i64);
        let rows: Vec<Row> = self.read("reading the log's keys", |transaction| {
            transaction.rows(
                "SELECT public_key, handed_over, since_ms FROM log_key ORDER BY number",
                &[],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
        })?;
        let corrupt = |error: evidence::KeyError| StoreError::Corrupt {
            what: "a key of the log",
            reason: error.to_string(),
        };
        rows.into_iter()
            .map(|(key, rotation, since_ms)| {
                let rotation =
                    rotation.map(|bytes| Rotation::from_bytes(&bytes)).transpose().map_err(corrupt)?;
                Ok(KnownLogKey { key: LogPublicKey::from_bytes(&key).map_err(corrupt)?, rotation, since_ms })
            })
            .collect()
    }

    /// Keeps the log's first key. Where there is one already, it stays.
    pub fn begin_log_with(&self, key: LogPublicKey, now_ms: i64) -> Result<(), StoreError> {
        self.write("keeping the log's first key", |transaction| {
            transaction.execute(
                "INSERT INTO log_key (number, public_key, since_ms) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING",
                params![key.to_bytes(), now_ms],
            )?;
            Ok(())
        })
    }

    /// Keeps the handing over from the key that signs to the next. `false` when another key signs.
    pub fn hand_log_over(&self, rotation: &Rotation, actor: &Actor, now_ms: i64) -> Result<bool, StoreError> {
        self.write("handing the log over to another key", |transaction| {
            transaction.hold(Lock::Log)?;
            if !signs(transaction, rotation.old)? {
                return Ok(false);
            }
            transaction.execute(
                "INSERT INTO log_key (number, public_key, handed_over, since_ms)
                 SELECT max(number) + 1, ?1, ?2, ?3 FROM log_key",
                params![rotation.new.to_bytes(), rotation.to_bytes(), now_ms],
            )?;
            let subject = format!("{} to {}", rotation.old.id(), rotation.new.id());
            audit::note(transaction, now_ms, actor, "log.rotate_key", &subject)?;
            Ok(true)
        })
    }
}

/// Whether this is the key that signs now.
pub(super) fn signs(transaction: &Transaction<'_>, key: LogPublicKey) -> database::Result<bool> {
    let newest: Option<[u8; 32]> =
        transaction
            .row("SELECT public_key FROM log_key ORDER BY number DESC LIMIT 1", &[], |row| row.get(0))?;
    Ok(newest == Some(key.to_bytes()))
}
