//! Crops: the part of a page with one figure, rectified.

use crate::geometry::{FieldGeometry, FormGeometry};
use crate::page::PageView;
use crate::picture::{Picture, PictureError};
use crate::plane::{Point, Rect};
use crate::write::jpeg;

/// Margin around the boxes of a figure, in millimetres.
const MARGIN_MM: f64 = 5.0;
/// Maximum resolution of a crop, in pixels per millimetre. More does not make handwriting clearer.
const PIXELS_PER_MM_MAX: f64 = 5.0;
const QUALITY: u8 = 70;

/// The picture of one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crop {
    /// The field's code.
    pub field: String,
    /// A small JPEG.
    pub jpeg: Vec<u8>,
    /// Its width in pixels.
    pub width_px: u32,
    /// Its height in pixels.
    pub height_px: u32,
}

/// The crops of all figures of the page that `view` shows in `picture`. `view` must belong to a picture of
/// this size ([`PageView::scaled`] converts it). A page that is not in position has none: a crop of another
/// figure beside the one that was typed would mislead.
pub fn crops(picture: &Picture, form: &FormGeometry, view: &PageView) -> Result<Vec<Crop>, PictureError> {
    fields(form, view).iter().map(|field| crop_of(picture, view, field)).collect()
}

fn fields<'a>(form: &'a FormGeometry, view: &PageView) -> &'a [FieldGeometry] {
    let page = form.page(view.page).filter(|_| view.is_in_position());
    page.map_or(&[], |page| &page.fields)
}

/// The crop of one figure, under the same conditions. `None` if the page has no such field.
pub fn crop(
    picture: &Picture,
    form: &FormGeometry,
    view: &PageView,
    field: &str,
) -> Result<Option<Crop>, PictureError> {
    let field = fields(form, view).iter().find(|known| known.code == field);
    field.map(|field| crop_of(picture, view, field)).transpose()
}

fn crop_of(picture: &Picture, view: &PageView, field: &FieldGeometry) -> Result<Crop, PictureError> {
    let piece = straightened(picture, view, &field.area().grown(MARGIN_MM));
    Ok(Crop {
        field: field.code.clone(),
        jpeg: jpeg(&piece, QUALITY, None)?,
        width_px: piece.width() as u32,
        height_px: piece.height() as u32,
    })
}

/// A rectangle of the page, rectified: as seen from straight above.
pub fn straightened(picture: &Picture, view: &PageView, area: &Rect) -> Picture {
    let (across, down) = view.map.scale_at(area.middle());
    let scale = across.max(down).clamp(0.2, PIXELS_PER_MM_MAX);
    let side = |mm: f64| (mm * scale).round().clamp(1.0, 4_000.0) as usize;
    let (width, height) = (side(area.width), side(area.height));
    let bytes = picture.colour.bytes();
    let mut pixels = Vec::with_capacity(width * height * bytes);
    for y in 0..height {
        for x in 0..width {
            let mm = Point::new(area.x + (x as f64 + 0.5) / scale, area.y + (y as f64 + 0.5) / scale);
            let at = view.map.apply(mm);
            for channel in 0..bytes {
                pixels.push(between(picture, at, channel));
            }
        }
    }
    Picture { width, height, colour: picture.colour, pixels }
}

/// One channel by bilinear interpolation. Beyond the picture, that of the nearest edge.
fn between(picture: &Picture, at: Point, channel: usize) -> u8 {
    let clamped = |v: f64, end: usize| (v as f32).clamp(0.0, (end - 1) as f32);
    let (x, y) = (clamped(at.x, picture.width), clamped(at.y, picture.height));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(picture.width - 1), (top + 1).min(picture.height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let bytes = picture.colour.bytes();
    let pixel = |x: usize, y: usize| f32::from(picture.pixels[(y * picture.width + x) * bytes + channel]);
    let above = pixel(left, top) * (1.0 - fx) + pixel(right, top) * fx;
    let below = pixel(left, bottom) * (1.0 - fx) + pixel(right, bottom) * fx;
    (above * (1.0 - fy) + below * fy + 0.5) as u8
}
