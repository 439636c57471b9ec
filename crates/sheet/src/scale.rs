//! Making a picture smaller.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::picture::{Colour, Picture, PictureError};

/// The picture with a long edge of at most `edge_px`. A smaller one is unchanged.
pub(crate) fn scaled(picture: Picture, edge_px: usize) -> Result<Picture, PictureError> {
    let long = picture.width.max(picture.height);
    if long <= edge_px {
        return Ok(picture);
    }
    let side = |side: usize| ((side * edge_px + long / 2) / long).max(1);
    let (width, height) = (side(picture.width), side(picture.height));
    let (from, to) = ((picture.width, picture.height), (width, height));
    let pixels = match picture.colour {
        Colour::Gray => resized::<U8>(&picture.pixels, from, to),
        Colour::Rgb | Colour::YCbCr => resized::<U8x3>(&picture.pixels, from, to),
    };
    Ok(Picture { width, height, colour: picture.colour, pixels: pixels? })
}

/// Scales pixels of one type. The library's untyped entry compiles a copy for each of its thirteen pixel
/// types, which takes minutes.
fn resized<P: PixelTrait + InnerPixel>(
    pixels: &[u8],
    (from_width, from_height): (usize, usize),
    (to_width, to_height): (usize, usize),
) -> Result<Vec<u8>, PictureError> {
    let failed =
        |error: &dyn std::fmt::Display| PictureError::Damaged(format!("it cannot be scaled: {error}"));
    let from = TypedImageRef::<P>::from_buffer(from_width as u32, from_height as u32, pixels)
        .map_err(|e| failed(&e))?;
    let mut scaled = vec![0; to_width * to_height * P::size()];
    let mut to = TypedImage::<P>::from_buffer(to_width as u32, to_height as u32, &mut scaled)
        .map_err(|e| failed(&e))?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize_typed::<P>(&from, &mut to, &options).map_err(|e| failed(&e))?;
    drop(to);
    Ok(scaled)
}
