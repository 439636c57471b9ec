//! The photos of a station's page, and the requests for other photos.

use evidence::{DeviceId, PhotoHash};
use protocol::InboxBody;

use super::belongs_to;
use super::letters::Letters;
use super::received::{ReceivedPhoto, ReceivedTally};
use crate::endpoint::Endpoint;
use crate::photo_storage::StoredPhoto;
use crate::refusal::Refusal;
use crate::store::StationRecord;
use crate::view::{OriginalView, PhotoRequestView, PhotoView};

/// The photos of these tallies, by page, then oldest first.
pub(super) fn photo_views(
    endpoint: &Endpoint,
    record: &StationRecord,
    letters: &Letters,
    tallies: &[ReceivedTally],
    photos: &[ReceivedPhoto],
) -> Result<Vec<PhotoView>, Refusal> {
    let shown = photos.iter().filter(|photo| tallies.iter().any(|tally| belongs_to(photo, tally)));
    let view = |photo| photo_view(endpoint, record, letters, photo);
    let mut views = shown.map(view).collect::<Result<Vec<_>, _>>()?;
    views.sort_by_key(|photo| photo.page);
    Ok(views)
}

fn photo_view(
    endpoint: &Endpoint,
    record: &StationRecord,
    letters: &Letters,
    photo: &ReceivedPhoto,
) -> Result<PhotoView, Refusal> {
    let body = &photo.body;
    let upload = upload_of(
        endpoint,
        record,
        Picture { hash: body.derivative, total_bytes: body.derivative_bytes, device: photo.device() },
    )?;
    Ok(PhotoView {
        hash: body.derivative.to_string(),
        page: body.page,
        witness: letters.of(photo.device()),
        tally: body.tally.to_string(),
        total_bytes: body.derivative_bytes,
        received_bytes: upload.received_bytes,
        arrived: upload.is_complete,
        original: original_view(endpoint, record, photo)?,
        seen_page: body.seen.as_ref().and_then(|seen| seen.page),
        issues: body.seen.as_ref().map(|seen| seen.issues.clone()).unwrap_or_default(),
        sealed_at_ms: photo.statement.claims.sealed_at.plausible_ms(),
        quarantined: photo.arrival.quarantined,
        log_index: photo.arrival.log_index,
    })
}

fn original_view(
    endpoint: &Endpoint,
    record: &StationRecord,
    photo: &ReceivedPhoto,
) -> Result<OriginalView, Refusal> {
    let (hash, total_bytes) = (photo.body.original, photo.body.original_bytes);
    let wanted = record.requested_originals.contains(&hash);
    // An original that nobody requested is not sent, so the photo storage need not be asked for it.
    let upload = if wanted {
        upload_of(endpoint, record, Picture { hash, total_bytes, device: photo.device() })?
    } else {
        UploadState::default()
    };
    Ok(OriginalView {
        hash: hash.to_string(),
        total_bytes,
        received_bytes: upload.received_bytes,
        wanted,
        arrived: upload.is_complete,
    })
}

#[derive(Default)]
struct UploadState {
    received_bytes: u64,
    is_complete: bool,
}

/// A picture that a device sends.
#[derive(Clone, Copy)]
struct Picture {
    hash: PhotoHash,
    total_bytes: u64,
    device: DeviceId,
}

/// How much of a picture has arrived, from the device that took it.
fn upload_of(
    endpoint: &Endpoint,
    record: &StationRecord,
    Picture { hash, total_bytes, device }: Picture,
) -> Result<UploadState, Refusal> {
    if record.complete_photos.contains(&hash) {
        return Ok(UploadState { received_bytes: total_bytes, is_complete: true });
    }
    let (StoredPhoto::Partial { received_bytes: bytes } | StoredPhoto::Complete { bytes }) =
        endpoint.photos().stored(hash, device)?;
    Ok(UploadState { received_bytes: bytes.min(total_bytes), is_complete: false })
}

/// The requests for other photos, and whether they were answered.
pub(super) fn photo_requests(
    record: &StationRecord,
    letters: &Letters,
    photos: &[ReceivedPhoto],
) -> Vec<PhotoRequestView> {
    let view = |entry: &crate::store::InboxEntry| match &entry.item.body {
        InboxBody::PhotoRequest { page, reason, .. } => Some(PhotoRequestView {
            witness: letters.of(entry.device),
            page: *page,
            reason: reason.clone(),
            at_ms: entry.item.at_ms,
            answered: photos.iter().any(|photo| {
                photo.device() == entry.device
                    && photo.body.page == *page
                    && photo.arrival.received_at_ms > entry.item.at_ms
            }),
        }),
        InboxBody::Verdict { .. }
        | InboxBody::OriginalRequest { .. }
        | InboxBody::Message { .. }
        | InboxBody::MessageWithdrawn { .. }
        | InboxBody::Unknown => None,
    };
    record.inbox_entries.iter().filter_map(view).collect()
}
