//! Stamps: work is skipped while the bytes of its sources have not changed.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A hash of source files, to compare with the hash of the last time.
#[derive(Debug)]
pub(crate) struct Stamp {
    path: PathBuf,
    state: String,
}

impl Stamp {
    /// The stamp at `path` of work on `sources`, which are files or whole folders. The stamp belongs into the
    /// folder of the work's results, so that both are deleted together.
    ///
    /// A missing source is part of the hash. The hash is not cryptographic and may differ between versions of
    /// Rust: in either case the work is done once more.
    ///
    /// # Errors
    /// When an existing source cannot be read.
    pub(crate) fn of(path: PathBuf, sources: &[PathBuf]) -> Result<Self> {
        let mut files = BTreeSet::new();
        for source in sources {
            collect(source, &mut files)?;
        }
        let mut hasher = DefaultHasher::new();
        for file in &files {
            file.hash(&mut hasher);
            let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            content.hash(&mut hasher);
        }
        Ok(Self { path, state: format!("{:016x} {}", hasher.finish(), files.len()) })
    }

    /// Whether the work was done on exactly these files.
    pub(crate) fn is_fresh(&self) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|stored| stored == self.state)
    }

    /// Stores the hash, after the work is done.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn set(&self) -> Result<()> {
        std::fs::write(&self.path, &self.state)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.insert(path.to_path_buf());
    } else if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
            collect(&entry.with_context(|| format!("cannot read {}", path.display()))?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(source: &Path) -> String {
        Stamp::of(PathBuf::new(), &[source.to_path_buf()]).unwrap().state
    }

    #[test]
    fn a_stamp_changes_with_content_and_with_names_and_not_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/er.txt");
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(&file, "one").unwrap();
        let first = state(folder.path());
        std::fs::write(&file, "one").unwrap();
        assert_eq!(first, state(folder.path()), "the same bytes written again are no change");
        std::fs::write(&file, "two").unwrap();
        let second = state(folder.path());
        assert_ne!(first, second);
        std::fs::rename(&file, folder.path().join("deep/est.txt")).unwrap();
        assert_ne!(second, state(folder.path()));
    }

    #[test]
    fn a_missing_source_is_no_error() {
        assert_eq!(state(Path::new("/no/such/file")), state(Path::new("/nor/this")));
    }
}
