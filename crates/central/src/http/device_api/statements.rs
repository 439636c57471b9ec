//! The device's addresses: enrolment, statements, photos.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{head, post};
use evidence::PhotoHash;
use protocol::{CBOR, Outcome, Problem, ProblemCode, PushRequest, UPLOAD_OFFSET, limit, path};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::endpoint::Endpoint;
use crate::http::device_api::enrolment::enrol;
use crate::http::device_api::inbox;
use crate::http::extract::{Address, CborBody, Named, Piece, header_number};
use crate::ingest::batch;
use crate::ingest::photos::upload::{self, Progress};
use crate::refusal::Refusal;

/// How long the whole photo is, where that is known.
const UPLOAD_LENGTH: &str = "upload-length";

pub(crate) fn routes() -> Router<Endpoint> {
    Router::new()
        .route(path::ENROL, post(enrol).layer(packages_are_compressed()))
        .route(path::STATEMENTS, post(push))
        .route(path::INBOX, post(inbox::fetch).layer(packages_are_compressed()))
        .route(&format!("{}/{{hash}}", path::PHOTOS), head(photo_offset).patch(photo_piece))
}

/// An election package shrinks to a fifth. Signed bytes and hashes do not, and are left alone.
fn packages_are_compressed() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(1_024))
}

async fn push(
    State(endpoint): State<Endpoint>,
    Address(address): Address,
    CborBody(request): CborBody<PushRequest>,
) -> Result<Response, Refusal> {
    let count = request.statements.len();
    if count > limit::STATEMENTS_PER_PUSH {
        let detail = format!("{count} statements, where {} are allowed", limit::STATEMENTS_PER_PUSH);
        return Err(Problem::new(ProblemCode::BatchTooLong, detail).into());
    }
    let begun = std::time::Instant::now();
    let received = endpoint
        .blocking_intake(move |endpoint| {
            let may_come = |device, count| match endpoint.pressure.statements_wait_ms(device, address, count)
            {
                Some(wait_ms) => {
                    endpoint.metrics.turned_away();
                    Err(Refusal::try_later(wait_ms))
                }
                None => Ok(()),
            };
            batch::take_in(endpoint, request.statements, may_come)
        })
        .await?;
    let accepted = |outcome: &&Outcome| matches!(outcome, Outcome::Accepted { .. });
    let accepted = received.response.outcomes.iter().filter(accepted).count();
    let known = usize::try_from(received.already_here).unwrap_or(0);
    endpoint.metrics.pushed(accepted.saturating_sub(known), known, count - accepted, begun.elapsed());
    let body =
        protocol::to_cbor(&received.response).map_err(|error| Refusal::fault("writing an answer", &error))?;
    Ok(([(header::CONTENT_TYPE, CBOR)], body).into_response())
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
    piece: Piece,
) -> Result<Response, Refusal> {
    let Some(offset) = header_number::<u64>(&headers, UPLOAD_OFFSET) else {
        return Err(Problem::new(ProblemCode::RequestMalformed, "the header Upload-Offset is missing").into());
    };
    let Piece { bytes, broke_off } = piece;
    let taken = endpoint.blocking(move |endpoint| upload::take_piece(endpoint, hash, offset, &bytes)).await?;
    if broke_off {
        let detail = "the piece broke off; what came of it is kept".to_owned();
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
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
