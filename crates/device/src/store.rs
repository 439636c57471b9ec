//! The device's SQLite database. The only module, with those below it, that holds SQL.

mod carried;
mod draft;
mod enrolment;
mod log;
mod outbox;
mod photo;
mod statement;

pub(crate) use carried::NewCarried;
pub(crate) use draft::Draft;
pub(crate) use log::StoredReceipt;
pub(crate) use photo::{NewPhoto, Photo};
pub(crate) use statement::{NewStatement, StatementKind, StoredStatement};

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tally::{ContestId, StationId};

use crate::error::StoreError;

/// Numbered migrations; the number of those that ran is the database's `user_version`.
const MIGRATIONS: &[&str] = &[
    include_str!("store/migrations/0001_first.sql"),
    include_str!("store/migrations/0002_seen_photos.sql"),
    include_str!("store/migrations/0003_log_rotations.sql"),
    include_str!("store/migrations/0004_carried.sql"),
];

/// How long a write waits for another process that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// One contest at one station: what a draft or a tally is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) station: StationId,
    pub(crate) contest: ContestId,
}

pub(crate) struct Store {
    connection: Connection,
}

/// A write in progress: all of it becomes durable, or nothing.
pub(crate) struct Write<'a> {
    transaction: rusqlite::Transaction<'a>,
}

impl Store {
    /// Opens the database and brings it to the newest schema.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path).map_err(doing("open the database"))?;
        configure(&connection).map_err(doing("set the database up"))?;
        migrate(&mut connection)?;
        Ok(Self { connection })
    }

    /// Runs `work` as one transaction.
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Write<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // Immediate: the lock is taken before anything is read, so that what is read still holds when it is written.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(doing("begin to write"))?;
        let write = Write { transaction };
        let result = work(&write)?;
        write.transaction.commit().map_err(doing("finish writing"))?;
        Ok(result)
    }

    /// The value of a setting.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        optional(
            self.connection.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0)),
        )
        .map_err(doing("read a setting"))
    }
}

impl Write<'_> {
    /// Sets a setting.
    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [name, value],
            )
            .map_err(doing("write a setting"))?;
        Ok(())
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit that was answered survives a power cut, not only a crash of the app.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(doing("begin to renew the database"))?;
    let found: usize = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(doing("read the database's version"))?;
    let known = MIGRATIONS.len();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for migration in &MIGRATIONS[found..] {
        transaction.execute_batch(migration).map_err(doing("renew the database"))?;
    }
    transaction.pragma_update(None, "user_version", known).map_err(doing("note the database's version"))?;
    transaction.commit().map_err(doing("finish renewing the database"))
}

pub(crate) fn doing(what: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |source| StoreError::Database { doing: what, source }
}

fn optional<T>(result: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a column that holds the text of a `T`.
fn parsed<T: std::str::FromStr>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let index = row.as_ref().column_index(column)?;
    let text: String = row.get(index)?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// The words that an enum has on the wire are also those in the store.
fn word_of<T: serde::Serialize>(value: T) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}

fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
