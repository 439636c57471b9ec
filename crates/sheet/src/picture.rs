//! What kind of picture bytes are, before and without trusting them.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Longest edge that is decoded, in pixels. The largest phone sensors stay below.
pub const EDGE_PX_MAX: u32 = 20_000;
/// Most pixels that are decoded: 108 megapixels.
const PIXELS_MAX: u64 = 108_000_000;
/// Most memory that one decoding may take, in bytes.
const DECODE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Why bytes are not taken as a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Neither JPEG nor PNG.
    #[error("this is not a JPEG or PNG picture")]
    NotAPicture,
    /// The phone's HEIC format. It has a name of its own because the way out is a setting of the camera.
    #[error("this is a HEIC picture; set the camera to JPEG (\"most compatible\") and take it again")]
    Heic,
    /// It starts as a picture and then breaks off or is damaged.
    #[error("the picture is damaged or cut off: {0}")]
    Damaged(String),
    /// More pixels than are decoded.
    #[error("the picture has {width_px} × {height_px} pixels, which is more than is taken")]
    TooLarge {
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
    },
}

/// The formats that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureFormat {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// What a picture is, after all of it was decoded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureInfo {
    /// Its format.
    pub format: PictureFormat,
    /// Its width as shown, in pixels.
    pub width_px: u32,
    /// Its height as shown, in pixels.
    pub height_px: u32,
}

/// Decodes all of a picture and tells what it is. Cut-off and damaged ones are refused.
pub fn inspect(bytes: &[u8]) -> Result<PictureInfo, PictureError> {
    let (format, picture) = decode(bytes)?;
    Ok(PictureInfo { format, width_px: picture.width(), height_px: picture.height() })
}

/// The picture, turned the way in which it was taken.
pub(crate) fn decode(bytes: &[u8]) -> Result<(PictureFormat, DynamicImage), PictureError> {
    let format = format_of(bytes)?;
    let damaged = |error: image::ImageError| PictureError::Damaged(error.to_string());
    let mut reader = ImageReader::with_format(
        Cursor::new(bytes),
        match format {
            PictureFormat::Jpeg => ImageFormat::Jpeg,
            PictureFormat::Png => ImageFormat::Png,
        },
    );
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width_px, height_px) = decoder.dimensions();
    let pixels = u64::from(width_px) * u64::from(height_px);
    if width_px.max(height_px) > EDGE_PX_MAX || pixels > PIXELS_MAX {
        return Err(PictureError::TooLarge { width_px, height_px });
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok((format, picture))
}

fn format_of(bytes: &[u8]) -> Result<PictureFormat, PictureError> {
    // ISO base media files name their brand after `ftyp`; HEIC's brands are these (ISO/IEC 23008-12).
    const HEIC_BRANDS: [&[u8]; 6] = [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"];
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Ok(PictureFormat::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(PictureFormat::Png)
    } else if bytes.get(4..8) == Some(b"ftyp") && HEIC_BRANDS.iter().any(|b| bytes.get(8..12) == Some(b)) {
        Err(PictureError::Heic)
    } else {
        Err(PictureError::NotAPicture)
    }
}
