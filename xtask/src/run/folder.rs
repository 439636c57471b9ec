//! The folder that keeps an evening from one run to the next.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The file by which a folder is known to be one of these: only such a one is ever emptied.
const MARK: &str = ".saksi-run";

/// An opened folder; no other run can have it at the same time.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Opens the folder, making it where it is missing, and empties it first when `fresh`.
    ///
    /// # Errors
    /// When another run has it, it belongs to something else, or it cannot be written.
    pub(super) fn open(path: Option<&Path>, fresh: bool) -> Result<Self> {
        let path = path.map_or_else(|| workspace::root().join(".run"), Path::to_path_buf);
        std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("opening {}", path.display()))?;
        let mark = path.join(MARK);
        let is_empty =
            path.read_dir().with_context(|| format!("reading {}", path.display()))?.next().is_none();
        if !is_empty && !mark.is_file() {
            bail!("{} holds something else: name an empty folder, or one of an earlier run", path.display());
        }
        let lock = File::options()
            .create(true)
            .append(true)
            .open(&mark)
            .with_context(|| format!("writing {}", mark.display()))?;
        if lock.try_lock().is_err() {
            bail!("another run is using {}: stop it first, or name another folder by --data", path.display());
        }
        let folder = Self { path, _lock: lock };
        if fresh {
            folder.empty()?;
        }
        Ok(folder)
    }

    /// The endpoint's data.
    pub(super) fn endpoint(&self) -> PathBuf {
        self.path.join("endpoint")
    }

    /// The demo witness's device.
    pub(super) fn witness(&self) -> PathBuf {
        self.path.join("witness")
    }

    /// The simulated witnesses' devices.
    pub(super) fn fleet(&self) -> PathBuf {
        self.path.join("fleet")
    }

    /// Where a program's log is.
    pub(super) fn log(&self, program: &str) -> PathBuf {
        self.path.join(format!("{program}.log"))
    }

    /// Where the note `name` is.
    pub(super) fn note(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What was noted under `name` in this or an earlier run.
    pub(super) fn noted(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.note(name)).ok()?;
        Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
    }

    /// Notes `text` under `name`, for nobody but this user to read: notes hold a password and invitations.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write_note(&self, name: &str, text: &str) -> Result<()> {
        let path = self.note(name);
        let new = path.with_extension("new");
        let mut options = File::options();
        options.create(true).write(true).truncate(true).mode(0o600);
        let write = || {
            let mut file = options.open(&new)?;
            writeln!(file, "{text}")?;
            file.sync_all()?;
            std::fs::rename(&new, &path)
        };
        write().with_context(|| format!("writing {}", path.display()))
    }

    fn empty(&self) -> Result<()> {
        for entry in self.path.read_dir().with_context(|| format!("reading {}", self.path.display()))? {
            let entry = entry.with_context(|| format!("reading {}", self.path.display()))?;
            if entry.file_name() == MARK {
                continue;
            }
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let removed =
                if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            removed.with_context(|| format!("removing {}", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_outlive_a_run_but_not_a_fresh_start() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("evening");
        Folder::open(Some(&path), false).unwrap().write_note("word", "one").unwrap();
        assert_eq!(Folder::open(Some(&path), false).unwrap().noted("word").as_deref(), Some("one"));
        assert_eq!(Folder::open(Some(&path), true).unwrap().noted("word"), None);
    }

    #[test]
    fn a_folder_of_something_else_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let other = place.path().join("letter.txt");
        std::fs::write(&other, "dear").unwrap();
        let error = Folder::open(Some(place.path()), true).unwrap_err().to_string();
        assert!(error.contains("holds something else"), "{error}");
        assert!(other.is_file());
    }

    #[test]
    fn two_runs_never_share_a_folder() {
        let place = tempfile::tempdir().unwrap();
        let _first = Folder::open(Some(place.path()), false).unwrap();
        let error = Folder::open(Some(place.path()), false).unwrap_err().to_string();
        assert!(error.contains("another run"), "{error}");
    }
}
