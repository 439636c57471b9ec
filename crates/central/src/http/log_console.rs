//! The log as the console shows it: `GET /api/log`, `POST /api/log/compare`.

use axum::Json;
use axum::extract::State;

use super::extract::JsonBody;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::view::{CompareRequest, LogComparison, LogView};

pub(super) async fn log(State(endpoint): State<Endpoint>) -> Result<Json<LogView>, Refusal> {
    endpoint.blocking(|endpoint| endpoint.log_view()).await.map(Json)
}

pub(super) async fn compare(
    State(endpoint): State<Endpoint>,
    JsonBody(request): JsonBody<CompareRequest>,
) -> Result<Json<LogComparison>, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.compare(&request.kept)).await.map(Json)
}
