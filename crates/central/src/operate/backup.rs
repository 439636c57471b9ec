//! Keeping a copy of everything but the log's key, and putting one back.
//!
//! A backup is a folder: the store as it is at one moment, and every photo. The store is copied first: photos are only ever
//! added, so that each one that it calls whole is there. Photos are named by their hashes and never change: a second
//! backup into the same folder copies only the new ones.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::endpoint::{Inner, Settings};
use crate::ingest::photos::storage::{PhotoError, Photos};
use crate::store::StoreError;

/// The store from a file.
const STORE_FILE: &str = "central.sqlite";
/// The store from a PostgreSQL server, in the custom format of `pg_dump`.
const STORE_DUMP: &str = "central.pgdump";
const PHOTOS: &str = "photos";

/// Why nothing was saved or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is something already.
    #[error("{0} is there already; a backup is put back into an empty place only")]
    NotEmpty(PathBuf),
    /// There is nothing to put back.
    #[error("{0} is no backup of {1}")]
    NoBackup(PathBuf, &'static str),
    /// PostgreSQL's own program failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it said.
        said: String,
    },
    /// The store cannot be copied.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The photos cannot be copied.
    #[error(transparent)]
    Photos(#[from] PhotoError),
}

impl Inner {
    /// Copies store and photos into the folder; gives how many photos were new there. The endpoint may serve meanwhile.
    pub fn back_up(&self, settings: &Settings, to: &Path) -> Result<usize, BackupError> {
        let photos = to.join(PHOTOS);
        make(&photos)?;
        let name = if settings.database.is_some() { STORE_DUMP } else { STORE_FILE };
        let (fresh, kept) = (to.join(format!("{name}.new")), to.join(name));
        if fresh.exists() {
            std::fs::remove_file(&fresh).map_err(at(&fresh))?;
        }
        match &settings.database {
            Some(url) => postgres("pg_dump", url, |command| {
                command.args(["--format", "custom", "--no-owner", "--file"]).arg(&fresh);
            })?,
            None => self.store().save_into(&fresh)?,
        }
        std::fs::File::open(&fresh).and_then(|file| file.sync_all()).map_err(at(&fresh))?;
        // The backup of before stays until this one is whole.
        std::fs::rename(&fresh, &kept).map_err(at(&kept))?;
        Ok(self.photos.copy_to(&Photos::in_folder(&photos)?)?)
    }
}

/// Puts a backup back where nothing is yet; gives how many photos came. The log's key is not in it: the file that the
/// endpoint had must be put where `settings` say.
pub fn restore(settings: &Settings, from: &Path) -> Result<usize, BackupError> {
    make(&settings.data)?;
    match &settings.database {
        Some(url) => {
            let dump = from.join(STORE_DUMP);
            if !dump.is_file() {
                return Err(BackupError::NoBackup(from.to_owned(), "a store on a PostgreSQL server"));
            }
            postgres("pg_restore", url, |command| {
                // All or nothing; a database with tables of these names is refused.
                command.args(["--no-owner", "--single-transaction", "--exit-on-error"]).arg(&dump);
            })?;
        }
        None => {
            let (kept, store) = (from.join(STORE_FILE), settings.data.join(STORE_FILE));
            if !kept.is_file() {
                return Err(BackupError::NoBackup(from.to_owned(), "a store in a file"));
            }
            if store.exists() {
                return Err(BackupError::NotEmpty(store));
            }
            let partial = store.with_extension("partial");
            std::fs::copy(&kept, &partial).map_err(at(&partial))?;
            std::fs::File::open(&partial).and_then(|file| file.sync_all()).map_err(at(&partial))?;
            std::fs::rename(&partial, &store).map_err(at(&store))?;
        }
    }
    let photos = from.join(PHOTOS);
    make(&photos)?;
    Ok(Photos::in_folder(&photos)?.copy_to(&Photos::of(settings)?)?)
}

fn make(folder: &Path) -> Result<(), BackupError> {
    std::fs::create_dir_all(folder).map_err(at(folder))
}

fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path: path.clone(), source }
}

/// Runs a program of PostgreSQL's on a database. The password goes by the environment, where others do not see it.
fn postgres(program: &'static str, url: &str, tell: impl FnOnce(&mut Command)) -> Result<(), BackupError> {
    let failed = |said: String| BackupError::Program { program, said };
    let mut command = Command::new(program);
    let config: Result<tokio_postgres::Config, _> = url.parse();
    let password = config.ok().and_then(|config| config.get_password().map(<[u8]>::to_vec));
    match password.map(String::from_utf8) {
        Some(Ok(password)) => {
            command.env("PGPASSWORD", &password);
            command.arg("--dbname").arg(url.replacen(&format!(":{password}@"), "@", 1));
        }
        _ => {
            command.arg("--dbname").arg(url);
        }
    }
    tell(&mut command);
    let done = command
        .output()
        .map_err(|error| failed(format!("{error}; it comes with PostgreSQL's client programs")))?;
    if done.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&done.stderr).trim().to_owned()))
}
