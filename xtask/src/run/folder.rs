//! The folder with the data of all programs of a run, used again by the next run.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The file that marks such a folder. No other folder is ever emptied.
const MARK: &str = ".saksi-run";

/// An open folder, locked against other runs.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Opens or creates the folder, and empties it if `fresh`.
    ///
    /// # Errors
    /// When another run uses it, it contains other files, or it cannot be written.
    pub(super) fn open(path: Option<&Path>, fresh: bool) -> Result<Self> {
        let path = path.map_or_else(|| workspace::root().join(".run"), Path::to_path_buf);
        std::fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("cannot open {}", path.display()))?;
        let mark = path.join(MARK);
        let is_empty =
            path.read_dir().with_context(|| format!("cannot read {}", path.display()))?.next().is_none();
        if !is_empty && !mark.is_file() {
            bail!(
                "{} contains other files: name an empty folder, or the folder of an earlier run",
                path.display()
            );
        }
        let lock = File::options()
            .create(true)
            .append(true)
            .open(&mark)
            .with_context(|| format!("cannot write {}", mark.display()))?;
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

    /// The devices of the simulated witnesses.
    pub(super) fn fleet(&self) -> PathBuf {
        self.path.join("fleet")
    }

    /// The path of a program's log.
    pub(super) fn log(&self, program: &str) -> PathBuf {
        self.path.join(format!("{program}.log"))
    }

    /// The path of the note `name`.
    pub(super) fn note(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The text of the note `name`, from this or an earlier run.
    pub(super) fn read_note(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.note(name)).ok()?;
        Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
    }

    /// Writes the note `name`. Notes contain a password and invitations, so that only this user can read
    /// them.
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
        write().with_context(|| format!("cannot write {}", path.display()))
    }

    fn empty(&self) -> Result<()> {
        for entry in self.path.read_dir().with_context(|| format!("cannot read {}", self.path.display()))? {
            let entry = entry.with_context(|| format!("cannot read {}", self.path.display()))?;
            if entry.file_name() == MARK {
                continue;
            }
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let removed =
                if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            removed.with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_outlive_a_run_but_not_a_fresh_start() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("evening");
        Folder::open(Some(&path), false).unwrap().write_note("word", "one").unwrap();
        assert_eq!(Folder::open(Some(&path), false).unwrap().read_note("word").as_deref(), Some("one"));
        assert_eq!(Folder::open(Some(&path), true).unwrap().read_note("word"), None);
    }

    #[test]
    fn a_folder_with_other_files_is_not_touched() {
        let parent = tempfile::tempdir().unwrap();
        let other = parent.path().join("letter.txt");
        std::fs::write(&other, "dear").unwrap();
        let error = Folder::open(Some(parent.path()), true).unwrap_err().to_string();
        assert!(error.contains("contains other files"), "{error}");
        assert!(other.is_file());
    }

    #[test]
    fn two_runs_cannot_use_one_folder() {
        let parent = tempfile::tempdir().unwrap();
        let _first = Folder::open(Some(parent.path()), false).unwrap();
        let error = Folder::open(Some(parent.path()), false).unwrap_err().to_string();
        assert!(error.contains("another run"), "{error}");
    }
}
