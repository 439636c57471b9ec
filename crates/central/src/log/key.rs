//! The log's secret key: its file, which is apart from the database, and how one key hands over to the next.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use evidence::{LogId, LogKey, LogPublicKey, Rotation};
use tempfile::NamedTempFile;

use crate::endpoint::Endpoint;
use crate::environment::Outside;
use crate::store::{Actor, AuditContext, Store, StoreError};

/// Why the log's key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogKeyError {
    /// Its file cannot be read or written.
    #[error("the log's key {file} cannot be read or written: {source}")]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is gone, and devices trust it.
    #[error(
        "the log's key {file} is missing. Devices trust the key of log {log}, and a new one would make their proofs \
         worthless: put the file back from its copy, or name its place with --log-key"
    )]
    Missing {
        /// Where it should be.
        file: PathBuf,
        /// Whose key it should be.
        log: LogId,
    },
    /// It is of another log.
    #[error("{file} is the key of log {found}, and this data folder has log {log}: put the right file there")]
    OtherLog {
        /// The file.
        file: PathBuf,
        /// Whose key it is.
        found: LogId,
        /// Whose key it should be.
        log: LogId,
    },
    /// Somebody else handed the log over meanwhile.
    #[error("the log was handed over to another key meanwhile")]
    HandedOver,
    /// No random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Randomness(io::Error),
    /// The store cannot say or keep which key it is.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the log's key, or makes it at the first start. A key is never made anew where the log has one: devices have
/// pinned it.
pub(crate) fn open(file: &Path, store: &Store, outside: &Outside) -> Result<LogKey, LogKeyError> {
    let found = read(file)?;
    let Some(wanted) = store.log_keys()?.last().map(|known| known.key) else {
        let key = match found {
            Some(key) => key,
            None => make(file, outside)?,
        };
        store.store_first_log_key(key.public(), outside.now_ms())?;
        return Ok(key);
    };
    match found {
        Some(key) if key.public() == wanted => Ok(key),
        found => match finish_handing_over(file, wanted)? {
            Some(key) => Ok(key),
            None => Err(match found {
                Some(other) => LogKeyError::OtherLog {
                    file: file.to_owned(),
                    found: other.public().id(),
                    log: wanted.id(),
                },
                None => LogKeyError::Missing { file: file.to_owned(), log: wanted.id() },
            }),
        },
    }
}

impl Endpoint {
    /// Hands the log over to a new key, which the old one signs. Other hands on this endpoint cannot append to the log
    /// any more; the data folder is to be opened again.
    pub fn rotate_log_key(self, actor: &Actor) -> Result<Rotation, LogKeyError> {
        let seed: [u8; 32] = self.outside.random().map_err(LogKeyError::Randomness)?;
        let next = LogKey::from_seed(seed).public();
        // First the new key is safe on disk, then the store tells who signs, then the file takes its place. Whatever
        // cuts this short, there is a file with the key that the store names.
        let waiting = waiting_file(&self.log_key_file);
        write(&waiting, &seed, Existing::Replaced)?;
        let rotation = self.log_key.hand_over_to(next);
        let audit = AuditContext { actor, now_ms: self.outside.now_ms() };
        if !self.store.rotate_log_key(&rotation, audit)? {
            return Err(LogKeyError::HandedOver);
        }
        finish_handing_over(&self.log_key_file, next)?;
        Ok(rotation)
    }
}

/// Where a new key waits until the store knows it.
fn waiting_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}

/// Puts the key that waits into its place, if it is the one that signs.
fn finish_handing_over(file: &Path, wanted: LogPublicKey) -> Result<Option<LogKey>, LogKeyError> {
    let waiting = waiting_file(file);
    let Some(key) = read(&waiting)?.filter(|key| key.public() == wanted) else { return Ok(None) };
    fs::rename(&waiting, file).and_then(|()| sync_folder_of(file)).map_err(about(file))?;
    Ok(Some(key))
}

fn read(file: &Path) -> Result<Option<LogKey>, LogKeyError> {
    match fs::read(file) {
        Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(seed) => Ok(Some(LogKey::from_seed(seed))),
            Err(_) => {
                let wrong = io::Error::new(io::ErrorKind::InvalidData, "a log's key has 32 bytes");
                Err(about(file)(wrong))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(about(file)(error)),
    }
}

/// Makes the first key. Of two programs that start at once, both have the key of the faster one.
fn make(file: &Path, outside: &Outside) -> Result<LogKey, LogKeyError> {
    let seed: [u8; 32] = outside.random().map_err(LogKeyError::Randomness)?;
    write(file, &seed, Existing::Kept)?;
    let gone = || about(file)(io::Error::from(io::ErrorKind::NotFound));
    read(file)?.ok_or_else(gone)
}

#[derive(Clone, Copy)]
enum Existing {
    Kept,
    Replaced,
}

/// Writes a key so that a power cut leaves all of it or nothing, for the owner's eyes only.
fn write(file: &Path, seed: &[u8; 32], existing: Existing) -> Result<(), LogKeyError> {
    let work = || {
        // A temporary file is made with the mode 0600.
        let mut out = NamedTempFile::new_in(folder_of(file))?;
        out.write_all(seed)?;
        out.as_file().sync_all()?;
        match existing {
            Existing::Replaced => drop(out.persist(file)?),
            Existing::Kept => match out.persist_noclobber(file) {
                Ok(_) => {}
                Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(refused) => return Err(refused.error),
            },
        }
        sync_folder_of(file)
    };
    work().map_err(about(file))
}

/// The folder that a file stands in; a bare name stands in the current one.
fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn sync_folder_of(file: &Path) -> io::Result<()> {
    fs::File::open(folder_of(file))?.sync_all()
}

/// Elsewhere a folder cannot be opened to be synced; renaming is as durable as the file system makes it.
#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

fn about(file: &Path) -> impl Fn(io::Error) -> LogKeyError + '_ {
    |source| LogKeyError::File { file: file.to_owned(), source }
}
