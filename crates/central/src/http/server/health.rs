//! For the operator: `GET /healthz`, `GET /readyz`, and `GET /metrics` at an address of its own.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::endpoint::Endpoint;
use crate::metrics::Backlog;
use crate::refusal::Refusal;

/// The media type of the text that Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The route for Prometheus. It is not public.
pub(crate) fn metrics() -> Router<Endpoint> {
    Router::new().route("/metrics", get(figures))
}

/// The program runs.
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// The program runs, and it can store what it ingests.
pub(crate) async fn ready(State(endpoint): State<Endpoint>) -> Result<&'static str, Refusal> {
    endpoint.check_readiness().await?;
    Ok("ready\n")
}

async fn figures(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let text = endpoint
        .internal(|endpoint| {
            let store = endpoint.store();
            let backlog = Backlog {
                log: store.pending_log_entries()?,
                count: store.pending_counts()?,
                log_size: store.log_size()?,
            };
            Ok(endpoint.metrics().text(backlog))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text.unwrap_or_default()).into_response())
}
