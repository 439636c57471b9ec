//! For whoever runs the endpoint: `GET /healthz`, `GET /readyz`, and `GET /metrics` at an address of its own.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// The media type of the text that Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where load balancers ask.
pub(crate) fn health() -> Router<Endpoint> {
    Router::new().route("/healthz", get(healthy)).route("/readyz", get(ready))
}

/// Where Prometheus asks; not for everybody.
pub(crate) fn metrics() -> Router<Endpoint> {
    Router::new().route("/metrics", get(figures))
}

/// The program runs.
async fn healthy() -> &'static str {
    "ok\n"
}

/// The program runs and its store answers, so that it can take something in.
async fn ready(State(endpoint): State<Endpoint>) -> Result<&'static str, Refusal> {
    endpoint.blocking(|endpoint| Ok(endpoint.store().pending_log_entries()?)).await?;
    Ok("ready\n")
}

async fn figures(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let text = endpoint
        .blocking(|endpoint| {
            let store = endpoint.store();
            let (log, count, size) =
                (store.pending_log_entries()?, store.pending_counts()?, store.log_size()?);
            Ok(endpoint.metrics.text(log, count, size))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text.unwrap_or_default()).into_response())
}
