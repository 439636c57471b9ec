//! The quality of a photo: criteria, each with a measured value and a limit.
//!
//! The result is advice. The witness can use a photo with issues, because the paper may be gone in a minute.

mod cells;
mod edges;

use serde::{Deserialize, Serialize};

use crate::geometry::{FormGeometry, Landmarks};
use crate::gray::Gray;
use crate::page::{self, PageView};
use crate::plane::{Point, Rect};

/// The criteria of quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// Width of the blur of edges: in millimetres on the sheet, or in pixels if no sheet was found.
    Sharpness,
    /// Brightness of the paper, 0 to 255.
    Brightness,
    /// Contrast of black print to paper, 0 to 1.
    Contrast,
    /// Contrast of the palest box relative to the usual one, 0 to 1.
    Glare,
    /// Pixels in a millimetre of the sheet, at its smallest part.
    Resolution,
    /// Number of corner marks in the photo, of four; on pages without marks, of corners of their tables.
    Corners,
    /// Number of rectangular cells between printed lines, if no page was recognised.
    Form,
}

/// The result for one criterion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    pub criterion: Criterion,
    pub measured: f64,
    /// The limit: a maximum for sharpness, a minimum for the others.
    pub limit: f64,
}

impl Finding {
    /// Whether the value is within the limit.
    pub fn is_good(&self) -> bool {
        match self.criterion {
            Criterion::Sharpness => self.measured <= self.limit,
            _ => self.measured >= self.limit,
        }
    }

    /// The issue, if the value is beyond the limit.
    pub fn issue(&self) -> Option<PhotoIssue> {
        (!self.is_good()).then_some(match self.criterion {
            Criterion::Sharpness => PhotoIssue::Blurred,
            Criterion::Brightness => PhotoIssue::TooDark,
            Criterion::Contrast => PhotoIssue::Pale,
            Criterion::Glare => PhotoIssue::Glare,
            Criterion::Resolution => PhotoIssue::TooFar,
            Criterion::Corners => PhotoIssue::CornersMissing,
            Criterion::Form => PhotoIssue::NoForm,
        })
    }
}

/// An issue of a photo. [`PhotoIssue::code`] is the key of its translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PhotoIssue {
    /// Out of focus or moved.
    Blurred,
    /// Too little light.
    TooDark,
    /// Black print is pale: overexposed, or a dirty lens.
    Pale,
    /// A reflection hides figures.
    Glare,
    /// The sheet is too small in the photo.
    TooFar,
    /// Not all four corners are in the photo.
    CornersMissing,
    /// The file ends before the picture does.
    CutOff,
    /// Nothing in it looks like a form: a wall, a table, the back of the sheet.
    NoForm,
    /// The bubbles of a figure say something else than the digits above them.
    BubblesDiffer,
}

impl PhotoIssue {
    /// The key of the translation, also in statements.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blurred => "blurred",
            Self::TooDark => "too_dark",
            Self::Pale => "pale",
            Self::Glare => "glare",
            Self::TooFar => "too_far",
            Self::CornersMissing => "corners_missing",
            Self::CutOff => "cut_off",
            Self::NoForm => "no_form",
            Self::BubblesDiffer => "bubbles_differ",
        }
    }
}

/// The quality of one photo. Without a recognised page it has sharpness and brightness only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quality {
    pub findings: Vec<Finding>,
}

impl Quality {
    /// Whether there is no issue.
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(Finding::is_good)
    }

    /// The issues, in the order of the criteria.
    pub fn issues(&self) -> Vec<PhotoIssue> {
        self.findings.iter().filter_map(Finding::issue).collect()
    }

    /// The measured value of a criterion, if it was measured.
    pub fn measured(&self, criterion: Criterion) -> Option<f64> {
        self.findings.iter().find(|f| f.criterion == criterion).map(|f| f.measured)
    }
}

/// Maximum blur on the sheet, in millimetres.
const SMEAR_MM_MAX: f64 = 1.62;
/// Maximum blur without a recognised page, in pixels.
const SMEAR_PX_MAX: f64 = 1.95;
/// Minimum brightness of the paper.
const PAPER_MIN: f64 = 26.0;
/// Minimum contrast of black print.
const CONTRAST_MIN: f64 = 0.38;
/// Minimum contrast of the thin lines of boxes, on pages without black marks.
const LINE_CONTRAST_MIN: f64 = 0.1;
/// Minimum contrast of the palest box, relative to the usual one.
const GLARE_LEFT_MIN: f64 = 0.24;
/// Minimum resolution, in pixels per millimetre, for boxes of [`USUAL_BOX_MM`].
const PIXELS_PER_MM_MIN: f64 = 0.62;
/// Side of a box on the presidential paper of 2024.
const USUAL_BOX_MM: f64 = 18.0;
/// Minimum number of cells in a picture of a form.
const CELLS_MIN: f64 = 12.0;

/// Measures the quality of a photo, at the scale at which its page was found.
pub fn assess(gray: &Gray, form: &FormGeometry, view: Option<&PageView>) -> Quality {
    let Some(view) = view else { return assess_unknown(gray, form) };
    let find = |criterion, measured, limit| Finding { criterion, measured, limit };
    let paper = paper_brightness(gray, form, view);
    let contrasts = box_contrasts(gray, form, view);
    let (sharpness, contrast) = match form.landmarks() {
        Some(print) => (
            find(Criterion::Sharpness, edges::smear_mm(gray, &print, view), SMEAR_MM_MAX),
            find(Criterion::Contrast, tag_contrast(gray, &print, view), CONTRAST_MIN),
        ),
        None => (
            find(Criterion::Sharpness, edges::smear_px(gray).unwrap_or(f64::from(u8::MAX)), SMEAR_PX_MAX),
            find(Criterion::Contrast, percentile(&mut contrasts.clone(), 0.5), LINE_CONTRAST_MIN),
        ),
    };
    let mut findings = vec![sharpness, find(Criterion::Brightness, paper, PAPER_MIN), contrast];
    if let (Some(worst), Some(usual)) = (contrasts.first(), contrasts.get(contrasts.len() / 2)) {
        findings.push(find(Criterion::Glare, worst / usual.max(0.05), GLARE_LEFT_MIN));
    }
    findings.push(find(Criterion::Resolution, view.pixels_per_mm(form), pixels_per_mm_min(form)));
    findings.push(find(Criterion::Corners, corners_count(gray, form, view) as f64, 4.0));
    Quality { findings }
}

/// What can be said of a photo in which no page was recognised.
fn assess_unknown(gray: &Gray, form: &FormGeometry) -> Quality {
    let find = |criterion, measured, limit| Finding { criterion, measured, limit };
    let mut pixels = gray.pixels().to_vec();
    let index = pixels.len() * 9 / 10;
    let (_, bright, _) = pixels.select_nth_unstable(index.min(gray.pixels().len() - 1));
    let bright = find(Criterion::Brightness, f64::from(*bright), PAPER_MIN);
    // The sheet is no larger than the picture.
    let [width, height] = form.paper_mm;
    let picture_px = gray.width().max(gray.height()) as f64;
    let resolution = find(Criterion::Resolution, picture_px / width.max(height), pixels_per_mm_min(form));
    let sharpness = edges::smear_px(gray).map(|smear| find(Criterion::Sharpness, smear, SMEAR_PX_MAX));
    let legible = [sharpness, Some(bright), Some(resolution)].into_iter().flatten();
    let mut findings: Vec<Finding> = legible.collect();
    // In a blurred or dark picture nobody sees a form, and it may be one.
    if findings.iter().all(Finding::is_good) {
        findings.push(find(Criterion::Form, cells::count(gray) as f64, CELLS_MIN));
    }
    Quality { findings }
}

/// The minimum resolution for the boxes of a form: handwriting is as large as they are.
fn pixels_per_mm_min(form: &FormGeometry) -> f64 {
    if form.tag.is_some() {
        return PIXELS_PER_MM_MIN;
    }
    let boxes = form.pages.iter().flat_map(|page| &page.fields).flat_map(|field| &field.boxes);
    let smallest_mm = boxes.map(|area| area.width.min(area.height)).fold(USUAL_BOX_MM, f64::min);
    PIXELS_PER_MM_MIN * USUAL_BOX_MM / smallest_mm.max(1.0)
}

/// Corners of the page that are in the photo.
fn corners_count(gray: &Gray, form: &FormGeometry, view: &PageView) -> usize {
    let tables = form.page(view.page).map_or(&[][..], |page| &page.tables);
    match tables.iter().copied().reduce(|all, next| all.union(&next)) {
        Some(printed) if form.marks.is_none() => {
            printed.corners().into_iter().filter(|corner| gray.holds(view.map.apply(*corner), 0.0)).count()
        }
        _ => view.marks_count(),
    }
}

/// The brightness of the paper: the 60th percentile of a grid of samples over the page.
fn paper_brightness(gray: &Gray, form: &FormGeometry, view: &PageView) -> f64 {
    let frame = form.frame();
    let mut seen = Vec::new();
    for row in 0..60 {
        for column in 0..40 {
            let at = Point::new(
                frame.x + frame.width * (f64::from(column) + 0.5) / 40.0,
                frame.y + frame.height * (f64::from(row) + 0.5) / 60.0,
            );
            let at = view.map.apply(at);
            if gray.holds(at, 0.0) {
                seen.push(f64::from(gray.at(at)));
            }
        }
    }
    percentile(&mut seen, 0.6)
}

/// The contrast of the black of the tag to the paper beside it.
fn tag_contrast(gray: &Gray, print: &Landmarks<'_>, view: &PageView) -> f64 {
    let tag = print.tag;
    let cell = tag.width / 8.0;
    let (mut black, mut white) = (Vec::new(), Vec::new());
    for i in 0..16 {
        let share = (f64::from(i) + 0.5) / 16.0;
        let along = tag.y + tag.height * share;
        let seen = |x: f64, y: f64| f64::from(gray.at(view.map.apply(Point::new(x, y))));
        for x in [tag.x + cell * 0.5, tag.x + tag.width - cell * 0.5] {
            black.push(seen(x, along));
        }
        white.push(seen(tag.x + tag.width + cell * 2.0, along));
    }
    1.0 - percentile(&mut black, 0.3) / percentile(&mut white, 0.7).max(1.0)
}

/// The contrast of the outline of each box of the page, in ascending order.
fn box_contrasts(gray: &Gray, form: &FormGeometry, view: &PageView) -> Vec<f64> {
    let boxes = form.page(view.page).map_or(&[][..], |page| &page.fields);
    let mut contrasts: Vec<f64> = boxes
        .iter()
        .flat_map(|field| &field.boxes)
        .map(|outline| outline_contrast(gray, view, outline))
        .collect();
    contrasts.sort_by(f64::total_cmp);
    contrasts
}

fn outline_contrast(gray: &Gray, view: &PageView, outline: &Rect) -> f64 {
    const STEPS: usize = 8;
    // Forty-fifths of a box: 0.4 mm on the large paper.
    let step_mm = outline.width.min(outline.height) / 45.0;
    let corners = outline.corners();
    let mut sides = Vec::with_capacity(4);
    for side in 0..4 {
        let (a, b) = (corners[side], corners[(side + 1) % 4]);
        let (dx, dy) = if side % 2 == 0 { (0.0, 1.0) } else { (1.0, 0.0) };
        // On wavy paper too, the outline is within two millimetres of its mapped position, and a margin is
        // added.
        let line = |off: f64| {
            let sum: f64 = (0..STEPS)
                .map(|i| {
                    let at =
                        a.towards(b, 0.15 + 0.7 * i as f64 / (STEPS - 1) as f64).plus(dx * off, dy * off);
                    f64::from(gray.at(view.map.apply(at)))
                })
                .sum();
            sum / STEPS as f64
        };
        let seen: Vec<f64> = (-8..=8).map(|i| line(f64::from(i) * step_mm.min(0.4))).collect();
        let (dark, light) = seen.iter().fold((f64::MAX, 1.0f64), |(d, l), v| (d.min(*v), l.max(*v)));
        sides.push(1.0 - dark / light);
    }
    percentile(&mut sides, 0.5)
}

/// The axes of the page at a point.
fn axes(view: &PageView, at: Point) -> crate::mark::Axes {
    page::axes_at(&view.map, at)
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share.clamp(0.0, 1.0)) as usize]
}
