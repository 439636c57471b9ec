//! An SQLite file: one connection writes, a few read.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OpenFlags, TransactionBehavior};

use super::insert::Insert;
use super::{DatabaseError, Params, Result, Row, Sql, Transaction};
use crate::blocking::is_internal;

/// Maximum number of connections that read. SQLite's readers do not block each other; more would only use
/// memory.
const READERS_MAX: usize = 16;
/// Number of further connections that only internal work uses: sequencer, counter, group commits, readiness.
const READERS_RESERVED: usize = 6;
/// Timeout of the readiness check, which must answer within two seconds.
const CHECK_TIMEOUT: Duration = Duration::from_millis(1_000);
/// Timeout of a process that waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Page cache of the writer. Keys are hashes, so that inserts touch pages all over the file. Pages outside
/// the cache are read again for every transaction.
const WRITER_CACHE_KB: i64 = 96 * 1024;
/// WAL auto-checkpoint threshold, in pages of 4 KB. Under load the same pages change again and again: a high
/// threshold writes each of them back less often.
const CHECKPOINT_PAGES: i64 = 16_384;
/// Maximum number of prepared statements of a connection; the store has about 70.
const PREPARED_MAX: usize = 128;

/// A database in a file.
#[derive(Debug)]
pub(in crate::store) struct File {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
}

impl File {
    /// Opens the file, or creates it.
    pub(in crate::store) fn open(path: &Path) -> Result<Self> {
        let writer = Connection::open(path)?;
        writer.busy_timeout(BUSY_TIMEOUT)?;
        writer.pragma_update(None, "journal_mode", "wal")?;
        // The endpoint answers "accepted" only for what survives a power cut.
        writer.pragma_update(None, "synchronous", "full")?;
        writer.pragma_update(None, "foreign_keys", true)?;
        writer.pragma_update(None, "cache_size", -WRITER_CACHE_KB)?;
        writer.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        keep_statements_prepared(&writer)?;
        Ok(Self { path: path.to_owned(), writer: Writer::new(writer), readers: Readers::default() })
    }

    /// Number of migrations that the file has.
    pub(in crate::store) fn migration_count(&self) -> Result<usize> {
        Ok(self.writer.lock().pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    /// Sets the maximum number of pages of the file; `None` for SQLite's own.
    pub(in crate::store) fn limit_pages(&self, max: Option<u32>) -> Result<()> {
        // The answer is a row, with the number that holds now: never less than the file has.
        let max = max.unwrap_or(u32::MAX - 1);
        Ok(self.writer.lock().pragma_update_and_check(None, "max_page_count", max, |_| Ok(()))?)
    }

    /// Applies the migrations that the file does not have yet. Returns the number of its migrations if it has
    /// more than `steps`.
    pub(in crate::store) fn migrate(&self, steps: &[&str]) -> Result<Option<usize>> {
        let mut writer = self.writer.lock();
        // Immediate: two programs that open a new folder at once must not both apply a migration.
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let applied: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if applied > steps.len() {
            return Ok(Some(applied));
        }
        for step in steps.iter().skip(applied) {
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
        let mut writer = self.writer.lock();
        let transaction = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| E::from(error.into()))?;
        let done = work(&Transaction::Sqlite(&transaction))?;
        transaction.commit().map_err(|error| E::from(error.into()))?;
        Ok(done)
    }

    pub(super) fn read<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let _permit = self.readers.permit();
        let idle = lock(&self.readers.idle).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.open_reader()?,
        };
        let done = match reader.transaction() {
            Ok(transaction) => work(&Transaction::Sqlite(&transaction)),
            Err(error) => Err(DatabaseError::from(error).into()),
        };
        lock(&self.readers.idle).push(reader);
        done
    }

    /// Writes a page, on a connection of its own: it waits for no other work of this process.
    pub(in crate::store) fn check_writable(&self) -> Result<()> {
        let mut connection = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(CHECK_TIMEOUT)?;
        connection.pragma_update(None, "synchronous", "full")?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let migrations: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        // The same number again: SQLite writes the page all the same.
        transaction.pragma_update(None, "user_version", migrations)?;
        transaction.commit()?;
        Ok(())
    }

    /// Writes a snapshot of the database into a new file.
    pub(in crate::store) fn save_into(&self, file: &Path) -> Result<()> {
        let into = file
            .to_str()
            .ok_or_else(|| DatabaseError::Unwritable(format!("{} is not UTF-8", file.display()).into()))?;
        let _permit = self.readers.permit();
        self.open_reader()?.execute("VACUUM INTO ?1", [into])?;
        Ok(())
    }

    fn open_reader(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.path, flags)?;
        reader.busy_timeout(BUSY_TIMEOUT)?;
        keep_statements_prepared(&reader)?;
        Ok(reader)
    }
}

/// The connection that writes. Internal work gets it before all others.
#[derive(Debug)]
struct Writer {
    connection: Mutex<Connection>,
    /// Number of threads with internal work that wait for the connection.
    internal_waiting: Mutex<usize>,
    internal_served: Condvar,
}

impl Writer {
    fn new(connection: Connection) -> Self {
        Self {
            connection: Mutex::new(connection),
            internal_waiting: Mutex::new(0),
            internal_served: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        if is_internal() {
            *lock(&self.internal_waiting) += 1;
            let connection = lock(&self.connection);
            *lock(&self.internal_waiting) -= 1;
            self.internal_served.notify_all();
            return connection;
        }
        drop(
            self.internal_served
                .wait_while(lock(&self.internal_waiting), |waiting| *waiting > 0)
                .unwrap_or_else(PoisonError::into_inner),
        );
        lock(&self.connection)
    }
}

/// Connections that only read. They stay open, because opening one costs more than most queries.
#[derive(Debug, Default)]
struct Readers {
    idle: Mutex<Vec<Connection>>,
    in_use: Mutex<usize>,
    returned: Condvar,
}

impl Readers {
    /// Waits until fewer than [`READERS_MAX`] connections are in use. Internal work has some more.
    fn permit(&self) -> ReadPermit<'_> {
        let max = if is_internal() { READERS_MAX + READERS_RESERVED } else { READERS_MAX };
        let in_use = lock(&self.in_use);
        let mut in_use =
            self.returned.wait_while(in_use, |in_use| *in_use >= max).unwrap_or_else(PoisonError::into_inner);
        *in_use += 1;
        ReadPermit(self)
    }
}

/// The right to use one connection that reads.
struct ReadPermit<'a>(&'a Readers);

impl Drop for ReadPermit<'_> {
    fn drop(&mut self) {
        *lock(&self.0.in_use) -= 1;
        // Threads of both kinds wait here, and only one of them may be able to go on.
        self.0.returned.notify_all();
    }
}

/// A prepared query.
pub(super) struct Query<'a> {
    statement: CachedStatement<'a>,
    columns: Vec<String>,
}

impl<'a> Query<'a> {
    pub(super) fn prepare(connection: &'a Connection, sql: Sql) -> Result<Self> {
        let statement = connection.prepare_cached(sql.for_sqlite())?;
        let columns = statement.column_names().map(str::to_owned).collect();
        Ok(Self { statement, columns })
    }

    /// All rows for these parameters.
    pub(super) fn rows<T>(
        &mut self,
        params: Params<'_>,
        read: &mut impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = self.statement.query(params)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(&Row::Sqlite { row, columns: &self.columns })?);
        }
        Ok(all)
    }
}

/// Keeps a statement prepared when its parameters change: the query planner must not depend on their values.
fn keep_statements_prepared(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The statement that inserts one row.
pub(super) fn insert<const N: usize>(into: &Insert<N>) -> String {
    let parameters: Vec<String> = (1..=N).map(|number| format!("?{number}")).collect();
    format!("{} VALUES ({}) {}", into.head(), parameters.join(", "), into.tail())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocking::internal;

    #[test]
    fn internal_work_has_connections_when_all_others_are_in_use() {
        let readers = Readers::default();
        let others: Vec<ReadPermit<'_>> = (0..READERS_MAX).map(|_| readers.permit()).collect();
        internal(|| drop(readers.permit()));
        drop(others);
    }

    #[test]
    fn internal_work_writes_before_the_others_that_wait() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::open(&folder.path().join("central.sqlite")).unwrap();
        let order = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let first = file.writer.lock();
            scope.spawn(|| {
                internal(|| {
                    let _connection = file.writer.lock();
                    lock(&order).push("internal");
                });
            });
            while *lock(&file.writer.internal_waiting) == 0 {
                std::thread::yield_now();
            }
            scope.spawn(|| {
                let _connection = file.writer.lock();
                lock(&order).push("another");
            });
            drop(first);
        });
        assert_eq!(*lock(&order), ["internal", "another"]);
    }
}
