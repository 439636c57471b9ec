//! Backups of everything except the log's key, and their restoration.
//!
//! A backup is a folder with a snapshot of the store and every photo. The store is copied first: photos are
//! only added, so the backup has every photo that the store calls complete. Photos are named by their hashes
//! and never change, so a second backup into the same folder copies only the new ones.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::endpoint::{Settings, store_location};
use crate::photo_storage::{PhotoError, PhotoStorage};
use crate::private_files::{make_private, make_private_folder, open_private_file};
use crate::store::{Store, StoreError, StoreLocation};

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
    #[error("cannot find a store: there is no file {0}")]
    NoStore(PathBuf),
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

/// Copies store and photos into the folder, also while the endpoint serves. Gives the number of photos that
/// were new there. The store may have the schema of an earlier version, and is not migrated.
pub fn back_up(settings: &Settings, to: &Path) -> Result<usize, BackupError> {
    let location = store_location(settings);
    if let StoreLocation::File(file) = &location
        && !file.is_file()
    {
        return Err(BackupError::NoStore(file.clone()));
    }
    let photos = to.join(PHOTOS);
    make(&photos)?;
    let store = Store::open_any_schema(&location)?;
    let name = if settings.database.is_some() { STORE_DUMP } else { STORE_FILE };
    // The store first: the backup then has every photo that it calls complete.
    save_store(&store, settings, &to.join(name))?;
    let from = PhotoStorage::open(settings.bucket.as_deref(), &settings.data)?;
    Ok(from.copy_to(&PhotoStorage::in_folder(&photos)?)?)
}

/// Writes a snapshot of the store into `file`. A file of before stays until the new one is complete.
pub(super) fn save_store(store: &Store, settings: &Settings, file: &Path) -> Result<(), BackupError> {
    let fresh = file.with_extension("new");
    if fresh.exists() {
        std::fs::remove_file(&fresh).map_err(at(&fresh))?;
    }
    // SQLite and pg_dump write into an empty file, and keep its rights.
    open_private_file(&fresh).map_err(at(&fresh))?;
    match &settings.database {
        Some(url) => postgres("pg_dump", url, |command| {
            command.args(["--format", "custom", "--no-owner", "--file"]).arg(&fresh);
        })?,
        None => store.save_into(&fresh)?,
    }
    std::fs::File::open(&fresh).and_then(|file| file.sync_all()).map_err(at(&fresh))?;
    std::fs::rename(&fresh, file).map_err(at(file))
}

/// Restores a backup where there is no store yet. Gives the number of photos. The log's key is not in it: its
/// file must be put where `settings` say.
pub fn restore(settings: &Settings, from: &Path) -> Result<usize, BackupError> {
    make(&settings.data)?;
    match &settings.database {
        Some(url) => restore_server(url, from)?,
        None => restore_file(&settings.data, from)?,
    }
    let photos = from.join(PHOTOS);
    // A backup may be on a medium that cannot be written.
    make_private_folder(&photos).map_err(at(&photos))?;
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
    copy_private(&stored, &partial).map_err(at(&partial))?;
    std::fs::rename(&partial, &store).map_err(at(&store))
}

fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = open_private_file(to)?;
    // An attempt that was interrupted may have left a part.
    copy.set_len(0)?;
    io::copy(&mut std::fs::File::open(from)?, &mut copy)?;
    copy.sync_all()
}

/// Makes the folder, which only this user can read. One that is there may be readable by others since an
/// earlier version.
fn make(folder: &Path) -> Result<(), BackupError> {
    make_private_folder(folder).map_err(at(folder))?;
    // A medium without rights, such as a memory stick, cannot change them.
    let _ = make_private(folder);
    Ok(())
}

fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path: path.clone(), source }
}

/// Runs a program of PostgreSQL on a database.
fn postgres(
    program: &'static str,
    url: &str,
    add_arguments: impl FnOnce(&mut Command),
) -> Result<(), BackupError> {
    let failed = |output: String| BackupError::Program { program, output };
    let config: Config =
        url.parse().map_err(|error| failed(format!("the address of the database: {error}")))?;
    let mut command = Command::new(program);
    connect_by_environment(&mut command, &config);
    add_arguments(&mut command);
    let output = command
        .output()
        .map_err(|error| failed(format!("{error}; it comes with PostgreSQL's client programs")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// Passes the connection by the environment, which other users cannot read. The command line has the name of
/// the database only: `pg_restore` wants it there.
fn connect_by_environment(command: &mut Command, config: &Config) {
    let name = config.get_dbname().or_else(|| config.get_user()).unwrap_or_default();
    let escaped = name.replace('\\', "\\\\").replace('\'', "\\'");
    command.arg("--dbname").arg(format!("dbname='{escaped}'"));
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    });
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
    let ports = config.get_ports().iter().map(ToString::to_string);
    let seconds = config.get_connect_timeout().map(|timeout| timeout.as_secs().max(1).to_string());
    let ssl_mode = match config.get_ssl_mode() {
        SslMode::Disable => "disable",
        SslMode::Require => "require",
        _ => "prefer",
    };
    let password = config.get_password().map(|password| String::from_utf8_lossy(password).into_owned());
    for (variable, value) in [
        ("PGHOST", joined(hosts)),
        ("PGHOSTADDR", joined(addresses)),
        ("PGPORT", joined(ports)),
        ("PGUSER", config.get_user().map(str::to_owned)),
        ("PGPASSWORD", password),
        ("PGOPTIONS", config.get_options().map(str::to_owned)),
        ("PGCONNECT_TIMEOUT", seconds),
        ("PGSSLMODE", Some(ssl_mode.to_owned())),
    ] {
        if let Some(value) = value {
            command.env(variable, value);
        }
    }
}

/// A list as PostgreSQL's client library reads it; `None` for an empty one.
fn joined(items: impl Iterator<Item = String>) -> Option<String> {
    let joined = items.collect::<Vec<_>>().join(",");
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn a_password_is_never_on_a_command_line_also_when_the_address_encodes_it() {
        let urls = [
            ("postgres://saksi:p%40ss%2Fw0rd@db.example:5433/saksi?sslmode=require", "p@ss/w0rd"),
            ("postgres://saksi:plain@db.example:5433/saksi?sslmode=require", "plain"),
            (
                "host=db.example port=5433 user=saksi password='two words' dbname=saksi sslmode=require",
                "two words",
            ),
        ];
        for (url, password) in urls {
            let mut command = Command::new("pg_dump");
            connect_by_environment(&mut command, &url.parse().unwrap());
            let arguments: Vec<&OsStr> = command.get_args().collect();
            assert_eq!(arguments, ["--dbname", "dbname='saksi'"]);
            let environment: BTreeMap<&OsStr, &OsStr> =
                command.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
            for (variable, value) in [
                ("PGPASSWORD", password),
                ("PGHOST", "db.example"),
                ("PGPORT", "5433"),
                ("PGUSER", "saksi"),
                ("PGSSLMODE", "require"),
            ] {
                assert_eq!(environment.get(OsStr::new(variable)), Some(&OsStr::new(value)), "{url}");
            }
        }
    }
}
