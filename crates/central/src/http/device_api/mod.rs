//! The device API, below `/v1`: enrolment, statements, photos, the inbox, the log, drills.

pub(crate) mod drill;
pub(crate) mod enrolment;
pub(crate) mod inbox;
pub(crate) mod log;
pub(crate) mod photos;
pub(crate) mod push;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use protocol::CBOR;
use serde::Serialize;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::refusal::Refusal;

/// Compression makes an election package five times smaller. Signatures and hashes do not shrink, so other
/// responses are not compressed.
pub(crate) fn compressed_packages() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(1_024))
}

fn cbor_response(value: &impl Serialize) -> Result<Response, Refusal> {
    let body = protocol::to_cbor(value).map_err(|error| Refusal::internal("encoding a response", &error))?;
    Ok(([(header::CONTENT_TYPE, CBOR)], body).into_response())
}
