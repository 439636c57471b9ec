//! A row of an answer, read by the names of its columns.

use rusqlite::types::{FromSql, ValueRef};

use super::error::{Cause, DatabaseError};
use super::{Result, postgres};

/// A row of an answer.
pub(in crate::store) enum Row<'a> {
    Sqlite {
        row: &'a rusqlite::Row<'a>,
        /// The names of the statement's columns. They are resolved once per query and not once per row.
        columns: &'a [String],
    },
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// Reads a column.
    pub(in crate::store) fn get<T: FromSql>(&self, column: &'static str) -> Result<T> {
        T::column_result(self.value(column)?).map_err(|error| unreadable(column, error))
    }

    /// Reads a column of text that `T` parses.
    pub(in crate::store) fn parsed<T>(&self, column: &'static str) -> Result<T>
    where
        T: std::str::FromStr<Err: Into<Cause>>,
    {
        self.text(column)?.parse().map_err(|error: T::Err| unreadable(column, error))
    }

    /// Reads a column of JSON.
    pub(in crate::store) fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(self.text(column)?).map_err(|error| unreadable(column, error))
    }

    fn text(&self, column: &'static str) -> Result<&str> {
        self.value(column)?.as_str().map_err(|error| unreadable(column, error))
    }

    fn value(&self, column: &'static str) -> Result<ValueRef<'_>> {
        match self {
            Self::Sqlite { row, columns } => {
                let index = columns.iter().position(|name| name == column);
                Ok(row.get_ref(index.ok_or(DatabaseError::ColumnMissing(column))?)?)
            }
            Self::Postgres(row) => postgres::column(row, column),
        }
    }
}

/// The error for a value that the store did not write.
pub(in crate::store) fn unreadable(column: &'static str, source: impl Into<Cause>) -> DatabaseError {
    DatabaseError::Unreadable { column, source: source.into() }
}
