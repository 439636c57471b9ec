//! A file: one connection writes, a few read.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{DatabaseError, Insert, Result, Transaction};
use crate::blocking::Turns;

/// Most who read at once; more would only wait for each other elsewhere.
const READERS_MAX: usize = 16;
/// How long one process waits for another that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Keys are hashes and lie anywhere: what does not fit here is read again for every group.
const WRITER_CACHE_KB: i64 = 96 * 1024;
/// So many pages of 4 KB gather before they are written back: under load the same pages change again and again.
const CHECKPOINT_PAGES: i64 = 16_384;
/// Statements that a connection keeps prepared.
const PREPARED_MAX: usize = 128;

/// A database in a file.
#[derive(Debug)]
pub(in crate::store) struct File {
    path: PathBuf,
    writer: Mutex<Connection>,
    reading: Turns,
    /// Connections that only read. Opening one costs more than most of what is read.
    idle_readers: Mutex<Vec<Connection>>,
}

impl File {
    /// Opens the file, and makes it when it is missing.
    pub(in crate::store) fn open(path: &Path) -> Result<Self> {
        let writer = Connection::open(path)?;
        writer.busy_timeout(BUSY_TIMEOUT)?;
        writer.pragma_update(None, "journal_mode", "wal")?;
        // "Accepted" is said to a witness only for what survives a power cut.
        writer.pragma_update(None, "synchronous", "full")?;
        writer.pragma_update(None, "foreign_keys", true)?;
        writer.pragma_update(None, "cache_size", -WRITER_CACHE_KB)?;
        writer.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        stay_prepared(&writer)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            reading: Turns::new(READERS_MAX),
            idle_readers: Mutex::default(),
        })
    }

    /// Takes the steps of the schema that were not taken yet; `Some` number of steps when there are more than are known.
    pub(in crate::store) fn migrate(&self, steps: &[&str]) -> Result<Option<usize>> {
        let mut writer = lock(&self.writer);
        // Immediate: of two programs that open a new folder at once, one waits for the other's steps.
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let taken: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if taken > steps.len() {
            return Ok(Some(taken));
        }
        for step in steps.iter().skip(taken) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "user_version", steps.len())?;
        transaction.commit()?;
        Ok(None)
    }

    pub(super) fn write<T, E: From<DatabaseError>>(
        &self,
        work: &mut impl FnMut(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut writer = lock(&self.writer);
        let transaction = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| E::from(error.into()))?;
        let done = work(&Transaction::Sqlite(&transaction))?;
        transaction.commit().map_err(|error| E::from(error.into()))?;
        Ok(done)
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let _turn = self.reading.take();
        let idle = lock(&self.idle_readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.open_reader()?,
        };
        let done = match reader.transaction() {
            Ok(transaction) => work(&Transaction::Sqlite(&transaction)),
            Err(error) => Err(error.into()),
        };
        lock(&self.idle_readers).push(reader);
        done
    }

    /// Writes the database as it is at this moment into a new file.
    pub(in crate::store) fn save_into(&self, file: &Path) -> Result<()> {
        let _turn = self.reading.take();
        let into = file.to_str().ok_or_else(|| DatabaseError::Unwritable(format!("{}", file.display())))?;
        self.open_reader()?.execute("VACUUM INTO ?1", [into])?;
        Ok(())
    }

    fn open_reader(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.path, flags)?;
        reader.busy_timeout(BUSY_TIMEOUT)?;
        stay_prepared(&reader)?;
        Ok(reader)
    }
}

/// A statement that was prepared once is not prepared again because another range is asked for.
fn stay_prepared(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The statement that adds one row.
pub(super) fn insert(into: &Insert) -> String {
    let names: Vec<&str> = into.columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=names.len()).map(|number| format!("?{number}")).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({}) {}",
        into.table,
        names.join(", "),
        places.join(", "),
        into.existing.clause()
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
