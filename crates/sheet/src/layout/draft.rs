//! A page while it is being drawn.

use super::wording::{Fitted, fitted};
use crate::geometry::{Anchor, FieldGeometry, Print, Stroke, Text};
use crate::plane::Rect;

/// Pens, in millimetres.
pub(super) const EDGE: f64 = 1.06;
pub(super) const BORDER: f64 = 0.88;
pub(super) const RULE: f64 = 0.53;
pub(super) const FINE: f64 = 0.35;
/// The shade of the lines between strokes.
const PALE: f64 = 0.79;
/// From one line of words to the next, in heights of a capital.
const LINE_STEP: f64 = 2.0;

/// The fields and the print of a page.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) fields: Vec<FieldGeometry>,
    pub(super) print: Print,
}

/// How words are printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size_mm: f64,
    pub(super) bold: bool,
    pub(super) anchor: Anchor,
}

impl Type {
    pub(super) const fn plain(size_mm: f64) -> Self {
        Self { size_mm, bold: false, anchor: Anchor::Start }
    }

    pub(super) const fn bold(size_mm: f64) -> Self {
        Self { size_mm, bold: true, anchor: Anchor::Start }
    }

    pub(super) const fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    pub(super) const fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }
}

impl Draft {
    /// Adds what another draft has.
    pub(super) fn append(&mut self, mut other: Self) {
        self.fields.append(&mut other.fields);
        self.print.lines.append(&mut other.print.lines);
        self.print.frames.append(&mut other.print.frames);
        self.print.texts.append(&mut other.print.texts);
        self.print.example_bubbles.append(&mut other.print.example_bubbles);
    }

    /// A level line.
    pub(super) fn level(&mut self, y: f64, from_x: f64, to_x: f64, pen_mm: f64) {
        self.line([from_x, y, to_x, y], pen_mm, 0.0);
    }

    /// An upright line.
    pub(super) fn upright(&mut self, x: f64, from_y: f64, to_y: f64, pen_mm: f64) {
        self.line([x, from_y, x, to_y], pen_mm, 0.0);
    }

    pub(super) fn line(&mut self, at: [f64; 4], pen_mm: f64, shade: f64) {
        self.print.lines.push(Stroke { at: at.map(rounded), pen_mm, shade });
    }

    /// An outlined rectangle.
    pub(super) fn frame(&mut self, at: Rect, pen_mm: f64) {
        self.print.frames.push(Stroke { at: rounded_rect(at), pen_mm, shade: 0.0 });
    }

    /// Pale lines that divide a rectangle.
    pub(super) fn grid(&mut self, area: &Rect, columns: u8, rows: u8) {
        for column in 1..columns {
            let x = area.x + area.width * f64::from(column) / f64::from(columns);
            self.line([x, area.y, x, area.y + area.height], RULE, PALE);
        }
        for row in 1..rows {
            let y = area.y + area.height * f64::from(row) / f64::from(rows);
            self.line([area.x, y, area.x + area.width, y], RULE, PALE);
        }
    }

    /// A line of words on its base line.
    pub(super) fn words(&mut self, at: [f64; 2], style: Type, text: &str) {
        let Type { size_mm, bold, anchor } = style;
        let at = at.map(rounded);
        self.print.texts.push(Text { at, size_mm: rounded(size_mm), text: text.into(), anchor, bold });
    }

    /// Words in the middle of an area's height, in up to `lines_max` lines, smaller if they would not fit.
    pub(super) fn paragraph(&mut self, area: &Rect, style: Type, lines_max: usize, text: &str) {
        self.fitted_lines(area, style, fitted(text, area.width, style.size_mm, lines_max));
    }

    /// Several texts below each other, each in one line, in the middle of an area's height.
    pub(super) fn lines_of(&mut self, area: &Rect, style: Type, texts: &[String]) {
        let fits = texts.iter().map(|text| fitted(text, area.width, style.size_mm, 1));
        let size_mm = fits.clone().map(|fit| fit.size_mm).fold(style.size_mm, f64::min);
        let lines = fits.flat_map(|fit| fit.lines).collect();
        self.fitted_lines(area, style, Fitted { size_mm, lines });
    }

    /// The names of a candidate or pair: each in an equal part of the area, in up to two lines.
    pub(super) fn names(&mut self, area: &Rect, style: Type, names: &[String]) {
        let height = area.height / names.len().max(1) as f64;
        for (place, name) in names.iter().enumerate() {
            let part = Rect { y: area.y + height * place as f64, height, ..*area };
            self.paragraph(&part, style, if names.len() == 1 { 3 } else { 2 }, &name.to_uppercase());
        }
    }

    fn fitted_lines(&mut self, area: &Rect, style: Type, fit: Fitted) {
        let step = fit.size_mm * LINE_STEP;
        let height = fit.size_mm + step * fit.lines.len().saturating_sub(1) as f64;
        let x = match style.anchor {
            Anchor::Start => area.x,
            Anchor::Middle => area.x + area.width / 2.0,
            Anchor::End => area.x + area.width,
        };
        let mut y = area.y + (area.height - height) / 2.0 + fit.size_mm;
        for line in fit.lines {
            self.words([x, y], Type { size_mm: fit.size_mm, ..style }, &line);
            y += step;
        }
    }
}

/// To hundredths of a millimetre, as geometry files have it.
pub(super) fn rounded(mm: f64) -> f64 {
    (mm * 100.0).round() / 100.0
}

pub(super) fn rounded_rect(rect: Rect) -> Rect {
    let Rect { x, y, width, height } = rect;
    Rect { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) }
}
