//! Writing a picture as JPEG.

use jpeg_encoder::{ColorType, Encoder};

use crate::picture::{Colour, Picture, PictureError};

impl Picture {
    /// The picture as a JPEG of a quality from 1 to 100.
    pub fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, PictureError> {
        jpeg(self, quality.clamp(1, 100), None)
    }
}

/// The JPEG of a picture, with the body of an EXIF segment if there is one.
pub(crate) fn jpeg(picture: &Picture, quality: u8, exif: Option<&[u8]>) -> Result<Vec<u8>, PictureError> {
    let failed =
        |error: &dyn std::fmt::Display| PictureError::Damaged(format!("it cannot be written: {error}"));
    let side = |side: usize| u16::try_from(side).map_err(|e| failed(&e));
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let colour = match picture.colour {
        Colour::Gray => ColorType::Luma,
        Colour::Rgb => ColorType::Rgb,
        Colour::YCbCr => ColorType::Ycbcr,
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    // Optimised Huffman tables would save 3 %, but this encoder then writes a scan for each component, which
    // zune-jpeg 0.5.15, and with it much of the Rust world, reads wrongly where colours are stored at half
    // the size.
    if let Some(exif) = exif {
        encoder.add_app_segment(1, exif.to_vec()).map_err(|e| failed(&e))?;
    }
    encoder.encode(&picture.pixels, width, height, colour).map_err(|e| failed(&e))?;
    Ok(bytes)
}
