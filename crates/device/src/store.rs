//! The device's SQLite database. The only module, with those below it, that holds SQL.

mod account;
mod carried;
pub(crate) mod copy;
mod draft;
mod enrolment;
mod inbox;
mod log;
mod original;
mod outbox;
mod photo;
mod statement;

pub(crate) use account::IncidentDraft;
pub(crate) use carried::NewCarried;
pub(crate) use draft::Draft;
pub(crate) use log::StoredReceipt;
pub(crate) use original::Spent;
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
    include_str!("store/migrations/0005_accounts.sql"),
    include_str!("store/migrations/0006_lost_photos.sql"),
    include_str!("store/migrations/0007_inbox.sql"),
    include_str!("store/migrations/0008_verdicts.sql"),
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
        // Only now: a migration that makes a table anew must take the old one away while others still name it.
        connection.pragma_update(None, "foreign_keys", true).map_err(doing("set the database up"))?;
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

    /// Lets the database grow by so many pages and no more, as a full disk would.
    #[cfg(feature = "sabotage")]
    pub(crate) fn limit_pages(&self, more: u32) -> Result<(), StoreError> {
        let pages: u32 = self
            .connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .map_err(doing("count the pages"))?;
        self.connection
            .pragma_update(None, "max_page_count", pages.saturating_add(more))
            .map_err(doing("limit the pages"))
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
    /// Runs one statement that is run often: it is read once.
    fn run(&self, sql: &str, params: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<usize> {
        self.transaction.prepare_cached(sql)?.execute(params)
    }

    /// The value of a setting.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let value = self
            .transaction
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")
            .and_then(|mut value| value.query_row([name], |row| row.get(0)));
        optional(value).map_err(doing("read a setting"))
    }

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
    connection.pragma_update(None, "foreign_keys", false)?;
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
    let strays: i64 = transaction
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .map_err(doing("look over the renewed database"))?;
    if strays > 0 {
        return Err(StoreError::Damaged(format!("{strays} rows name others that are not there")));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_the_first_version_keeps_every_row_over_all_migrations() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saksi.db");
        let old = Connection::open(&file).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO statement VALUES (zeroblob(32), 1, 'tally', '52.71.05.1001-001', 'ppwp', x'aa', 5, 'accepted', 6, 7, NULL, NULL);
             INSERT INTO photo (station, contest, page, taken_at_ms, original, original_bytes, derivative, derivative_bytes, width_px, height_px, statement)
             VALUES ('52.71.05.1001-001', 'ppwp', 2, 5, zeroblob(32), 9, zeroblob(32), 8, 3, 4, zeroblob(32));
             INSERT INTO outbox (photo) VALUES (1);
             INSERT INTO receipt_wanted (statement) VALUES (zeroblob(32));
             PRAGMA user_version = 1;",
        )
        .unwrap();
        drop(old);
        let store = Store::open(&file).unwrap();
        assert_eq!(store.sealed_statements().unwrap(), [[0xaa]]);
        assert_eq!(store.waiting().unwrap().len(), 2, "the receipt and the photo still wait");
        let version: usize =
            store.connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, MIGRATIONS.len());
        let gone = store.connection.execute("INSERT INTO outbox (statement) VALUES (x'01')", []);
        assert!(gone.is_err(), "foreign keys hold again");
    }
}
