//! Recognises and decodes untrusted pictures.

mod exif;
mod jpeg;
mod png;
mod turn;

pub(crate) use exif::time_only;

use crate::gray::Gray;

/// Maximum edge of a picture, in pixels. The largest phone sensors have less.
pub const EDGE_PX_MAX: u32 = 20_000;
/// Maximum number of pixels of a picture: 108 megapixels. `protocol::limit` has the same limit for originals.
pub const PIXELS_MAX: u64 = 108_000_000;
/// Maximum memory of one decoding, in bytes, without the decoder's own tables and buffers.
pub const DECODE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Why bytes cannot be used as a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Neither JPEG nor PNG.
    #[error("cannot read the file as a JPEG or PNG picture")]
    NotAPicture,
    /// The phone's HEIC format. It has its own variant because a setting of the camera helps.
    #[error("cannot read a HEIC picture; set the camera to JPEG (\"most compatible\") and take it again")]
    Heic,
    /// It starts as a picture and is cut off or damaged.
    #[error("cannot read the picture, it is damaged or cut off: {0}")]
    Damaged(String),
    /// It has too many pixels, or needs too much memory.
    #[error("cannot use a picture of {width_px} × {height_px} pixels: it is too large")]
    TooLarge {
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
    },
}

/// The accepted formats.
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

/// Properties of a picture that was decoded completely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureInfo {
    /// Its format.
    pub format: PictureFormat,
    /// Its width as shown, in pixels.
    pub width_px: u32,
    /// Its height as shown, in pixels.
    pub height_px: u32,
}

/// The colours of a pixel's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// One byte.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Luminance and two differences, as JPEG stores them. From JPEG to JPEG no conversion is needed.
    YCbCr,
}

impl Colour {
    /// Bytes in a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb | Self::YCbCr => 3,
        }
    }
}

/// Pixels, upright, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) colour: Colour,
    pub(crate) pixels: Vec<u8>,
}

impl Picture {
    /// A picture of pixels in memory. `None` if there are no pixels, or the number of bytes is wrong.
    pub fn new(width: usize, height: usize, colour: Colour, pixels: Vec<u8>) -> Option<Self> {
        let bytes = width.checked_mul(height)?.checked_mul(colour.bytes())?;
        (bytes > 0 && bytes == pixels.len()).then_some(Self { width, height, colour, pixels })
    }

    /// The picture in a file's bytes.
    pub fn open(bytes: &[u8]) -> Result<Self, PictureError> {
        Ok(Opened::of(bytes)?.upright())
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// What its bytes are.
    pub fn colour(&self) -> Colour {
        self.colour
    }

    /// The pixels, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Its luminance.
    pub fn gray(&self) -> Option<Gray> {
        match self.colour {
            Colour::Rgb => Gray::from_rgb(self.width, self.height, &self.pixels),
            Colour::Gray => Gray::new(self.width, self.height, self.pixels.clone()),
            Colour::YCbCr => {
                let luminance = self.pixels.chunks_exact(3).filter_map(|p| p.first().copied()).collect();
                Gray::new(self.width, self.height, luminance)
            }
        }
    }
}

/// A decoded file: pixels as they are stored, and how they are to be shown.
pub(crate) struct Opened {
    pub(crate) format: PictureFormat,
    pub(crate) stored: Picture,
    pub(crate) exif: exif::Exif,
    /// Whether the file ends before the picture does. The missing rows are grey.
    pub(crate) cut_off: bool,
}

impl Opened {
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, PictureError> {
        match format_of(bytes)? {
            PictureFormat::Jpeg => jpeg::open(bytes),
            PictureFormat::Png => png::open(bytes),
        }
    }

    pub(crate) fn upright(self) -> Picture {
        turn::upright(self.stored, self.exif.orientation)
    }
}

/// Decodes a picture and returns its properties. Damaged ones are refused.
pub fn inspect(bytes: &[u8]) -> Result<PictureInfo, PictureError> {
    let opened = Opened::of(bytes)?;
    let (width, height) = turn::size(&opened.stored, opened.exif.orientation);
    Ok(PictureInfo { format: opened.format, width_px: width as u32, height_px: height as u32 })
}

/// Refuses large pictures before decoding. `bytes_each` is the memory of one pixel during decoding.
fn limit(width: u64, height: u64, bytes_each: u64) -> Result<(), PictureError> {
    let pixels = width.saturating_mul(height);
    if width.max(height) > u64::from(EDGE_PX_MAX)
        || pixels > PIXELS_MAX
        || pixels.saturating_mul(bytes_each) > DECODE_BYTES_MAX
    {
        let shown = |side: u64| u32::try_from(side).unwrap_or(u32::MAX);
        return Err(PictureError::TooLarge { width_px: shown(width), height_px: shown(height) });
    }
    Ok(())
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
