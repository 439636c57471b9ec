//! The photos' bytes: in a folder, or in a bucket of an S3-compatible store that several copies of the program share.
//!
//! A photo comes in pieces, each an object of its own under the offset at which it begins; a whole photo is one object
//! under its hash. Nothing is ever changed in place, so that a power cut or another copy of the program leaves nothing
//! half written.

use std::fmt;
use std::path::Path;

use evidence::PhotoHash;
use futures::executor::block_on;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::prefix::PrefixStore;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode};
use sha2::{Digest as _, Sha256};

use crate::endpoint::Settings;

/// What is here of a photo.
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

/// Why a photo's bytes cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
pub struct PhotoError {
    doing: &'static str,
    source: Error,
    /// Whether a service was asked, which may answer a moment later.
    pub(crate) passes: bool,
}

/// Photos by their hash.
pub(crate) struct Photos {
    objects: Box<dyn ObjectStore>,
    is_a_service: bool,
    /// Drives connections, so that photos can be used from any thread.
    runtime: Option<tokio::runtime::Runtime>,
}

impl fmt::Debug for Photos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photos in {}", self.objects)
    }
}

impl Drop for Photos {
    fn drop(&mut self) {
        // Waiting for its threads is not allowed where photos are dropped among asynchronous work.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Photos {
    /// Photos where the settings say; a folder is made when it is missing.
    pub(crate) fn of(settings: &Settings) -> Result<Self, PhotoError> {
        match &settings.bucket {
            Some(url) => Self::in_bucket(url),
            None => {
                let folder = settings.data.join("photos");
                let fault = |error| PhotoError {
                    doing: "making the photos' folder",
                    source: Error::Generic { store: "folder", source: Box::new(error) },
                    passes: false,
                };
                std::fs::create_dir_all(&folder).map_err(fault)?;
                Self::in_folder(&folder)
            }
        }
    }

    /// Copies whole photos and pieces that `to` does not have; gives how many objects that were.
    pub(crate) fn copy_to(&self, to: &Self) -> Result<usize, PhotoError> {
        let names = self.done("listing the photos", async {
            self.objects.list(None).map_ok(|object| object.location).try_collect::<Vec<Name>>().await
        })?;
        let mut copied = 0;
        for name in names {
            let there = to.done("looking for a photo", async {
                match to.objects.head(&name).await {
                    Ok(_) => Ok(true),
                    Err(Error::NotFound { .. }) => Ok(false),
                    Err(error) => Err(error),
                }
            })?;
            if there {
                continue;
            }
            let bytes = self.done("reading a photo", async { self.objects.get(&name).await?.bytes().await });
            let bytes = match bytes {
                // A piece that became part of a whole photo meanwhile.
                Err(PhotoError { source: Error::NotFound { .. }, .. }) => continue,
                bytes => bytes?,
            };
            to.done("keeping a photo", async { to.objects.put(&name, bytes.into()).await.map(drop) })?;
            copied += 1;
        }
        Ok(copied)
    }

    /// Photos in a folder, which must be there.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, PhotoError> {
        let objects = LocalFileSystem::new_with_prefix(folder);
        let objects =
            objects.map_err(|source| PhotoError { doing: "opening the photos", source, passes: false })?;
        // "Whole" is said to a witness only of what survives a power cut.
        Self::new(Box::new(objects.with_fsync(true)), false)
    }

    /// Photos in the bucket that `url` names, or below a name in it: `s3://bucket` or `s3://bucket/name`. Keys, region and
    /// another endpoint than Amazon's come from the usual `AWS_…` variables.
    pub(crate) fn in_bucket(url: &str) -> Result<Self, PhotoError> {
        let doing = "opening the bucket of photos";
        // Whoever was first has chosen it for the whole program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed = |source| PhotoError { doing, source, passes: false };
        let wrong = |error| failed(Error::Generic { store: "S3", source: Box::new(error) });
        let bucket = AmazonS3Builder::from_env().with_url(url).build().map_err(failed)?;
        let below = Name::from_url_path(url.parse::<reqwest::Url>().map_err(wrong)?.path());
        let below = below.map_err(|error| failed(error.into()))?;
        Self::new(Box::new(PrefixStore::new(bucket, below)), true)
    }

    fn new(objects: Box<dyn ObjectStore>, is_a_service: bool) -> Result<Self, PhotoError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("photos")
            .enable_all()
            .build()
            .map_err(|error| PhotoError {
                doing: "starting a thread for photos",
                source: Error::Generic { store: "photos", source: Box::new(error) },
                passes: false,
            })?;
        Ok(Self { objects, is_a_service, runtime: Some(runtime) })
    }

    fn done<T>(
        &self,
        doing: &'static str,
        work: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, PhotoError> {
        let _entered = self.runtime.as_ref().map(tokio::runtime::Runtime::enter);
        block_on(work).map_err(|source| PhotoError { doing, source, passes: self.is_a_service })
    }

    /// What is here of the photo.
    pub(crate) fn held(&self, hash: PhotoHash) -> Result<Held, PhotoError> {
        self.done("looking for a photo", async {
            match self.objects.head(&whole(hash)).await {
                Ok(whole) => return Ok(Held::Whole { bytes: whole.size }),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
            let pieces = self.pieces(hash).await?;
            Ok(Held::Part { bytes: pieces.last().map_or(0, |piece| piece.end) })
        })
    }

    /// Keeps `piece` behind the `offset` bytes that are here; when it returns, the piece outlives a power cut. One that
    /// another copy of the program put there meanwhile stays.
    pub(crate) fn append(&self, hash: PhotoHash, offset: u64, piece: &[u8]) -> Result<(), PhotoError> {
        if piece.is_empty() {
            return Ok(());
        }
        self.done("keeping a photo's piece", async {
            let name = pieces_of(hash).join(format!("{offset:012}"));
            match self.objects.put_opts(&name, piece.to_vec().into(), PutMode::Create.into()).await {
                Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    /// The bytes of the pieces, if they hash to the photo's name.
    pub(crate) fn part_if_whole(&self, hash: PhotoHash) -> Result<Option<Vec<u8>>, PhotoError> {
        let bytes = self.done("reading a photo back", async {
            let mut bytes = Vec::new();
            for piece in self.pieces(hash).await? {
                bytes.extend_from_slice(&self.objects.get(&piece.name).await?.bytes().await?);
            }
            Ok(bytes)
        })?;
        let found: [u8; 32] = Sha256::digest(&bytes).into();
        Ok((found == hash.0).then_some(bytes))
    }

    /// Keeps the whole photo in the place of its pieces.
    pub(crate) fn keep(&self, hash: PhotoHash, bytes: Vec<u8>) -> Result<(), PhotoError> {
        self.done("keeping a photo", async {
            self.objects.put(&whole(hash), bytes.into()).await?;
            self.forget_pieces(hash).await
        })
    }

    /// Forgets the pieces.
    pub(crate) fn drop_part(&self, hash: PhotoHash) -> Result<(), PhotoError> {
        self.done("dropping a photo's pieces", self.forget_pieces(hash))
    }

    /// The whole photo; `None` when it has not wholly arrived.
    pub(crate) fn read(&self, hash: PhotoHash) -> Result<Option<Vec<u8>>, PhotoError> {
        self.done("reading a photo", async {
            match self.objects.get(&whole(hash)).await {
                Ok(found) => found.bytes().await.map(|bytes| Some(bytes.to_vec())),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// The pieces that follow each other from the first byte on. Those that overlap, because two copies of the program
    /// took the same photo in, are left out.
    async fn pieces(&self, hash: PhotoHash) -> object_store::Result<Vec<Piece>> {
        let mut found: Vec<(u64, u64, Name)> = self
            .objects
            .list(Some(&pieces_of(hash)))
            .try_filter_map(|object| async move {
                let begin = object.location.filename().and_then(|name| name.parse().ok());
                Ok(begin.map(|begin: u64| (begin, object.size, object.location)))
            })
            .try_collect()
            .await?;
        found.sort();
        let mut pieces: Vec<Piece> = Vec::new();
        for (begin, size, name) in found {
            if begin == pieces.last().map_or(0, |piece| piece.end) {
                pieces.push(Piece { end: begin + size, name });
            }
        }
        Ok(pieces)
    }

    async fn forget_pieces(&self, hash: PhotoHash) -> object_store::Result<()> {
        let names = self.objects.list(Some(&pieces_of(hash))).map_ok(|object| object.location).boxed();
        let gone: Vec<_> = self.objects.delete_stream(names).collect().await;
        gone.into_iter().try_for_each(|deleted| match deleted {
            Err(Error::NotFound { .. }) => Ok(()),
            other => other.map(drop),
        })
    }
}

/// A piece of a photo.
struct Piece {
    /// The offset behind its last byte.
    end: u64,
    name: Name,
}

/// 256 folders, so that none grows without bound.
fn whole(hash: PhotoHash) -> Name {
    Name::from(format!("whole/{:02x}/{hash}", hash.0[0]))
}

fn pieces_of(hash: PhotoHash) -> Name {
    Name::from(format!("pieces/{hash}"))
}
