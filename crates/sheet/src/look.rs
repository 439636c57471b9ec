//! Analyses a photo: which page it shows, its quality, and a reading of its figures.

use crate::geometry::FormGeometry;
use crate::gray::Gray;
use crate::ingest::{DERIVATIVE_EDGE_PX, Ingested, ingest_with_pixels};
use crate::page::{PageMatch, PageView, compare, tag_in};
use crate::picture::{Picture, PictureError};
use crate::quality::{PhotoIssue, Quality, assess};
use crate::reading::{Reading, read};
use crate::recognition::view_of_any;
use crate::scale::scaled;
use crate::written::{combined, read_written};

/// The analysis of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Width of the analysed picture: the photo, scaled to [`DERIVATIVE_EDGE_PX`].
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// The page and its position in the picture. `None` if no page was recognised. The page of a copy that
    /// witnesses hold is not in position: its figures are elsewhere than on the paper.
    pub view: Option<PageView>,
    /// The tag of a page of another paper, if there is one and none of this paper.
    pub other_tag: Option<u16>,
    /// Whether it is the expected page.
    pub page: PageMatch,
    pub quality: Quality,
    /// The readings of figures, by their bubbles and by their handwriting. Do not show them before the
    /// witness has typed.
    pub readings: Vec<Reading>,
    /// Whether the bubbles of a figure say something else than the digits above them.
    pub bubbles_differ: bool,
}

impl Look {
    /// What is wrong with the photo, and with what it shows.
    pub fn issues(&self) -> Vec<PhotoIssue> {
        let differ = self.bubbles_differ.then_some(PhotoIssue::BubblesDiffer);
        self.quality.issues().into_iter().chain(differ).collect()
    }
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
    let seen = view_of_any(&gray, form, tag.as_ref());
    let paper = seen.as_ref().map_or(form, |(_, paper)| paper);
    let view = seen.as_ref().map(|(view, _)| view);
    let quality = assess(&gray, paper, view);
    let (readings, bubbles_differ) = readings(&gray, paper, view);
    let is_copy = paper.form != form.form;
    let view = seen.map(|(view, _)| if is_copy { view.of_copy() } else { view });
    Ok(Look {
        width_px: gray.width() as u32,
        height_px: gray.height() as u32,
        other_tag: tag.map(|tag| tag.id).filter(|tag| form.page_of_tag(*tag).is_none()),
        page: compare(view.as_ref().map(|view| view.page), expected_page),
        readings,
        bubbles_differ,
        view,
        quality,
    })
}

fn readings(gray: &Gray, form: &FormGeometry, view: Option<&PageView>) -> (Vec<Reading>, bool) {
    match view {
        Some(view) => combined(read(gray, form, view), read_written(gray, form, view)),
        None => (Vec::new(), false),
    }
}
