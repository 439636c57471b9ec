//! The folder of photos: pieces are appended to a part, and a whole is renamed into its place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use evidence::PhotoHash;
use sha2::{Digest, Sha256};

/// What the folder holds of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Its first bytes; 0 when nothing came yet.
    Part {
        /// How many.
        bytes: u64,
    },
    /// All of it, its hash checked.
    Whole {
        /// How many.
        bytes: u64,
    },
}

/// Photos by their hash. Whoever changes one holds its lock (see [`crate::upload`]).
#[derive(Debug)]
pub(crate) struct PhotoFolder {
    whole: PathBuf,
    parts: PathBuf,
}

impl PhotoFolder {
    /// Opens the folder and makes what is missing.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let opened = Self { whole: folder.join("whole"), parts: folder.join("parts") };
        fs::create_dir_all(&opened.whole)?;
        fs::create_dir_all(&opened.parts)?;
        Ok(opened)
    }

    /// What is here of the photo.
    pub(crate) fn held(&self, hash: PhotoHash) -> io::Result<Held> {
        match length(&self.whole_path(hash))? {
            Some(bytes) => Ok(Held::Whole { bytes }),
            None => Ok(Held::Part { bytes: length(&self.part_path(hash))?.unwrap_or(0) }),
        }
    }

    /// Writes `piece` behind the `offset` bytes that are here; when it returns, the piece outlives a power cut.
    pub(crate) fn append(&self, hash: PhotoHash, offset: u64, piece: &[u8]) -> io::Result<()> {
        let path = self.part_path(hash);
        let mut part = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        part.seek(SeekFrom::Start(offset))?;
        part.write_all(piece)?;
        part.sync_all()?;
        if offset == 0 { sync_folder(&self.parts) } else { Ok(()) }
    }

    /// The bytes of the part, if they hash to the photo's name.
    pub(crate) fn part_if_whole(&self, hash: PhotoHash) -> io::Result<Option<Vec<u8>>> {
        let bytes = fs::read(self.part_path(hash))?;
        let found: [u8; 32] = Sha256::digest(&bytes).into();
        Ok((found == hash.0).then_some(bytes))
    }

    /// Moves a part that turned out to be the whole into its place.
    pub(crate) fn keep(&self, hash: PhotoHash) -> io::Result<()> {
        let path = self.whole_path(hash);
        let folder = path.parent().unwrap_or(&self.whole);
        fs::create_dir_all(folder)?;
        fs::rename(self.part_path(hash), &path)?;
        sync_folder(folder)?;
        sync_folder(&self.whole)
    }

    /// Forgets the part.
    pub(crate) fn drop_part(&self, hash: PhotoHash) -> io::Result<()> {
        match fs::remove_file(self.part_path(hash)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The whole photo; `None` when it has not wholly arrived.
    pub(crate) fn read(&self, hash: PhotoHash) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.whole_path(hash)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// 256 folders, so that none grows without bound.
    fn whole_path(&self, hash: PhotoHash) -> PathBuf {
        self.whole.join(format!("{:02x}", hash.0[0])).join(hash.to_string())
    }

    fn part_path(&self, hash: PhotoHash) -> PathBuf {
        self.parts.join(hash.to_string())
    }
}

fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A new name in a folder outlives a power cut only once the folder itself is on disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
