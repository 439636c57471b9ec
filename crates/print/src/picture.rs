//! Photos, which a PDF holds as their JPEG.

use crate::PrintError;

/// A JPEG that can be printed. Its pixels are not decoded.
#[derive(Debug, Clone, Copy)]
pub struct Jpeg<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) width_px: u16,
    pub(crate) height_px: u16,
    pub(crate) is_gray: bool,
}

impl<'a> Jpeg<'a> {
    /// Reads its header.
    ///
    /// # Errors
    /// When it is no JPEG of eight bits in grey or in three colours.
    pub fn of(bytes: &'a [u8]) -> Result<Self, PrintError> {
        let frame = frame(bytes).ok_or(PrintError::Picture)?;
        let &[8, height_high, height_low, width_high, width_low, components @ (1 | 3)] = frame else {
            return Err(PrintError::Picture);
        };
        let width_px = u16::from_be_bytes([width_high, width_low]);
        let height_px = u16::from_be_bytes([height_high, height_low]);
        if width_px == 0 || height_px == 0 {
            return Err(PrintError::Picture);
        }
        Ok(Self { bytes, width_px, height_px, is_gray: components == 1 })
    }

    /// Its size in points, as large as it fits.
    pub(crate) fn within(&self, width: f32, height: f32) -> [f32; 2] {
        let [wide, high] = [f32::from(self.width_px), f32::from(self.height_px)];
        let scale = (width / wide).min(height / high);
        [wide * scale, high * scale]
    }
}

/// The first six bytes of the frame header: precision, height, width, number of components (ITU T.81, B.2.2).
fn frame(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let (&[0xff, marker], after) = rest.split_first_chunk::<2>()? else { return None };
        match marker {
            // A marker may be preceded by any number of these.
            0xff => rest = &rest[1..],
            // Baseline, extended and progressive, with Huffman codes.
            0xc0..=0xc2 => return after.get(2..8),
            // The pixels begin, or the picture ends.
            0xda | 0xd9 => return None,
            _ => {
                let length = u16::from_be_bytes(*after.first_chunk::<2>()?);
                rest = after.get(usize::from(length).max(2)..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(colour: jpeg_encoder::ColorType, bytes: usize) -> Vec<u8> {
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 80).encode(&vec![90; bytes], 4, 2, colour).unwrap();
        jpeg
    }

    #[test]
    fn the_header_says_size_and_colours() {
        let (gray, colours) =
            (jpeg(jpeg_encoder::ColorType::Luma, 8), jpeg(jpeg_encoder::ColorType::Rgb, 24));
        let read = Jpeg::of(&gray).unwrap();
        assert_eq!((read.width_px, read.height_px, read.is_gray), (4, 2, true));
        assert!(!Jpeg::of(&colours).unwrap().is_gray);
        assert_eq!(read.within(100.0, 10.0), [20.0, 10.0]);
    }

    #[test]
    fn what_is_no_jpeg_is_refused_at_any_length() {
        let cmyk = jpeg(jpeg_encoder::ColorType::Cmyk, 32);
        assert!(Jpeg::of(&cmyk).is_err());
        let gray = jpeg(jpeg_encoder::ColorType::Luma, 8);
        let header = gray.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap() + 10;
        assert!((0..header).all(|length| Jpeg::of(&gray[..length]).is_err()));
        assert!(Jpeg::of(b"\x89PNG\r\n").is_err());
    }
}
