//! Photos of filled practice sheets, for tests that must not depend on real photos.

use std::io::Cursor;

use anyhow::{Context, Result};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::FormGeometry;
use sheet::draw::{BoxMark, Distortion, FilledField, blank_page, fill_page};
use tally::words::in_words;
use tally::{Figures, Paper};

/// Pixels per millimetre of the drawn sheet: as in a phone's photo at the size that the device sends.
const PIXELS_PER_MM: f64 = 2.2;

/// A JPEG of page `page` of the C.HASIL-PPWP form with `figures` written and marked in it. The boxes of other
/// fields stay empty. The same `seed` gives the same handwriting and the same photo.
///
/// # Errors
/// When the form has no such page, or the photo cannot be encoded.
pub fn sheet_photo(page: u8, figures: &[(String, u32)], seed: u64) -> Result<Vec<u8>> {
    let form = FormGeometry::known("c-hasil-ppwp-2024").context("the form's geometry")?;
    photo_of(form, page, figures, seed)
}

/// Photos of the pages of any paper, as [`sheet_photo`] makes them.
#[derive(Debug)]
pub struct PaperPhotos(FormGeometry);

impl PaperPhotos {
    /// Lays the paper out.
    ///
    /// # Errors
    /// When the paper has no geometry.
    pub fn new(paper: &Paper) -> Result<Self> {
        Ok(Self(paper_layout::drawing(paper)?.context("the paper's geometry")?))
    }

    /// A JPEG of a page with what is written on it.
    ///
    /// # Errors
    /// As [`sheet_photo`].
    pub fn photo(&self, page: u8, figures: &Figures, seed: u64) -> Result<Vec<u8>> {
        let written =
            figures.0.iter().filter_map(|(field, figure)| Some((field.to_string(), figure.number()?)));
        photo_of(&self.0, page, &written.collect::<Vec<_>>(), seed)
    }
}

fn photo_of(form: &FormGeometry, page: u8, figures: &[(String, u32)], seed: u64) -> Result<Vec<u8>> {
    let page = form.page(page).with_context(|| format!("page {page} of the form"))?;
    let filled: Vec<FilledField> = page
        .fields
        .iter()
        .map(|field| match figures.iter().find(|(code, _)| *code == field.code) {
            Some((_, figure)) => FilledField::number(&field.code, *figure, field.boxes.len(), BoxMark::Cross)
                .in_words(&in_words(*figure).id)
                .tallied(*figure),
            None => FilledField::blank(&field.code, field.boxes.len()),
        })
        .collect();
    let drawn = fill_page(&blank_page(form, page, PIXELS_PER_MM), page, &filled, seed);
    let shot = Distortion::Plain.shot(seed);
    let rgb = drawn.photographed(form.paper_mm, &shot).context("the sheet is outside the photo")?;
    let (width, height) = (u32::try_from(shot.width_px)?, u32::try_from(shot.height_px)?);
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, 85)
        .write_image(&rgb, width, height, ExtendedColorType::Rgb8)
        .context("encoding the photo of a practice sheet")?;
    Ok(jpeg.into_inner())
}
