//! The log in the console: `GET /api/log`, `POST /api/log/compare`.

use axum::Json;
use axum::extract::State;

use crate::endpoint::Endpoint;
use crate::http::extract::JsonBody;
use crate::refusal::Refusal;
use crate::view::{CompareRequest, LogComparison, LogView};

pub(crate) async fn log(State(endpoint): State<Endpoint>) -> Result<Json<LogView>, Refusal> {
    endpoint.blocking(|endpoint| endpoint.log_view()).await.map(Json)
}

pub(crate) async fn compare(
    State(endpoint): State<Endpoint>,
    JsonBody(request): JsonBody<CompareRequest>,
) -> Result<Json<LogComparison>, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.compare(&request.kept)).await.map(Json)
}
