//! Writes drawings as a PDF file for the printer. What is printed on a form's page is in the file once,
//! however many sheets share it.

use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Name, Rect, Ref};
use print::{POINTS_PER_MM, compressed};
use serde::{Deserialize, Serialize};
use sheet::Point;
use sheet::draw::{Drawing, Ink, Shape};

/// What printers leave white along the edges.
const MARGIN_MM: f64 = 5.0;
/// Boxes below this size are hard to read and to photograph.
const BOX_MM_MIN: f64 = 5.0;
/// How a cubic curve comes closest to a quarter of a circle.
const QUARTER: f64 = 0.552_284_75;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);

/// The paper in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PaperSize {
    A4,
    A3,
}

impl PaperSize {
    /// Width and height, upright.
    fn mm(self) -> [f64; 2] {
        match self {
            Self::A4 => [210.0, 297.0],
            Self::A3 => [297.0, 420.0],
        }
    }

    /// How much smaller than the form it is printed.
    fn scale(self, form_mm: [f64; 2]) -> f64 {
        let [width, height] = self.mm();
        ((width - 2.0 * MARGIN_MM) / form_mm[0]).min((height - 2.0 * MARGIN_MM) / form_mm[1])
    }

    /// The smaller size if boxes of a form are still large enough on it.
    pub(crate) fn for_boxes(form_mm: [f64; 2], smallest_box_mm: f64) -> Self {
        if smallest_box_mm * Self::A4.scale(form_mm) >= BOX_MM_MIN { Self::A4 } else { Self::A3 }
    }
}

/// A file that is being written.
pub(crate) struct Pdf {
    file: pdf_writer::Pdf,
    form_mm: [f64; 2],
    size: PaperSize,
    next: i32,
    pages: Vec<Ref>,
}

/// What is printed on the leaves of several sheets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Print(Ref);

impl Pdf {
    /// A file for drawings on a form of this size.
    pub(crate) fn new(form_mm: [f64; 2], size: PaperSize) -> Self {
        Self { file: pdf_writer::Pdf::new(), form_mm, size, next: PAGES.get() + 1, pages: Vec::new() }
    }

    fn take(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next - 1)
    }

    /// Adds what several leaves share.
    pub(crate) fn add_print(&mut self, drawing: &Drawing) -> Print {
        let id = self.take();
        let [width, height] = self.form_mm.map(|mm| mm as f32);
        let shapes = compressed(&content(drawing).finish());
        let mut print = self.file.form_xobject(id, &shapes);
        print.bbox(Rect::new(0.0, 0.0, width, height));
        print.filter(Filter::FlateDecode);
        Print(id)
    }

    /// Adds a leaf.
    pub(crate) fn add_page(&mut self, print: Print, writing: &Drawing) {
        let (id, contents) = (self.take(), self.take());
        let [width, height] = self.size.mm().map(|mm| (mm * POINTS_PER_MM) as f32);
        let mut page = self.file.page(id);
        page.media_box(Rect::new(0.0, 0.0, width, height)).parent(PAGES).contents(contents);
        page.resources().x_objects().pair(Name(b"Print"), print.0);
        page.finish();
        let shapes = compressed(&self.leaf(writing).finish());
        self.file.stream(contents, &shapes).filter(Filter::FlateDecode);
        self.pages.push(id);
    }

    /// The form's millimetres, which go down, in the middle of the leaf, whose points go up.
    fn leaf(&self, writing: &Drawing) -> Content {
        let scale = self.size.scale(self.form_mm) * POINTS_PER_MM;
        let [width, height] = self.size.mm().map(|mm| mm * POINTS_PER_MM);
        let left = (width - self.form_mm[0] * scale) / 2.0;
        let top = (height + self.form_mm[1] * scale) / 2.0;
        let mut leaf = Content::new();
        leaf.transform([scale, 0.0, 0.0, -scale, left, top].map(|number| number as f32));
        leaf.x_object(Name(b"Print"));
        draw(&mut leaf, writing);
        leaf
    }

    /// The bytes of the file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.file.catalog(CATALOG).pages(PAGES);
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        self.file.pages(PAGES).kids(self.pages.iter().copied()).count(count);
        self.file.finish()
    }
}

fn content(drawing: &Drawing) -> Content {
    let mut content = Content::new();
    draw(&mut content, drawing);
    content
}

fn draw(content: &mut Content, drawing: &Drawing) {
    content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
    let mut at: Option<Point> = None;
    let mut pen: Option<([f32; 3], f32)> = None;
    for shape in &drawing.shapes {
        match shape {
            Shape::Stroke { a, b, pen_mm, ink } => {
                let with = (colour(*ink), *pen_mm as f32);
                if pen != Some(with) || at != Some(*a) {
                    end_line(content, &mut at);
                    set_pen(content, &mut pen, with);
                    content.move_to(a.x as f32, a.y as f32);
                }
                content.line_to(b.x as f32, b.y as f32);
                at = Some(*b);
            }
            other => {
                end_line(content, &mut at);
                pen = None;
                area(content, other);
            }
        }
    }
    end_line(content, &mut at);
}

fn set_pen(content: &mut Content, pen: &mut Option<([f32; 3], f32)>, with: ([f32; 3], f32)) {
    if *pen != Some(with) {
        let ([red, green, blue], width) = with;
        content.set_stroke_rgb(red, green, blue).set_line_width(width);
        *pen = Some(with);
    }
}

fn end_line(content: &mut Content, at: &mut Option<Point>) {
    if at.take().is_some() {
        content.stroke();
    }
}

fn area(content: &mut Content, shape: &Shape) {
    let fill = |content: &mut Content, ink: Ink| {
        let [red, green, blue] = colour(ink);
        content.set_fill_rgb(red, green, blue);
    };
    match *shape {
        Shape::Block { rect, ink } => {
            fill(content, ink);
            content.rect(rect.x as f32, rect.y as f32, rect.width as f32, rect.height as f32).fill_nonzero();
        }
        Shape::Disc { middle, radius, ink } => {
            fill(content, ink);
            circle(content, middle, radius);
            content.fill_nonzero();
        }
        Shape::Ring { middle, radius, pen_mm, ink } => {
            set_pen(content, &mut None, (colour(ink), pen_mm as f32));
            circle(content, middle, radius);
            content.close_and_stroke();
        }
        Shape::Stroke { .. } => {}
    }
}

fn circle(content: &mut Content, middle: Point, radius: f64) {
    let at = |x: f64, y: f64| ((middle.x + x * radius) as f32, (middle.y + y * radius) as f32);
    let quarters: [[(f64, f64); 3]; 4] = [
        [(1.0, QUARTER), (QUARTER, 1.0), (0.0, 1.0)],
        [(-QUARTER, 1.0), (-1.0, QUARTER), (-1.0, 0.0)],
        [(-1.0, -QUARTER), (-QUARTER, -1.0), (0.0, -1.0)],
        [(QUARTER, -1.0), (1.0, -QUARTER), (1.0, 0.0)],
    ];
    let (x, y) = at(1.0, 0.0);
    content.move_to(x, y);
    for quarter in quarters {
        let [(x1, y1), (x2, y2), (x3, y3)] = quarter.map(|(x, y)| at(x, y));
        content.cubic_to(x1, y1, x2, y2, x3, y3);
    }
}

/// Ink on white paper. What it does not cover is white, as on the sheet in pixels.
fn colour(ink: Ink) -> [f32; 3] {
    ink.rgb.map(|level| ((f64::from(level) * ink.cover + 255.0 * (1.0 - ink.cover)) / 255.0) as f32)
}
