//! The mark of practice: a band in the app's colour for drills around the page, outside of everything that is
//! printed on the form.

use super::canvas::Ink;
use super::sheet::line_of_words;
use super::surface::Surface;
use crate::geometry::{Anchor, FormGeometry, Text};
use crate::plane::{Point, Rect};

/// The colour of drills on all screens (`--drill` in the style of the screens).
const COLOUR: Ink = Ink { rgb: [91, 58, 145], cover: 1.0 };
/// How far the band is from the paper's edge, and how wide its stripes are.
const EDGE_MM: f64 = 8.0;
const STRIPE_MM: f64 = 3.2;
/// How far it stays away from the corner marks.
const CLEAR_MM: f64 = 7.0;
/// Height of a capital in the band above the page, at most.
const CAPITAL_MM: f64 = 22.0;
/// Height of a capital of a sheet's label, at most.
const LABEL_CAPITAL_MM: f64 = 11.0;
/// Height of a capital in the bands beside the page, at most.
const SIDE_CAPITAL_MM: f64 = 12.0;

/// Marks a page as practice, in both languages: large above it, again and again along both sides, in a frame.
/// It covers nothing that the form has inside of its corner marks. With a label, writes only that, in the
/// same band, because every sheet has another.
pub fn mark_as_practice(canvas: &mut dyn Surface, form: &FormGeometry, label: Option<&str>) {
    let [width, height] = form.paper_mm;
    let page = form.frame();
    if let Some(label) = label {
        return above(canvas, [page.x, page.y], Anchor::Start, LABEL_CAPITAL_MM, label);
    }
    frame(canvas, &Rect { x: 0.0, y: 0.0, width, height }.grown(-EDGE_MM / 2.0));
    above(canvas, [width / 2.0, page.y], Anchor::Middle, CAPITAL_MM, "LATIHAN  \u{2013}  PRACTICE");
    for (left, right) in [(0.0, page.x), (page.x + page.width, width)] {
        beside(canvas, [left, right], [page.y, page.y + page.height]);
    }
}

fn frame(canvas: &mut dyn Surface, outline: &Rect) {
    let corners = outline.corners();
    for side in 0..4 {
        canvas.stroke(corners[side], corners[(side + 1) % 4], STRIPE_MM, COLOUR);
    }
}

/// A line in the band above the page, which ends at `end`.
fn above(canvas: &mut dyn Surface, [x, end]: [f64; 2], anchor: Anchor, capital_mm: f64, text: &str) {
    let room = end - CLEAR_MM - EDGE_MM * 1.5;
    let size_mm = (room * 0.62).min(capital_mm);
    if size_mm < 2.0 {
        return;
    }
    let at = [x, EDGE_MM * 1.5 + (room + size_mm) / 2.0];
    let text = Text { at, size_mm, text: text.to_owned(), anchor, bold: true };
    line_of_words(canvas, &text, COLOUR, |point| point);
}

/// The words turned by a quarter, from below to above.
fn beside(canvas: &mut dyn Surface, [left, right]: [f64; 2], [top, bottom]: [f64; 2]) {
    let room = right - left - EDGE_MM - CLEAR_MM;
    let size_mm = (room * 0.6).min(SIDE_CAPITAL_MM);
    if size_mm < 2.0 {
        return;
    }
    let outer = if left > 0.0 { left + CLEAR_MM } else { EDGE_MM };
    let base = outer + (room + size_mm) / 2.0;
    let step = size_mm * 16.0;
    let repeats = ((bottom - top) / step) as usize;
    for repeat in 0..repeats {
        let end = bottom - step * (repeat as f64 + 0.5);
        let word = if repeat % 2 == 0 { "LATIHAN" } else { "PRACTICE" };
        let text = Text { at: [0.0, 0.0], size_mm, text: word.into(), anchor: Anchor::Middle, bold: true };
        line_of_words(canvas, &text, COLOUR, |point| Point::new(base + point.y, end - point.x));
    }
}
