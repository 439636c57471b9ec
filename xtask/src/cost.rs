//! What a first build costs: announced before it starts, with a check that the disk has room for it.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::workspace::target;

/// Free space that must remain when everything is built: logs, databases and photos of tests, pages of the
/// browser.
const RESERVE_BYTES: u64 = 1_000_000_000;

/// The approximate cost of a task on two cores.
#[derive(Debug)]
pub(crate) struct Cost {
    task: &'static str,
    /// Size of the target folder afterwards.
    target_bytes: u64,
    /// Duration when nothing is built.
    first: &'static str,
    /// Duration when everything is built.
    later: &'static str,
}

/// `cargo xtask run`, until the console answers. The larger figure of each is with the app.
pub(crate) const RUN: Cost =
    Cost { task: "run", target_bytes: 4_000_000_000, first: "5 minutes", later: "15 seconds" };

/// `cargo xtask test`.
pub(crate) const TEST: Cost =
    Cost { task: "test", target_bytes: 10_000_000_000, first: "30 minutes", later: "15 minutes" };

impl Cost {
    /// Prints what the task needs.
    ///
    /// # Errors
    /// When the disk has too little free space.
    pub(crate) fn announce(&self) -> Result<()> {
        let target = target();
        let present_bytes = size_bytes(&target);
        let missing_bytes = self.target_bytes.saturating_sub(present_bytes) + RESERVE_BYTES;
        let free_bytes = free_bytes(&target)?;
        println!(
            "{} takes about {} on two cores when nothing is built, {} later; {} GB of disk, of which {} are in use.",
            self.task,
            self.first,
            self.later,
            gigabytes(self.target_bytes),
            gigabytes(present_bytes)
        );
        ensure!(
            free_bytes >= missing_bytes,
            "{} needs {} GB of free disk for {}, and there are {}: free some, or set CARGO_TARGET_DIR to a folder on a \
             larger disk",
            self.task,
            gigabytes(missing_bytes),
            target.display(),
            gigabytes(free_bytes)
        );
        Ok(())
    }
}

fn gigabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000_000, bytes / 100_000_000 % 10)
}

/// Bytes on disk of all below `folder`; Cargo's hard links count once.
fn size_bytes(folder: &Path) -> u64 {
    let mut seen = HashSet::new();
    let mut folders = vec![folder.to_path_buf()];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            // A file that Cargo removes meanwhile has no size.
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                folders.push(entry.path());
            } else if seen.insert(metadata.ino()) {
                bytes += metadata.blocks() * 512;
            }
        }
    }
    bytes
}

/// Free bytes for this user on the disk of `folder`, which need not exist yet.
fn free_bytes(folder: &Path) -> Result<u64> {
    let existing = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let disk = rustix::fs::statvfs(existing)
        .with_context(|| format!("cannot read the free space of {}", existing.display()))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hard_link_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deps");
        std::fs::write(&file, vec![1; 100_000]).unwrap();
        let once = size_bytes(folder.path());
        std::fs::hard_link(&file, folder.path().join("program")).unwrap();
        assert!(once >= 100_000);
        assert_eq!(size_bytes(folder.path()), once);
    }

    #[test]
    fn too_little_disk_is_an_error_that_says_how_much_is_missing() {
        let huge = Cost { task: "test", target_bytes: u64::MAX / 2, first: "", later: "" };
        let error = huge.announce().unwrap_err().to_string();
        assert!(error.contains("GB of free disk") && error.contains("CARGO_TARGET_DIR"), "{error}");
    }

    #[test]
    fn free_space_is_known_before_the_folder_exists() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_bytes(&folder.path().join("not/yet")).unwrap() > 0);
    }

    #[test]
    fn gigabytes_have_one_decimal() {
        assert_eq!(gigabytes(7_960_000_000), "7.9");
    }
}
