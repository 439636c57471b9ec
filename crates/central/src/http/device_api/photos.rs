//! `HEAD` and `PATCH /v1/photos/{hash}`: the resumable upload of a photo.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use evidence::PhotoHash;
use protocol::{Problem, ProblemCode, UPLOAD_OFFSET, limit};

use crate::endpoint::Endpoint;
use crate::http::extract::{PathId, Piece, header_number, interrupted};
use crate::http::gate::SendingDevice;
use crate::ingest::photos::upload::{Progress, Upload};
use crate::refusal::Refusal;

/// The length of a complete photo.
const UPLOAD_LENGTH: &str = "upload-length";

pub(crate) async fn offset(
    State(endpoint): State<Endpoint>,
    Extension(SendingDevice(sender)): Extension<SendingDevice>,
    PathId(hash): PathId<PhotoHash>,
) -> Result<Response, Refusal> {
    let upload = Upload { hash, sender };
    let progress = endpoint.blocking(move |endpoint| upload.progress(endpoint)).await?;
    Ok((StatusCode::OK, offset_headers(progress)).into_response())
}

pub(crate) async fn piece(
    State(endpoint): State<Endpoint>,
    Extension(SendingDevice(sender)): Extension<SendingDevice>,
    PathId(hash): PathId<PhotoHash>,
    headers: HeaderMap,
    piece: Piece,
) -> Result<Response, Refusal> {
    let Some(offset) = header_number::<u64>(&headers, UPLOAD_OFFSET) else {
        return Err(Problem::new(ProblemCode::RequestMalformed, "the header Upload-Offset is missing").into());
    };
    let Piece { bytes, is_interrupted } = piece;
    if is_interrupted && bytes.len() < limit::PHOTO_PIECE_BYTES_MIN {
        return Err(interrupted("the piece did not arrive completely; nothing of it is stored"));
    }
    let upload = Upload { hash, sender };
    let progress = endpoint.blocking(move |endpoint| upload.accept_piece(endpoint, offset, &bytes)).await?;
    if is_interrupted {
        return Err(interrupted("the piece did not arrive completely; its beginning is stored"));
    }
    Ok((StatusCode::NO_CONTENT, offset_headers(progress)).into_response())
}

fn offset_headers(progress: Progress) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static(UPLOAD_OFFSET), progress.received_bytes.into());
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    if progress.is_complete {
        headers.insert(HeaderName::from_static(UPLOAD_LENGTH), progress.received_bytes.into());
    }
    headers
}
