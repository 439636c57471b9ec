//! The log's routes. All except the receipts are public: proofs are for everybody.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use protocol::{ConsistencyAnswer, Problem, ProblemCode, ReceiptsRequest, limit};
use serde::Deserialize;

use super::cbor_response;
use crate::endpoint::Endpoint;
use crate::http::extract::{CborBody, QueryParams};
use crate::refusal::Refusal;

/// Signs the receipts that an enrolled device requests.
pub(crate) async fn receipts(
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

pub(crate) async fn checkpoint(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let note = endpoint.log_state().await?.checkpoint.clone();
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "max-age=1")];
    Ok((headers, note).into_response())
}

/// Two sizes of the log.
#[derive(Deserialize)]
pub(crate) struct Sizes {
    from: u64,
    to: u64,
}

pub(crate) async fn consistency(
    State(endpoint): State<Endpoint>,
    QueryParams(Sizes { from, to }): QueryParams<Sizes>,
) -> Result<Response, Refusal> {
    let proof = endpoint.blocking(move |endpoint| Ok(endpoint.store().consistency(from, to)?)).await?;
    let Some(proof) = proof else {
        let detail = format!("the log never had the sizes {from} and {to} in this order");
        return Err(Problem::new(ProblemCode::NotFound, detail).into());
    };
    let hex = |hash: &[u8; 32]| evidence::to_hex(hash);
    let answer = ConsistencyAnswer { from, to, proof: proof.iter().map(hex).collect() };
    // The log only grows, so a proof between two sizes never changes.
    Ok(([(header::CACHE_CONTROL, "max-age=3600")], Json(answer)).into_response())
}

pub(crate) async fn keys(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let keys = endpoint.log_state().await?.keys.clone();
    Ok(([(header::CACHE_CONTROL, "max-age=60")], Json(keys)).into_response())
}
