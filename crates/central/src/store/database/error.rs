//! Errors of both databases, and which of them pass.

use std::error::Error;

use rusqlite::ErrorCode;

use super::postgres;

/// An error of any type, for a chain of causes.
pub(in crate::store) type Cause = Box<dyn Error + Send + Sync>;

/// An error of a database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// SQLite reports an error.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The PostgreSQL server or its client reports an error. The client's own text leaves out what the server
    /// says.
    #[error("{}", postgres::message(.0))]
    Postgres(tokio_postgres::Error),
    /// No connection to the server.
    #[error("cannot connect to the database server")]
    Unreachable(#[source] Cause),
    /// The answer to a query has no column of this name.
    #[error("cannot find the column {0:?} in an answer")]
    ColumnMissing(&'static str),
    /// A column holds a value that the store did not write.
    #[error("cannot read the column {column:?}")]
    Unreadable {
        /// Its name.
        column: &'static str,
        /// What is wrong with the value.
        source: Cause,
    },
    /// A value has no form in the database.
    #[error("cannot write a value")]
    Unwritable(#[source] Cause),
}

impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl DatabaseError {
    /// Whether the same request may succeed later, without a change of the program. HTTP answers 503.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Postgres(error) => postgres::is_transient(error),
            Self::Sqlite(error) => error.sqlite_error_code().is_some_and(is_transient_code),
            Self::ColumnMissing(_) | Self::Unreadable { .. } | Self::Unwritable(_) => false,
        }
    }
}

impl DatabaseError {
    /// What a transient error says of the database, in words for a client.
    pub(in crate::store) fn fault(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "the store does not answer",
            Self::Postgres(error) => postgres::fault(error),
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "the store is locked",
                Some(ErrorCode::DiskFull) => "the store is full",
                Some(ErrorCode::ReadOnly) => "the store is read-only",
                _ => "the store cannot be read or written",
            },
            _ => "the store cannot be used",
        }
    }
}

/// Codes that end when another process finishes, or when the operator mends the disk or its permissions.
fn is_transient_code(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn of_sqlite(code: i32) -> DatabaseError {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[test]
    fn what_another_process_or_the_operator_ends_is_transient() {
        let passing = [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_BUSY_SNAPSHOT,
            ffi::SQLITE_LOCKED,
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_READONLY,
        ];
        for code in passing {
            assert!(of_sqlite(code).is_transient(), "{code}");
        }
        assert!(DatabaseError::Unreachable("no route".into()).is_transient());
    }

    #[test]
    fn a_defect_of_the_program_or_of_the_data_is_not_transient() {
        for code in [ffi::SQLITE_CONSTRAINT, ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR] {
            assert!(!of_sqlite(code).is_transient(), "{code}");
        }
        assert!(!DatabaseError::ColumnMissing("id").is_transient());
        assert!(!DatabaseError::Unreadable { column: "id", source: "too short".into() }.is_transient());
        assert!(!DatabaseError::Unwritable("no number".into()).is_transient());
    }
}
