//! Errors of the store.

use super::database::{self, Cause, DatabaseError};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database reports an error.
    #[error("cannot {action}")]
    Database {
        /// What the store was doing, as an infinitive: "read a statement".
        action: &'static str,
        /// The database's error.
        source: DatabaseError,
    },
    /// A newer program has migrated the database.
    #[error(
        "cannot use a database of schema {found}: this program knows up to {known}; use a newer saksi-central"
    )]
    TooNew {
        /// The number of the database's schema.
        found: usize,
        /// The number of this program's schema.
        known: usize,
    },
    /// The database has the schema of an earlier version.
    #[error(
        "cannot use a database of schema {found}, where this program needs {known}: run `saksi-central migrate`, which \
         saves a copy first"
    )]
    TooOld {
        /// The number of the database's schema.
        found: usize,
        /// The number of this program's schema.
        known: usize,
    },
    /// The log's key on this machine is not the one that signs.
    #[error("cannot sign for the log: it was handed over to another key; open the data folder again")]
    LogHandedOver,
    /// The log's tree lacks a node, or has one twice.
    #[error("cannot read the log's tree")]
    LogDamaged(#[source] Cause),
    /// The database holds a value that the store did not write.
    #[error("cannot read {what} from the database")]
    Corrupt {
        /// The thing that cannot be read.
        what: &'static str,
        /// What is wrong with it.
        source: Cause,
    },
    /// Only a file can be saved.
    #[error("cannot save a database on a server: use pg_dump")]
    SaveOnServer,
}

impl StoreError {
    /// Whether the same request may succeed later, without a change of the program. HTTP answers 503.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Database { source, .. } if source.is_transient())
    }

    /// What a transient error says of the store, in words for a client: nothing of the machine.
    pub(crate) fn fault(&self) -> &'static str {
        match self {
            Self::Database { source, .. } => source.fault(),
            _ => "the store cannot be used",
        }
    }

    pub(super) fn corrupt(what: &'static str, source: impl Into<Cause>) -> Self {
        Self::Corrupt { what, source: source.into() }
    }
}

/// Adds to a database error what the store was doing.
pub(super) trait During<T> {
    fn during(self, action: &'static str) -> Result<T, StoreError>;
}

impl<T> During<T> for database::Result<T> {
    fn during(self, action: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { action, source })
    }
}

/// Why a transaction stored nothing.
pub(super) enum TxError<E> {
    /// Its work found a reason of its own.
    Aborted(E),
    /// The database reports an error.
    Database(DatabaseError),
}

impl<E> From<DatabaseError> for TxError<E> {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl<E: From<StoreError>> TxError<E> {
    pub(super) fn during(self, action: &'static str) -> E {
        match self {
            Self::Aborted(error) => error,
            Self::Database(source) => StoreError::Database { action, source }.into(),
        }
    }
}
