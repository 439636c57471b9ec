//! What devices are told, and how coordinators tell it: `POST /v1/inbox`, `POST /api/stations/{station}/photo-requests`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use evidence::{Body, StatementId, Unverified};
use protocol::{CBOR, InboxRequest, InboxResponse, Problem, ProblemCode, inbox_proof_message, limit};
use tally::StationId;

use super::extract::{CborBody, JsonBody, Named};
use super::guard::{Caller, not_found};
use crate::endpoint::{Endpoint, Inner};
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::PhotoRequestRequest;

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 200;

/// What is new for a device. Only the device itself is told.
pub(super) async fn fetch(
    State(endpoint): State<Endpoint>,
    CborBody(request): CborBody<InboxRequest>,
) -> Result<Response, Refusal> {
    let response = endpoint
        .blocking(move |endpoint| {
            let InboxRequest { device, after, proof } = request;
            let key = endpoint.store().device_key(device)?.ok_or_else(|| {
                Problem::new(ProblemCode::DeviceUnknown, format!("no device {device} has joined here"))
            })?;
            if !key.verify_message(&inbox_proof_message(device, after), &proof) {
                let detail = "the proof is not signed by this device".to_owned();
                return Err(Problem::new(ProblemCode::SignatureInvalid, detail).into());
            }
            Ok(InboxResponse { items: endpoint.store().inbox(device, after, limit::INBOX_ITEMS)? })
        })
        .await?;
    let body = protocol::to_cbor(&response).map_err(|error| Refusal::fault("writing an answer", &error))?;
    Ok(([(header::CONTENT_TYPE, CBOR)], body).into_response())
}

/// Asks the witness who sealed the tally for another photo of a page.
pub(super) async fn ask_for_photo(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    Named(station): Named<StationId>,
    JsonBody(PhotoRequestRequest { tally, page, reason }): JsonBody<PhotoRequestRequest>,
) -> Result<(StatusCode, Json<()>), Refusal> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let detail = format!("say in 1 to {REASON_CHARS_MAX} characters what is wrong with the photo");
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    endpoint
        .blocking(move |endpoint| {
            let tally: StatementId = tally.parse().map_err(|_| not_found())?;
            let device = witness_of(endpoint, &station, tally, page)?;
            let now_ms = endpoint.outside.now_ms();
            let actor = Actor::User(user.name);
            endpoint.store().ask_for_photo(device, &station, (tally, page, &reason), &actor, now_ms)?;
            Ok((StatusCode::CREATED, Json(())))
        })
        .await
}

/// Who sealed a tally of this station, on whose form there is such a page.
fn witness_of(
    endpoint: &Inner,
    station: &StationId,
    tally: StatementId,
    page: u8,
) -> Result<evidence::DeviceId, Refusal> {
    for kept in endpoint.store().statements_about(station)? {
        let Ok(statement) =
            Unverified::parse(&kept.bytes).and_then(|unverified| unverified.verify(&kept.key))
        else {
            continue;
        };
        if statement.id != tally {
            continue;
        }
        let Body::Tally(body) = &statement.body else { break };
        let paper = body.contest.parse().ok().and_then(|contest| endpoint.package.paper(&contest));
        let has_page = paper.is_some_and(|paper| paper.form().pages.iter().any(|known| known.number == page));
        return if has_page { Ok(statement.claims.device) } else { Err(not_found()) };
    }
    Err(not_found())
}
