//! One look at a photo: which page it shows, whether it is worth having, and what can be read.

use crate::geometry::FormGeometry;
use crate::gray::Gray;
use crate::ingest::{DERIVATIVE_EDGE_PX, Ingested, ingest_with_pixels};
use crate::page::{PageMatch, PageView, compare, recognize};
use crate::picture::{Picture, PictureError};
use crate::quality::{Quality, assess};
use crate::reading::{Reading, read};
use crate::scale::scaled;

/// What was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Width of the picture that was looked at: the photo, scaled to [`DERIVATIVE_EDGE_PX`].
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// The page, and how it lies in that picture. None where no page's tag was found.
    pub view: Option<PageView>,
    /// Whether it is the page that was expected.
    pub page: PageMatch,
    /// Whether the photo is worth having.
    pub quality: Quality,
    /// The figures whose bubbles could be looked at. Not to be shown before the witness has typed.
    pub readings: Vec<Reading>,
}

/// Looks at a photo that should show `expected_page` of `form`. The original and the derivative do equally well: the
/// original is scaled to the derivative's size first, for more pixels cost time and tell no more.
pub fn look(photo: &[u8], form: &FormGeometry, expected_page: u8) -> Result<Look, PictureError> {
    let picture = scaled(Picture::open(photo)?, DERIVATIVE_EDGE_PX as usize)?;
    look_at(&picture, form, expected_page)
}

/// Takes a photo in and looks at it, decoding it once.
pub fn ingest_and_look(
    original: &[u8],
    form: &FormGeometry,
    expected_page: u8,
) -> Result<(Ingested, Look), PictureError> {
    let (intake, picture) = ingest_with_pixels(original)?;
    let look = look_at(&picture, form, expected_page)?;
    Ok((intake, look))
}

/// Looks at pixels.
pub fn look_at(picture: &Picture, form: &FormGeometry, expected_page: u8) -> Result<Look, PictureError> {
    let gray = picture.gray().ok_or_else(|| PictureError::Damaged("it has no pixels".into()))?;
    let view = recognize(&gray, form);
    let quality = assess(&gray, form, view.as_ref());
    Ok(Look {
        width_px: gray.width() as u32,
        height_px: gray.height() as u32,
        page: compare(view.as_ref().map(|view| view.page), expected_page),
        readings: readings(&gray, form, view.as_ref()),
        view,
        quality,
    })
}

fn readings(gray: &Gray, form: &FormGeometry, view: Option<&PageView>) -> Vec<Reading> {
    view.map_or_else(Vec::new, |view| read(gray, form, view))
}
