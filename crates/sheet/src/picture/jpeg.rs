//! Decodes JPEG in its stored colours, after a check of its structure.

use std::ops::Range;

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
    let without_junk = outline.has_junk.then(|| outline.without_junk(bytes));
    let bytes = without_junk.as_deref().unwrap_or(bytes);
    let cut_off = !outline.has_end && (outline.progressive || decode(bytes, true).is_err());
    let (colour, pixels) = decode(bytes, false)?;
    let (width, height) = (usize::from(outline.width), usize::from(outline.height));
    let stored = Picture::new(width, height, colour, pixels)
        .ok_or_else(|| PictureError::Damaged("it has not as many pixels as it says".into()))?;
    Ok(Opened { format: PictureFormat::Jpeg, stored, exif: outline.exif, cut_off })
}

/// The pixels in the file's own colours. If it is not strict, missing rows become grey.
fn decode(bytes: &[u8], strict: bool) -> Result<(Colour, Vec<u8>), PictureError> {
    let edge = EDGE_PX_MAX as usize;
    let options = DecoderOptions::default().set_max_width(edge).set_max_height(edge).set_strict_mode(strict);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let damaged = |error: zune_jpeg::errors::DecodeErrors| PictureError::Damaged(error.to_string());
    decoder.decode_headers().map_err(damaged)?;
    let (space, colour) = match decoder.input_colorspace() {
        Some(ColorSpace::YCbCr) => (ColorSpace::YCbCr, Colour::YCbCr),
        Some(ColorSpace::Luma) => (ColorSpace::Luma, Colour::Gray),
        _ => (ColorSpace::RGB, Colour::Rgb),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    Ok((colour, decoder.decode().map_err(damaged)?))
}

/// The markers of a JPEG (ITU-T T.81, annex B).
#[derive(Default)]
struct Outline {
    frame: Option<Frame>,
    width: u16,
    height: u16,
    progressive: bool,
    exif: Exif,
    scans: u32,
    /// The segments with their data, without what is between them.
    segments: Vec<Range<usize>>,
    /// Whether there are bytes between segments that belong to none. Some phones write them.
    has_junk: bool,
    /// Whether the marker of the end is there. Some phones leave it out; a file that was cut off has none
    /// either.
    has_end: bool,
}

#[derive(Clone, Copy)]
struct Frame {
    width: u16,
    height: u16,
    progressive: bool,
    subsampled: bool,
}

impl Outline {
    /// Walks over all segments up to the marker of the end. What comes after it (phones append short films)
    /// is of no interest. A file that breaks off before its picture begins is refused.
    fn of(bytes: &[u8]) -> Result<Self, PictureError> {
        let mut outline = Self::default();
        let mut at = 2;
        while let Some(marker) = marker_from(bytes, at) {
            outline.has_junk |= marker > at;
            let Some(next) = outline.segment(bytes, marker) else { break };
            at = next;
            if outline.has_end {
                break;
            }
        }
        outline.checked()
    }

    /// Reads the segment whose marker is at `at`, and returns where it ends. `None` where the file breaks
    /// off.
    fn segment(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let marker = *bytes.get(at + 1)?;
        if matches!(marker, 0x01 | 0xd0..=0xd9) {
            self.has_end = marker == 0xd9;
            // The other markers without a segment mean nothing here.
            self.has_junk |= !self.has_end;
            self.segments.extend(self.has_end.then_some(at..at + 2));
            return Some(at + 2);
        }
        let length = bytes.get(at + 2..at + 4)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if length < 2 {
            // The length counts itself: this is no segment.
            self.has_junk = true;
            return Some(at + 2);
        }
        let body = bytes.get(at + 4..at + 2 + length)?;
        match (marker, body) {
            (0xe1, [b'E', b'x', b'i', b'f', 0, _, tiff @ ..]) => self.exif = Exif::read(tiff),
            // Frame headers; 0xc4, 0xc8 and 0xcc are none.
            (0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf, [_, h1, h0, w1, w0, _, parts @ ..]) => {
                self.frame = Some(Frame {
                    width: u16::from_be_bytes([*w1, *w0]),
                    height: u16::from_be_bytes([*h1, *h0]),
                    progressive: matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce),
                    subsampled: parts.chunks_exact(3).any(|component| component[1] != 0x11),
                });
            }
            _ => {}
        }
        let mut end = at + 2 + length;
        if marker == 0xda {
            self.scans += 1;
            end = end_of_scan(bytes, end).unwrap_or(bytes.len());
        }
        self.segments.push(at..end);
        Some(end)
    }

    fn checked(self) -> Result<Self, PictureError> {
        let damaged = |what: &str| PictureError::Damaged(what.into());
        if self.scans == 0 {
            return Err(damaged("it breaks off before the picture begins"));
        }
        let frame = self.frame.ok_or_else(|| damaged("it has no frame"))?;
        // zune-jpeg 0.5.15 leaves every other row of such a picture black. No camera writes them.
        if self.scans > 1 && frame.subsampled && !frame.progressive {
            return Err(damaged(
                "its colours are stored one after the other, which is not read; save it again",
            ));
        }
        if frame.width == 0 || frame.height == 0 {
            return Err(damaged("it has no size"));
        }
        Ok(Self { width: frame.width, height: frame.height, progressive: frame.progressive, ..self })
    }

    /// The file without the bytes that belong to no segment.
    fn without_junk(&self, bytes: &[u8]) -> Vec<u8> {
        let segments = self.segments.iter().filter_map(|segment| bytes.get(segment.clone()));
        let start: &[u8] = &[0xff, 0xd8];
        std::iter::once(start).chain(segments).collect::<Vec<_>>().concat()
    }
}

/// Where the next marker is, from `at` on.
fn marker_from(bytes: &[u8], at: usize) -> Option<usize> {
    let is_marker = |pair: &[u8]| matches!(pair, [0xff, second] if !matches!(second, 0x00 | 0xff));
    bytes.get(at..)?.windows(2).position(is_marker).map(|further| at + further)
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
