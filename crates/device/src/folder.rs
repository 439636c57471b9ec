//! Photos on disk: originals and derivatives, each in a file named by the SHA-256 of its bytes.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use evidence::PhotoHash;

use crate::error::StoreError;

/// The two pictures of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    /// The file that the camera wrote.
    Original,
    /// The smaller picture that is sent.
    Derivative,
}

pub(crate) struct PhotoFolder {
    originals: PathBuf,
    derivatives: PathBuf,
}

impl PhotoFolder {
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let this = Self { originals: folder.join("originals"), derivatives: folder.join("derivatives") };
        for part in [&this.originals, &this.derivatives] {
            fs::create_dir_all(part).map_err(file_error("make the photo folder", part))?;
        }
        Ok(this)
    }

    fn path(&self, picture: Picture, hash: PhotoHash) -> PathBuf {
        match picture {
            Picture::Original => self.originals.join(hash.to_string()),
            Picture::Derivative => self.derivatives.join(format!("{hash}.jpg")),
        }
    }

    /// Writes a picture durably, and completely or not at all.
    pub(crate) fn write(&self, picture: Picture, hash: PhotoHash, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(picture, hash);
        let partial = path.with_extension("partial");
        let write = || {
            let mut file = File::create(&partial)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&partial, &path)?;
            sync_parent(&path)
        };
        write().map_err(file_error("store the photo", &path))
    }

    /// A picture's bytes.
    pub(crate) fn read(&self, picture: Picture, hash: PhotoHash) -> Result<Vec<u8>, StoreError> {
        let path = self.path(picture, hash);
        fs::read(&path).map_err(file_error("read the photo", &path))
    }

    /// At most `longest_bytes` of a picture, from `offset_bytes` on.
    pub(crate) fn read_piece(
        &self,
        picture: Picture,
        hash: PhotoHash,
        offset_bytes: u64,
        longest_bytes: u64,
    ) -> Result<Vec<u8>, StoreError> {
        let path = self.path(picture, hash);
        let read = || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(offset_bytes))?;
            let mut piece = Vec::new();
            file.take(longest_bytes).read_to_end(&mut piece)?;
            Ok(piece)
        };
        read().map_err(file_error("read the photo", &path))
    }

    /// Removes a picture. A missing file is no error.
    pub(crate) fn remove(&self, picture: Picture, hash: PhotoHash) -> Result<(), StoreError> {
        let path = self.path(picture, hash);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(file_error("remove the photo", &path)(error))
            }
            _ => Ok(()),
        }
    }
}

/// Makes a rename or a new file in the folder of `path` durable.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(parent) => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}

fn file_error(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { doing, path: path.clone(), source }
}
