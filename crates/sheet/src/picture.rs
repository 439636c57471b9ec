//! What kind of picture bytes are, before and without trusting them, and the pixels in them.

mod exif;
mod jpeg;
mod png;
mod turn;

pub(crate) use exif::time_only;

use crate::gray::Gray;

/// Longest edge that is decoded, in pixels. The largest phone sensors stay below.
pub const EDGE_PX_MAX: u32 = 20_000;
/// Most pixels that are decoded: 108 megapixels.
const PIXELS_MAX: u64 = 108_000_000;
/// Most memory that one decoding may take, in bytes, the decoder's own tables and buffers aside.
pub const DECODE_BYTES_MAX: u64 = 512 * 1024 * 1024;

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
    /// More pixels, or more memory for them, than are decoded.
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

/// What the bytes of a pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// One byte.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Luminance and two differences, as JPEG stores them: what comes from a JPEG and goes into one need not be
    /// converted on the way.
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
    /// A picture of pixels in memory. None when there are none, or not as many bytes as there should be.
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

/// Decodes all of a picture and tells what it is. Cut-off and damaged ones are refused.
pub fn inspect(bytes: &[u8]) -> Result<PictureInfo, PictureError> {
    let opened = Opened::of(bytes)?;
    let (width, height) = turn::size(&opened.stored, opened.exif.orientation);
    Ok(PictureInfo { format: opened.format, width_px: width as u32, height_px: height as u32 })
}

/// Refuses before anything is decoded. `bytes_each` is what decoding takes for a pixel.
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
