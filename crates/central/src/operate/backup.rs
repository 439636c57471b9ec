//! Backups of everything except the log's key, and their restoration.
//!
//! A backup is a folder with a snapshot of the store and every photo. The store is copied first: photos are only added, so
//! the backup has every photo that the store calls complete. Photos are named by their hashes and never change, so a second
//! backup into the same folder copies only the new ones.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::endpoint::{Endpoint, Settings};
use crate::photo_storage::{PhotoError, PhotoStorage};
use crate::store::StoreError;

/// The file of a store that was a file.
const STORE_FILE: &str = "central.sqlite";
/// The file of a store that was on a PostgreSQL server, in the custom format of `pg_dump`.
const STORE_DUMP: &str = "central.pgdump";
const PHOTOS: &str = "photos";

/// Why nothing was saved or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("cannot read or write {path}")]
    File { path: PathBuf, source: io::Error },
    #[error("{0} exists already; a backup is restored into an empty place only")]
    NotEmpty(PathBuf),
    #[error("{0} is no backup of {1}")]
    NoBackup(PathBuf, &'static str),
    /// A program of PostgreSQL failed. `output` is what it wrote to standard error.
    #[error("cannot run {program}: {output}")]
    Program { program: &'static str, output: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Photos(#[from] PhotoError),
}

impl Endpoint {
    /// Copies store and photos into the folder, also while the endpoint serves. Gives the number of photos that were new
    /// there.
    pub fn back_up(&self, settings: &Settings, to: &Path) -> Result<usize, BackupError> {
        let photos = to.join(PHOTOS);
        make(&photos)?;
        let name = if settings.database.is_some() { STORE_DUMP } else { STORE_FILE };
        let (fresh, stored) = (to.join(format!("{name}.new")), to.join(name));
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
        // The backup of before stays until the new one is complete.
        std::fs::rename(&fresh, &stored).map_err(at(&stored))?;
        Ok(self.photos().copy_to(&PhotoStorage::in_folder(&photos)?)?)
    }
}

/// Restores a backup where there is no store yet. Gives the number of photos. The log's key is not in it: its file must be
/// put where `settings` say.
pub fn restore(settings: &Settings, from: &Path) -> Result<usize, BackupError> {
    make(&settings.data)?;
    match &settings.database {
        Some(url) => restore_server(url, from)?,
        None => restore_file(&settings.data, from)?,
    }
    let photos = from.join(PHOTOS);
    make(&photos)?;
    let to = PhotoStorage::open(settings.bucket.as_deref(), &settings.data)?;
    Ok(PhotoStorage::in_folder(&photos)?.copy_to(&to)?)
}

fn restore_server(url: &str, from: &Path) -> Result<(), BackupError> {
    let dump = from.join(STORE_DUMP);
    if !dump.is_file() {
        return Err(BackupError::NoBackup(from.to_owned(), "a store on a PostgreSQL server"));
    }
    postgres("pg_restore", url, |command| {
        // One transaction: a database that has tables of these names is refused and stays as it is.
        command.args(["--no-owner", "--single-transaction", "--exit-on-error"]).arg(&dump);
    })
}

fn restore_file(data: &Path, from: &Path) -> Result<(), BackupError> {
    let (stored, store) = (from.join(STORE_FILE), data.join(STORE_FILE));
    if !stored.is_file() {
        return Err(BackupError::NoBackup(from.to_owned(), "a store in a file"));
    }
    if store.exists() {
        return Err(BackupError::NotEmpty(store));
    }
    let partial = store.with_extension("partial");
    std::fs::copy(&stored, &partial).map_err(at(&partial))?;
    std::fs::File::open(&partial).and_then(|file| file.sync_all()).map_err(at(&partial))?;
    std::fs::rename(&partial, &store).map_err(at(&store))
}

fn make(folder: &Path) -> Result<(), BackupError> {
    std::fs::create_dir_all(folder).map_err(at(folder))
}

fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path: path.clone(), source }
}

/// Runs a program of PostgreSQL on a database. The password goes by the environment, which other users cannot read.
fn postgres(
    program: &'static str,
    url: &str,
    add_arguments: impl FnOnce(&mut Command),
) -> Result<(), BackupError> {
    let failed = |output: String| BackupError::Program { program, output };
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
    add_arguments(&mut command);
    let output = command
        .output()
        .map_err(|error| failed(format!("{error}; it comes with PostgreSQL's client programs")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
