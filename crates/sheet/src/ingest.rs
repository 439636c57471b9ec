//! Ingests the file of a camera: its hash, and the derivative that is sent.

use sha2::{Digest, Sha256};

use crate::picture::{Opened, Picture, PictureError, PictureFormat, time_only};
use crate::scale::scaled;
use crate::write::jpeg;

/// Long edge of the derivative, in pixels. The handwriting of a whole page stays legible.
pub const DERIVATIVE_EDGE_PX: u32 = 1_600;
/// Target length of the derivative, in bytes: ten seconds on a bad line.
pub const DERIVATIVE_BYTES_GOAL: usize = 120 * 1024;
/// Maximum length of the derivative, in bytes. A picture that is still longer with the lowest quality becomes
/// smaller: dense scans would otherwise take twice the time to send.
pub const DERIVATIVE_BYTES_MAX: usize = 150 * 1024;
/// JPEG qualities, tried in order until the target length is met. Figures stay legible with the last.
const DERIVATIVE_QUALITIES: [u8; 4] = [72, 58, 46, 36];
/// Long edges of pictures that are too long with every quality, in pixels, tried in order. The strokes of a
/// pen survive fewer pixels better than a lower quality. Noise of the smallest has fewer bytes than allowed.
const SMALLER_EDGES_PX: [usize; 6] = [1_440, 1_280, 1_120, 960, 720, 480];
/// JPEG qualities of these.
const SMALLER_QUALITIES: [u8; 2] = [46, 36];

/// An ingested photo. The bytes of the original stay unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// The original's format.
    pub format: PictureFormat,
    /// SHA-256 of the original's bytes.
    pub original_hash: [u8; 32],
    pub derivative: Derivative,
    /// Whether the original ends before the picture does. The missing part of the derivative is grey.
    pub cut_off: bool,
}

/// The smaller picture that is sent: an upright JPEG. Of the original's metadata it has only the time by the
/// phone's clock, and no position.
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

/// Ingests the file of a camera. The same bytes always give the same derivative.
pub fn ingest(original: &[u8]) -> Result<Ingested, PictureError> {
    ingest_with_pixels(original).map(|(intake, _)| intake)
}

/// The same, and the derivative's pixels before they were compressed.
pub(crate) fn ingest_with_pixels(original: &[u8]) -> Result<(Ingested, Picture), PictureError> {
    let opened = Opened::of(original)?;
    let (format, taken) = (opened.format, opened.exif.taken);
    let (orientation, cut_off) = (opened.exif.clone(), opened.cut_off);
    // Scaling before turning moves far fewer pixels.
    let small = scaled(opened.stored, DERIVATIVE_EDGE_PX as usize)?;
    let small = Opened { format, stored: small, exif: orientation, cut_off }.upright();
    let (bytes, small) = compressed(small, taken.as_ref())?;
    let derivative = Derivative {
        hash: Sha256::digest(&bytes).into(),
        bytes,
        width_px: small.width() as u32,
        height_px: small.height() as u32,
    };
    let original_hash = Sha256::digest(original).into();
    Ok((Ingested { format, original_hash, derivative, cut_off }, small))
}

/// The picture as a JPEG of at most [`DERIVATIVE_BYTES_MAX`], made smaller if need be, and its pixels.
fn compressed(picture: Picture, taken: Option<&[u8; 19]>) -> Result<(Vec<u8>, Picture), PictureError> {
    let exif = taken.map(time_only);
    let mut bytes = Vec::new();
    for quality in DERIVATIVE_QUALITIES {
        bytes = jpeg(&picture, quality, exif.as_deref())?;
        if bytes.len() <= DERIVATIVE_BYTES_GOAL {
            return Ok((bytes, picture));
        }
    }
    let mut picture = picture;
    for edge_px in SMALLER_EDGES_PX {
        for quality in SMALLER_QUALITIES {
            if bytes.len() <= DERIVATIVE_BYTES_MAX {
                return Ok((bytes, picture));
            }
            picture = scaled(picture, edge_px)?;
            bytes = jpeg(&picture, quality, exif.as_deref())?;
        }
    }
    Ok((bytes, picture))
}
