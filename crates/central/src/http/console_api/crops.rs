//! `GET /api/photos/{hash}/crops`: the pieces of a photo on which figures stand.
//!
//! The page is looked for here, in the picture that arrived, and not where the device says that it lies.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::PhotoHash;
use serde::Deserialize;
use sheet::{FormGeometry, Picture, crops, recognize};
use tally::ContestId;

use crate::endpoint::{Endpoint, Inner};
use crate::http::extract::{Asked, Named};
use crate::http::guard::not_found;
use crate::refusal::Refusal;
use crate::view::{CropView, CropsView};

#[derive(Debug, Deserialize)]
pub(crate) struct CropsQuery {
    contest: ContestId,
}

pub(crate) async fn pieces(
    State(endpoint): State<Endpoint>,
    Named(hash): Named<PhotoHash>,
    Asked(query): Asked<CropsQuery>,
) -> Result<Response, Refusal> {
    let view = endpoint.blocking(move |endpoint| crops_of(endpoint, hash, &query.contest)).await?;
    // A photo is named by its bytes, so its pieces never change.
    Ok(([(header::CACHE_CONTROL, "private, max-age=86400, immutable")], Json(view)).into_response())
}

fn crops_of(endpoint: &Inner, hash: PhotoHash, contest: &ContestId) -> Result<CropsView, Refusal> {
    let none = CropsView { page: None, crops: Vec::new() };
    let paper = endpoint.package.paper(contest).ok_or_else(not_found)?;
    let form = FormGeometry::of(paper.form().id.as_str(), paper.form().geometry.as_ref())
        .map_err(|error| Refusal::fault("reading a form's geometry", &error))?;
    let Some(form) = form else { return Ok(none) };
    let bytes = endpoint
        .photos
        .read(hash)
        .map_err(|error| Refusal::fault("reading a photo", &error))?
        .ok_or_else(not_found)?;
    // What arrived was decoded once already, so a failure here is this program's.
    let fault = |error: sheet::PictureError| Refusal::fault("looking at a photo", &error);
    let picture = Picture::open(&bytes).map_err(fault)?;
    let Some(view) = picture.gray().and_then(|gray| recognize(&gray, &form)) else { return Ok(none) };
    let pieces = crops(&picture, &form, &view).map_err(fault)?;
    Ok(CropsView {
        page: Some(view.page),
        crops: pieces
            .into_iter()
            .map(|piece| CropView {
                field: piece.field,
                jpeg: STANDARD.encode(piece.jpeg),
                width_px: piece.width_px,
                height_px: piece.height_px,
            })
            .collect(),
    })
}
