//! The corner marks of a page: two black squares that touch diagonally.

use crate::gray::Gray;
use crate::plane::Point;

/// A point that looks like a corner mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    /// The point where the squares touch.
    pub(crate) at: Point,
    /// Correlation with the printed mark, up to 1.
    pub(crate) likeness: f32,
}

/// The images of one millimetre to the right and one downwards around a point of the page, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axes {
    pub(crate) right: Point,
    pub(crate) down: Point,
}

impl Axes {
    fn scaled(&self, factor: f64) -> Self {
        let by = |p: Point| Point::new(p.x * factor, p.y * factor);
        Self { right: by(self.right), down: by(self.down) }
    }

    /// The offset in pixels of `x` and `y` millimetres on the page.
    pub(crate) fn offset(&self, x: f64, y: f64) -> Point {
        Point::new(self.right.x * x + self.down.x * y, self.right.y * x + self.down.y * y)
    }

    /// Pixels in a millimetre.
    pub(crate) fn scale(&self) -> f64 {
        (self.right.x * self.down.y - self.right.y * self.down.x).abs().sqrt()
    }
}

/// Minimum correlation of a candidate.
const LIKENESS_MIN: f32 = 0.55;
/// Maximum number of candidates.
const CANDIDATES_MAX: usize = 60;

/// Points of the picture that look like a mark with about these `axes`, best first. The far side of a page is
/// smaller or larger than the part where the axes were measured, so several sizes are tried.
pub(crate) fn search(gray: &Gray, smooth: &Gray, axes: &Axes, square_mm: f64) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for factor in [0.62, 0.85, 1.15] {
        let axes = axes.scaled(factor);
        for at in saddles(smooth, &axes, square_mm) {
            let candidate = refine(gray, at, &axes, square_mm);
            if candidate.likeness >= LIKENESS_MIN {
                found.push(candidate);
            }
        }
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    let apart = square_mm * axes.scale() * 0.6;
    let mut distinct: Vec<Candidate> = Vec::new();
    for candidate in found {
        if distinct.len() < CANDIDATES_MAX && distinct.iter().all(|d| d.at.distance(candidate.at) > apart) {
            distinct.push(candidate);
        }
    }
    distinct
}

/// Saddle points: dark at the upper left and lower right, light at the other sides and around.
fn saddles(smooth: &Gray, axes: &Axes, square_mm: f64) -> Vec<Point> {
    let side = square_mm;
    let step = |x: f64, y: f64| {
        let p = axes.offset(x * side, y * side);
        (p.x.round() as isize, p.y.round() as isize)
    };
    let dark = [step(-0.5, -0.5), step(0.5, 0.5)];
    let light = [
        step(0.5, -0.5),
        step(-0.5, 0.5),
        step(-1.5, -0.5),
        step(1.5, 0.5),
        step(0.5, 1.5),
        step(-0.5, -1.5),
    ];
    let (width, height) = (smooth.width() as isize, smooth.height() as isize);
    let reach = dark.iter().chain(&light).fold(1, |reach, (x, y)| reach.max(x.abs()).max(y.abs()));
    let stride = ((side * axes.scale() / 5.0) as isize).clamp(1, 4);
    let pixels = smooth.pixels();
    let at = |x: isize, y: isize, (dx, dy): (isize, isize)| {
        i32::from(pixels[((y + dy) * width + x + dx) as usize])
    };
    let mut found: Vec<(i32, Point)> = Vec::new();
    let mut y = reach;
    while y < height - reach {
        let mut x = reach;
        while x < width - reach {
            let darkest = at(x, y, dark[0]).max(at(x, y, dark[1]));
            let mut contrast = i32::MAX;
            for offset in light {
                contrast = contrast.min(at(x, y, offset) - darkest);
                if contrast < 12 {
                    break;
                }
            }
            // Relative to the brightness, so that marks in the shade count too.
            if contrast * 5 >= darkest + contrast {
                found.push((contrast * 256 / (darkest + contrast + 8), Point::new(x as f64, y as f64)));
            }
            x += stride;
        }
        y += stride;
    }
    found.sort_by_key(|(score, _)| -score);
    let apart = side * axes.scale() * 0.8;
    let mut peaks: Vec<Point> = Vec::new();
    for (_, point) in found.iter().take(6_000) {
        if peaks.len() < 80 && peaks.iter().all(|p| p.distance(*point) > apart) {
            peaks.push(*point);
        }
    }
    peaks
}

/// The point near `start` with the best correlation: hill climbing with ever smaller steps.
pub(crate) fn refine(gray: &Gray, start: Point, axes: &Axes, square_mm: f64) -> Candidate {
    let mut best = Candidate { at: start, likeness: likeness(gray, start, axes, square_mm) };
    for step in [2.0, 1.0, 0.5, 0.25, 0.125] {
        for _ in 0..8 {
            let here = best.at;
            for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                let at = here.plus(dx, dy);
                let likeness = likeness(gray, at, axes, square_mm);
                if likeness > best.likeness {
                    best = Candidate { at, likeness };
                }
            }
            if best.at == here {
                break;
            }
        }
    }
    best
}

/// Correlation of what is seen with the printed mark and the white around it.
pub(crate) fn likeness(gray: &Gray, at: Point, axes: &Axes, square_mm: f64) -> f32 {
    const SIDE: usize = 13;
    let reach = 1.6 * square_mm;
    let (mut count, mut s, mut ss, mut t, mut tt, mut st) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let sample = |i: usize| (i as f64 / (SIDE - 1) as f64 * 2.0 - 1.0) * reach;
            let (x, y) = (sample(column), sample(row));
            let offset = axes.offset(x, y);
            let seen = gray.at(at.plus(offset.x, offset.y));
            let inside = x.abs() < square_mm && y.abs() < square_mm;
            let printed = if x == 0.0 || y == 0.0 {
                continue;
            } else if inside && (x > 0.0) == (y > 0.0) {
                0.0
            } else {
                1.0
            };
            count += 1.0;
            s += seen;
            ss += seen * seen;
            t += printed;
            tt += printed * printed;
            st += seen * printed;
        }
    }
    let (variance_s, variance_t) = (ss - s * s / count, tt - t * t / count);
    if variance_s < count * 9.0 { 0.0 } else { (st - s * t / count) / (variance_s * variance_t).sqrt() }
}
