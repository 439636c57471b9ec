//! Whether the database is whole, and the copy that is kept of it for the day on which it is not.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Store, doing};
use crate::error::StoreError;

/// Where the copy of a database is.
fn copy_of(database: &Path) -> PathBuf {
    database.with_extension("copy.db")
}

/// What the write-ahead log and its index are called.
const COMPANIONS: [&str; 2] = ["db-wal", "db-shm"];

impl Store {
    /// Writes a copy of the whole database beside it, durably; the one before is replaced only by a whole one.
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

/// Whether the database can be read and holds together. One that is not there is whole.
pub(crate) fn is_whole(database: &Path) -> Result<bool, StoreError> {
    if !database.exists() {
        return Ok(true);
    }
    let damaged = |error: &rusqlite::Error| {
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    };
    let checked =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|connection| {
            connection.busy_timeout(super::BUSY_TIMEOUT)?;
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
        });
    match checked {
        Ok(verdict) => Ok(verdict == "ok"),
        Err(error) if damaged(&error) => Ok(false),
        Err(error) => Err(doing("look over the database")(error)),
    }
}

/// Puts the damaged database aside, where somebody may still read it, and its copy in its place. Tells how many damaged ones
/// lie aside now; none where there was no whole copy and nothing was changed.
pub(crate) fn restore(database: &Path) -> Result<Option<u64>, StoreError> {
    let copy = copy_of(database);
    if !copy.exists() || !is_whole(&copy)? {
        return Ok(None);
    }
    let put_back = || -> io::Result<u64> {
        // Numbered, not dated: a clock that jumps back must not let one take another's place.
        let mut number = 1;
        while aside(database, number, "db").exists() {
            number += 1;
        }
        if !database.exists() && number > 1 {
            // The last attempt was cut off after the database itself had been put aside.
            number -= 1;
        }
        for extension in ["db"].into_iter().chain(COMPANIONS) {
            let file = database.with_extension(extension);
            if file.exists() {
                fs::rename(&file, aside(database, number, extension))?;
            }
        }
        // The copy stays: a crash here leaves it, and the next start finds no database and a copy.
        let partial = database.with_extension("restored.partial");
        fs::copy(&copy, &partial)?;
        fs::File::open(&partial)?.sync_all()?;
        fs::rename(&partial, database)?;
        crate::folder::sync_parent(database)?;
        Ok(number)
    };
    put_back().map(Some).map_err(|source| StoreError::File {
        doing: "put the copy of the database in its place",
        path: database.to_owned(),
        source,
    })
}

/// Where the damaged database of that number lies.
fn aside(database: &Path, number: u64, extension: &str) -> PathBuf {
    database.with_extension(format!("damaged-{number}.{extension}"))
}

/// Whether there is a copy of a database that is gone: a crash in the middle of putting it back.
pub(crate) fn is_gone_with_a_copy(database: &Path) -> bool {
    !database.exists() && copy_of(database).exists()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
