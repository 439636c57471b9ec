//! Finds quadrilaterals: dark regions by flood fill, their convex hulls, the largest quadrilateral of each
//! hull.

use crate::gray::Gray;
use crate::plane::Point;

/// Minimum side of a tag, in pixels. The cells of a smaller one cannot be distinguished.
const SIDE_PX_MIN: usize = 12;
/// Maximum side of a tag, as a share of the picture's longer edge. A form fills the picture, its tag a
/// twentieth.
const SIDE_SHARE_MAX: f64 = 0.3;
/// Minimum area of a tag's quadrilateral, as a share of the area of its hull.
const FILL_MIN: f64 = 0.86;

/// Four corners, clockwise, of each dark region that has about that shape.
pub(super) fn dark_quads(dark: &[bool], width: usize, height: usize) -> Vec<[Point; 4]> {
    let side_max = (width.max(height) as f64 * SIDE_SHARE_MAX) as usize;
    regions(dark, width, height, side_max).iter().filter_map(|outline| quad_of(outline)).collect()
}

/// Minimum length of a table, as a share of the picture's longer edge: its longer side, and its shorter one.
const TABLE_SHARES_MIN: (f64, f64) = (0.12, 0.02);
/// Maximum ink in the box around a table: it is lines.
const TABLE_INK_MAX: f64 = 0.5;
/// Minimum area of a table's quadrilateral, as a share of the area of its hull.
const TABLE_FILL_MIN: f64 = 0.9;

/// Four corners, clockwise, of the regions of connected dark lines that have about that shape: the largest
/// ones.
pub(crate) fn line_quads(dark: &[bool], width: usize, height: usize, count: usize) -> Vec<[Point; 4]> {
    let joined = joined(dark, width, height);
    let edge = width.max(height) as f64;
    let is_table = |across: usize, down: usize, ink: usize| {
        let (long, short) = (across.max(down) as f64, across.min(down) as f64);
        long >= edge * TABLE_SHARES_MIN.0
            && short >= edge * TABLE_SHARES_MIN.1
            && (ink as f64) < TABLE_INK_MAX * (across * down) as f64
    };
    let outlines = regions_where(&joined, width, height, is_table);
    let quads = outlines.iter().filter_map(|outline| {
        let hull = hull(outline);
        let corners = widest_quad(&hull)?;
        (area(&corners) >= TABLE_FILL_MIN * area(&hull)).then_some(corners)
    });
    let mut quads: Vec<[Point; 4]> = quads.collect();
    quads.sort_by(|a, b| area(b).total_cmp(&area(a)));
    quads.truncate(count);
    quads
}

/// Dark pixels with their neighbours: small gaps in thin lines close.
fn joined(dark: &[bool], width: usize, height: usize) -> Vec<bool> {
    let mut across = dark.to_vec();
    for row in 0..height {
        for column in 1..width.saturating_sub(1) {
            let at = row * width + column;
            across[at] = dark[at - 1] || dark[at] || dark[at + 1];
        }
    }
    let mut joined = across.clone();
    for row in 1..height.saturating_sub(1) {
        for column in 0..width {
            let at = row * width + column;
            joined[at] = across[at - width] || across[at] || across[at + width];
        }
    }
    joined
}

/// The outlines of all dark regions of a plausible size, by flood fill: the leftmost and rightmost pixels of
/// each row.
fn regions(dark: &[bool], width: usize, height: usize, side_max: usize) -> Vec<Vec<Point>> {
    let sized = |side: usize| (SIDE_PX_MIN..=side_max).contains(&side);
    // A thin border alone is 28 of a tag's 64 cells; turned by half a right angle it fills half of its box.
    regions_where(dark, width, height, |across, down, ink| {
        sized(across) && sized(down) && ink * 6 > across * down
    })
}

/// The pixels left of, right of, above and below a pixel, as far as they are in the picture.
#[inline]
pub(crate) fn neighbours(index: usize, width: usize, height: usize) -> impl Iterator<Item = usize> {
    let (x, y) = (index % width, index / width);
    [
        (x > 0).then(|| index - 1),
        (x + 1 < width).then_some(index + 1),
        (y > 0).then(|| index - width),
        (y + 1 < height).then_some(index + width),
    ]
    .into_iter()
    .flatten()
}

/// The same of all dark regions whose width, height and number of pixels are `wanted`.
fn regions_where(
    dark: &[bool],
    width: usize,
    height: usize,
    wanted: impl Fn(usize, usize, usize) -> bool,
) -> Vec<Vec<Point>> {
    let mut seen = vec![false; dark.len()];
    let mut outlines = Vec::new();
    let mut open = Vec::new();
    let mut extents: Vec<(usize, usize)> = Vec::new();
    for start in 0..dark.len() {
        if !dark[start] || seen[start] {
            continue;
        }
        let top = start / width;
        seen[start] = true;
        open.push(start);
        extents.clear();
        let (mut left, mut right, mut count) = (width, 0, 0usize);
        while let Some(index) = open.pop() {
            let (x, y) = (index % width, index / width);
            count += 1;
            (left, right) = (left.min(x), right.max(x));
            // The scan meets a region first in its top row, so rows only grow downwards from there.
            if extents.len() <= y - top {
                extents.resize(y - top + 1, (width, 0));
            }
            let row = &mut extents[y - top];
            *row = (row.0.min(x), row.1.max(x));
            for next in neighbours(index, width, height) {
                if dark[next] && !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
        let (across, down) = (right + 1 - left.min(right), extents.len());
        if wanted(across, down, count) {
            let ends = |(y, (a, b)): (usize, &(usize, usize))| {
                [*a, *b].map(|x| Point::new(x as f64, (top + y) as f64))
            };
            outlines.push(extents.iter().enumerate().flat_map(ends).collect());
        }
    }
    outlines
}

fn quad_of(outline: &[Point]) -> Option<[Point; 4]> {
    let hull = hull(outline);
    let corners = widest_quad(&hull)?;
    let area = area(&corners);
    let longest = (0..4).map(|i| corners[i].distance(corners[(i + 1) % 4])).fold(0.0, f64::max);
    let shortest = (0..4).map(|i| corners[i].distance(corners[(i + 1) % 4])).fold(f64::MAX, f64::min);
    (area >= FILL_MIN * self::area(&hull) && shortest * 3.0 > longest && shortest >= SIDE_PX_MIN as f64 * 0.6)
        .then_some(corners)
}

/// The convex hull (Andrew's monotone chain), clockwise as seen on a screen.
fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    let half = |points: &mut dyn Iterator<Item = &Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                if cross(a, b, *point) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(*point);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter());
    hull.extend(half(&mut sorted.iter().rev()));
    hull
}

fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn area(polygon: &[Point]) -> f64 {
    (0..polygon.len())
        .map(|i| {
            let (a, b) = (polygon[i], polygon[(i + 1) % polygon.len()]);
            a.x * b.y - b.x * a.y
        })
        .sum::<f64>()
        .abs()
        / 2.0
}

/// The quadrilateral of hull points with (nearly) the largest area: from the ends of the longest stretch and
/// the points farthest from it, each corner walks along the hull as long as that helps.
fn widest_quad(hull: &[Point]) -> Option<[Point; 4]> {
    let count = hull.len();
    if !(4..=2_000).contains(&count) {
        return None;
    }
    let farthest =
        |from: Point| (0..count).max_by(|a, b| from.distance(hull[*a]).total_cmp(&from.distance(hull[*b])));
    let first = farthest(hull[0])?;
    let third = farthest(hull[first])?;
    let off = |i: &usize| cross(hull[first], hull[third], hull[*i]);
    let second = (0..count).max_by(|a, b| off(a).total_cmp(&off(b)))?;
    let fourth = (0..count).min_by(|a, b| off(a).total_cmp(&off(b)))?;
    let mut chosen = [first, second, third, fourth];
    chosen.sort_unstable();
    let quad = |chosen: &[usize; 4]| chosen.map(|i| hull[i]);
    let mut best = area(&quad(&chosen));
    for _ in 0..count {
        let before = best;
        for corner in 0..4 {
            for step in [1, count - 1] {
                let mut moved = chosen;
                moved[corner] = (moved[corner] + step) % count;
                let size = area(&quad(&moved));
                if size > best {
                    (best, chosen) = (size, moved);
                }
            }
        }
        if best <= before {
            break;
        }
    }
    chosen.sort_unstable();
    Some(quad(&chosen))
}

/// The corners at subpixel precision: the intersections of lines fitted to the steepest change along each
/// side.
pub(crate) fn sharpened(corners: &[Point; 4], gray: &Gray) -> Option<[Point; 4]> {
    let mut corners = *corners;
    for _ in 0..2 {
        let area = area(&corners);
        let lines: Vec<_> =
            (0..4).map(|i| edge_line(corners[i], corners[(i + 1) % 4], area, gray)).collect::<Option<_>>()?;
        for i in 0..4 {
            let meeting = lines[(i + 3) % 4].meet(&lines[i])?;
            if meeting.distance(corners[i]) > 8.0 {
                return None;
            }
            corners[i] = meeting;
        }
    }
    Some(corners)
}

struct Line {
    through: Point,
    along: Point,
}

impl Line {
    fn meet(&self, other: &Self) -> Option<Point> {
        let denominator = self.along.x * other.along.y - self.along.y * other.along.x;
        let (dx, dy) = (other.through.x - self.through.x, other.through.y - self.through.y);
        let t = (dx * other.along.y - dy * other.along.x) / denominator;
        (denominator.abs() > 0.2).then(|| self.through.plus(self.along.x * t, self.along.y * t))
    }
}

/// How far from a side of the outline the edge is looked for, as a share of the tag's depth there: less than
/// the two cells inwards where a dark cell may meet a light one, which looks the same.
const EDGE_REACH: f64 = 0.17;

/// The line of the change from light (outside) to dark, between two corners of a clockwise outline with this
/// area.
fn edge_line(a: Point, b: Point, area: f64, gray: &Gray) -> Option<Line> {
    const STEPS: usize = 16;
    let length = a.distance(b);
    if length < 4.0 {
        return None;
    }
    let along = Point::new((b.x - a.x) / length, (b.y - a.y) / length);
    let outwards = Point::new(along.y, -along.x);
    let reach = (area / length * EDGE_REACH).clamp(2.0, 10.0);
    let mut points = Vec::with_capacity(STEPS);
    for step in 0..STEPS {
        let middle = a.towards(b, 0.1 + 0.8 * (step as f64 + 0.5) / STEPS as f64);
        let value = |t: f64| f64::from(gray.at(middle.plus(outwards.x * t, outwards.y * t)));
        let rises = |t: f64| value(t + 1.0) - value(t - 1.0);
        let count = (reach * 2.0) as i32;
        let (mut weight, mut moment) = (0.0, 0.0);
        let steepest = (-count..=count).map(|k| rises(f64::from(k) / 2.0)).fold(0.0, f64::max);
        for k in -count..=count {
            let t = f64::from(k) / 2.0;
            let rise = rises(t);
            if rise > steepest * 0.6 {
                weight += rise;
                moment += rise * t;
            }
        }
        if steepest > 4.0 {
            let t = moment / weight;
            points.push((middle.plus(outwards.x * t, outwards.y * t), t));
        }
    }
    if points.len() < STEPS / 2 {
        return None;
    }
    // Outliers are left out, such as a pen stroke that touches the square.
    let mut offsets: Vec<f64> = points.iter().map(|(_, t)| *t).collect();
    offsets.sort_by(f64::total_cmp);
    let usual = offsets[offsets.len() / 2];
    let inliers: Vec<Point> =
        points.iter().filter(|(_, t)| (t - usual).abs() < 2.0).map(|(p, _)| *p).collect();
    fit_line(&inliers)
}

/// Total least squares: the main axis of the points.
fn fit_line(points: &[Point]) -> Option<Line> {
    if points.len() < 4 {
        return None;
    }
    let count = points.len() as f64;
    let through = Point::new(
        points.iter().map(|p| p.x).sum::<f64>() / count,
        points.iter().map(|p| p.y).sum::<f64>() / count,
    );
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in points {
        let (dx, dy) = (p.x - through.x, p.y - through.y);
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    let angle = 0.5 * f64::atan2(2.0 * xy, xx - yy);
    Some(Line { through, along: Point::new(angle.cos(), angle.sin()) })
}
