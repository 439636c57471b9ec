//! The device API, below `/v1`: enrolment, statements, photos, the inbox, the log.

mod enrolment;
mod inbox;
pub(crate) mod log;
mod photos;
mod push;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{head, post};
use protocol::{CBOR, path};
use serde::Serialize;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// The routes that are throttled by address. Those of the log are apart, in [`log`].
pub(super) fn routes() -> Router<Endpoint> {
    Router::new()
        .route(path::ENROL, post(enrolment::enrol).layer(compressed_packages()))
        .route(path::STATEMENTS, post(push::push))
        .route(path::INBOX, post(inbox::fetch).layer(compressed_packages()))
        .route(&format!("{}/{{hash}}", path::PHOTOS), head(photos::offset).patch(photos::piece))
}

/// Compression makes an election package five times smaller. Signatures and hashes do not shrink, so other responses are
/// not compressed.
fn compressed_packages() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(1_024))
}

fn cbor_response(value: &impl Serialize) -> Result<Response, Refusal> {
    let body = protocol::to_cbor(value).map_err(|error| Refusal::internal("encoding a response", &error))?;
    Ok(([(header::CONTENT_TYPE, CBOR)], body).into_response())
}
