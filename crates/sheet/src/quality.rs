//! Whether a photo is worth having: five questions, each with what was measured and what would do.
//!
//! The gate advises. The witness can keep a photo that fails it, for the paper may be gone in a minute.

mod edges;

use serde::{Deserialize, Serialize};

use crate::geometry::FormGeometry;
use crate::gray::Gray;
use crate::page::{self, PageView};
use crate::plane::{Point, Rect};

/// What is asked of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// How wide edges are smeared: millimetres on the sheet, or pixels where no sheet was found.
    Sharpness,
    /// How bright the paper is, in steps of 255.
    Brightness,
    /// How much of the paper's light is missing in black print, of 1.
    Contrast,
    /// How much of the usual contrast is left in the box where least is, of 1.
    Glare,
    /// Pixels in a millimetre of the sheet, where it is seen smallest.
    Resolution,
    /// Corner marks that are in the photo, of four.
    Corners,
}

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What was asked.
    pub criterion: Criterion,
    /// What was measured.
    pub measured: f64,
    /// What would do: at most for sharpness, at least for the others.
    pub limit: f64,
}

impl Finding {
    /// Whether it will do.
    pub fn is_good(&self) -> bool {
        match self.criterion {
            Criterion::Sharpness => self.measured <= self.limit,
            _ => self.measured >= self.limit,
        }
    }

    /// What is wrong with the photo, if something is.
    pub fn issue(&self) -> Option<PhotoIssue> {
        (!self.is_good()).then_some(match self.criterion {
            Criterion::Sharpness => PhotoIssue::Blurred,
            Criterion::Brightness => PhotoIssue::TooDark,
            Criterion::Contrast => PhotoIssue::Pale,
            Criterion::Glare => PhotoIssue::Glare,
            Criterion::Resolution => PhotoIssue::TooFar,
            Criterion::Corners => PhotoIssue::CornersMissing,
        })
    }
}

/// What is wrong with a photo. [`PhotoIssue::code`] is a key for the translations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PhotoIssue {
    /// Out of focus or moved.
    Blurred,
    /// Too little light.
    TooDark,
    /// Black is not black: overexposed, or a dirty lens.
    Pale,
    /// A reflection hides figures.
    Glare,
    /// The sheet is too small in the photo.
    TooFar,
    /// Not all four corners are in it.
    CornersMissing,
}

impl PhotoIssue {
    /// The key under which the screens' texts stand.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blurred => "blurred",
            Self::TooDark => "too_dark",
            Self::Pale => "pale",
            Self::Glare => "glare",
            Self::TooFar => "too_far",
            Self::CornersMissing => "corners_missing",
        }
    }
}

/// All that could be asked of one photo. Where no page was found, only sharpness and brightness are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quality {
    /// The answers.
    pub findings: Vec<Finding>,
}

impl Quality {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(Finding::is_good)
    }

    /// What is wrong, most telling first.
    pub fn issues(&self) -> Vec<PhotoIssue> {
        self.findings.iter().filter_map(Finding::issue).collect()
    }

    /// What was measured, if it was.
    pub fn measured(&self, criterion: Criterion) -> Option<f64> {
        self.findings.iter().find(|f| f.criterion == criterion).map(|f| f.measured)
    }
}

const SMEAR_MM_MAX: f64 = 1.62;
const SMEAR_PX_MAX: f64 = 1.95;
const PAPER_MIN: f64 = 26.0;
const CONTRAST_MIN: f64 = 0.38;
const GLARE_LEFT_MIN: f64 = 0.24;
const PIXELS_PER_MM_MIN: f64 = 0.62;

/// Looks at a photo, at the scale at which its page was found.
pub fn assess(gray: &Gray, form: &FormGeometry, view: Option<&PageView>) -> Quality {
    let Some(view) = view else { return assess_unknown(gray) };
    let find = |criterion, measured, limit| Finding { criterion, measured, limit };
    let paper = paper_brightness(gray, form, view);
    let mut findings = vec![
        find(Criterion::Sharpness, edges::smear_mm(gray, form, view), SMEAR_MM_MAX),
        find(Criterion::Brightness, paper, PAPER_MIN),
    ];
    let contrasts = box_contrasts(gray, form, view);
    findings.push(find(Criterion::Contrast, tag_contrast(gray, form, view), CONTRAST_MIN));
    if let (Some(worst), Some(usual)) = (contrasts.first(), contrasts.get(contrasts.len() / 2)) {
        findings.push(find(Criterion::Glare, worst / usual.max(0.05), GLARE_LEFT_MIN));
    }
    findings.push(find(Criterion::Resolution, view.pixels_per_mm(form), PIXELS_PER_MM_MIN));
    findings.push(find(Criterion::Corners, view.marks_count() as f64, 4.0));
    Quality { findings }
}

fn assess_unknown(gray: &Gray) -> Quality {
    let mut pixels = gray.pixels().to_vec();
    let place = pixels.len() * 9 / 10;
    let (_, bright, _) = pixels.select_nth_unstable(place.min(gray.pixels().len() - 1));
    let mut findings = Vec::new();
    if let Some(smear) = edges::smear_px(gray) {
        findings.push(Finding { criterion: Criterion::Sharpness, measured: smear, limit: SMEAR_PX_MAX });
    }
    findings.push(Finding {
        criterion: Criterion::Brightness,
        measured: f64::from(*bright),
        limit: PAPER_MIN,
    });
    Quality { findings }
}

/// The median, over the page, of how bright the brightest third of its neighbourhoods is.
fn paper_brightness(gray: &Gray, form: &FormGeometry, view: &PageView) -> f64 {
    let frame = form.marks.frame;
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

/// How much darker than the paper beside it the tag's black is.
fn tag_contrast(gray: &Gray, form: &FormGeometry, view: &PageView) -> f64 {
    let cell = form.tag.width / 8.0;
    let (mut black, mut white) = (Vec::new(), Vec::new());
    for i in 0..16 {
        let share = (f64::from(i) + 0.5) / 16.0;
        let along = form.tag.y + form.tag.height * share;
        let seen = |x: f64, y: f64| f64::from(gray.at(view.map.apply(Point::new(x, y))));
        for x in [form.tag.x + cell * 0.5, form.tag.x + form.tag.width - cell * 0.5] {
            black.push(seen(x, along));
        }
        white.push(seen(form.tag.x + form.tag.width + cell * 2.0, along));
    }
    1.0 - percentile(&mut black, 0.3) / percentile(&mut white, 0.7).max(1.0)
}

/// How much darker than paper the darkest print of each box of the page is, in ascending order.
fn box_contrasts(gray: &Gray, form: &FormGeometry, view: &PageView) -> Vec<f64> {
    let boxes = form.page(view.page).map_or(&[][..], |page| &page.fields);
    let mut contrasts: Vec<f64> = boxes
        .iter()
        .flat_map(|field| &field.boxes)
        .map(|place| outline_contrast(gray, view, place))
        .collect();
    contrasts.sort_by(f64::total_cmp);
    contrasts
}

fn outline_contrast(gray: &Gray, view: &PageView, place: &Rect) -> f64 {
    const STEPS: usize = 8;
    let corners = place.corners();
    let mut sides = Vec::with_capacity(4);
    for side in 0..4 {
        let (a, b) = (corners[side], corners[(side + 1) % 4]);
        let (dx, dy) = if side % 2 == 0 { (0.0, 1.0) } else { (1.0, 0.0) };
        // The outline lies within two millimetres of where the map says, also on paper that hangs in waves.
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
        let seen: Vec<f64> = (-8..=8).map(|i| line(f64::from(i) * 0.4)).collect();
        let (dark, light) = seen.iter().fold((f64::MAX, 1.0f64), |(d, l), v| (d.min(*v), l.max(*v)));
        sides.push(1.0 - dark / light);
    }
    percentile(&mut sides, 0.5)
}

/// Axes of the page at a place, for those who look at edges.
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
