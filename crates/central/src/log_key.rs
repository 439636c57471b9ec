//! The file of the log's secret key. It is separate from the database.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use environment::{Environment, RngError};
use evidence::{LogId, LogKey, LogPublicKey, Namespace};

use crate::private_files::{Existing, read_seed, sync_folder_of, write_seed};
use crate::store::{Store, StoreError};

/// Why the log's key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogKeyError {
    #[error("cannot read or write the log's key {file}")]
    File { file: PathBuf, source: io::Error },
    /// The file is gone, and devices trust its key.
    #[error(
        "the log's key {file} is missing. Devices trust the key of log {log}, and a new one would make their proofs \
         worthless: put the file back from its copy, or name its path with --log-key"
    )]
    Missing { file: PathBuf, log: LogId },
    #[error("{file} is the key of log {found}, and this data folder has log {log}: put the right file there")]
    OtherLog { file: PathBuf, found: LogId, log: LogId },
    /// Another process rotated the key at the same time.
    #[error("cannot rotate the log's key, because another process just did")]
    HandedOver,
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the log's key, or makes it at the first start. A log that has a key never gets a new one here:
/// devices have pinned it. A drill's log never has the key of a real one, whatever the file says.
pub(crate) fn open(
    file: &Path,
    namespace: Namespace,
    store: &Store,
    environment: &Environment,
) -> Result<LogKey, LogKeyError> {
    let found = read(file)?;
    let Some(wanted) = store.log_keys()?.last().map(|known| known.key) else {
        let seed = match found {
            Some(seed) => seed,
            None => make(file, environment)?,
        };
        let key = LogKey::of(namespace, seed);
        store.store_first_log_key(key.public(), environment.now_ms())?;
        return Ok(key);
    };
    if let Some(key) = found.and_then(|seed| key_of(seed, wanted)) {
        return Ok(key);
    }
    if let Some(key) = finish_rotation(file, wanted)? {
        return Ok(key);
    }
    Err(match found {
        Some(seed) => LogKeyError::OtherLog {
            file: file.to_owned(),
            found: LogKey::of(namespace, seed).public().id(),
            log: wanted.id(),
        },
        None => LogKeyError::Missing { file: file.to_owned(), log: wanted.id() },
    })
}

/// The key of this seed that the store names. Drills of earlier versions had the key of a real log, and keep
/// it.
fn key_of(seed: [u8; 32], wanted: LogPublicKey) -> Option<LogKey> {
    Namespace::ALL.map(|namespace| LogKey::of(namespace, seed)).into_iter().find(|key| key.public() == wanted)
}

/// Writes the seed of the key that comes next. The store must know the key before [`finish_rotation`].
pub(crate) fn write_next(file: &Path, seed: &[u8; 32]) -> Result<(), LogKeyError> {
    let next = next_file(file);
    write_seed(&next, seed, Existing::IsReplaced).map_err(about(&next))
}

/// The file of a new key until the store knows it.
fn next_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}

/// Moves the new key's file over the old one, if the store says that the new key signs.
pub(crate) fn finish_rotation(file: &Path, wanted: LogPublicKey) -> Result<Option<LogKey>, LogKeyError> {
    let next = next_file(file);
    let Some(key) = read(&next)?.and_then(|seed| key_of(seed, wanted)) else { return Ok(None) };
    fs::rename(&next, file).and_then(|()| sync_folder_of(file)).map_err(about(file))?;
    Ok(Some(key))
}

fn read(file: &Path) -> Result<Option<[u8; 32]>, LogKeyError> {
    read_seed(file).map_err(about(file))
}

/// Makes the first key. When two replicas start at the same time, both get the key of the faster one.
fn make(file: &Path, environment: &Environment) -> Result<[u8; 32], LogKeyError> {
    let seed: [u8; 32] = environment.random()?;
    write_seed(file, &seed, Existing::Stays).map_err(about(file))?;
    let gone = || about(file)(io::Error::from(io::ErrorKind::NotFound));
    read(file)?.ok_or_else(gone)
}

fn about(file: &Path) -> impl Fn(io::Error) -> LogKeyError + '_ {
    |source| LogKeyError::File { file: file.to_owned(), source }
}
