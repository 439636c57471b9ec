//! The device's addresses: enrolment, statements, photos.

use std::collections::{BTreeSet, HashMap};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{head, post};
use evidence::{DeviceId, PhotoHash, PublicKey, StatementId};
use protocol::{
    CBOR, MissingStatement, Outcome, Problem, ProblemCode, PushRequest, PushResponse, UPLOAD_OFFSET, limit,
    path,
};
use serde_bytes::ByteBuf;

use super::enrolment::enrol;
use super::extract::{CborBody, Named, Piece, header_number};
use crate::endpoint::Endpoint;
use crate::intake::{self, Admitted};
use crate::refusal::Refusal;
use crate::upload::{self, Progress};

/// How long the whole photo is, where that is known.
const UPLOAD_LENGTH: &str = "upload-length";

pub(super) fn routes() -> Router<Endpoint> {
    Router::new()
        .route(path::ENROL, post(enrol))
        .route(path::STATEMENTS, post(push))
        .route(&format!("{}/{{hash}}", path::PHOTOS), head(photo_offset).patch(photo_piece))
}

async fn push(
    State(endpoint): State<Endpoint>,
    CborBody(request): CborBody<PushRequest>,
) -> Result<Response, Refusal> {
    let count = request.statements.len();
    if count > limit::STATEMENTS_PER_PUSH {
        let detail = format!("{count} statements, where {} are allowed", limit::STATEMENTS_PER_PUSH);
        return Err(Problem::new(ProblemCode::BatchTooLong, detail).into());
    }
    let response = endpoint.blocking(|endpoint| take_in(endpoint, request.statements)).await?;
    let body = protocol::to_cbor(&response).map_err(|error| Refusal::fault("writing an answer", &error))?;
    Ok(([(header::CONTENT_TYPE, CBOR)], body).into_response())
}

/// What is to be answered for one statement of a push.
enum Answer {
    /// It is here since then.
    Held(StatementId, i64),
    /// It goes in, or is in already: the place among those that are taken in.
    Admitted(StatementId, usize),
    Refused(Problem),
}

fn take_in(endpoint: &Endpoint, statements: Vec<ByteBuf>) -> Result<PushResponse, Refusal> {
    let mut keys: HashMap<DeviceId, Option<PublicKey>> = HashMap::new();
    let mut admitted: Vec<Admitted> = Vec::new();
    let mut answers = Vec::with_capacity(statements.len());
    for bytes in statements {
        let unverified = match intake::read(&bytes) {
            Ok(unverified) => unverified,
            Err(problem) => {
                answers.push(Answer::Refused(problem));
                continue;
            }
        };
        // The same bytes were judged before: their first answer stands, whatever has changed since.
        let id = unverified.id();
        if let Some(&Some(received_at_ms)) = endpoint.store.received_at(&[id])?.first() {
            answers.push(Answer::Held(id, received_at_ms));
            continue;
        }
        let device = unverified.device();
        let key = match keys.get(&device) {
            Some(key) => *key,
            None => *keys.entry(device).or_insert(endpoint.store.device_key(device)?),
        };
        answers.push(match intake::admit(unverified, bytes.into_vec(), key.as_ref(), &endpoint.package) {
            Ok(statement) => {
                admitted.push(statement);
                Answer::Admitted(id, admitted.len() - 1)
            }
            Err(problem) => Answer::Refused(problem),
        });
    }

    let taken = endpoint.store.take_in(&admitted, endpoint.outside.now_ms())?;
    for (statement, taken) in admitted.iter().zip(&taken) {
        if taken.forks {
            tracing::warn!(device = %statement.device, sequence = statement.sequence, "a chain forks");
        }
    }
    tracing::info!(taken_in = admitted.len(), pushed = answers.len(), "statements");
    let outcome = |answer| match answer {
        Answer::Held(id, received_at_ms) => Outcome::Accepted { id, received_at_ms },
        Answer::Admitted(id, place) => match taken.get(place) {
            Some(taken) => Outcome::Accepted { id, received_at_ms: taken.received_at_ms },
            None => Outcome::Refused { problem: Problem::new(ProblemCode::Internal, "not stored") },
        },
        Answer::Refused(problem) => {
            tracing::info!(code = ?problem.code, "statement refused");
            Outcome::Refused { problem }
        }
    };
    let outcomes = answers.into_iter().map(outcome).collect();
    let missing = missing_in_chains(endpoint, admitted.iter().map(|statement| statement.device))?;
    if !admitted.is_empty() {
        endpoint.taken_in.notify_one();
    }
    Ok(PushResponse { outcomes, missing })
}

/// What the endpoint misses in the chains of these devices.
fn missing_in_chains(
    endpoint: &Endpoint,
    devices: impl Iterator<Item = DeviceId>,
) -> Result<Vec<MissingStatement>, Refusal> {
    let devices: BTreeSet<DeviceId> = devices.collect();
    let mut missing = Vec::new();
    for device in devices {
        let most = limit::STATEMENTS_PER_PUSH - missing.len();
        let sequences = endpoint.store.missing_of(device, most)?;
        missing.extend(sequences.into_iter().map(|sequence| MissingStatement { device, sequence }));
    }
    Ok(missing)
}

async fn photo_offset(
    State(endpoint): State<Endpoint>,
    Named(hash): Named<PhotoHash>,
) -> Result<Response, Refusal> {
    let progress = endpoint.blocking(move |endpoint| upload::progress(endpoint, hash)).await?;
    Ok((StatusCode::OK, offset_headers(progress)).into_response())
}

async fn photo_piece(
    State(endpoint): State<Endpoint>,
    Named(hash): Named<PhotoHash>,
    headers: HeaderMap,
    Piece(piece): Piece,
) -> Result<Response, Refusal> {
    let Some(offset) = header_number::<u64>(&headers, UPLOAD_OFFSET) else {
        return Err(Problem::new(ProblemCode::RequestMalformed, "the header Upload-Offset is missing").into());
    };
    let taken = endpoint.blocking(move |endpoint| upload::take_piece(endpoint, hash, offset, &piece)).await?;
    Ok((StatusCode::NO_CONTENT, offset_headers(taken)).into_response())
}

fn offset_headers(progress: Progress) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static(UPLOAD_OFFSET), progress.held_bytes.into());
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    if progress.whole {
        headers.insert(HeaderName::from_static(UPLOAD_LENGTH), progress.held_bytes.into());
    }
    headers
}
