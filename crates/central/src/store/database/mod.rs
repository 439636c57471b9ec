//! The two databases in which the store can lie, spoken to in the SQL that both understand.
//!
//! SQLite's kinds of values (`rusqlite::types`) are the vocabulary of parameters and columns. What they are in
//! PostgreSQL is said in [`postgres`] alone, and nobody outside this folder knows which of the two it talks to.

mod postgres;
mod sqlite;

use rusqlite::ToSql;
use rusqlite::types::FromSql;

pub(super) use postgres::Server;
pub(super) use sqlite::File;

/// What a statement is given, by number: `?1` is the first.
pub(super) type Params<'a> = &'a [&'a dyn ToSql];

pub(super) type Result<T> = std::result::Result<T, DatabaseError>;

/// What a database said.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file's database refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The server refused.
    #[error("{}", postgres::spelled_out(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// The server cannot be reached.
    #[error("the database server gives no connection: {0}")]
    Unreachable(String),
    /// A column holds something that is not what was put there.
    #[error("column {column} cannot be read: {reason}")]
    Unreadable {
        /// Which, from 0.
        column: usize,
        /// Why.
        reason: String,
    },
    /// A value cannot be written down.
    #[error("a value cannot be written: {0}")]
    Unwritable(String),
    /// What the log needs is not there.
    #[error("the log has lost a node: {0}")]
    NodeMissing(String),
}

impl DatabaseError {
    /// Whether the same thing may go well a moment later.
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Postgres(error) => error.is_closed() || postgres::is_going_down(error),
            _ => false,
        }
    }
}

/// Who may write at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writers {
    /// Nobody else does, so that what was read holds until the end.
    One,
    /// Others may: the work relies on nothing that it read, only on keys that are there once.
    Many,
}

/// Where the store lies.
#[derive(Debug)]
pub(super) enum Database {
    /// In a file.
    File(File),
    /// On a server.
    Server(Server),
}

impl Database {
    /// One transaction that writes: all of `work` is kept, or nothing. A server may ask for the same work again.
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

    /// Reads by one question.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        match self {
            Self::File(file) => file.read(question),
            Self::Server(server) => server.ask(question),
        }
    }

    /// One transaction that reads: all of `work` sees the same moment.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        match self {
            Self::File(file) => file.read(work),
            Self::Server(server) => server.read(work),
        }
    }
}

/// A transaction, as the store's methods use it.
pub(super) enum Transaction<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(postgres::Transaction<'a>),
}

/// A row of an answer.
pub(super) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    pub(super) fn get<T: FromSql>(&self, column: usize) -> Result<T> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => postgres::column(row, column),
        }
    }

    /// Reads what was stored as text.
    pub(super) fn parsed<T>(&self, column: usize) -> Result<T>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        let text: String = self.get(column)?;
        text.parse().map_err(|error: T::Err| unreadable(column, error.to_string()))
    }

    /// Reads what was stored as JSON.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| unreadable(column, error.to_string()))
    }
}

/// A column holds something that was not put there.
pub(super) fn unreadable(column: usize, reason: impl Into<String>) -> DatabaseError {
    DatabaseError::Unreadable { column, reason: reason.into() }
}

/// Writes JSON for a column.
pub(super) fn json_of(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| DatabaseError::Unwritable(error.to_string()))
}

/// A table into which many rows go at once.
#[derive(Debug)]
pub(super) struct Insert {
    pub(super) table: &'static str,
    /// Names and PostgreSQL types.
    pub(super) columns: &'static [(&'static str, &'static str)],
    pub(super) existing: Existing,
}

/// What becomes of a row that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// It stays; the first column is the key.
    Stays,
    /// It must not be there.
    IsAFault,
    /// It becomes what this clause (`ON CONFLICT …`) says; no key stands twice among the new rows.
    Becomes(&'static str),
}

impl Existing {
    fn clause(self) -> String {
        match self {
            Self::Stays => String::from("ON CONFLICT DO NOTHING"),
            Self::IsAFault => String::new(),
            Self::Becomes(clause) => format!("ON CONFLICT {clause}"),
        }
    }
}

/// What one copy of the program at a time may do beside others that write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Append to the log, or change its key.
    Log,
    /// Change the counts.
    Counts,
}

impl Transaction<'_> {
    /// Does a statement; gives how many rows it changed.
    pub(super) fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        match self {
            Self::Sqlite(connection) => {
                let changed = connection.prepare_cached(sql)?.execute(params)?;
                Ok(u64::try_from(changed).unwrap_or(u64::MAX))
            }
            Self::Postgres(transaction) => transaction.execute(sql, params),
        }
    }

    /// All rows of an answer.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query(params)?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push(read(&Row::Sqlite(row))?);
                }
                Ok(all)
            }
            Self::Postgres(transaction) => {
                transaction.rows(sql, params)?.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// The first row of an answer, if it has one.
    pub(super) fn row<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }

    /// The first row of each answer to the same question about many things: one way to a server and back for all.
    pub(super) fn row_each<T>(
        &self,
        sql: &str,
        each: &[Params<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<Option<T>>> {
        match self {
            Self::Sqlite(_) => each.iter().map(|params| self.row(sql, params, &mut read)).collect(),
            Self::Postgres(transaction) => transaction
                .rows_each(sql, each)?
                .iter()
                .map(|rows| rows.first().map(|row| read(&Row::Postgres(row))).transpose())
                .collect(),
        }
    }

    /// All rows of each answer to the same question about many things: one way to a server and back for all.
    pub(super) fn rows_each<T>(
        &self,
        sql: &str,
        each: &[Params<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<Vec<T>>> {
        match self {
            Self::Sqlite(_) => each.iter().map(|params| self.rows(sql, params, &mut read)).collect(),
            Self::Postgres(transaction) => transaction
                .rows_each(sql, each)?
                .iter()
                .map(|rows| rows.iter().map(|row| read(&Row::Postgres(row))).collect())
                .collect(),
        }
    }

    /// Waits until nobody else holds the lock, and holds it to the end of the transaction. In a file nobody else writes
    /// in any case.
    pub(super) fn hold(&self, lock: Lock) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(transaction) => transaction.hold(lock),
        }
    }

    /// Deletes the rows whose column is one of the keys.
    pub(super) fn delete_all(&self, table: &str, column: &str, keys: &[i64]) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let mut delete =
                    connection.prepare_cached(&format!("DELETE FROM {table} WHERE {column} = ?1"))?;
                keys.iter().try_for_each(|key| delete.execute([key]).map(drop)).map_err(Into::into)
            }
            Self::Postgres(transaction) => transaction.delete_all(table, column, keys),
        }
    }

    /// Adds rows; tells of each whether it was added.
    pub(super) fn insert_all(&self, into: &Insert, rows: &[Params<'_>]) -> Result<Vec<bool>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(connection) => {
                let mut insert = connection.prepare_cached(&sqlite::insert(into))?;
                rows.iter().map(|&row| Ok(insert.execute(row)? == 1)).collect()
            }
            Self::Postgres(transaction) => transaction.insert_all(into, rows),
        }
    }
}
