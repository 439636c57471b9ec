//! Measures the blur of edges that are printed sharp.

use super::{axes, percentile};
use crate::geometry::Landmarks;
use crate::gray::Gray;
use crate::page::PageView;
use crate::plane::Point;

/// The standard deviation of the blur on the sheet, in millimetres. At each corner mark and at the tag, the
/// worse of both directions counts. The result is the median of these.
pub(super) fn smear_mm(gray: &Gray, print: &Landmarks<'_>, view: &PageView) -> f64 {
    let square = print.marks.square_mm;
    let mut smears = vec![tag_smear(gray, view, print.tag)];
    for (middle, seen) in print.marks.middles().into_iter().zip(view.marks_seen) {
        if seen {
            smears.push(mark_smear(gray, view, middle, square));
        }
    }
    let mut smears: Vec<f64> = smears.into_iter().flatten().collect();
    if smears.is_empty() { f64::from(u8::MAX) } else { percentile(&mut smears, 0.5) }
}

/// The four outer sides of the tag.
fn tag_smear(gray: &Gray, view: &PageView, tag: &crate::plane::Rect) -> Option<f64> {
    let corners = tag.corners();
    let reach = tag.width / 8.0;
    let sides: Vec<Option<f64>> = (0..4)
        .map(|side| {
            let (a, b) = (corners[side], corners[(side + 1) % 4]);
            let inwards = Point::new(-(b.y - a.y) / tag.width, (b.x - a.x) / tag.width);
            smear(gray, view, (a.towards(b, 0.1), a.towards(b, 0.9)), inwards, reach)
        })
        .collect();
    worse(sides[0].zip(sides[2]), sides[1].zip(sides[3]))
}

/// The outer sides of the two squares of a mark.
fn mark_smear(gray: &Gray, view: &PageView, middle: Point, square: f64) -> Option<f64> {
    let side = |from: (f64, f64), to: (f64, f64), inwards: (f64, f64)| {
        let ends = (middle.plus(from.0 * square, from.1 * square), middle.plus(to.0 * square, to.1 * square));
        smear(gray, view, ends, Point::new(inwards.0, inwards.1), square * 0.5)
    };
    let level = side((-0.8, -1.0), (-0.2, -1.0), (0.0, 1.0)).zip(side((0.2, 1.0), (0.8, 1.0), (0.0, -1.0)));
    let upright = side((-1.0, -0.8), (-1.0, -0.2), (1.0, 0.0)).zip(side((1.0, 0.2), (1.0, 0.8), (-1.0, 0.0)));
    worse(level, upright)
}

fn worse(level: Option<(f64, f64)>, upright: Option<(f64, f64)>) -> Option<f64> {
    let mean = |pair: (f64, f64)| (pair.0 + pair.1) / 2.0;
    Some(level.map(mean)?.max(upright.map(mean)?))
}

/// The standard deviation of the blur across an edge, from the steepest slope of the mean profile: a step of
/// height h, blurred with deviation s, has a slope of at most h / (s √(2π)).
fn smear(gray: &Gray, view: &PageView, ends: (Point, Point), inwards: Point, reach_mm: f64) -> Option<f64> {
    const LINES: usize = 12;
    let scale = axes(view, ends.0).scale();
    let step = 0.5 / scale;
    let half = (reach_mm / step).ceil() as i32;
    let profile: Vec<f64> = (-2 * half..=half)
        .map(|i| {
            let off = f64::from(i) * step;
            let sum: f64 = (0..LINES)
                .map(|line| {
                    let at = ends.0.towards(ends.1, line as f64 / (LINES - 1) as f64);
                    f64::from(gray.at(view.map.apply(at.plus(inwards.x * off, inwards.y * off))))
                })
                .sum();
            sum / LINES as f64
        })
        .collect();
    let (low, high) = profile.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let steepest = profile.windows(5).map(|w| (w[0] - w[4]) / 4.0).fold(0.0, f64::max);
    if high - low < 6.0 || steepest <= 0.0 {
        return None;
    }
    Some((high - low) / (steepest * (2.0 * std::f64::consts::PI).sqrt()) * step)
}

/// The blur of a picture without a recognised page: the width of its sharpest edges, in pixels, in the most
/// blurred direction (a moving phone blurs in one). `None` if there are too few edges.
pub(super) fn smear_px(gray: &Gray) -> Option<f64> {
    const TILE: usize = 20;
    let (width, height, pixels) = (gray.width(), gray.height(), gray.smoothed(1));
    let pixels = pixels.pixels();
    let mut smears: [Vec<f64>; 4] = Default::default();
    for top in (2..height.saturating_sub(TILE + 2)).step_by(TILE) {
        for left in (2..width.saturating_sub(TILE + 2)).step_by(TILE) {
            let (mut low, mut high, mut steepest) = (255, 0, [0; 4]);
            for y in top..top + TILE {
                for x in left..left + TILE {
                    let at = |dx: usize, dy: usize| i32::from(pixels[(y + dy) * width + x + dx]);
                    let value = at(0, 0);
                    (low, high) = (low.min(value), high.max(value));
                    let rises = [value - at(2, 0), value - at(0, 2), value - at(2, 2), at(2, 0) - at(0, 2)];
                    for (most, rise) in steepest.iter_mut().zip(rises) {
                        *most = (*most).max(rise.abs());
                    }
                }
            }
            if high - low > 30 {
                for (direction, (smears, rise)) in smears.iter_mut().zip(steepest).enumerate() {
                    let distance = if direction < 2 { 2.0 } else { 2.0 * std::f64::consts::SQRT_2 };
                    let slope = f64::from(rise.max(1)) / distance;
                    smears.push(f64::from(high - low) / (slope * (2.0 * std::f64::consts::PI).sqrt()));
                }
            }
        }
    }
    let enough = smears[0].len() >= 12;
    enough.then(|| smears.iter_mut().map(|smears| percentile(smears, 0.15)).fold(0.0, f64::max))
}
