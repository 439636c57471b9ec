//! Decodes JPEG in its stored colours, after a check of its structure.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::exif::Exif;
use super::{Colour, EDGE_PX_MAX, Opened, Picture, PictureError, PictureFormat, limit};

/// Memory of one pixel during decoding, in bytes: three for the pixel. A progressive picture also needs the
/// coefficients of its components until the end.
const BASELINE_BYTES_EACH: u64 = 3;
const PROGRESSIVE_BYTES_EACH: u64 = 3 + 6;

pub(super) fn open(bytes: &[u8]) -> Result<Opened, PictureError> {
    let outline = Outline::of(bytes)?;
    let each = if outline.progressive { PROGRESSIVE_BYTES_EACH } else { BASELINE_BYTES_EACH };
    limit(u64::from(outline.width), u64::from(outline.height), each)?;
    let edge = EDGE_PX_MAX as usize;
    let options = DecoderOptions::default().set_max_width(edge).set_max_height(edge).set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let damaged = |error: zune_jpeg::errors::DecodeErrors| PictureError::Damaged(error.to_string());
    decoder.decode_headers().map_err(damaged)?;
    let (space, colour) = match decoder.input_colorspace() {
        Some(ColorSpace::YCbCr) => (ColorSpace::YCbCr, Colour::YCbCr),
        Some(ColorSpace::Luma) => (ColorSpace::Luma, Colour::Gray),
        _ => (ColorSpace::RGB, Colour::Rgb),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let pixels = decoder.decode().map_err(damaged)?;
    let (width, height) = (usize::from(outline.width), usize::from(outline.height));
    let stored = Picture::new(width, height, colour, pixels)
        .ok_or_else(|| PictureError::Damaged("it has not as many pixels as it says".into()))?;
    Ok(Opened { format: PictureFormat::Jpeg, stored, exif: outline.exif })
}

/// The markers of a JPEG (ITU-T T.81, annex B).
struct Outline {
    width: u16,
    height: u16,
    progressive: bool,
    exif: Exif,
}

impl Outline {
    /// Walks over all segments up to the marker of the end. A file without it is cut off, and half a sheet
    /// that looks like a whole one is worse than none. What comes after it (phones append short films) is of
    /// no interest.
    fn of(bytes: &[u8]) -> Result<Self, PictureError> {
        let damaged = |what: &str| PictureError::Damaged(what.into());
        let (mut frame, mut exif, mut scans) = (None, Exif::default(), 0);
        let mut at = 2;
        loop {
            let marker = *bytes.get(at + 1).ok_or_else(|| damaged("it breaks off"))?;
            if bytes[at] != 0xff {
                return Err(damaged("a segment does not begin where it should"));
            }
            match marker {
                0xff => at += 1,
                0xd9 => break,
                // Markers without a segment.
                0x01 | 0xd0..=0xd8 => at += 2,
                _ => {
                    let length = bytes.get(at + 2..at + 4).ok_or_else(|| damaged("it breaks off"))?;
                    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                    let body = bytes
                        .get(at + 4..at + 2 + length)
                        .ok_or_else(|| damaged("it breaks off in a segment"))?;
                    match (marker, body) {
                        (0xe1, [b'E', b'x', b'i', b'f', 0, _, tiff @ ..]) => exif = Exif::read(tiff),
                        // Frame headers; 0xc4, 0xc8 and 0xcc are none.
                        (
                            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf,
                            [_, h1, h0, w1, w0, _, components @ ..],
                        ) => {
                            frame = Some((
                                u16::from_be_bytes([*w1, *w0]),
                                u16::from_be_bytes([*h1, *h0]),
                                matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce),
                                components.chunks_exact(3).any(|component| component[1] != 0x11),
                            ));
                        }
                        _ => {}
                    }
                    at += 2 + length;
                    if marker == 0xda {
                        scans += 1;
                        at = end_of_scan(bytes, at).ok_or_else(|| damaged("it breaks off in the picture"))?;
                    }
                }
            }
        }
        let (width, height, progressive, subsampled) = frame.ok_or_else(|| damaged("it has no frame"))?;
        // zune-jpeg 0.5.15 leaves every other row of such a picture black. No camera writes them.
        if scans > 1 && subsampled && !progressive {
            return Err(damaged(
                "its colours are stored one after the other, which is not read; save it again",
            ));
        }
        if width == 0 || height == 0 {
            return Err(damaged("it has no size"));
        }
        Ok(Self { width, height, progressive, exif })
    }
}

/// Where the marker after a scan's data is: the first that is neither a stuffed byte nor a restart.
fn end_of_scan(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}
