//! Points, rectangles, and the homography between a page and its photo.

use serde::{Deserialize, Serialize};

/// A point: millimetres on a page, or pixels in a picture (0, 0 is the middle of the first pixel).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// The point at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to `other`.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    pub(crate) fn plus(self, dx: f64, dy: f64) -> Self {
        Self::new(self.x + dx, self.y + dy)
    }

    /// The point `share` of the way towards `other`.
    pub(crate) fn towards(self, other: Self, share: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }
}

/// A rectangle with sides along the axes: `[x, y, width, height]` in a file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct Rect {
    /// The left side.
    pub x: f64,
    /// The upper side.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Rect {
    /// The corners: upper left, upper right, lower right, lower left.
    pub fn corners(&self) -> [Point; 4] {
        let (right, bottom) = (self.x + self.width, self.y + self.height);
        [
            Point::new(self.x, self.y),
            Point::new(right, self.y),
            Point::new(right, bottom),
            Point::new(self.x, bottom),
        ]
    }

    /// The middle.
    pub fn middle(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The smallest rectangle that holds both.
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            width: (self.x + self.width).max(other.x + other.width) - x,
            height: (self.y + self.height).max(other.y + other.height) - y,
        }
    }

    /// The rectangle with `margin` more on each side.
    pub fn grown(&self, margin: f64) -> Self {
        Self {
            x: self.x - margin,
            y: self.y - margin,
            width: self.width + 2.0 * margin,
            height: self.height + 2.0 * margin,
        }
    }
}

impl From<[f64; 4]> for Rect {
    fn from([x, y, width, height]: [f64; 4]) -> Self {
        Self { x, y, width, height }
    }
}

impl From<Rect> for [f64; 4] {
    fn from(rect: Rect) -> Self {
        [rect.x, rect.y, rect.width, rect.height]
    }
}

/// A projective map between two planes. It maps lines to lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography([f64; 9]);

impl Homography {
    /// Maps every point to itself.
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    /// The map that brings each first point nearest to its second: least squares of the direct linear
    /// transform (DLT), with Hartley's normalisation of both point sets (Hartley and Zisserman, Multiple View
    /// Geometry, §4.1 and §4.4). `None` for fewer than four pairs, and for points that do not determine a map
    /// (three of four on a line).
    pub fn fit(pairs: &[(Point, Point)]) -> Option<Self> {
        if pairs.len() < 4 {
            return None;
        }
        let (from, to) = (Scaling::of(pairs.iter().map(|p| p.0))?, Scaling::of(pairs.iter().map(|p| p.1))?);
        let mut normal = [[0.0; 9]; 8];
        let mut add = |row: [f64; 8], value: f64| {
            for (i, a) in row.iter().enumerate() {
                for (j, b) in row.iter().enumerate() {
                    normal[i][j] += a * b;
                }
                normal[i][8] += a * value;
            }
        };
        for (a, b) in pairs {
            let (a, b) = (from.apply(*a), to.apply(*b));
            add([a.x, a.y, 1.0, 0.0, 0.0, 0.0, -a.x * b.x, -a.y * b.x], b.x);
            add([0.0, 0.0, 0.0, a.x, a.y, 1.0, -a.x * b.y, -a.y * b.y], b.y);
        }
        let h = solve(normal)?;
        let scaled = Self([h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], 1.0]);
        Some(to.undo().after(scaled).after(from.matrix()))
    }

    /// The image of `point`.
    pub fn apply(&self, point: Point) -> Point {
        let h = &self.0;
        let w = h[6] * point.x + h[7] * point.y + h[8];
        let w = if w.abs() < 1e-12 { 1e-12 } else { w };
        Point::new((h[0] * point.x + h[1] * point.y + h[2]) / w, (h[3] * point.x + h[4] * point.y + h[5]) / w)
    }

    /// The inverse map, if there is one.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let cofactors = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        let determinant = a * cofactors[0] + b * cofactors[3] + c * cofactors[6];
        (determinant.abs() > 1e-18).then(|| Self(cofactors.map(|v| v / determinant)))
    }

    /// The lengths, in target units, of one source unit to the right and one downwards at `point`.
    pub fn scale_at(&self, point: Point) -> (f64, f64) {
        let here = self.apply(point);
        (self.apply(point.plus(1.0, 0.0)).distance(here), self.apply(point.plus(0.0, 1.0)).distance(here))
    }

    fn after(&self, first: Self) -> Self {
        let (a, b) = (&self.0, &first.0);
        let mut product = [0.0; 9];
        for row in 0..3 {
            for column in 0..3 {
                product[row * 3 + column] = (0..3).map(|k| a[row * 3 + k] * b[k * 3 + column]).sum();
            }
        }
        Self(product)
    }
}

/// Hartley's normalisation: moves the centroid to the origin and scales the mean distance to one. It keeps
/// the equations well conditioned. (Hartley scales to √2; the factor does not matter.)
struct Scaling {
    middle: Point,
    size: f64,
}

impl Scaling {
    fn of(points: impl Iterator<Item = Point> + Clone) -> Option<Self> {
        let count = points.clone().count() as f64;
        let sum = points.clone().fold(Point::default(), |sum, p| sum.plus(p.x, p.y));
        let middle = Point::new(sum.x / count, sum.y / count);
        let size = points.map(|p| p.distance(middle)).sum::<f64>() / count;
        (size.is_finite() && size > 1e-9).then_some(Self { middle, size })
    }

    fn apply(&self, point: Point) -> Point {
        Point::new((point.x - self.middle.x) / self.size, (point.y - self.middle.y) / self.size)
    }

    fn matrix(&self) -> Homography {
        let s = 1.0 / self.size;
        Homography([s, 0.0, -self.middle.x * s, 0.0, s, -self.middle.y * s, 0.0, 0.0, 1.0])
    }

    fn undo(&self) -> Homography {
        Homography([self.size, 0.0, self.middle.x, 0.0, self.size, self.middle.y, 0.0, 0.0, 1.0])
    }
}

/// Gaussian elimination with row pivots.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot = (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-10 {
            return None;
        }
        rows.swap(column, pivot);
        let pivot = rows[column];
        for (index, row) in rows.iter_mut().enumerate() {
            if index != column {
                let factor = row[column] / pivot[column];
                for (value, above) in row.iter_mut().zip(pivot).skip(column) {
                    *value -= factor * above;
                }
            }
        }
    }
    let mut solution = [0.0; 8];
    for (k, value) in solution.iter_mut().enumerate() {
        *value = rows[k][8] / rows[k][k];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_through_four_points_meets_them_and_comes_back() {
        let from = Rect { x: 40.0, y: 57.8, width: 520.0, height: 824.4 }.corners();
        let to = [(310.0, 420.5), (1502.0, 398.0), (1399.0, 2250.0), (402.0, 1988.0)];
        let pairs: Vec<_> = from.into_iter().zip(to.map(|(x, y)| Point::new(x, y))).collect();
        let map = Homography::fit(&pairs);
        let back = map.and_then(|m| m.inverse());
        for (a, b) in pairs {
            assert!(map.is_some_and(|m| m.apply(a).distance(b) < 1e-6));
            assert!(back.is_some_and(|m| m.apply(b).distance(a) < 1e-6));
        }
    }

    #[test]
    fn points_on_one_line_fix_no_map() {
        let line: Vec<_> =
            (0..4).map(|i| (Point::new(f64::from(i), 0.0), Point::new(f64::from(i), 0.0))).collect();
        assert_eq!(Homography::fit(&line), None);
        assert_eq!(Homography::fit(&line[..3]), None);
    }
}
