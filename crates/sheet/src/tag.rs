//! Finds and decodes the AprilTag of a page (Olson, "AprilTag: A robust and flexible visual fiducial system",
//! 2011).
//!
//! Steps: adaptive threshold against the local mean; dark regions by flood fill; their convex hulls; the
//! largest quadrilateral of each hull; its edges at subpixel precision; the cells, and the nearest word of
//! the family.

mod family;
mod quad;
mod words;

use crate::gray::{Gray, IntegralImage};
use crate::plane::Point;

pub(crate) use family::{CELLS, is_white, word};
pub(crate) use quad::{line_quads, neighbours, sharpened};

/// A tag in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its number in family 36h10.
    pub id: u16,
    /// The outer corners of its black square, in pixels: those that are upper left, upper right, lower right
    /// and lower left on the page, whichever way the page lies.
    pub corners: [Point; 4],
    /// Cells read differently from what the tag says; they were corrected.
    pub wrong_cells: u32,
}

/// Passes of the adaptive threshold: the window (the longer edge of the picture divided by the first number),
/// and how far below the local mean a dark pixel is, in percent. The first suits most photos. The others are
/// for glare, shadow and little light.
const PASSES: [(usize, u32); 4] = [(24, 20), (10, 30), (40, 10), (16, 45)];

/// The tag that is looked for, the one with the fewest wrong cells; else another tag of the family.
pub fn find(gray: &Gray, wanted: impl Fn(u16) -> bool) -> Option<Tag> {
    let smooth = gray.smoothed(1);
    let integral = IntegralImage::of(&smooth);
    let edge = gray.width().max(gray.height());
    let mut other: Option<Tag> = None;
    for (share, below) in PASSES {
        let dark = dark_pixels(&smooth, &integral, (edge / share).max(4), below);
        let seen = quad::dark_quads(&dark, gray.width(), gray.height()).into_iter().filter_map(|corners| {
            let corners = quad::sharpened(&corners, &smooth)?;
            family::read(&corners, gray, &wanted)
        });
        match seen.min_by_key(|(tag, is_wanted)| (!is_wanted, tag.wrong_cells)) {
            Some((tag, true)) => return Some(tag),
            Some((tag, false)) => other = other.or(Some(tag)),
            None => {}
        }
    }
    other
}

/// Whether each pixel is more than `percent_below` darker than its surroundings.
pub(crate) fn dark_pixels(
    gray: &Gray,
    integral: &IntegralImage,
    radius: usize,
    percent_below: u32,
) -> Vec<bool> {
    let mut dark = Vec::with_capacity(gray.pixels().len());
    for (y, row) in gray.pixels().chunks_exact(gray.width()).enumerate() {
        for (x, pixel) in row.iter().enumerate() {
            let mean = integral.mean_around(x, y, radius);
            dark.push(u32::from(*pixel) * 100 + 300 < mean * (100 - percent_below));
        }
    }
    dark
}
