//! Making a picture smaller.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::picture::{Colour, Picture, PictureError};

/// The picture with a long edge of at most `edge_px`. A smaller one is unchanged.
pub(crate) fn scaled(picture: Picture, edge_px: usize) -> Result<Picture, PictureError> {
    let long = picture.width.max(picture.height);
    if long <= edge_px {
        return Ok(picture);
    }
    let side = |side: usize| ((side * edge_px + long / 2) / long).max(1);
    let (width, height) = (side(picture.width), side(picture.height));
    let kind = match picture.colour {
        Colour::Gray => PixelType::U8,
        Colour::Rgb | Colour::YCbCr => PixelType::U8x3,
    };
    let failed =
        |error: &dyn std::fmt::Display| PictureError::Damaged(format!("it cannot be scaled: {error}"));
    let from = ImageRef::new(picture.width as u32, picture.height as u32, &picture.pixels, kind)
        .map_err(|e| failed(&e))?;
    let mut to = Image::new(width as u32, height as u32, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize(&from, &mut to, &options).map_err(|e| failed(&e))?;
    Ok(Picture { width, height, colour: picture.colour, pixels: to.into_vec() })
}
