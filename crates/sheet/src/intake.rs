//! From the file that a camera wrote to the hashes that are signed and the picture that is sent.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use sha2::{Digest, Sha256};

use crate::picture::{PictureError, PictureFormat, decode};

/// Long edge of the picture that is sent, in pixels: the handwriting of a whole page stays legible.
pub const DERIVATIVE_EDGE_PX: u32 = 1_600;
const DERIVATIVE_QUALITY: u8 = 72;

/// A photo that was taken in. The original's bytes are untouched; this names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The original's format.
    pub format: PictureFormat,
    /// SHA-256 of the original's bytes.
    pub original_hash: [u8; 32],
    /// The picture that is sent.
    pub derivative: Derivative,
}

/// The smaller picture that is sent: an upright JPEG without the original's metadata, so without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivative {
    /// The JPEG.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub hash: [u8; 32],
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

/// Takes a camera's file in. The same bytes always give the same derivative.
pub fn take_in(original: &[u8]) -> Result<Intake, PictureError> {
    let (format, picture) = decode(original)?;
    let picture = if picture.width().max(picture.height()) > DERIVATIVE_EDGE_PX {
        picture.resize(DERIVATIVE_EDGE_PX, DERIVATIVE_EDGE_PX, FilterType::CatmullRom)
    } else {
        picture
    };
    let picture = picture.into_rgb8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, DERIVATIVE_QUALITY)
        .encode_image(&picture)
        .map_err(|error| PictureError::Damaged(error.to_string()))?;
    Ok(Intake {
        format,
        original_hash: Sha256::digest(original).into(),
        derivative: Derivative {
            hash: Sha256::digest(&bytes).into(),
            bytes,
            width_px: picture.width(),
            height_px: picture.height(),
        },
    })
}
