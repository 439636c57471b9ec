//! Photos, their crops, and statements: `GET /api/photos/{hash}`, `…/crops` and `GET /api/statements/{id}`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use evidence::{PhotoHash, StatementId};
use futures::{StreamExt as _, stream};

use super::ContestQuery;
use crate::console::crops::crops_view;
use crate::endpoint::Endpoint;
use crate::http::extract::{PathId, QueryParams};
use crate::http::guard::not_found;
use crate::ingest::photos::picture;
use crate::photo_storage::PhotoStream;
use crate::refusal::Refusal;

/// Photos and statements are named by the hash of their bytes, so they never change.
const IMMUTABLE: &str = "private, max-age=31536000, immutable";

pub(crate) async fn photo(
    State(endpoint): State<Endpoint>,
    PathId(hash): PathId<PhotoHash>,
) -> Result<Response, Refusal> {
    // The photo is read while the user's line takes it: slow readers must not add up in memory.
    let photo = endpoint.blocking(move |endpoint| Ok(endpoint.photos().stream(hash)?)).await?;
    let PhotoStream { first, rest } = photo.ok_or_else(not_found)?;
    let media_type = picture::format_of(&first).ok_or_else(not_found)?.media_type();
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, IMMUTABLE),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    let first = stream::once(async { Ok(first) });
    Ok((StatusCode::OK, headers, Body::from_stream(first.chain(rest))).into_response())
}

pub(crate) async fn crops(
    State(endpoint): State<Endpoint>,
    PathId(hash): PathId<PhotoHash>,
    QueryParams(query): QueryParams<ContestQuery>,
) -> Result<Response, Refusal> {
    let view = endpoint.blocking(move |endpoint| crops_view(endpoint, hash, &query.contest)).await?;
    // A newer program may find the page better, so crops are cached for a day only.
    Ok(([(header::CACHE_CONTROL, "private, max-age=86400, immutable")], Json(view)).into_response())
}

pub(crate) async fn statement(
    State(endpoint): State<Endpoint>,
    PathId(id): PathId<StatementId>,
) -> Result<Response, Refusal> {
    let stored = endpoint.blocking(move |endpoint| Ok(endpoint.store().statement(id)?)).await?;
    let (_, bytes) = stored.ok_or_else(not_found)?;
    let headers = [
        (header::CONTENT_TYPE, String::from("application/cose; cose-type=\"cose-sign1\"")),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.cose\"")),
        (header::CACHE_CONTROL, String::from(IMMUTABLE)),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}
