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
use crate::error_chain::error_chain;
use crate::ingest::photos::picture;
use crate::refusal::Refusal;
use crate::view::{CropView, CropsView};

/// Maximum memory for decoding one photo, in bytes.
const DECODED_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The crops of a photo, of the fields of the page that it shows. A photo that cannot be decoded, or that
/// shows no page, has none.
pub(crate) fn crops_view(
    endpoint: &Endpoint,
    hash: PhotoHash,
    contest: &ContestId,
) -> Result<CropsView, Refusal> {
    let not_found = || Problem::new(ProblemCode::NotFound, "there is no such thing");
    let paper = endpoint.package().paper(contest).ok_or_else(not_found)?;
    let key = (hash, contest.to_string());
    if let Some(view) = endpoint.crops_cache().get(&key) {
        return Ok(view);
    }
    let Some(form) = geometry_of(&paper)? else { return Ok(no_crops()) };
    let bytes = endpoint.photos().read(hash)?.ok_or_else(not_found)?;
    let view = match picture::decoded_bytes(&bytes) {
        Some(decoded_bytes) if decoded_bytes <= DECODED_BYTES_MAX => {
            let _budget = endpoint.pixel_bytes().acquire(decoded_bytes);
            crops_of(&bytes, &form).unwrap_or_else(|error| {
                tracing::warn!(%hash, error = error_chain(&error), "a photo cannot be decoded");
                no_crops()
            })
        }
        _ => no_crops(),
    };
    endpoint.crops_cache().insert(key, view.clone());
    Ok(view)
}

fn no_crops() -> CropsView {
    CropsView { page: None, crops: Vec::new() }
}

fn crops_of(bytes: &[u8], form: &FormGeometry) -> Result<CropsView, sheet::PictureError> {
    let picture = Picture::open(bytes)?;
    let Some(view) = picture.gray().and_then(|gray| recognize(&gray, form)) else { return Ok(no_crops()) };
    let crop_view = |crop: Crop| CropView {
        field: crop.field,
        jpeg: STANDARD.encode(crop.jpeg),
        width_px: crop.width_px,
        height_px: crop.height_px,
    };
    let crops = crops(&picture, form, &view)?;
    Ok(CropsView { page: Some(view.page), crops: crops.into_iter().map(crop_view).collect() })
}

fn geometry_of(paper: &Paper) -> Result<Option<FormGeometry>, Refusal> {
    paper_layout::positions(paper).map_err(|error| Refusal::internal("placing the fields of a paper", &error))
}
