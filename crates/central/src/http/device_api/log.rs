//! The log's routes. All except the receipts are public: proofs are for everybody.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use protocol::{ConsistencyAnswer, LogKeys, Problem, ProblemCode, ReceiptsRequest, limit, path};
use serde::Deserialize;

use super::cbor_response;
use crate::endpoint::Endpoint;
use crate::http::extract::CborBody;
use crate::refusal::Refusal;

pub(crate) fn routes() -> Router<Endpoint> {
    Router::new()
        .route(path::RECEIPTS, post(receipts))
        .route(path::CHECKPOINT, get(checkpoint))
        .route(path::CONSISTENCY, get(consistency))
        .route(path::LOG_KEYS, get(keys))
}

async fn receipts(
    State(endpoint): State<Endpoint>,
    CborBody(request): CborBody<ReceiptsRequest>,
) -> Result<Response, Refusal> {
    let count = request.statements.len();
    if count > limit::RECEIPTS_PER_REQUEST {
        let detail = format!("{count} receipts, where {} are allowed", limit::RECEIPTS_PER_REQUEST);
        return Err(Problem::new(ProblemCode::BatchTooLong, detail).into());
    }
    let response = endpoint.blocking(move |endpoint| endpoint.receipts(&request)).await?;
    cbor_response(&response)
}

async fn checkpoint(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let note = endpoint.blocking(|endpoint| Ok(endpoint.checkpoint()?)).await?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "max-age=1")];
    Ok((headers, note).into_response())
}

/// Two sizes of the log.
#[derive(Deserialize)]
struct Sizes {
    from: u64,
    to: u64,
}

async fn consistency(
    State(endpoint): State<Endpoint>,
    Query(Sizes { from, to }): Query<Sizes>,
) -> Result<Response, Refusal> {
    let proof = endpoint.blocking(move |endpoint| Ok(endpoint.store().consistency(from, to)?)).await?;
    let Some(proof) = proof else {
        let detail = format!("the log never had the sizes {from} and {to} in this order");
        return Err(Problem::new(ProblemCode::NotFound, detail).into());
    };
    let hex = |hash: &[u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let answer = ConsistencyAnswer { from, to, proof: proof.iter().map(hex).collect() };
    // The log only grows, so a proof between two sizes never changes.
    Ok(([(header::CACHE_CONTROL, "max-age=3600")], Json(answer)).into_response())
}

async fn keys(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let known = endpoint.blocking(|endpoint| Ok(endpoint.store().log_keys()?)).await?;
    let rotations =
        known.iter().filter_map(|known| known.rotation).map(|rotation| rotation.to_hex()).collect();
    let keys = LogKeys { current: endpoint.log_key().public().to_hex(), rotations };
    Ok(([(header::CACHE_CONTROL, "max-age=60")], Json(keys)).into_response())
}
