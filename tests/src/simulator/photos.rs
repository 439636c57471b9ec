//! Small photos with so much noise that an upload takes several pieces.

use std::io::Cursor;
use std::sync::LazyLock;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// A few photos, made once.
static PHOTOS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| (1..=4).filter_map(noise).collect());

/// The photo with this number; numbers repeat after the last photo.
pub(super) fn photo(number: u32) -> &'static [u8] {
    let index = usize::try_from(number).unwrap_or(0) % PHOTOS.len().max(1);
    PHOTOS.get(index).map_or(&[], Vec::as_slice)
}

fn noise(seed: u32) -> Option<Vec<u8>> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(97);
    let picture = RgbImage::from_fn(330, 330, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        Rgb([a, b, c])
    });
    let mut jpeg = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 80)).ok()?;
    Some(jpeg.into_inner())
}
