//! Where the boxes of a figure really are: paper hangs in waves, and a map of the whole page is some
//! millimetres off in places.

use crate::geometry::{FieldGeometry, PageGeometry};
use crate::gray::Gray;
use crate::page::PageView;
use crate::plane::{Homography, Point, Rect};

/// The boxes of a figure, found in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Registered {
    /// How far they are from where the map says, in millimetres.
    pub(crate) shift: Point,
    /// How much darker the outlines are than what is on both sides of them, in shares of the paper.
    pub(crate) contrast: f32,
}

/// Points that are looked at on each line.
const SHARES: [f64; 6] = [0.08, 0.24, 0.4, 0.6, 0.76, 0.92];
/// Minimum contrast of outlines that are there.
const CONTRAST_MIN: f32 = 0.05;
/// How far the boxes are looked for, as a share of a box: less than half, or the next box would be found.
const REACH_SHARE: f64 = 0.3;

impl Registered {
    /// Looks for the boxes of `field` around where the map says they are.
    pub(crate) fn of(gray: &Gray, view: &PageView, field: &FieldGeometry) -> Option<Self> {
        let first = field.boxes.first()?;
        let reach_mm = first.width.min(first.height) * REACH_SHARE;
        Self::within(gray, view, &field.boxes, reach_mm)
    }

    /// The same with another reach.
    pub(crate) fn within(gray: &Gray, view: &PageView, boxes: &[Rect], reach_mm: f64) -> Option<Self> {
        let outlines = Outlines::of(boxes);
        let mut best = (outlines.contrast(gray, view, Point::default()), Point::default());
        for step in [reach_mm / 3.0, reach_mm / 9.0, reach_mm / 27.0] {
            let around = best.1;
            for row in -3..=3 {
                for column in -3..=3 {
                    let by = around.plus(f64::from(column) * step, f64::from(row) * step);
                    let contrast = outlines.contrast(gray, view, by);
                    if contrast.weakest > best.0.weakest {
                        best = (contrast, by);
                    }
                }
            }
        }
        let (contrast, shift) = best;
        (contrast.weakest > CONTRAST_MIN).then_some(Self { shift, contrast: contrast.weakest })
    }
}

/// The lines of the boxes of one figure, each once.
struct Outlines {
    upright: Vec<(Point, Point)>,
    level: Vec<(Point, Point)>,
    gap_mm: f64,
}

#[derive(Debug, Clone, Copy)]
struct Contrast {
    /// Of the level and of the upright lines, the lower.
    weakest: f32,
}

impl Outlines {
    fn of(boxes: &[Rect]) -> Self {
        let mut upright: Vec<(Point, Point)> = Vec::new();
        let mut level = Vec::new();
        for area in boxes {
            let [a, b, c, d] = area.corners();
            for side in [(a, d), (b, c)] {
                // The boxes of a table share their sides.
                if upright.last().is_none_or(|(top, _)| top.distance(side.0) > area.width * 0.05) {
                    upright.push(side);
                }
            }
            level.extend([(a, b), (d, c)]);
        }
        let gap_mm = boxes.first().map_or(1.0, |area| area.width.min(area.height) * 0.13);
        Self { upright, level, gap_mm }
    }

    fn contrast(&self, gray: &Gray, view: &PageView, by: Point) -> Contrast {
        let upright = lines(gray, view, &self.upright, by, (self.gap_mm, 0.0));
        let level = lines(gray, view, &self.level, by, (0.0, self.gap_mm));
        Contrast { weakest: upright.min(level) }
    }
}

/// The mean contrast of lines to what is beside them.
fn lines(gray: &Gray, view: &PageView, of: &[(Point, Point)], by: Point, gap: (f64, f64)) -> f32 {
    let (mut sum, mut paper) = (0.0, 1.0f32);
    for (from, to) in of {
        for share in SHARES {
            let at = from.towards(*to, share).plus(by.x, by.y);
            let seen = |dx: f64, dy: f64| gray.at(view.map.apply(at.plus(dx, dy)));
            let (here, one, other) = (seen(0.0, 0.0), seen(gap.0, gap.1), seen(-gap.0, -gap.1));
            // The darker side counts: an edge between light and dark is no line.
            sum += one.min(other) - here;
            paper += one.max(other);
        }
    }
    sum / paper
}

/// The share of the sides of all boxes of a page that are seen about where `map` says they are.
pub(crate) fn outline_share(gray: &Gray, map: &Homography, page: &PageGeometry) -> f64 {
    const OFFSETS: [f64; 5] = [-0.12, -0.06, 0.0, 0.06, 0.12];
    let (mut seen, mut all) = (0usize, 0usize);
    for area in page.fields.iter().flat_map(|field| &field.boxes) {
        let corners = area.corners();
        for side in 0..4 {
            let (from, to) = (corners[side], corners[(side + 1) % 4]);
            let across = if side % 2 == 0 { (0.0, area.height) } else { (area.width, 0.0) };
            let line = |offset: f64| {
                let sum: f32 = [0.2, 0.4, 0.6, 0.8]
                    .iter()
                    .map(|share| {
                        gray.at(map
                                .apply(from.towards(to, *share).plus(across.0 * offset, across.1 * offset)))
                    })
                    .sum();
                sum
            };
            let darkest = OFFSETS.iter().map(|offset| line(*offset)).fold(f32::MAX, f32::min);
            let beside = line(-0.24).min(line(0.24));
            all += 1;
            seen += usize::from(darkest < beside * (1.0 - CONTRAST_MIN));
        }
    }
    seen as f64 / all.max(1) as f64
}

/// Whether all four sides of a table are seen about where `map` says they are.
pub(crate) fn is_outlined(gray: &Gray, map: &Homography, table: &Rect) -> bool {
    const REACH_MM: f64 = 2.5;
    const STEPS: i32 = 10;
    const POINTS: usize = 24;
    let corners = table.corners();
    (0..4).all(|side| {
        let (from, to) = (corners[side], corners[(side + 1) % 4]);
        let across = if side % 2 == 0 { (0.0, 1.0) } else { (1.0, 0.0) };
        // Paper hangs in waves: each part of a side is looked for by itself.
        let seen = (0..POINTS).filter(|point| {
            let at = from.towards(to, (*point as f64 + 0.5) / POINTS as f64);
            let light = |mm: f64| gray.at(map.apply(at.plus(across.0 * mm, across.1 * mm)));
            let line = (-STEPS..=STEPS).map(|step| f64::from(step) * REACH_MM / f64::from(STEPS));
            line.into_iter().any(|mm| {
                let beside = light(mm - 1.0).min(light(mm + 1.0));
                light(mm) < beside * (1.0 - 2.0 * CONTRAST_MIN)
            })
        });
        seen.count() * 10 >= POINTS * 8
    })
}
