//! Draws a page of a form: its print, then the handwriting.

use super::canvas::{Canvas, Ink};
use super::filling::{BoxMark, BubbleMark, FilledField};
use super::handwriting::Handwriting;
use super::letters;
use super::rng::SeededRng;
use super::surface::Surface;
use crate::geometry::{Anchor, Bubbles, FieldGeometry, FormGeometry, PageGeometry, Print, Text};
use crate::plane::{Point, Rect};
use crate::tag::{CELLS, is_white, word};

/// The page as it comes from the press.
pub fn blank_page(form: &FormGeometry, page: &PageGeometry, pixels_per_mm: f64) -> Canvas {
    let mut canvas = Canvas::new(form.paper_mm, pixels_per_mm);
    print_page(&mut canvas, form, page);
    canvas
}

/// Fills figures into a page, in the hand of `seed`. Fields that the page does not have are left out.
pub fn fill_page(blank: &Canvas, page: &PageGeometry, fields: &[FilledField], seed: u64) -> Canvas {
    let mut canvas = blank.clone();
    write_page(&mut canvas, page, fields, seed);
    canvas
}

/// Draws the print of a page.
pub fn print_page(canvas: &mut dyn Surface, form: &FormGeometry, page: &PageGeometry) {
    print(canvas, &form.print);
    print(canvas, &page.print);
    marks(canvas, form);
    if let (Some(area), Some(id)) = (&form.tag, page.tag) {
        tag(canvas, area, id);
    }
    for field in &page.fields {
        for area in &field.boxes {
            frame(canvas, area, form.box_pen_mm, Ink::PRINT);
        }
        if let Some(bubbles) = &field.bubbles {
            for column in 0..field.boxes.len() {
                for digit in 0..10 {
                    bubble(canvas, bubbles, bubbles.middle(column, digit), digit);
                }
            }
        }
    }
}

/// Writes figures on a page, as [`fill_page`] does.
pub fn write_page(canvas: &mut dyn Surface, page: &PageGeometry, fields: &[FilledField], seed: u64) {
    let mut random = SeededRng::new(seed);
    let mut handwriting = Handwriting::new(&mut random);
    if page.tag.is_none() {
        let usual =
            page.fields.iter().flat_map(|field| &field.boxes).map(|area| area.width).fold(18.0, f64::min);
        handwriting = handwriting.finer((usual / 18.0).max(0.2));
    }
    for filled in fields {
        if let Some(field) = page.fields.iter().find(|field| field.code == filled.code) {
            fill(canvas, &handwriting, field, filled, &mut random);
        }
    }
}

fn fill(
    canvas: &mut dyn Surface,
    handwriting: &Handwriting,
    field: &FieldGeometry,
    filled: &FilledField,
    random: &mut SeededRng,
) {
    for (area, mark) in field.boxes.iter().zip(&filled.boxes) {
        match mark {
            BoxMark::Empty => {}
            BoxMark::Digit(digit) => handwriting.digit(canvas, area, *digit, random),
            BoxMark::Cross => handwriting.cross(canvas, area, random),
            BoxMark::Dash => handwriting.dash(canvas, area, random),
            BoxMark::Unclear(digit) => handwriting.shaken().digit(canvas, area, *digit, random),
            BoxMark::Blot => handwriting.blot(canvas, area, random),
            BoxMark::Overwritten(first, second) => {
                handwriting.digit(canvas, area, *first, random);
                handwriting.digit(canvas, area, *second, random);
            }
        }
    }
    if let Some(bubbles) = &field.bubbles {
        let radius = bubbles.diameter_mm / 2.0;
        for (column, marks) in filled.bubbles.iter().enumerate().take(field.boxes.len()) {
            for mark in marks {
                let (BubbleMark::Black(digit) | BubbleMark::Crossed(digit)) = *mark;
                let middle = bubbles.middle(column, usize::from(digit.min(9)));
                handwriting.blacken(canvas, middle, radius, random);
                if let BubbleMark::Crossed(_) = mark {
                    let around =
                        Rect { x: middle.x, y: middle.y, width: 0.0, height: 0.0 }.grown(radius * 1.9);
                    handwriting.cross(canvas, &around, random);
                }
            }
        }
    }
    if let (Some(area), Some(words)) = (&field.words, &filled.words) {
        handwriting.words(canvas, area, words, random);
    }
    if let (Some(grid), Some(votes)) = (&field.strokes, filled.strokes) {
        let (columns, rows) = (u32::from(grid.columns.max(1)), u32::from(grid.rows.max(1)));
        for cell in 0..votes.div_ceil(5).min(columns * rows) {
            let (width, height) = (grid.area.width / f64::from(columns), grid.area.height / f64::from(rows));
            let area = Rect {
                x: grid.area.x + width * f64::from(cell % columns),
                y: grid.area.y + height * f64::from(cell / columns),
                width,
                height,
            };
            handwriting.tally(canvas, &area, votes - cell * 5, random);
        }
    }
}

fn print(canvas: &mut dyn Surface, print: &Print) {
    for line in &print.lines {
        let [x0, y0, x1, y1] = line.at;
        canvas.stroke(Point::new(x0, y0), Point::new(x1, y1), line.pen_mm, Ink::shade(line.shade));
    }
    for outline in &print.frames {
        frame(canvas, &outline.at, outline.pen_mm, Ink::shade(outline.shade));
    }
    for text in &print.texts {
        words(canvas, text);
    }
    for (x, y, black) in &print.example_bubbles {
        let middle = Point::new(*x, *y);
        if *black {
            canvas.disc(middle, 4.0, Ink::PRINT);
        } else {
            canvas.ring(middle, 4.0, 0.35, Ink::PRINT);
            letter(canvas, middle, 3.4, "0");
        }
    }
}

fn frame(canvas: &mut dyn Surface, rect: &Rect, pen_mm: f64, ink: Ink) {
    let corners = rect.corners();
    for side in 0..4 {
        canvas.stroke(corners[side], corners[(side + 1) % 4], pen_mm, ink);
    }
}

fn words(canvas: &mut dyn Surface, text: &Text) {
    line_of_words(canvas, text, Ink::PRINT, |point| point);
}

/// A line of words in an ink, each point moved by `place`.
pub(super) fn line_of_words(canvas: &mut dyn Surface, text: &Text, ink: Ink, place: impl Fn(Point) -> Point) {
    let (letters, length) = letters::line(&text.text);
    let start = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -length * text.size_mm / 2.0,
        Anchor::End => -length * text.size_mm,
    };
    let pen_mm = text.size_mm * if text.bold { 0.2 } else { 0.12 };
    let at = |p: Point| {
        place(Point::new(text.at[0] + start + p.x * text.size_mm, text.at[1] + p.y * text.size_mm))
    };
    for stroke in letters.iter().flat_map(|letter| &letter.strokes) {
        for pair in stroke.windows(2) {
            canvas.stroke(at(pair[0]), at(pair[1]), pen_mm, ink);
        }
    }
}

fn letter(canvas: &mut dyn Surface, middle: Point, size_mm: f64, letter: &str) {
    let at = [middle.x, middle.y + size_mm / 2.0];
    words(canvas, &Text { at, size_mm, text: letter.into(), anchor: Anchor::Middle, bold: false });
}

fn bubble(canvas: &mut dyn Surface, bubbles: &Bubbles, middle: Point, digit: usize) {
    canvas.ring(middle, bubbles.diameter_mm / 2.0, 0.35, Ink::PRINT);
    letter(canvas, middle, bubbles.diameter_mm * 0.42, &digit.to_string());
}

fn marks(canvas: &mut dyn Surface, form: &FormGeometry) {
    let Some(marks) = &form.marks else { return };
    let side = marks.square_mm;
    for middle in marks.middles() {
        for (dx, dy) in [(-side, -side), (0.0, 0.0)] {
            let square = Rect { x: middle.x + dx, y: middle.y + dy, width: side, height: side };
            canvas.block(square, Ink::PRINT);
        }
    }
}

fn tag(canvas: &mut dyn Surface, area: &Rect, id: u16) {
    let Some(word) = word(id) else { return };
    canvas.block(*area, Ink::PRINT);
    let cell = area.width / CELLS as f64;
    let white = Ink { rgb: [252; 3], cover: 1.0 };
    for row in 0..CELLS {
        // Neighbouring white cells are one block: there is no seam between them on the paper either.
        let mut column = 0;
        while column < CELLS {
            let run = (column..CELLS).take_while(|c| is_white(word, *c, row)).count();
            if run > 0 {
                let x = area.x + cell * column as f64;
                let y = area.y + cell * row as f64;
                canvas.block(Rect { x, y, width: cell * run as f64, height: cell }, white);
            }
            column += run.max(1);
        }
    }
}
