//! Room on the disks of the store and of the photos. Photos are refused first, so that statements still have
//! room.

use std::path::{Path, PathBuf};

use crate::refusal::Refusal;

/// Free bytes below which the endpoint accepts no more. Zero is no mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSpaceMarks {
    /// For statements. SQLite needs room to write what it already accepted into its file.
    pub statements_bytes: u64,
    /// For photos.
    pub photos_bytes: u64,
}

impl FreeSpaceMarks {
    /// Accepts until a disk is full.
    pub const NONE: Self = Self { statements_bytes: 0, photos_bytes: 0 };
}

impl Default for FreeSpaceMarks {
    /// 256 MiB for statements: some 100,000 of them, and the write-ahead log. 2 GiB for photos.
    fn default() -> Self {
        Self { statements_bytes: 256 << 20, photos_bytes: 2 << 30 }
    }
}

/// The marks of the disks that the endpoint itself writes. A server and a bucket watch their own.
#[derive(Debug)]
pub(crate) struct FreeSpace {
    statements: Option<Mark>,
    photos: Option<Mark>,
}

#[derive(Debug)]
struct Mark {
    folder: PathBuf,
    min_bytes: u64,
}

impl Mark {
    /// A disk whose room cannot be read is not full: then writing says what is wrong.
    fn is_low(&self) -> bool {
        self.min_bytes > 0 && free_bytes(&self.folder).is_some_and(|free| free < self.min_bytes)
    }
}

impl FreeSpace {
    /// `store` and `photos` are folders; `None` if the data is on a server or in a bucket.
    pub(crate) fn new(marks: FreeSpaceMarks, store: Option<&Path>, photos: Option<&Path>) -> Self {
        let mark = |folder: Option<&Path>, min_bytes| Some(Mark { folder: folder?.to_owned(), min_bytes });
        Self { statements: mark(store, marks.statements_bytes), photos: mark(photos, marks.photos_bytes) }
    }

    /// Refuses when there is no room for statements.
    pub(crate) fn check_statements(&self) -> Result<(), Refusal> {
        check(self.statements.as_ref(), "the store is full: its disk is below the mark for statements")
    }

    /// Refuses when there is no room for photos.
    pub(crate) fn check_photos(&self) -> Result<(), Refusal> {
        check(self.photos.as_ref(), "the store of photos is full: its disk is below the mark for photos")
    }
}

fn check(mark: Option<&Mark>, detail: &str) -> Result<(), Refusal> {
    if mark.is_some_and(Mark::is_low) { Err(Refusal::store_unavailable(detail)) } else { Ok(()) }
}

/// Room that is left for this user.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_the_mark_for_photos_statements_are_still_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path());
        let marks = FreeSpaceMarks { statements_bytes: 1, photos_bytes: u64::MAX };
        let free_space = FreeSpace::new(marks, path, path);
        assert!(free_space.check_statements().is_ok());
        assert_eq!(free_space.check_photos().is_err(), cfg!(unix));
        assert!(FreeSpace::new(marks, path, None).check_photos().is_ok(), "a bucket has no mark");
    }
}
