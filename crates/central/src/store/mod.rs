//! The store: everything the endpoint keeps but the photos' bytes, in one SQLite file.
//!
//! One connection writes, a few read. Methods speak of the domain and each is one transaction, so that a twin over
//! another database, or a writer that commits for several callers at once, can take this one's place.

mod audit;
mod chains;
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

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use audit::{Actor, AuditEntry};
pub use chains::DeviceChain;
pub use inbox::ToldItem;
pub use invitations::{Invitation, InvitationState};
pub use log_keys::KnownLogKey;
pub use photos::{AnnouncedPhoto, ArrivedPhoto, PhotoEnd};
pub use rebuild::UnreadStatement;
pub use roster::{EnrolledDevice, Taken};
pub use statements::{CountedTally, KeptStatement, TakenIn};
pub use users::User;

/// Readers that are kept open when nobody reads.
const IDLE_READERS_MAX: usize = 8;
/// How long one process waits for another that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("{doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        source: rusqlite::Error,
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

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

/// Everything the endpoint keeps but the photos' bytes.
#[derive(Debug)]
pub struct Store {
    file: std::path::PathBuf,
    writer: Mutex<Connection>,
    idle_readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the file, makes it when it is missing, and brings its schema up to date.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut writer = Connection::open(file).doing("opening the database")?;
        set_up(&writer).doing("setting up the database")?;
        schema::migrate(&mut writer)?;
        Ok(Self { file: file.to_owned(), writer: Mutex::new(writer), idle_readers: Mutex::default() })
    }

    /// One transaction that writes: all of `work` is kept, or nothing.
    fn write<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.write_unless(doing, |transaction| work(transaction).doing(doing))
    }

    /// The same for work that can find reasons of its own to keep nothing.
    fn write_unless<T, E: From<StoreError>>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).doing(doing)?;
        let done = work(&transaction)?;
        transaction.commit().doing(doing)?;
        Ok(done)
    }

    /// One transaction that reads: all of `work` sees the same moment.
    fn read<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let idle = lock(&self.idle_readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.open_reader().doing("opening the database")?,
        };
        let done = {
            let transaction = reader.transaction().doing(doing)?;
            work(&transaction).doing(doing)
        };
        let mut readers = lock(&self.idle_readers);
        if readers.len() < IDLE_READERS_MAX {
            readers.push(reader);
        }
        done
    }

    fn open_reader(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.file, flags)?;
        reader.busy_timeout(BUSY_TIMEOUT)?;
        Ok(reader)
    }
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // "Accepted" is said to a witness only for what survives a power cut.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads an identifier that was stored as text.
fn parsed<T>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// All texts that begin with a region's code, for a half-open range: codes are of fixed width, and `~` comes after
/// every letter that a station's id can have.
fn station_range(region: Option<&tally::RegionCode>) -> (String, String) {
    let from = region.map(|code| code.as_str().to_owned()).unwrap_or_default();
    let until = format!("{from}~");
    (from, until)
}
