//! Taking a photo in, piece by piece.
//!
//! A photo may come once an accepted statement names its hash. Statements of several devices can name the same
//! hash, with lengths of which one may be a lie; so the photo is whole when its bytes hash to its name at any of the
//! announced lengths, and it is dropped when they do not at the longest.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use evidence::PhotoHash;
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::ingest::photos::picture;
use crate::ingest::photos::storage::Held;
use crate::refusal::Refusal;
use crate::store::PhotoOutcome;

/// How far a photo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Bytes that are here.
    pub(crate) held_bytes: u64,
    /// Whether that is all of it.
    pub(crate) whole: bool,
}

/// One lock for each photo that is being written. Locks that nobody holds are forgotten.
#[derive(Debug, Default)]
pub(crate) struct PhotoLocks(Mutex<HashMap<PhotoHash, Weak<Mutex<()>>>>);

impl PhotoLocks {
    fn of(&self, hash: PhotoHash) -> Arc<Mutex<()>> {
        let mut locks = lock(&self.0);
        if let Some(held) = locks.get(&hash).and_then(Weak::upgrade) {
            return held;
        }
        locks.retain(|_, held| held.strong_count() > 0);
        let fresh = Arc::new(Mutex::new(()));
        locks.insert(hash, Arc::downgrade(&fresh));
        fresh
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How much of the photo is here.
pub(crate) fn progress(endpoint: &Endpoint, hash: PhotoHash) -> Result<Progress, Refusal> {
    let announced = announced_bytes(endpoint, hash)?;
    let photo_lock = endpoint.photo_locks.of(hash);
    let _guard = lock(&photo_lock);
    settle(endpoint, hash, &announced)
}

/// Takes a piece that should start at `offset`.
pub(crate) fn take_piece(
    endpoint: &Endpoint,
    hash: PhotoHash,
    offset: u64,
    piece: &[u8],
) -> Result<Progress, Refusal> {
    let announced = announced_bytes(endpoint, hash)?;
    let photo_lock = endpoint.photo_locks.of(hash);
    let _guard = lock(&photo_lock);

    let before = settle(endpoint, hash, &announced)?;
    if before.whole {
        return Ok(before);
    }
    if offset != before.held_bytes {
        return Err(Refusal::offset_wrong(before.held_bytes, offset));
    }
    let longest = announced.iter().copied().max().unwrap_or(0);
    let after_bytes = offset.saturating_add(piece.len() as u64);
    if after_bytes > longest {
        let detail =
            format!("the photo was announced with {longest} bytes, and this piece ends at {after_bytes}");
        return Err(Problem::new(ProblemCode::BodyTooLong, detail).into());
    }
    endpoint.photos.append(hash, offset, piece)?;
    settle(endpoint, hash, &announced)
}

/// Takes a whole photo at once, whatever part of it is here already.
pub(crate) fn take_whole(endpoint: &Endpoint, hash: PhotoHash, bytes: &[u8]) -> Result<Progress, Refusal> {
    let held = progress(endpoint, hash)?;
    let rest = usize::try_from(held.held_bytes).ok().and_then(|held| bytes.get(held..)).unwrap_or_default();
    if held.whole || rest.is_empty() { Ok(held) } else { take_piece(endpoint, hash, held.held_bytes, rest) }
}

/// The lengths under which accepted statements announced the photo.
fn announced_bytes(endpoint: &Endpoint, hash: PhotoHash) -> Result<Vec<u64>, Refusal> {
    let photo = endpoint.store.announced_photo(hash)?;
    if let Some(PhotoOutcome::Refused) = photo.outcome {
        return Err(not_an_image("these bytes were refused before"));
    }
    if photo.announced_bytes.is_empty() {
        return Err(Problem::new(ProblemCode::PhotoUnknown, "push the statement that names it first").into());
    }
    Ok(photo.announced_bytes)
}

/// Brings folder and store to agree: a part that is the whole is kept, one that cannot become it is dropped. It also
/// finishes what a crash interrupted.
fn settle(endpoint: &Endpoint, hash: PhotoHash, announced: &[u64]) -> Result<Progress, Refusal> {
    let held_bytes = match endpoint.photos.held(hash)? {
        Held::Whole { bytes } => {
            endpoint.store.set_photo_outcome(hash, PhotoOutcome::Complete, endpoint.outside.now_ms())?;
            return Ok(Progress { held_bytes: bytes, whole: true });
        }
        Held::Part { bytes } => bytes,
    };
    if !announced.contains(&held_bytes) {
        return Ok(Progress { held_bytes, whole: false });
    }
    match endpoint.photos.part_if_whole(hash)? {
        Some(bytes) => match picture::examine(&bytes) {
            Ok(_) => {
                endpoint.photos.keep(hash, bytes)?;
                endpoint.metrics.photo_arrived();
                endpoint.store.set_photo_outcome(hash, PhotoOutcome::Complete, endpoint.outside.now_ms())?;
                Ok(Progress { held_bytes, whole: true })
            }
            Err(error) => {
                endpoint.store.set_photo_outcome(hash, PhotoOutcome::Refused, endpoint.outside.now_ms())?;
                endpoint.photos.drop_part(hash)?;
                Err(not_an_image(&error.to_string()))
            }
        },
        None if announced.iter().any(|&bytes| bytes > held_bytes) => {
            Ok(Progress { held_bytes, whole: false })
        }
        None => {
            endpoint.photos.drop_part(hash)?;
            let detail = "all bytes came, but they hash to another name; send the photo again from its start";
            Err(Problem::new(ProblemCode::PhotoHashMismatch, detail).into())
        }
    }
}

fn not_an_image(detail: &str) -> Refusal {
    Problem::new(ProblemCode::PhotoNotAnImage, detail).into()
}
