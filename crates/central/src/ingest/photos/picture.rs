//! The check that bytes are a picture that browsers show and that keeps to the limits.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

/// Maximum length of a side of a photo, in pixels.
const SIDE_PIXELS_MAX: u32 = 20_000;

/// Three colours and grey.
const DECODED_BYTES_PER_PIXEL: u64 = 4;

/// A format that the endpoint accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureFormat {
    Jpeg,
    Png,
}

impl PictureFormat {
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Why bytes are not an acceptable picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PictureError {
    #[error("the bytes are neither JPEG nor PNG")]
    UnknownFormat,
    #[error("cannot read the header of the picture")]
    Broken(#[source] image::ImageError),
    #[error("the picture has {width} × {height} pixels, more than the endpoint accepts")]
    TooLarge { width: u32, height: u32 },
}

/// Reads the header only. The pixels are of no use here, and decoding them would cost memory. More than
/// `pixels_max` pixels are too many.
pub(crate) fn examine(bytes: &[u8], pixels_max: u64) -> Result<PictureFormat, PictureError> {
    let format = format_of(bytes).ok_or(PictureError::UnknownFormat)?;
    let image_format = match format {
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Png => ImageFormat::Png,
    };
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), image_format)
        .into_dimensions()
        .map_err(PictureError::Broken)?;
    if width.max(height) > SIDE_PIXELS_MAX || u64::from(width) * u64::from(height) > pixels_max {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(format)
}

/// Memory that decoding the picture and reading it in grey needs, in bytes. `None` if its header cannot be
/// read.
pub(crate) fn decoded_bytes(bytes: &[u8]) -> Option<u64> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let (width, height) = reader.into_dimensions().ok()?;
    Some(u64::from(width) * u64::from(height) * DECODED_BYTES_PER_PIXEL)
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
    fn pictures_are_accepted_and_other_bytes_are_not() {
        let mut png = Cursor::new(Vec::new());
        image::GrayImage::new(3, 2).write_to(&mut png, ImageFormat::Png).unwrap();
        assert_eq!(examine(png.get_ref(), 6).unwrap(), PictureFormat::Png);
        assert!(matches!(examine(b"not a picture", 6), Err(PictureError::UnknownFormat)));
        assert!(matches!(examine(b"\xff\xd8\xff\xe0 and no more", 6), Err(PictureError::Broken(_))));
    }

    #[test]
    fn a_picture_that_claims_too_many_pixels_is_refused_by_its_header() {
        let mut png = Cursor::new(Vec::new());
        image::GrayImage::new(SIDE_PIXELS_MAX + 1, 1).write_to(&mut png, ImageFormat::Png).unwrap();
        let error = examine(png.get_ref(), u64::MAX).unwrap_err();
        assert!(matches!(error, PictureError::TooLarge { width, height: 1 } if width == SIDE_PIXELS_MAX + 1));
        let mut png = Cursor::new(Vec::new());
        image::GrayImage::new(3, 3).write_to(&mut png, ImageFormat::Png).unwrap();
        assert!(matches!(examine(png.get_ref(), 8), Err(PictureError::TooLarge { width: 3, height: 3 })));
    }
}
