//! What devices are told, and how coordinators tell it: `POST /v1/inbox` and, below `/api/stations/{station}`,
//! `POST /photo-requests`, `POST /verdicts` and `POST /originals`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use evidence::{Body, DeviceId, PhotoHash, Statement, StatementId, Unverified};
use protocol::{
    CBOR, ChangedEnrolment, Decision, EnrolmentMark, InboxRequest, InboxResponse, Problem, ProblemCode,
    inbox_proof_message, limit,
};
use tally::StationId;

use crate::endpoint::{Endpoint, Inner};
use crate::http::extract::{CborBody, JsonBody, Named};
use crate::http::guard::{Caller, not_found};
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, DeviceAssignments, NewVerdict, Original, PhotoRequest};
use crate::view::{OriginalRequest, PhotoRequestRequest, VerdictRequest};

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 200;

/// What is new for a device. Only the device itself is told.
pub(crate) async fn fetch(
    State(endpoint): State<Endpoint>,
    CborBody(request): CborBody<InboxRequest>,
) -> Result<Response, Refusal> {
    let response = endpoint
        .blocking(move |endpoint| {
            let InboxRequest { device, after, proof, enrolment } = request;
            let key = endpoint.store().device_key(device)?.ok_or_else(|| {
                Problem::new(ProblemCode::DeviceUnknown, format!("no device {device} has joined here"))
            })?;
            if !key.verify_message(&inbox_proof_message(device, after), &proof) {
                let detail = "the proof is not signed by this device".to_owned();
                return Err(Problem::new(ProblemCode::SignatureInvalid, detail).into());
            }
            Ok(InboxResponse {
                at_ms: Some(endpoint.outside.now_ms()),
                items: endpoint.store().inbox(device, after, limit::INBOX_ITEMS)?,
                enrolment: match enrolment {
                    Some(mark) => changed_enrolment(endpoint, device, mark)?,
                    None => None,
                },
            })
        })
        .await?;
    let body = protocol::to_cbor(&response).map_err(|error| Refusal::fault("writing an answer", &error))?;
    Ok(([(header::CONTENT_TYPE, CBOR)], body).into_response())
}

/// What the device has joined by now, where that is not what it says to have.
fn changed_enrolment(
    endpoint: &Inner,
    device: DeviceId,
    mark: EnrolmentMark,
) -> Result<Option<ChangedEnrolment>, Refusal> {
    let election = &endpoint.package.election;
    let revision = endpoint.store().assignments_revision(device)?;
    if mark == (EnrolmentMark { election_version: election.version, assignments_revision: revision }) {
        return Ok(None);
    }
    let DeviceAssignments { assignments, revision, ever } = endpoint.store().assignments_of(device)?;
    let election = election.slice(&ever).to_json();
    Ok(Some(ChangedEnrolment {
        assignments_revision: revision,
        assignments,
        election: election.map_err(|error| Refusal::fault("writing the election package", &error))?,
    }))
}

/// A reason that somebody typed, without blanks around it.
fn reason_of(typed: &str, least_chars: usize) -> Result<String, Refusal> {
    let reason = typed.trim().to_owned();
    if (least_chars..=REASON_CHARS_MAX).contains(&reason.chars().count()) {
        return Ok(reason);
    }
    let detail =
        format!("say in {least_chars} to {REASON_CHARS_MAX} characters what the witness should know");
    Err(Problem::new(ProblemCode::RequestMalformed, detail).into())
}

/// Decides on a tally, and tells the witness who sealed it. A dispute says why.
pub(crate) async fn decide(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    Named(station): Named<StationId>,
    JsonBody(VerdictRequest { tally, decision, reason }): JsonBody<VerdictRequest>,
) -> Result<(StatusCode, Json<()>), Refusal> {
    let reason = reason_of(&reason, usize::from(decision == Decision::Disputed))?;
    endpoint
        .blocking(move |endpoint| {
            let tally: StatementId = tally.parse().map_err(|_| not_found())?;
            let (device, body) = statement_about(endpoint, &station, tally)?;
            if !matches!(body, Body::Tally(_)) {
                return Err(not_found());
            }
            let actor = Actor::User(user.name);
            let audit = AuditContext { actor: &actor, now_ms: endpoint.outside.now_ms() };
            let verdict = NewVerdict { statement: tally, decision, reason: &reason };
            endpoint.store().record_verdict(device, &station, verdict, audit)?;
            Ok((StatusCode::CREATED, Json(())))
        })
        .await
}

/// Asks the witness who took a photo for the picture as the camera wrote it. Asking again changes nothing.
pub(crate) async fn ask_for_original(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    Named(station): Named<StationId>,
    JsonBody(OriginalRequest { photo }): JsonBody<OriginalRequest>,
) -> Result<(StatusCode, Json<()>), Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let derivative: PhotoHash = photo.parse().map_err(|_| not_found())?;
            let (device, original) = original_of(endpoint, &station, derivative)?;
            if original.bytes > limit::ORIGINAL_BYTES {
                let detail = format!("the original has {} bytes, more than is sent", original.bytes);
                return Err(Problem::new(ProblemCode::BodyTooLong, detail).into());
            }
            let actor = Actor::User(user.name);
            let audit = AuditContext { actor: &actor, now_ms: endpoint.outside.now_ms() };
            endpoint.store().request_original(device, &station, original, audit)?;
            Ok((StatusCode::CREATED, Json(())))
        })
        .await
}

/// Who took a photo of this station, and what its original is, by the photo's own statement.
fn original_of(
    endpoint: &Inner,
    station: &StationId,
    derivative: PhotoHash,
) -> Result<(DeviceId, Original), Refusal> {
    let mut statements = kept_about(endpoint, station)?;
    let found = statements.find_map(|statement| match statement.body {
        Body::Photo(photo) if photo.derivative == derivative => {
            Some((statement.claims.device, Original { hash: photo.original, bytes: photo.original_bytes }))
        }
        _ => None,
    });
    found.ok_or_else(not_found)
}

/// The statement of this name about this station: who signed it, and what it says.
fn statement_about(
    endpoint: &Inner,
    station: &StationId,
    id: StatementId,
) -> Result<(DeviceId, Body), Refusal> {
    let mut statements = kept_about(endpoint, station)?;
    let found = statements.find(|statement| statement.id == id).ok_or_else(not_found)?;
    Ok((found.claims.device, found.body))
}

/// The statements about a station whose signature holds.
fn kept_about(
    endpoint: &Inner,
    station: &StationId,
) -> Result<impl Iterator<Item = Statement> + use<>, Refusal> {
    let kept = endpoint.store().statements_about(station)?;
    Ok(kept.into_iter().filter_map(|kept| {
        Unverified::parse(&kept.bytes).and_then(|unverified| unverified.verify(&kept.key)).ok()
    }))
}

/// Asks the witness who sealed the tally for another photo of a page.
pub(crate) async fn ask_for_photo(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    Named(station): Named<StationId>,
    JsonBody(PhotoRequestRequest { tally, page, reason }): JsonBody<PhotoRequestRequest>,
) -> Result<(StatusCode, Json<()>), Refusal> {
    let reason = reason_of(&reason, 1)?;
    endpoint
        .blocking(move |endpoint| {
            let tally: StatementId = tally.parse().map_err(|_| not_found())?;
            let device = witness_of(endpoint, &station, tally, page)?;
            let actor = Actor::User(user.name);
            let audit = AuditContext { actor: &actor, now_ms: endpoint.outside.now_ms() };
            let request = PhotoRequest { tally, page, reason: &reason };
            endpoint.store().request_photo(device, &station, request, audit)?;
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
) -> Result<DeviceId, Refusal> {
    let (device, body) = statement_about(endpoint, station, tally)?;
    let Body::Tally(body) = body else { return Err(not_found()) };
    let paper = body.contest.parse().ok().and_then(|contest| endpoint.package.paper(&contest));
    let has_page = paper.is_some_and(|paper| paper.form().pages.iter().any(|known| known.number == page));
    if has_page { Ok(device) } else { Err(not_found()) }
}
