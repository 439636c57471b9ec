//! Analyses a photo: which page it shows, its quality, and a reading of its figures.

use crate::geometry::FormGeometry;
use crate::gray::Gray;
use crate::ingest::{DERIVATIVE_EDGE_PX, Ingested, ingest_with_pixels};
use crate::page::{PageMatch, PageView, compare, page_of, tag_in};
use crate::picture::{Picture, PictureError};
use crate::quality::{Quality, assess};
use crate::reading::{Reading, read};
use crate::scale::scaled;

/// The analysis of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Width of the analysed picture: the photo, scaled to [`DERIVATIVE_EDGE_PX`].
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// The page and its position in the picture. `None` if no tag of a page was found.
    pub view: Option<PageView>,
    /// The tag of a page of another paper, if there is one and none of this paper.
    pub other_tag: Option<u16>,
    /// Whether it is the expected page.
    pub page: PageMatch,
    pub quality: Quality,
    /// The readings of figures with bubbles. Do not show them before the witness has typed.
    pub readings: Vec<Reading>,
}

/// Analyses a photo that should show `expected_page` of `form`. The original and the derivative give the same
/// quality of result: the original is scaled to the size of the derivative first, because more pixels cost
/// time and add nothing.
pub fn look(photo: &[u8], form: &FormGeometry, expected_page: u8) -> Result<Look, PictureError> {
    let picture = scaled(Picture::open(photo)?, DERIVATIVE_EDGE_PX as usize)?;
    look_at(&picture, form, expected_page)
}

/// Ingests and analyses a photo, and decodes it once.
pub fn ingest_and_look(
    original: &[u8],
    form: &FormGeometry,
    expected_page: u8,
) -> Result<(Ingested, Look), PictureError> {
    let (intake, picture) = ingest_with_pixels(original)?;
    let look = look_at(&picture, form, expected_page)?;
    Ok((intake, look))
}

/// Analyses pixels.
pub fn look_at(picture: &Picture, form: &FormGeometry, expected_page: u8) -> Result<Look, PictureError> {
    let gray = picture.gray().ok_or_else(|| PictureError::Damaged("it has no pixels".into()))?;
    let tag = tag_in(&gray, form);
    let view = tag.as_ref().and_then(|tag| page_of(&gray, form, tag));
    let quality = assess(&gray, form, view.as_ref());
    Ok(Look {
        width_px: gray.width() as u32,
        height_px: gray.height() as u32,
        other_tag: tag.map(|tag| tag.id).filter(|tag| form.page_of_tag(*tag).is_none()),
        page: compare(view.as_ref().map(|view| view.page), expected_page),
        readings: readings(&gray, form, view.as_ref()),
        view,
        quality,
    })
}

fn readings(gray: &Gray, form: &FormGeometry, view: Option<&PageView>) -> Vec<Reading> {
    view.map_or_else(Vec::new, |view| read(gray, form, view))
}
