//! The copy of the database, which replaces it when it is damaged.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Store, doing};
use crate::error::StoreError;

/// The path of the copy.
fn copy_of(database: &Path) -> PathBuf {
    database.with_extension("copy.db")
}

/// The extensions of the write-ahead log and its index.
const COMPANIONS: [&str; 2] = ["db-wal", "db-shm"];

impl Store {
    /// Writes a copy of the database beside it, durably. Only a complete copy replaces the one before.
    pub(crate) fn keep_copy(&self, database: &Path) -> Result<(), StoreError> {
        let (copy, partial) = (copy_of(database), database.with_extension("copy.partial"));
        let file = |doing| move |source| StoreError::File { doing, path: copy_of(database), source };
        remove(&partial).map_err(file("make room for the copy"))?;
        let name = partial.to_string_lossy();
        self.connection.execute("VACUUM INTO ?1", [name.as_ref()]).map_err(doing("copy the database"))?;
        let keep = || {
            fs::File::open(&partial)?.sync_all()?;
            fs::rename(&partial, &copy)?;
            crate::folder::sync_parent(&copy)
        };
        keep().map_err(file("keep the copy of the database"))
    }
}

/// Whether SQLite can read the database and finds it consistent. A missing database is whole.
pub(crate) fn is_whole(database: &Path) -> Result<bool, StoreError> {
    if !database.exists() {
        return Ok(true);
    }
    let damaged = |error: &rusqlite::Error| {
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    };
    let checked =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|connection| {
            connection.busy_timeout(super::schema::BUSY_TIMEOUT)?;
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
        });
    match checked {
        Ok(verdict) => Ok(verdict == "ok"),
        Err(error) if damaged(&error) => Ok(false),
        Err(error) => Err(doing("check the database")(error)),
    }
}

/// Moves the damaged database aside, where somebody may still read it, and replaces it by its copy. Returns
/// the number of damaged databases that are aside now; `None` if there is no whole copy, and nothing was
/// changed.
pub(crate) fn restore(database: &Path) -> Result<Option<u64>, StoreError> {
    let copy = copy_of(database);
    if !copy.exists() || !is_whole(&copy)? {
        return Ok(None);
    }
    let put_back = || -> io::Result<u64> {
        // Numbered, not dated: after a clock has jumped back, one could overwrite another.
        let mut number = 1;
        while aside(database, number, "db").exists() {
            number += 1;
        }
        if !database.exists() && number > 1 {
            // The last attempt was interrupted after it had moved the database.
            number -= 1;
        }
        for extension in ["db"].into_iter().chain(COMPANIONS) {
            let file = database.with_extension(extension);
            if file.exists() {
                fs::rename(&file, aside(database, number, extension))?;
            }
        }
        // The copy stays: after a crash here, the next start finds a copy and no database.
        let partial = database.with_extension("restored.partial");
        fs::copy(&copy, &partial)?;
        fs::File::open(&partial)?.sync_all()?;
        fs::rename(&partial, database)?;
        crate::folder::sync_parent(database)?;
        Ok(number)
    };
    put_back().map(Some).map_err(|source| StoreError::File {
        doing: "restore the database from its copy",
        path: database.to_owned(),
        source,
    })
}

/// The path of the damaged database with this number.
fn aside(database: &Path, number: u64, extension: &str) -> PathBuf {
    database.with_extension(format!("damaged-{number}.{extension}"))
}

/// Whether there is a copy and no database: a crash interrupted a restore.
pub(crate) fn is_gone_with_a_copy(database: &Path) -> bool {
    !database.exists() && copy_of(database).exists()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
