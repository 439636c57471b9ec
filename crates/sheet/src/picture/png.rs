//! Decodes PNG. Of an animation the default picture is used, of 16 bits the upper eight.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{ColorType, DynamicImage, ImageDecoder, Limits};

use super::exif::Exif;
use super::{Colour, DECODE_BYTES_MAX, Opened, Picture, PictureError, PictureFormat, limit};

pub(super) fn open(bytes: &[u8]) -> Result<Opened, PictureError> {
    let damaged = |error: image::ImageError| PictureError::Damaged(error.to_string());
    let (width, height, each) =
        header(bytes).ok_or_else(|| PictureError::Damaged("it has no header".into()))?;
    // Before the decoder sees it: the pixels as stored, and three bytes of each that are kept.
    limit(u64::from(width), u64::from(height), each + 3)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(damaged)?;
    let exif = decoder.exif_metadata().ok().flatten().map_or_else(Exif::default, |tiff| Exif::read(&tiff));
    let colour = decoder.color_type();
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (colour, pixels) = match colour {
        ColorType::L8 | ColorType::L16 => (Colour::Gray, picture.into_luma8().into_raw()),
        _ => (Colour::Rgb, on_white(picture)),
    };
    let stored = Picture::new(width, height, colour, pixels)
        .ok_or_else(|| PictureError::Damaged("it has not as many pixels as it says".into()))?;
    Ok(Opened { format: PictureFormat::Png, stored, exif, cut_off: false })
}

/// Width, height and bytes of a decoded pixel, from the header chunk (PNG, third edition, 11.2.1).
fn header(bytes: &[u8]) -> Option<(u32, u32, u64)> {
    let header = bytes.get(8..29)?;
    if header.get(4..8)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let deep = if *header.get(16)? > 8 { 2 } else { 1 };
    // A palette is spread to colours, with opacity where it has some.
    let channels = match header.get(17)? {
        0 => 1,
        4 => 2,
        _ => 4,
    };
    Some((number(8)?, number(12)?, channels * deep))
}

/// What shines through is paper.
fn on_white(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into_raw();
    }
    let through = picture.into_rgba8().into_raw();
    let mut pixels = Vec::with_capacity(through.len() / 4 * 3);
    for pixel in through.chunks_exact(4) {
        let opacity = u16::from(pixel[3]);
        pixels.extend(
            pixel[..3].iter().map(|c| ((u16::from(*c) * opacity + 255 * (255 - opacity) + 127) / 255) as u8),
        );
    }
    pixels
}
