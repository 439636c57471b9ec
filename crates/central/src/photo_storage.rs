//! The bytes of photos: in a folder, or in a bucket of an S3-compatible store that several replicas share.
//!
//! A photo arrives in pieces. A piece is an object under its sender, the photo's hash and the offset at which
//! it begins. A complete photo is one object under its hash. No object ever changes, so neither a power cut
//! nor another replica leaves one half written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::body::Bytes;
use evidence::{DeviceId, PhotoHash};
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::prefix::PrefixStore;
use object_store::{ClientConfigKey, Error, ObjectStore, ObjectStoreExt as _, PutMode, RetryConfig};
use sha2::{Digest as _, Sha256};

use crate::blocking::Bridge;
use crate::private_files::make_private_folder;

/// Timeout of one request to a bucket. A piece has at most some megabytes.
const BUCKET_TIMEOUT: Duration = Duration::from_secs(20);
/// Maximum number of times that a request to a bucket is repeated. A device repeats its own request anyway.
const BUCKET_RETRIES: usize = 1;

/// What is stored of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredPhoto {
    /// Its first bytes; 0 before the first piece.
    Partial { received_bytes: u64 },
    /// All of it, with a checked hash.
    Complete { bytes: u64 },
}

/// Why the bytes of photos cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action}")]
pub struct PhotoError {
    action: &'static str,
    source: Error,
    /// Whether the same may succeed later.
    pub(crate) is_transient: bool,
}

impl PhotoError {
    /// What a transient error says of the storage, in words for a client.
    pub(crate) fn fault(&self) -> &'static str {
        match io_error(&self.source).map(io::Error::kind) {
            Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => "the store of photos is full",
            Some(ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) => {
                "the store of photos is read-only"
            }
            _ => "the store of photos does not answer",
        }
    }
}

/// The error of the operating system behind an error of the storage.
fn io_error(error: &Error) -> Option<&io::Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// Errors that end when the operator mends the disk or its permissions.
fn is_mended_outside(error: &io::Error) -> bool {
    use ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull, TimedOut};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem | PermissionDenied | TimedOut)
}

/// A photo that is read while it is sent.
pub(crate) struct PhotoStream {
    /// Its first bytes, which say what it is.
    pub(crate) first: Bytes,
    pub(crate) rest: BoxStream<'static, object_store::Result<Bytes>>,
}

/// Photos by their hash.
pub(crate) struct PhotoStorage {
    objects: Box<dyn ObjectStore>,
    is_a_service: bool,
    bridge: Bridge,
}

impl fmt::Debug for PhotoStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhotoStorage({})", self.objects)
    }
}

impl PhotoStorage {
    /// The storage in `bucket`, or in a folder of the data folder, which is made when it is missing.
    pub(crate) fn open(bucket: Option<&str>, data: &Path) -> Result<Self, PhotoError> {
        if let Some(url) = bucket {
            return Self::in_bucket(url);
        }
        let folder = data.join("photos");
        make_private_folder(&folder).map_err(|error| opening(generic("folder", error)))?;
        Self::in_folder(&folder)
    }

    /// The storage in a folder, which must exist.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, PhotoError> {
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(opening)?;
        // A witness sees "complete" only for bytes that survive a power cut.
        Self::new(Box::new(objects.with_fsync(true)), false)
    }

    /// The storage in the bucket that `url` names, or below a prefix in it: `s3://bucket` or
    /// `s3://bucket/prefix`. Keys, region and an address other than Amazon's come from the usual `AWS_…`
    /// variables.
    fn in_bucket(url: &str) -> Result<Self, PhotoError> {
        // An error says that the program has chosen its provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = with_limits(AmazonS3Builder::from_env().with_url(url), BUCKET_TIMEOUT);
        let bucket = builder.build().map_err(opening)?;
        let url = url.parse::<reqwest::Url>().map_err(|error| opening(generic("S3", error)))?;
        let prefix = Name::from_url_path(url.path()).map_err(|error| opening(error.into()))?;
        Self::new(Box::new(PrefixStore::new(bucket, prefix)), true)
    }

    fn new(objects: Box<dyn ObjectStore>, is_a_service: bool) -> Result<Self, PhotoError> {
        let bridge = Bridge::new("photos").map_err(|error| opening(generic("thread", error)))?;
        Ok(Self { objects, is_a_service, bridge })
    }

    fn run<T>(
        &self,
        action: &'static str,
        work: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, PhotoError> {
        self.bridge.wait(work).map_err(|source| {
            let is_transient = self.is_a_service || io_error(&source).is_some_and(is_mended_outside);
            PhotoError { action, source, is_transient }
        })
    }

    /// Copies complete photos and pieces that `to` does not have. Gives the number of objects copied.
    pub(crate) fn copy_to(&self, to: &Self) -> Result<usize, PhotoError> {
        let names = self.run("list the photos", async {
            self.objects.list(None).map_ok(|object| object.location).try_collect::<Vec<Name>>().await
        })?;
        let mut copied = 0;
        for name in names {
            copied += usize::from(self.copy_object(&name, to)?);
        }
        Ok(copied)
    }

    fn copy_object(&self, name: &Name, to: &Self) -> Result<bool, PhotoError> {
        let exists = to.run("look for a photo", async {
            match to.objects.head(name).await {
                Ok(_) => Ok(true),
                Err(Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(error),
            }
        })?;
        if exists {
            return Ok(false);
        }
        let bytes = match self.run("read a photo", async { self.objects.get(name).await?.bytes().await }) {
            // The piece became part of a complete photo after it was listed.
            Err(PhotoError { source: Error::NotFound { .. }, .. }) => return Ok(false),
            bytes => bytes?,
        };
        to.run("store a photo", async { to.objects.put(name, bytes.into()).await.map(drop) })?;
        Ok(true)
    }

    /// Writes a small object and deletes it, to see whether photos can be stored now.
    pub(crate) fn check_writable(&self) -> Result<(), PhotoError> {
        self.run("write to the photo storage", async {
            let name = Name::from("readiness");
            self.objects.put(&name, b"ready".to_vec().into()).await?;
            match self.objects.delete(&name).await {
                // Another replica deleted it.
                Err(Error::NotFound { .. }) => Ok(()),
                deleted => deleted,
            }
        })
    }

    /// What is stored of the photo: all of it, or what `sender` sent.
    pub(crate) fn stored(&self, hash: PhotoHash, sender: DeviceId) -> Result<StoredPhoto, PhotoError> {
        self.run("look for a photo", async {
            match self.objects.head(&complete_name(hash)).await {
                Ok(object) => return Ok(StoredPhoto::Complete { bytes: object.size }),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
            let pieces = self.pieces(hash, sender).await?;
            Ok(StoredPhoto::Partial { received_bytes: pieces.last().map_or(0, |piece| piece.end) })
        })
    }

    /// Stores `piece` at `offset`. When it returns, the piece survives a power cut. A piece that another
    /// replica stored at this offset in the meantime stays.
    pub(crate) fn append(
        &self,
        hash: PhotoHash,
        sender: DeviceId,
        offset: u64,
        piece: &[u8],
    ) -> Result<(), PhotoError> {
        if piece.is_empty() {
            return Ok(());
        }
        self.run("store a piece of a photo", async {
            let name = part_folder(hash, sender).join(format!("{offset:012}"));
            match self.objects.put_opts(&name, piece.to_vec().into(), PutMode::Create.into()).await {
                Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    /// The bytes that `sender` sent, if their hash is the photo's name.
    pub(crate) fn assembled(&self, hash: PhotoHash, sender: DeviceId) -> Result<Option<Vec<u8>>, PhotoError> {
        let bytes = self.run("read the pieces of a photo", async {
            let mut bytes = Vec::new();
            for piece in self.pieces(hash, sender).await? {
                bytes.extend_from_slice(&self.objects.get(&piece.name).await?.bytes().await?);
            }
            Ok(bytes)
        })?;
        let found: [u8; 32] = Sha256::digest(&bytes).into();
        Ok((found == hash.0).then_some(bytes))
    }

    /// Stores the complete photo.
    pub(crate) fn complete(&self, hash: PhotoHash, bytes: Vec<u8>) -> Result<(), PhotoError> {
        self.run("store a photo", async {
            self.objects.put(&complete_name(hash), bytes.into()).await.map(drop)
        })
    }

    /// Deletes what `sender` sent of the photo.
    pub(crate) fn discard_part(&self, hash: PhotoHash, sender: DeviceId) -> Result<(), PhotoError> {
        self.run("delete the pieces of a photo", self.delete_all(part_folder(hash, sender)))
    }

    /// The photos that `sender` began and did not complete.
    pub(crate) fn unfinished(&self, sender: DeviceId) -> Result<BTreeSet<PhotoHash>, PhotoError> {
        self.run("list the unfinished photos of a device", async {
            let mut unfinished = BTreeSet::new();
            // By the pieces: a disk keeps the empty folder of a photo that is complete.
            let mut pieces = self.objects.list(Some(&sender_folder(sender)));
            while let Some(piece) = pieces.try_next().await? {
                let hash = piece.location.parts().nth(HASH_PART);
                unfinished.extend(hash.and_then(|hash| hash.as_ref().parse::<PhotoHash>().ok()));
            }
            Ok(unfinished)
        })
    }

    /// Deletes the unfinished photos of which no piece arrived since `before_ms`. Gives their number.
    pub(crate) fn drop_stale(&self, before_ms: i64) -> Result<usize, PhotoError> {
        let newest = self.run("list the unfinished photos", async {
            let mut newest: BTreeMap<Name, i64> = BTreeMap::new();
            for folder in ["parts", "pieces"] {
                let mut objects = self.objects.list(Some(&Name::from(folder)));
                while let Some(object) = objects.try_next().await? {
                    let mut parts: Vec<_> = object.location.parts().collect();
                    parts.pop();
                    let at_ms = newest.entry(Name::from_iter(parts)).or_insert(i64::MIN);
                    *at_ms = (*at_ms).max(object.last_modified.timestamp_millis());
                }
            }
            Ok(newest)
        })?;
        let stale: Vec<Name> =
            newest.into_iter().filter(|(_, at_ms)| *at_ms < before_ms).map(|(folder, _)| folder).collect();
        for folder in &stale {
            self.run("delete an unfinished photo", self.delete_all(folder.clone()))?;
        }
        Ok(stale.len())
    }

    /// The complete photo; `None` before all of it has arrived.
    pub(crate) fn read(&self, hash: PhotoHash) -> Result<Option<Vec<u8>>, PhotoError> {
        self.run("read a photo", async {
            match self.objects.get(&complete_name(hash)).await {
                Ok(found) => found.bytes().await.map(|bytes| Some(bytes.to_vec())),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// The complete photo as its first piece, and the pieces behind it as they are read; `None` before all of
    /// it has arrived.
    pub(crate) fn stream(&self, hash: PhotoHash) -> Result<Option<PhotoStream>, PhotoError> {
        self.run("read a photo", async {
            let mut pieces = match self.objects.get(&complete_name(hash)).await {
                Ok(found) => found.into_stream(),
                Err(Error::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            let first = pieces.try_next().await?.unwrap_or_default();
            Ok(Some(PhotoStream { first, rest: pieces }))
        })
    }

    /// The pieces that follow each other from the first byte on. Pieces that overlap, because two replicas
    /// received the same photo, are left out.
    async fn pieces(&self, hash: PhotoHash, sender: DeviceId) -> object_store::Result<Vec<Piece>> {
        let mut found: Vec<(u64, u64, Name)> = self
            .objects
            .list(Some(&part_folder(hash, sender)))
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

    async fn delete_all(&self, folder: Name) -> object_store::Result<()> {
        let names = self.objects.list(Some(&folder)).map_ok(|object| object.location).boxed();
        let deleted: Vec<_> = self.objects.delete_stream(names).collect().await;
        deleted.into_iter().try_for_each(|result| match result {
            Err(Error::NotFound { .. }) => Ok(()),
            other => other.map(drop),
        })
    }
}

/// A piece of a photo.
struct Piece {
    /// The offset after its last byte.
    end: u64,
    name: Name,
}

/// Bounds how long a bucket that does not answer is waited for.
fn with_limits(builder: AmazonS3Builder, timeout: Duration) -> AmazonS3Builder {
    let text = format!("{}ms", timeout.as_millis());
    builder
        // One by one: other options come from the environment.
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), &text)
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout), &text)
        .with_retry(RetryConfig {
            max_retries: BUCKET_RETRIES,
            retry_timeout: timeout,
            ..RetryConfig::default()
        })
}

/// 256 folders, so that no folder has all photos of the country.
fn complete_name(hash: PhotoHash) -> Name {
    Name::from(format!("whole/{:02x}/{hash}", hash.0[0]))
}

/// Each device has a part of its own of a photo, so that none can spoil another one's.
/// Which part of a piece's name is the photo's hash: `parts/SENDER/HASH/OFFSET`.
const HASH_PART: usize = 2;

fn part_folder(hash: PhotoHash, sender: DeviceId) -> Name {
    sender_folder(sender).join(hash.to_string())
}

fn sender_folder(sender: DeviceId) -> Name {
    Name::from(format!("parts/{sender}"))
}

fn opening(source: Error) -> PhotoError {
    PhotoError { action: "open the photo storage", source, is_transient: false }
}

fn generic(store: &'static str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic { store, source: Box::new(error) }
}

/// One lock for each photo that is being written in this process. Locks that nobody holds are dropped.
#[derive(Debug, Default)]
pub(crate) struct PhotoLocks(Mutex<HashMap<PhotoHash, Weak<Mutex<()>>>>);

impl PhotoLocks {
    /// Runs `work` while no other thread works on the same photo.
    pub(crate) fn with<T>(&self, hash: PhotoHash, work: impl FnOnce() -> T) -> T {
        let lock = self.lock_of(hash);
        let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    fn lock_of(&self, hash: PhotoHash) -> Arc<Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&hash).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(Mutex::new(()));
        locks.insert(hash, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_photo_that_is_complete_is_not_unfinished_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let photos = PhotoStorage::in_folder(folder.path()).unwrap();
        let sender = DeviceId([7; 16]);
        for number in 0..20 {
            let hash = PhotoHash([number; 32]);
            photos.append(hash, sender, 0, b"piece").unwrap();
            assert_eq!(photos.unfinished(sender).unwrap(), BTreeSet::from([hash]));
            photos.complete(hash, b"piece".to_vec()).unwrap();
            photos.discard_part(hash, sender).unwrap();
        }
        assert!(photos.unfinished(sender).unwrap().is_empty());
    }

    #[test]
    fn a_bucket_that_does_not_answer_is_not_waited_for_without_end() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The system accepts connections for it, and nobody reads them.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let builder = AmazonS3Builder::new()
            .with_bucket_name("saksi")
            .with_region("local")
            .with_allow_http(true)
            .with_endpoint(format!("http://{}", silent.local_addr().unwrap()))
            .with_access_key_id("saksi")
            .with_secret_access_key("change-me");
        let bucket = with_limits(builder, Duration::from_millis(100)).build().unwrap();
        let photos = PhotoStorage::new(Box::new(bucket), true).unwrap();
        let start = Instant::now();
        let error = photos.check_writable().unwrap_err();
        assert!(error.is_transient, "{error}");
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}
