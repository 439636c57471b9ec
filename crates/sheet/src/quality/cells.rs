//! Counts the cells between printed lines: what every form has, and walls, tables and blank sheets have not.

use crate::gray::{Gray, IntegralImage};
use crate::tag::{dark_pixels, neighbours};

/// Sides of a cell, in pixels and as a share of the picture's longer edge.
const SIDE_PX_MIN: usize = 9;
const SIDE_SHARE_MAX: f64 = 0.6;
/// Minimum share of the rectangle around a cell that is the cell: seen askew it is a parallelogram.
const FILL_MIN: f64 = 0.55;
/// The threshold of dark lines: the window as a part of the longer edge, and the percentage below the mean.
const WINDOW: usize = 40;
const PERCENT_BELOW: u32 = 10;

/// Light regions with the shape of a cell, enclosed by dark lines.
pub(super) fn count(gray: &Gray) -> usize {
    let (width, height) = (gray.width(), gray.height());
    let edge = width.max(height);
    let dark = dark_pixels(gray, &IntegralImage::of(gray), (edge / WINDOW).max(4), PERCENT_BELOW);
    let side_max = (edge as f64 * SIDE_SHARE_MAX) as usize;
    let mut seen = dark;
    let mut open = Vec::new();
    let mut cells = 0;
    for start in 0..seen.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        open.push(start);
        let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
        let mut size = 0usize;
        while let Some(index) = open.pop() {
            let (x, y) = (index % width, index / width);
            size += 1;
            (left, right, top, bottom) = (left.min(x), right.max(x), top.min(y), bottom.max(y));
            for next in neighbours(index, width, height) {
                if !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
        let (across, down) = (right + 1 - left, bottom + 1 - top);
        let enclosed = left > 0 && top > 0 && right + 1 < width && bottom + 1 < height;
        let sized = |side: usize| (SIDE_PX_MIN..=side_max).contains(&side);
        if enclosed && sized(across) && sized(down) && size as f64 >= FILL_MIN * (across * down) as f64 {
            cells += 1;
        }
    }
    cells
}
