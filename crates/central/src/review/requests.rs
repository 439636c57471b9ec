//! Requests to witnesses: another photo of a page, or the original of a photo.

use evidence::{Body, DeviceId, PhotoHash, TallyBody};
use protocol::{Problem, ProblemCode, limit};
use tally::StationId;

use super::statements::{statement_about, statements_about};
use super::{ReasonLength, not_found, reason_within};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, Original, PhotoRequest};
use crate::view::{OriginalRequest, PhotoRequestRequest};

impl Endpoint {
    /// Asks the witness who sealed the tally for another photo of a page.
    pub(crate) fn request_photo(
        &self,
        station: &StationId,
        request: &PhotoRequestRequest,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let length = ReasonLength { min: 1, max: limit::PHOTO_REQUEST_REASON_CHARS };
        let reason = reason_within(&request.reason, length)?;
        let tally = request.tally.parse().map_err(|_| not_found())?;
        let statement = statement_about(self, station, tally)?;
        match &statement.body {
            Body::Tally(tally) if has_page(self, station, tally, request.page) => {}
            _ => return Err(not_found()),
        }
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let photo = PhotoRequest { tally: statement.id, page: request.page, reason: &reason };
        Ok(self.store().request_photo(statement.claims.device, station, photo, audit)?)
    }

    /// Asks the witness who took a photo for its original. A second request changes nothing.
    pub(crate) fn request_original(
        &self,
        station: &StationId,
        request: &OriginalRequest,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let derivative: PhotoHash = request.photo.parse().map_err(|_| not_found())?;
        let (device, original) = original_of(self, station, derivative)?;
        if original.bytes > limit::ORIGINAL_BYTES {
            let detail = format!("the original has {} bytes, more than devices send", original.bytes);
            return Err(Problem::new(ProblemCode::BodyTooLong, detail).into());
        }
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        self.store().request_original(device, station, original, audit)?;
        Ok(())
    }
}

/// Whether the form of the tally's contest has such a page.
fn has_page(endpoint: &Endpoint, station: &StationId, tally: &TallyBody, page: u8) -> bool {
    let contest = tally.contest.parse().ok();
    let paper = contest.and_then(|contest| endpoint.package().paper_of_kind(&contest, station.kind()));
    paper.is_some_and(|paper| paper.page(page).is_some())
}

/// The device that took a photo of this station, and the original, as the photo's statement names it.
fn original_of(
    endpoint: &Endpoint,
    station: &StationId,
    derivative: PhotoHash,
) -> Result<(DeviceId, Original), Refusal> {
    let found = statements_about(endpoint, station)?.find_map(|statement| match statement.body {
        Body::Photo(photo) if photo.derivative == derivative => {
            let original = Original { hash: photo.original, bytes: photo.original_bytes };
            Some((statement.claims.device, original))
        }
        _ => None,
    });
    found.ok_or_else(not_found)
}
