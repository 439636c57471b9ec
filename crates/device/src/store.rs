//! The device's SQLite database. Only this module and those below it contain SQL.

mod carried;
mod change;
mod connection;
pub(crate) mod copy;
mod draft;
mod drill;
mod enrolment;
mod hall;
mod inbox;
mod joining;
mod leaving;
mod log;
mod message;
mod original;
mod outbox;
mod photo;
mod report;
mod schema;
mod statement;

pub(crate) use carried::NewCarried;
pub(crate) use draft::Draft;
pub(crate) use drill::{NewAttempt, PastAttempt};
pub(crate) use hall::{Entrusted, EntrustedState, Hall};
pub(crate) use joining::Joining;
pub(crate) use log::StoredReceipt;
pub(crate) use original::OriginalsSpent;
pub(crate) use photo::{NewPhoto, PAGE_UNKNOWN, Photo};
pub(crate) use report::IncidentDraft;
pub(crate) use statement::{NewStatement, StatementKind, StoredStatement};

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::model::TallyKey;

/// The setting that holds how far this device's clock is ahead of the endpoint's, in milliseconds.
const CLOCK_AHEAD: &str = "clock_ahead_ms";

pub(crate) struct Store {
    connection: Connection,
}

/// A write in progress: all of it becomes durable, or nothing.
pub(crate) struct Write<'a> {
    transaction: rusqlite::Transaction<'a>,
}

impl Store {
    /// Opens the database and migrates it to the newest schema.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path).map_err(doing("open the database"))?;
        schema::configure(&connection).map_err(doing("set the database up"))?;
        schema::migrate(&mut connection)?;
        // Only now: a migration that replaces a table must drop the old one while others still reference it.
        connection.pragma_update(None, "foreign_keys", true).map_err(doing("set the database up"))?;
        Ok(Self { connection })
    }

    /// Runs `work` as one transaction.
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Write<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // Immediate: the lock is taken before anything is read, so that what was read is still true when it
        // is written.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(doing("begin to write"))?;
        let write = Write { transaction };
        let result = work(&write)?;
        write.transaction.commit().map_err(doing("finish writing"))?;
        Ok(result)
    }

    /// Limits the growth of the database to `more` pages, as a full disk would.
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
        setting(&self.connection, name)
    }
}

impl Write<'_> {
    /// Executes one statement, which is prepared once.
    fn run(&self, sql: &str, params: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<usize> {
        self.transaction.prepare_cached(sql)?.execute(params)
    }

    /// The value of a setting.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        setting(&self.transaction, name)
    }

    /// Sets a setting.
    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[&name, &value],
        )
        .map_err(doing("write a setting"))?;
        Ok(())
    }
}

fn setting(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let value = connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")
        .and_then(|mut value| value.query_row([name], |row| row.get("value")));
    optional(value).map_err(doing("read a setting"))
}

/// Names what an SQL statement was for. The words complete "cannot …".
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

/// Reads a column that contains the text of a `T`.
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

/// The word of an enum's variant on the wire is also the one in the store.
fn word_of<T: serde::Serialize>(value: T) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}

fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
