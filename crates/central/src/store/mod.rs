//! The store: everything the endpoint keeps but the photos' bytes, in an SQLite file or on a PostgreSQL server.
//!
//! Methods speak of the domain and each is one transaction. They are written once, in the SQL that both databases
//! understand; see [`database`].

mod audit;
mod chains;
mod counts;
mod database;
mod election;
mod inbox;
mod invitations;
mod log;
mod log_keys;
mod photos;
mod rebuild;
mod roster;
mod schema;
mod statements;
mod users;
mod verdicts;

use std::path::PathBuf;

use rusqlite::ToSql;

use database::{Database, Params, Transaction, Writers};

pub use audit::{Actor, AuditEntry};
pub use chains::DeviceChain;
pub use counts::{CountRule, MinuteArrivals, RegionCounts};
pub use database::DatabaseError;
pub use inbox::ToldItem;
pub use invitations::{Invitation, InvitationState};
pub use log_keys::KnownLogKey;
pub use photos::{AnnouncedPhoto, ArrivedPhoto, PhotoEnd};
pub use rebuild::UnreadStatement;
pub use roster::{Assigned, EnrolledDevice, Taken};
pub use statements::{CountedTally, KeptStatement, TakenIn};
pub use users::User;
pub use verdicts::GivenVerdict;

/// Where the store lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In an SQLite file, which is made when it is missing.
    File(PathBuf),
    /// On a PostgreSQL server, as a `postgres://` address names it.
    Server(String),
}

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("{doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        source: DatabaseError,
    },
    /// A newer program has been here.
    #[error(
        "the database has schema {found}, and this program knows up to {known}; use a newer saksi-central"
    )]
    TooNew {
        /// The file's.
        found: usize,
        /// This program's.
        known: usize,
    },
    /// The log signs under another key than this program holds.
    #[error("the log was handed over to another key; open the data folder again")]
    LogHandedOver,
    /// Something in the database is not what was put there.
    #[error("the database holds {what} that cannot be read: {reason}")]
    Corrupt {
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        reason: String,
    },
}

/// Puts what was being done to a database error.
trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for database::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

impl StoreError {
    /// Whether the same thing may go well a moment later.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Database { source, .. } if source.passes())
    }
}

/// Everything the endpoint keeps but the photos' bytes.
#[derive(Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the store, and brings its schema up to date.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        const DOING: &str = "opening the database";
        let database = match place {
            Place::File(path) => Database::File(database::File::open(path).doing(DOING)?),
            Place::Server(url) => Database::Server(database::Server::new(url).doing(DOING)?),
        };
        schema::migrate(&database)?;
        Ok(Self { database })
    }

    /// Writes the store as it is at this moment into a new file. A server is asked by its own programs instead.
    pub fn save_into(&self, file: &std::path::Path) -> Result<(), StoreError> {
        match &self.database {
            Database::File(from) => from.save_into(file).doing("saving the database"),
            Database::Server(_) => Err(StoreError::Corrupt {
                what: "a store on a server",
                reason: "it is saved by pg_dump".to_owned(),
            }),
        }
    }

    /// One transaction that writes, alone: all of `work` is kept, or nothing.
    fn write<T>(
        &self,
        doing: &'static str,
        work: impl FnMut(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.write_by(Writers::One, doing, work)
    }

    /// The same, where others may write meanwhile.
    fn write_by<T>(
        &self,
        writers: Writers,
        doing: &'static str,
        work: impl FnMut(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.write(writers, work).doing(doing)
    }

    /// The same for work that can find reasons of its own to keep nothing.
    fn write_unless<T, E: From<StoreError>>(
        &self,
        doing: &'static str,
        mut work: impl FnMut(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let done: Result<T, Given<E>> =
            self.database.write(Writers::One, |transaction| work(transaction).map_err(Given::Up));
        done.map_err(|given| match given {
            Given::Up(error) => error,
            Given::Database(source) => StoreError::Database { doing, source }.into(),
        })
    }

    /// Reads by one question: more than one could see different moments.
    fn ask<T>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.ask(question).doing(doing)
    }

    /// One transaction that reads: all of `work` sees the same moment.
    fn read<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.read(work).doing(doing)
    }
}

/// Why a transaction kept nothing.
enum Given<E> {
    /// Its work gave it up.
    Up(E),
    /// The database did.
    Database(DatabaseError),
}

impl<E> From<DatabaseError> for Given<E> {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// Rows of equal length, as they are given to the database.
fn slices<'a, const N: usize>(rows: &'a [[&'a dyn ToSql; N]]) -> Vec<Params<'a>> {
    rows.iter().map(|row| &row[..]).collect()
}

/// All texts that begin with a region's code, for a half-open range: codes are of fixed width, and `~` comes after
/// every letter that a station's id can have.
fn station_range(region: Option<&tally::RegionCode>) -> (String, String) {
    let from = region.map(|code| code.as_str().to_owned()).unwrap_or_default();
    let until = format!("{from}~");
    (from, until)
}
