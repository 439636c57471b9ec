//! The two databases that can hold the store, spoken to in the SQL that both understand.
//!
//! SQLite's value types (`rusqlite::types`) are the vocabulary of parameters and columns. [`postgres`]
//! translates them for the server. No module outside this folder knows which of the two databases it uses.

mod error;
mod insert;
mod postgres;
mod row;
pub(in crate::store) mod sql;
mod sqlite;

use rusqlite::ToSql;

pub(super) use error::Cause;
pub use error::DatabaseError;
pub(super) use insert::{Insert, OnConflict};
pub(super) use postgres::Server;
pub(super) use row::{Row, unreadable};
pub(super) use sql::{Sql, sql};
pub(super) use sqlite::File;

/// The parameters of a statement, by number: `?1` is the first.
pub(super) type Params<'a> = &'a [&'a dyn ToSql];

pub(super) type Result<T> = std::result::Result<T, DatabaseError>;

/// Who may write at the same time. SQLite always has one writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writers {
    /// One: what the transaction has read stays true until it ends.
    One,
    /// Many: the transaction relies on unique keys and locks only, and on no other row that it has read.
    Many,
}

/// An open database.
#[derive(Debug)]
pub(super) enum Database {
    File(File),
    Server(Server),
}

impl Database {
    /// One transaction that writes: all of `work` is stored, or nothing. The server may require `work` to run
    /// again.
    pub(super) fn write<T, E: From<DatabaseError>>(
        &self,
        writers: Writers,
        mut work: impl FnMut(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match self {
            Self::File(file) => file.write(&mut work),
            Self::Server(server) => server.write(writers, &mut work),
        }
    }

    /// One query, outside a transaction: one round trip.
    pub(super) fn query<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match self {
            Self::File(file) => file.read(work),
            Self::Server(server) => server.query(work),
        }
    }

    /// One transaction that reads: all queries of `work` see the same snapshot.
    pub(super) fn read<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match self {
            Self::File(file) => file.read(work),
            Self::Server(server) => server.read(work),
        }
    }
}

impl Database {
    /// Writes something that changes nothing.
    pub(super) fn check_writable(&self) -> Result<()> {
        match self {
            Self::File(file) => file.check_writable(),
            Self::Server(server) => server.check_writable(),
        }
    }
}

/// Work that one replica at a time may do beside other writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Appending to the log, and changing its key.
    Log,
    /// Changing the counts.
    Counts,
    /// Adding to the audit: each row has the hash of the row before.
    Audit,
}

/// A transaction, as the store's methods use it.
pub(super) enum Transaction<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a postgres::Session<'a>),
}

impl Transaction<'_> {
    /// Executes a statement. Returns the number of rows that it changed.
    pub(super) fn execute(&self, sql: Sql, params: Params<'_>) -> Result<u64> {
        match self {
            Self::Sqlite(connection) => {
                let changed = connection.prepare_cached(sql.for_sqlite())?.execute(params)?;
                Ok(u64::try_from(changed).unwrap_or(u64::MAX))
            }
            Self::Postgres(session) => session.execute(sql, params),
        }
    }

    /// All rows of a query.
    pub(super) fn rows<T>(
        &self,
        sql: Sql,
        params: Params<'_>,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(connection) => sqlite::Query::prepare(connection, sql)?.rows(params, &mut read),
            Self::Postgres(session) => {
                session.rows(sql, params)?.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// The first row of a query, if it has one.
    pub(super) fn row<T>(
        &self,
        sql: Sql,
        params: Params<'_>,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }

    /// All rows of the same query for each item: one round trip for all items.
    pub(super) fn rows_each<'p, I, T, const N: usize>(
        &self,
        sql: Sql,
        items: impl IntoIterator<Item = I>,
        mut params: impl FnMut(I) -> [&'p dyn ToSql; N],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<Vec<T>>> {
        let items = items.into_iter();
        match self {
            Self::Sqlite(connection) => {
                let mut query = sqlite::Query::prepare(connection, sql)?;
                items.map(|item| query.rows(&params(item), &mut read)).collect()
            }
            Self::Postgres(session) => session
                .rows_each(sql, items.map(params))?
                .iter()
                .map(|rows| rows.iter().map(|row| read(&Row::Postgres(row))).collect())
                .collect(),
        }
    }

    /// The first row of the same query for each item: one round trip for all items.
    pub(super) fn row_each<'p, I, T, const N: usize>(
        &self,
        sql: Sql,
        items: impl IntoIterator<Item = I>,
        params: impl FnMut(I) -> [&'p dyn ToSql; N],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<Option<T>>> {
        let rows = self.rows_each(sql, items, params, read)?;
        Ok(rows.into_iter().map(|rows| rows.into_iter().next()).collect())
    }

    /// Inserts a row for each item. Returns for each whether it was added.
    pub(super) fn insert_all<'p, I, const N: usize>(
        &self,
        into: &Insert<N>,
        items: impl IntoIterator<Item = I>,
        mut params: impl FnMut(I) -> [&'p dyn ToSql; N],
    ) -> Result<Vec<bool>> {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(connection) => {
                let mut insert = connection.prepare_cached(&sqlite::insert(into))?;
                items.map(|item| Ok(insert.execute(&params(item)[..])? == 1)).collect()
            }
            Self::Postgres(session) => session.insert_all(into, items.map(params)),
        }
    }

    /// Deletes the rows whose `column` is one of `keys`.
    pub(super) fn delete_all(&self, table: &'static str, column: &'static str, keys: &[i64]) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let mut delete =
                    connection.prepare_cached(&format!("DELETE FROM {table} WHERE {column} = ?1"))?;
                keys.iter().try_for_each(|key| delete.execute([key]).map(drop)).map_err(Into::into)
            }
            Self::Postgres(session) => session.delete_all(table, column, keys),
        }
    }

    /// Waits for the lock, and holds it until the transaction ends. SQLite has no other writer.
    pub(super) fn lock(&self, lock: Lock) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.lock(lock),
        }
    }

    /// Lets the statements of this transaction run as long as they need.
    pub(super) fn disable_timeout(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.disable_timeout(),
        }
    }
}

/// Writes JSON for a column.
pub(super) fn json_of(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| DatabaseError::Unwritable(error.into()))
}
