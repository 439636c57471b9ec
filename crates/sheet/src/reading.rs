//! The second reading: which bubbles under the boxes of a figure are filled.
//!
//! A reading never fills a field. A column with one filled bubble is that digit. A column with none has no
//! digit. A column with two is not decided. Each result has a confidence.

use crate::geometry::{Bubbles, FieldGeometry, FormGeometry};
use crate::gray::Gray;
use crate::page::PageView;
use crate::plane::{Point, Rect};

/// Minimum confidence of a reading that the app shows to the witness.
pub const CONFIDENT: f32 = 0.6;
/// Minimum resolution to distinguish bubbles, in pixels per millimetre.
const PIXELS_PER_MM_MIN: f64 = 0.45;
/// Minimum number of corner marks. With fewer, the position of the far end of the page is uncertain.
const MARKS_MIN: usize = 3;

/// The reading of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The field's code.
    pub field: String,
    /// Each box from the left. No digit stands for a crossed or empty box, or for one that could not be read;
    /// the confidence tells which.
    pub digits: Vec<DigitReading>,
    /// The number, where its digits make one: none before the first, all after it.
    pub value: Option<u32>,
    /// Of the whole figure: that of its weakest digit. 0 to 1.
    pub confidence: f32,
    /// What was read.
    pub by: ReadBy,
}

/// In which way a figure was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBy {
    /// The filled bubbles under its boxes.
    Bubbles,
    /// The handwriting in its boxes.
    Handwriting,
}

/// The reading of one box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DigitReading {
    /// The digit, if one bubble is black.
    pub digit: Option<u8>,
    /// 0 to 1.
    pub confidence: f32,
}

impl Reading {
    /// Whether it is worth showing.
    pub fn is_confident(&self) -> bool {
        self.confidence >= CONFIDENT
    }
}

/// Reads all figures with bubbles on the page that `view` shows.
pub fn read(gray: &Gray, form: &FormGeometry, view: &PageView) -> Vec<Reading> {
    let Some(page) = form.page(view.page) else { return Vec::new() };
    if view.pixels_per_mm(form) < PIXELS_PER_MM_MIN {
        return Vec::new();
    }
    let seen: Vec<Columns> = page
        .fields
        .iter()
        .filter_map(|field| field.bubbles.as_ref().map(|bubbles| Columns::see(gray, view, field, bubbles)))
        .collect();
    let printed = printed_ink(&seen);
    let whole = view.is_in_position();
    seen.into_iter().map(|columns| columns.reading(&printed, whole)).collect()
}

/// The ink that the ring and the printed digit of an empty bubble have on this photo, by digit: an 8 has
/// twice that of a
/// 1. Most bubbles are empty, so it is taken from the paler columns.
fn printed_ink(seen: &[Columns]) -> [f32; 10] {
    let columns: Vec<&[f32; 10]> = seen.iter().flat_map(|columns| &columns.ink).collect();
    let mut usual: Vec<f32> = columns.iter().flat_map(|column| **column).collect();
    usual.sort_by(f32::total_cmp);
    let usual = usual.get(usual.len() * 2 / 5).copied().unwrap_or(0.0);
    std::array::from_fn(|digit| {
        let mut ink: Vec<f32> = columns.iter().map(|column| column[digit]).collect();
        ink.sort_by(f32::total_cmp);
        // Should nearly all columns have the same digit, no empty bubble of it is there to compare with.
        ink.get(ink.len() / 4).copied().unwrap_or(0.0).min(usual * 2.0)
    })
}

/// The columns of one figure.
struct Columns<'a> {
    field: &'a FieldGeometry,
    ink: Vec<[f32; 10]>,
    in_position: bool,
}

impl<'a> Columns<'a> {
    fn see(gray: &'a Gray, view: &'a PageView, field: &'a FieldGeometry, bubbles: &'a Bubbles) -> Self {
        let print = Field {
            gray,
            view,
            bubbles,
            boxes: &field.boxes,
            shift: Point::default(),
            drift: Point::default(),
        }
        .settled();
        Self {
            field,
            ink: (0..print.boxes.len()).map(|column| print.column_ink(column)).collect(),
            in_position: print.is_in_position(),
        }
    }

    /// `whole`: all four corners of the page are seen. Without one, the map may be wrong where nobody looked.
    fn reading(self, printed: &[f32; 10], whole: bool) -> Reading {
        let certain = match (self.in_position, whole) {
            (true, true) => 1.0,
            (true, false) => CONFIDENT * 0.9,
            (false, _) => 0.0,
        };
        let digits: Vec<_> = self
            .ink
            .iter()
            .map(|column| {
                let digit = read_column(column, printed);
                DigitReading {
                    confidence: digit.confidence.min(visibility(column, printed)) * certain,
                    ..digit
                }
            })
            .collect();
        Reading {
            field: self.field.code.clone(),
            value: value_of(&digits),
            confidence: digits.iter().map(|d| d.confidence).fold(1.0, f32::min),
            by: ReadBy::Bubbles,
            digits,
        }
    }
}

/// 1 where all bubbles of a column show their print, 0 where one shows none: a reflection or a thumb lies on
/// it, and what is under it nobody knows.
fn visibility(column: &[f32; 10], printed: &[f32; 10]) -> f32 {
    let least = column.iter().zip(printed).map(|(ink, print)| ink / print.max(0.02)).fold(1.0, f32::min);
    ((least - 0.4) * 4.0).clamp(0.0, 1.0)
}

/// A number: nothing, then digits to the end, all of them decided.
fn value_of(digits: &[DigitReading]) -> Option<u32> {
    if digits.iter().any(|d| d.confidence <= 0.0) {
        return None;
    }
    let written = digits.iter().skip_while(|d| d.digit.is_none());
    written.clone().next()?;
    written.clone().try_fold(0u32, |value, d| Some(value * 10 + u32::from(d.digit?)))
}

struct Field<'a> {
    gray: &'a Gray,
    view: &'a PageView,
    bubbles: &'a Bubbles,
    boxes: &'a [Rect],
    /// How far the print lies off where the map says it is, at the boxes, in millimetres: paper hangs in
    /// waves.
    shift: Point,
    /// How much farther it is off at the last digit.
    drift: Point,
}

impl Field<'_> {
    fn seen(&self, at: Point, dx: f64, dy: f64) -> f32 {
        self.gray.at(self.position(at.plus(dx, dy)))
    }

    /// The position of a point of the print in the picture.
    fn position(&self, at: Point) -> Point {
        let top = self.boxes.first().map_or(at.y, |rect| rect.y);
        let share = ((at.y - top) / (self.bubbles.middle(0, 9).y - top)).clamp(0.0, 1.0);
        self.view.map.apply(at.plus(self.shift.x + self.drift.x * share, self.shift.y + self.drift.y * share))
    }

    /// The same field, moved to where its printed rings and boxes are seen. The rings alone would not do:
    /// moved by one digit they nearly fit again.
    fn settled(mut self) -> Self {
        const SHIFT_MM_MAX: i32 = 7;
        // Less than half a step between digits: more would be a digit's worth.
        const DRIFT_MM_MAX: i32 = 4;
        self.climb(SHIFT_MM_MAX, Self::print_contrast, |field, by| field.shift = by);
        self.climb(DRIFT_MM_MAX, Self::ring_contrast, |field, by| field.drift = by);
        self
    }

    /// Moves to the best position within `reach_mm`, by whole millimetres, then finer.
    fn climb(&mut self, reach_mm: i32, contrast: fn(&Self) -> f32, set: fn(&mut Self, Point)) {
        let mut best = (contrast(self), Point::default());
        for (step, steps) in [(1.0, reach_mm), (0.5, 1), (0.25, 1)] {
            let around = best.1;
            for row in -steps..=steps {
                for column in -steps..=steps {
                    let by = around.plus(f64::from(column) * step, f64::from(row) * step);
                    set(self, by);
                    let contrast = contrast(self);
                    if contrast > best.0 {
                        best = (contrast, by);
                    }
                }
            }
        }
        set(self, best.1);
    }

    fn print_contrast(&self) -> f32 {
        let [level, upright] = self.box_contrast();
        self.ring_contrast() + 3.0 * (level + upright)
    }

    /// Whether the boxes are seen where they should be: their level and their upright sides alike.
    fn is_in_position(&self) -> bool {
        let inside = |p: Point| self.gray.holds(self.position(p), 2.0);
        let ends = [
            (0, 0),
            (0, 9),
            (self.boxes.len().saturating_sub(1), 0),
            (self.boxes.len().saturating_sub(1), 9),
        ];
        let whole = ends.iter().all(|(column, digit)| inside(self.bubbles.middle(*column, *digit)))
            && self.boxes.iter().all(|rect| inside(rect.middle()));
        let [level, upright] = self.box_contrast();
        let samples = 12.0 * self.boxes.len() as f32;
        let paper = self
            .boxes
            .first()
            .map_or(1.0, |rect| self.seen(rect.middle(), 0.0, -0.75 * rect.height))
            .max(1.0);
        whole
            && level.min(upright) / samples > 0.035 * paper
            && level.min(upright) > 0.3 * level.max(upright)
            && self.rings_in_place()
            && self.view.marks_count() >= MARKS_MIN
    }

    /// How much darker the outlines of the boxes are than what is on both sides of them: level sides, upright
    /// sides.
    fn box_contrast(&self) -> [f32; 2] {
        let mut sums = [0.0; 2];
        for rect in self.boxes {
            let corners = rect.corners();
            let gap = rect.height * 0.12;
            for side in 0..4 {
                let (from, to) = (corners[side], corners[(side + 1) % 4]);
                let across = if side % 2 == 0 { (0.0, gap) } else { (gap, 0.0) };
                for share in [0.1, 0.26, 0.42, 0.58, 0.74, 0.9] {
                    let at = from.towards(to, share);
                    let beside = self.seen(at, across.0, across.1) + self.seen(at, -across.0, -across.1);
                    sums[side % 2] += beside / 2.0 - self.seen(at, 0.0, 0.0);
                }
            }
        }
        sums
    }

    /// How much darker the rings are than the gaps around them.
    fn ring_contrast(&self) -> f32 {
        (0..10).map(|digit| self.row_contrast(digit)).sum()
    }

    /// The same for one digit, over all columns.
    fn row_contrast(&self, digit: usize) -> f32 {
        let radius = self.bubbles.diameter_mm / 2.0;
        let mut sum = 0.0;
        for column in 0..self.boxes.len() {
            let middle = self.bubbles.middle(column, digit);
            for (x, y) in DIRECTIONS {
                let outer = radius * 1.45;
                sum += self.seen(middle, x * outer, y * radius * 1.3)
                    - self.seen(middle, x * radius, y * radius);
            }
        }
        sum
    }

    /// Whether the rings are seen all the way down, not only where the boxes hold them in rect: a map that is
    /// a little too long would come to lie on the next digit further down.
    fn rings_in_place(&self) -> bool {
        let mut rows: [f32; 10] = std::array::from_fn(|digit| self.row_contrast(digit));
        rows.sort_by(f32::total_cmp);
        rows[1] > 0.0 && rows[2] > 0.3 * rows[5]
    }

    /// How much ink each bubble of a column has inside its ring: 0 is paper, 1 black.
    fn column_ink(&self, column: usize) -> [f32; 10] {
        let radius = self.bubbles.diameter_mm / 2.0;
        std::array::from_fn(|digit| {
            let middle = self.bubbles.middle(column, digit);
            let mut paper: Vec<f32> = [-1.9, -1.65, 1.65, 1.9]
                .into_iter()
                .flat_map(|x| [-0.6, 0.0, 0.6].map(|y| self.seen(middle, x * radius, y * radius)))
                .collect();
            paper.sort_by(f32::total_cmp);
            let paper = paper[paper.len() * 2 / 3].max(1.0);
            let mut inside = 0.0;
            let mut count = 0.0f32;
            for ring in [0.0, 0.3, 0.6] {
                for (x, y) in DIRECTIONS {
                    inside += self.seen(middle, x * ring * radius, y * ring * radius);
                    count += 1.0;
                }
            }
            (1.0 - inside / count / paper).clamp(0.0, 1.0)
        })
    }
}

const DIRECTIONS: [(f64, f64); 8] = [
    (1.0, 0.0),
    (0.707, 0.707),
    (0.0, 1.0),
    (-0.707, 0.707),
    (-1.0, 0.0),
    (-0.707, -0.707),
    (0.0, -1.0),
    (0.707, -0.707),
];

/// Ink above that of its print that makes a bubble black.
const BLACK: f32 = 0.25;

fn read_column(ink: &[f32; 10], printed: &[f32; 10]) -> DigitReading {
    let excess: [f32; 10] = std::array::from_fn(|digit| ink[digit] - printed[digit]);
    let mut order: [usize; 10] = std::array::from_fn(|i| i);
    order.sort_by(|a, b| excess[*b].total_cmp(&excess[*a]));
    let usual = excess[order[5]];
    let over = |rect: usize| excess[order[rect]] - usual;
    let (first, second) = (over(0), over(1));
    // 0 at the limit, 1 from some distance on.
    let margin = |distance: f32| (distance / BLACK * 1.6).clamp(0.0, 1.0);
    if first < BLACK {
        DigitReading { digit: None, confidence: margin(BLACK - first) }
    } else if second < BLACK {
        let confidence = margin(first - BLACK).min(margin(BLACK - second)).min(margin(first - second - 0.08));
        DigitReading { digit: Some(order[0] as u8), confidence }
    } else {
        DigitReading { digit: None, confidence: 0.0 }
    }
}
