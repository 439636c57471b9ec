//! The AprilTag of a page: found anywhere, at any angle, and named.

mod family;
mod quad;

use crate::gray::{Gray, Sums};
use crate::plane::Point;

pub(crate) use family::{CELLS, is_white, word};

/// A tag in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its number in family 36h10.
    pub id: u16,
    /// The outer corners of its black square, in pixels: those that are upper left, upper right, lower right and lower
    /// left on the page, whichever way the page lies.
    pub corners: [Point; 4],
    /// Cells read differently from what the tag says; they were corrected.
    pub wrong_cells: u32,
}

/// Windows over which a pixel is called dark, as shares of the picture's longer edge, and how far (in percent) below
/// its surroundings it must be. The first suits most photos; the others catch glare, shadow and faint light.
const PASSES: [(usize, u32); 4] = [(24, 20), (10, 30), (40, 10), (16, 45)];

/// The tag that is read best, or none.
pub fn find(gray: &Gray) -> Option<Tag> {
    let smooth = gray.smoothed(1);
    let sums = Sums::of(&smooth);
    let edge = gray.width().max(gray.height());
    PASSES.iter().find_map(|(share, below)| {
        let dark = dark_pixels(&smooth, &sums, (edge / share).max(4), *below);
        quad::dark_quads(&dark, gray.width(), gray.height())
            .into_iter()
            .filter_map(|corners| {
                let corners = quad::sharpened(&corners, &smooth)?;
                family::read(&corners, gray)
            })
            .min_by_key(|tag| tag.wrong_cells)
    })
}

fn dark_pixels(gray: &Gray, sums: &Sums, radius: usize, percent_below: u32) -> Vec<bool> {
    let mut dark = Vec::with_capacity(gray.pixels().len());
    for (y, row) in gray.pixels().chunks_exact(gray.width()).enumerate() {
        for (x, pixel) in row.iter().enumerate() {
            let mean = sums.mean_around(x, y, radius);
            dark.push(u32::from(*pixel) * 100 + 300 < mean * (100 - percent_below));
        }
    }
    dark
}
