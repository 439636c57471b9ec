//! Whether bytes are a picture that browsers show and that no limit forbids.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

/// Longest side of a photo, in pixels.
const SIDE_PIXELS_MAX: u32 = 16_384;
/// Most pixels of a photo.
const PIXELS_MAX: u64 = 64_000_000;

/// The formats that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureFormat {
    /// The media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Why bytes are not a picture that is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PictureError {
    /// Neither JPEG nor PNG by their first bytes.
    #[error("the bytes are neither JPEG nor PNG")]
    UnknownFormat,
    /// The head of the file cannot be read.
    #[error("the picture's head cannot be read: {0}")]
    Broken(String),
    /// Too many pixels.
    #[error("the picture has {width} × {height} pixels, more than is taken")]
    TooLarge {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
}

/// Reads the head only: the pixels are of no use here, and unpacking them would cost memory.
pub(crate) fn examine(bytes: &[u8]) -> Result<PictureFormat, PictureError> {
    let format = format_of(bytes).ok_or(PictureError::UnknownFormat)?;
    let image_format = match format {
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Png => ImageFormat::Png,
    };
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), image_format)
        .into_dimensions()
        .map_err(|error| PictureError::Broken(error.to_string()))?;
    if width.max(height) > SIDE_PIXELS_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(format)
}

/// The format by the first bytes alone.
pub(crate) fn format_of(bytes: &[u8]) -> Option<PictureFormat> {
    match image::guess_format(bytes).ok()? {
        ImageFormat::Jpeg => Some(PictureFormat::Jpeg),
        ImageFormat::Png => Some(PictureFormat::Png),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_taken_and_other_bytes_are_not() {
        let mut png = Cursor::new(Vec::new());
        image::GrayImage::new(3, 2).write_to(&mut png, ImageFormat::Png).unwrap();
        assert_eq!(examine(png.get_ref()), Ok(PictureFormat::Png));
        assert_eq!(examine(b"not a picture"), Err(PictureError::UnknownFormat));
        assert!(matches!(examine(b"\xff\xd8\xff\xe0 and no more"), Err(PictureError::Broken(_))));
    }

    #[test]
    fn a_picture_that_claims_too_many_pixels_is_refused_by_its_head() {
        let mut png = Cursor::new(Vec::new());
        image::GrayImage::new(SIDE_PIXELS_MAX + 1, 1).write_to(&mut png, ImageFormat::Png).unwrap();
        assert_eq!(
            examine(png.get_ref()),
            Err(PictureError::TooLarge { width: SIDE_PIXELS_MAX + 1, height: 1 })
        );
    }
}
