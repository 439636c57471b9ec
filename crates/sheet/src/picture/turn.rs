//! Turning stored pixels upright.

use super::Picture;
use super::exif::Orientation;

/// Width and height as shown.
pub(super) fn size(stored: &Picture, orientation: Orientation) -> (usize, usize) {
    if orientation.swaps() { (stored.height, stored.width) } else { (stored.width, stored.height) }
}

pub(crate) fn upright(stored: Picture, orientation: Orientation) -> Picture {
    let (mirrored, turns) = orientation.mirror_and_turns();
    if !mirrored && turns == 0 {
        return stored;
    }
    let bytes = stored.colour.bytes();
    let (width, height) = size(&stored, orientation);
    let mut pixels = Vec::with_capacity(stored.pixels.len());
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = match turns {
                1 => (y, stored.height - 1 - x),
                2 => (stored.width - 1 - x, stored.height - 1 - y),
                3 => (stored.width - 1 - y, x),
                _ => (x, y),
            };
            let from_x = if mirrored { stored.width - 1 - from_x } else { from_x };
            let start = (from_y * stored.width + from_x) * bytes;
            pixels.extend_from_slice(&stored.pixels[start..start + bytes]);
        }
    }
    Picture { width, height, pixels, colour: stored.colour }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Colour;
    use crate::picture::exif::Exif;

    /// A TIFF structure with an orientation.
    fn oriented(orientation: u8) -> Orientation {
        let tiff =
            [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0, 0, 0, 0, 0]];
        Exif::read(&tiff.concat()).orientation
    }

    #[test]
    fn all_eight_orientations_show_what_the_standard_says() {
        // Stored: 1 2 3 / 4 5 6. The standard names where the stored first row and first column are shown.
        let shown =
            ["123/456", "321/654", "654/321", "456/123", "14/25/36", "41/52/63", "63/52/41", "36/25/14"];
        for (orientation, expected) in (1..=8).zip(shown) {
            let stored = Picture { width: 3, height: 2, colour: Colour::Gray, pixels: b"123456".to_vec() };
            let picture = upright(stored, oriented(orientation));
            let rows: Vec<String> = picture
                .pixels
                .chunks(picture.width)
                .map(|r| r.iter().map(|b| char::from(*b)).collect())
                .collect();
            assert_eq!(rows.join("/"), expected, "orientation {orientation}");
        }
    }
}
