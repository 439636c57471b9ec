//! Receives a photo in pieces: a resumable upload in the manner of tus, with `HEAD` for the offset and `PATCH` for a piece.
//!
//! A photo is accepted after an accepted statement has named its hash. Statements of several devices can name the same
//! hash with different lengths, of which some may be false. So the photo is complete when its bytes have the right hash
//! at any of the announced lengths. When they do not have it at the longest one, the pieces are discarded.

use evidence::PhotoHash;
use protocol::{Problem, ProblemCode};

use super::picture;
use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::photo_storage::StoredPhoto;
use crate::refusal::Refusal;
use crate::store::PhotoOutcome;

/// How far the upload of a photo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) received_bytes: u64,
    pub(crate) is_complete: bool,
}

/// The progress of a photo's upload.
pub(crate) fn progress(endpoint: &Endpoint, hash: PhotoHash) -> Result<Progress, Refusal> {
    let announced = announced_bytes(endpoint, hash)?;
    endpoint.photo_locks().with(hash, || settle(endpoint, hash, &announced))
}

/// Stores a piece that starts at `offset`.
pub(crate) fn accept_piece(
    endpoint: &Endpoint,
    hash: PhotoHash,
    offset: u64,
    piece: &[u8],
) -> Result<Progress, Refusal> {
    let announced = announced_bytes(endpoint, hash)?;
    endpoint.photo_locks().with(hash, || {
        let before = settle(endpoint, hash, &announced)?;
        if before.is_complete {
            return Ok(before);
        }
        if offset != before.received_bytes {
            return Err(Refusal::offset_wrong(before.received_bytes, offset));
        }
        let longest = announced.iter().copied().max().unwrap_or(0);
        let end = offset.saturating_add(piece.len() as u64);
        if end > longest {
            let detail =
                format!("the photo was announced with {longest} bytes, and this piece ends at {end}");
            return Err(Problem::new(ProblemCode::BodyTooLong, detail).into());
        }
        endpoint.photos().append(hash, offset, piece)?;
        settle(endpoint, hash, &announced)
    })
}

/// Stores the rest of a photo of which all bytes are here, as in a bundle.
pub(crate) fn accept_whole(endpoint: &Endpoint, hash: PhotoHash, bytes: &[u8]) -> Result<Progress, Refusal> {
    let before = progress(endpoint, hash)?;
    let offset = before.received_bytes;
    let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
    if before.is_complete || rest.is_empty() {
        return Ok(before);
    }
    accept_piece(endpoint, hash, offset, rest)
}

/// The lengths with which accepted statements announced the photo.
fn announced_bytes(endpoint: &Endpoint, hash: PhotoHash) -> Result<Vec<u64>, Refusal> {
    let photo = endpoint.store().announced_photo(hash)?;
    if let Some(PhotoOutcome::Refused) = photo.outcome {
        return Err(not_an_image("these bytes were refused before"));
    }
    if photo.announced_bytes.is_empty() {
        return Err(Problem::new(ProblemCode::PhotoUnknown, "push the statement that names it first").into());
    }
    Ok(photo.announced_bytes)
}

/// Makes the photo storage and the store agree: pieces that are the photo become it, pieces that cannot become it are
/// discarded. It also finishes what a crash interrupted.
fn settle(endpoint: &Endpoint, hash: PhotoHash, announced: &[u64]) -> Result<Progress, Refusal> {
    let received_bytes = match endpoint.photos().stored(hash)? {
        StoredPhoto::Complete { bytes } => {
            endpoint.store().set_photo_outcome(hash, PhotoOutcome::Complete, endpoint.now_ms())?;
            return Ok(Progress { received_bytes: bytes, is_complete: true });
        }
        StoredPhoto::Partial { received_bytes } => received_bytes,
    };
    let partial = Progress { received_bytes, is_complete: false };
    if !announced.contains(&received_bytes) {
        return Ok(partial);
    }
    match endpoint.photos().assembled(hash)? {
        Some(bytes) => complete(endpoint, hash, bytes),
        None if announced.iter().any(|&bytes| bytes > received_bytes) => Ok(partial),
        None => {
            endpoint.photos().discard_pieces(hash)?;
            let detail = "all bytes came, but their hash is another; send the photo again from its start";
            Err(Problem::new(ProblemCode::PhotoHashMismatch, detail).into())
        }
    }
}

/// Ends the upload of a photo whose hash is right. Bytes that are no picture are refused for ever: the same hash means
/// the same bytes.
fn complete(endpoint: &Endpoint, hash: PhotoHash, bytes: Vec<u8>) -> Result<Progress, Refusal> {
    let received_bytes = bytes.len() as u64;
    if let Err(error) = picture::examine(&bytes) {
        endpoint.store().set_photo_outcome(hash, PhotoOutcome::Refused, endpoint.now_ms())?;
        endpoint.photos().discard_pieces(hash)?;
        return Err(not_an_image(&error_chain(&error)));
    }
    endpoint.photos().complete(hash, bytes)?;
    endpoint.metrics().count_photo();
    endpoint.store().set_photo_outcome(hash, PhotoOutcome::Complete, endpoint.now_ms())?;
    Ok(Progress { received_bytes, is_complete: true })
}

fn not_an_image(detail: &str) -> Refusal {
    Problem::new(ProblemCode::PhotoNotAnImage, detail).into()
}
