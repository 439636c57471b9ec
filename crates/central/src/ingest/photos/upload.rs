//! Receives a photo in pieces: a resumable upload in the manner of tus, with `HEAD` for the offset and
//! `PATCH` for a piece.
//!
//! A photo is accepted after an accepted statement has named its hash. Each sending device has a part of its
//! own, so that no device can spoil another one's. A part is complete when its bytes have the right hash at
//! an announced length. For a device that announced the photo itself only its own lengths count. A part that
//! does not have the hash at the longest one is discarded, which hurts nobody else.

use evidence::{DeviceId, PhotoHash};
use protocol::{Problem, ProblemCode, limit, quota};
use sha2::{Digest as _, Sha256};

use super::picture;
use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::photo_storage::StoredPhoto;
use crate::refusal::{Hint, Refusal};
use crate::store::{AnnouncedPhoto, PhotoOutcome};

/// How far the upload of a photo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) received_bytes: u64,
    pub(crate) is_complete: bool,
}

/// A device's upload of a photo.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upload {
    pub(crate) hash: PhotoHash,
    pub(crate) sender: DeviceId,
}

impl Upload {
    /// Its progress.
    pub(crate) fn progress(self, endpoint: &Endpoint) -> Result<Progress, Refusal> {
        let announced = announced(endpoint, self.hash)?;
        let lengths = announced.lengths_for(self.sender);
        endpoint.photo_locks().with(self.hash, || self.settle(endpoint, &lengths))
    }

    /// Stores a piece that starts at `offset`.
    pub(crate) fn accept_piece(
        self,
        endpoint: &Endpoint,
        offset: u64,
        piece: &[u8],
    ) -> Result<Progress, Refusal> {
        let announced = announced(endpoint, self.hash)?;
        let lengths = announced.lengths_for(self.sender);
        endpoint.photo_locks().with(self.hash, || {
            let before = self.settle(endpoint, &lengths)?;
            if before.is_complete {
                return Ok(before);
            }
            if offset != before.received_bytes {
                return Err(Refusal::offset_wrong(before.received_bytes, offset));
            }
            check_piece(&lengths, offset, piece)?;
            if offset == 0 {
                self.check_quota(endpoint, &announced)?;
            }
            endpoint.free_space().check_photos()?;
            endpoint.photos().append(self.hash, self.sender, offset, piece)?;
            self.settle(endpoint, &lengths)
        })
    }

    /// Refuses a new part of a device that is revoked, or that has too many unfinished ones. An original that
    /// a coordinator requested is outside the quota.
    fn check_quota(self, endpoint: &Endpoint, announced: &AnnouncedPhoto) -> Result<(), Refusal> {
        if announced.is_requested_original {
            return Ok(());
        }
        let bytes = match endpoint.store().upload_standing(self.sender)? {
            quota::Standing::Assigned => quota::ASSIGNED_UNFINISHED_BYTES,
            quota::Standing::Unassigned => quota::UNASSIGNED_UNFINISHED_BYTES,
            quota::Standing::Revoked => 0,
        };
        let unfinished = endpoint.photos().unfinished(self.sender)?;
        let others = unfinished.iter().filter(|hash| **hash != self.hash).count() as u64;
        if (others + 1) * limit::PHOTO_BYTES > bytes {
            return Err(above_quota());
        }
        Ok(())
    }

    /// Makes the photo storage and the store agree: a part that is the photo becomes it, a part that cannot
    /// become it is discarded. It also finishes what a crash interrupted.
    fn settle(self, endpoint: &Endpoint, lengths: &[u64]) -> Result<Progress, Refusal> {
        let received_bytes = match endpoint.photos().stored(self.hash, self.sender)? {
            StoredPhoto::Complete { bytes } => {
                let now_ms = endpoint.now_ms();
                endpoint.store().set_photo_outcome(self.hash, PhotoOutcome::Complete, now_ms)?;
                return Ok(Progress { received_bytes: bytes, is_complete: true });
            }
            StoredPhoto::Partial { received_bytes } => received_bytes,
        };
        let partial = Progress { received_bytes, is_complete: false };
        if !lengths.contains(&received_bytes) {
            return Ok(partial);
        }
        match endpoint.photos().assembled(self.hash, self.sender)? {
            Some(bytes) => {
                let completed = complete(endpoint, self.hash, bytes);
                endpoint.photos().discard_part(self.hash, self.sender)?;
                completed
            }
            None if lengths.iter().any(|&bytes| bytes > received_bytes) => Ok(partial),
            None => {
                endpoint.photos().discard_part(self.hash, self.sender)?;
                let detail = "all bytes came, but their hash is another; send the photo again from its start";
                Err(Problem::new(ProblemCode::PhotoHashMismatch, detail).into())
            }
        }
    }
}

/// Refuses a piece that is longer than the photo, or so short that a photo would have very many of them.
fn check_piece(lengths: &[u64], offset: u64, piece: &[u8]) -> Result<(), Refusal> {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let end = offset.saturating_add(piece.len() as u64);
    if end > longest {
        let detail = format!("the photo was announced with {longest} bytes, and this piece ends at {end}");
        return Err(Problem::new(ProblemCode::BodyTooLong, detail).into());
    }
    if piece.len() < limit::PHOTO_PIECE_BYTES_MIN && !lengths.contains(&end) {
        let detail = format!(
            "a piece of {} bytes, where only the last may have fewer than {}",
            piece.len(),
            limit::PHOTO_PIECE_BYTES_MIN
        );
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    Ok(())
}

/// Stores a photo of which all bytes are here, as in a bundle.
pub(crate) fn accept_whole(endpoint: &Endpoint, bytes: &[u8]) -> Result<Progress, Refusal> {
    let hash = PhotoHash(Sha256::digest(bytes).into());
    let announced = announced(endpoint, hash)?;
    let received_bytes = bytes.len() as u64;
    if announced.outcome == Some(PhotoOutcome::Complete) {
        return Ok(Progress { received_bytes, is_complete: true });
    }
    if !announced.lengths().contains(&received_bytes) {
        return Ok(Progress { received_bytes, is_complete: false });
    }
    endpoint.photo_locks().with(hash, || complete(endpoint, hash, bytes.to_vec()))
}

/// What accepted statements announced of the photo.
fn announced(endpoint: &Endpoint, hash: PhotoHash) -> Result<AnnouncedPhoto, Refusal> {
    let photo = endpoint.store().announced_photo(hash)?;
    if let Some(PhotoOutcome::Refused) = photo.outcome {
        return Err(not_an_image("these bytes were refused before"));
    }
    if photo.lengths().is_empty() {
        return Err(Problem::new(ProblemCode::PhotoUnknown, "push the statement that names it first").into());
    }
    Ok(photo)
}

/// Ends the upload of a photo whose hash is right. Bytes that are no picture, or too large a one, are refused
/// for ever: the same hash means the same bytes.
fn complete(endpoint: &Endpoint, hash: PhotoHash, bytes: Vec<u8>) -> Result<Progress, Refusal> {
    let received_bytes = bytes.len() as u64;
    let is_original = endpoint.store().announced_photo(hash)?.is_requested_original;
    let pixels_max = if is_original { limit::ORIGINAL_PIXELS_MAX } else { limit::PHOTO_PIXELS_MAX };
    if let Err(error) = picture::examine(&bytes, pixels_max) {
        endpoint.store().set_photo_outcome(hash, PhotoOutcome::Refused, endpoint.now_ms())?;
        return Err(match error {
            picture::PictureError::TooLarge { .. } => {
                Problem::new(ProblemCode::PhotoTooLarge, error_chain(&error)).into()
            }
            _ => not_an_image(&error_chain(&error)),
        });
    }
    endpoint.photos().complete(hash, bytes)?;
    endpoint.metrics().count_photo();
    endpoint.store().set_photo_outcome(hash, PhotoOutcome::Complete, endpoint.now_ms())?;
    Ok(Progress { received_bytes, is_complete: true })
}

fn above_quota() -> Refusal {
    let detail = "the device has too many unfinished photos, or may send none";
    Refusal {
        problem: Box::new(Problem::new(ProblemCode::QuotaExceeded, detail)),
        hint: Some(Hint::RetryAfterSeconds(i64::try_from(quota::RETRY_AFTER_S).unwrap_or(i64::MAX))),
    }
}

fn not_an_image(detail: &str) -> Refusal {
    Problem::new(ProblemCode::PhotoNotAnImage, detail).into()
}
