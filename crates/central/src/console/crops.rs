//! The parts of a photo that show figures.
//!
//! The endpoint finds the page in the picture that arrived, and does not use the device's word for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::PhotoHash;
use protocol::{Problem, ProblemCode};
use sheet::{Crop, FormGeometry, Picture, crops, recognize};
use tally::{ContestId, Paper};

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::view::{CropView, CropsView};

/// The crops of a photo, of the fields of the page that it shows.
pub(crate) fn crops_view(
    endpoint: &Endpoint,
    hash: PhotoHash,
    contest: &ContestId,
) -> Result<CropsView, Refusal> {
    let none = CropsView { page: None, crops: Vec::new() };
    let not_found = || Problem::new(ProblemCode::NotFound, "there is no such thing");
    let paper = endpoint.package().paper(contest).ok_or_else(not_found)?;
    let Some(form) = geometry_of(paper)? else { return Ok(none) };
    let bytes = endpoint.photos().read(hash)?.ok_or_else(not_found)?;
    // The picture's header was checked when it arrived, so a failure here is the endpoint's.
    let failed = |error: sheet::PictureError| Refusal::internal("decoding a photo", &error);
    let picture = Picture::open(&bytes).map_err(failed)?;
    let Some(view) = picture.gray().and_then(|gray| recognize(&gray, &form)) else { return Ok(none) };
    let crops = crops(&picture, &form, &view).map_err(failed)?;
    let crop_view = |crop: Crop| CropView {
        field: crop.field,
        jpeg: STANDARD.encode(crop.jpeg),
        width_px: crop.width_px,
        height_px: crop.height_px,
    };
    Ok(CropsView { page: Some(view.page), crops: crops.into_iter().map(crop_view).collect() })
}

fn geometry_of(paper: &Paper) -> Result<Option<FormGeometry>, Refusal> {
    let form = paper.form();
    FormGeometry::of(form.id.as_str(), form.geometry.as_ref())
        .map_err(|error| Refusal::internal("reading the geometry of a form", &error))
}
