//! The positions of everything on the pages of a form, as data. A new form is a new file, without new code.
//!
//! Everything is in millimetres from the page's upper left corner, as it is printed.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::plane::{Point, Rect};
use crate::tag;

/// The pages of one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormGeometry {
    /// The id of the form's description.
    pub form: String,
    /// The id of the form of which this is a copy for witnesses: the same figures on other paper, on the
    /// pages with the same numbers or, where the copy has fewer, on an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// Width and height of the paper.
    pub paper_mm: [f64; 2],
    /// The marks in the corners of every page, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<CornerMarks>,
    /// The black square of the AprilTag on every page. A page without one is recognised by its tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Rect>,
    /// Width of the pen of the boxes.
    #[serde(default = "box_pen_mm")]
    pub box_pen_mm: f64,
    /// What is printed on every page alike.
    #[serde(default)]
    pub print: Print,
    /// The pages.
    pub pages: Vec<PageGeometry>,
}

/// Two black squares in each corner that touch diagonally, from the upper left to the lower right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CornerMarks {
    /// The rectangle into whose corners the marks are fitted.
    pub frame: Rect,
    /// The side of one square.
    pub square_mm: f64,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageGeometry {
    /// Counted from 1.
    pub number: u8,
    /// The id of its AprilTag, family 36h10, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<u16>,
    /// The outlines of its printed tables, by which a page without a tag is recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Rect>,
    /// The fields for figures.
    pub fields: Vec<FieldGeometry>,
    /// The other print on it.
    #[serde(default)]
    pub print: Print,
}

/// The position of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldGeometry {
    /// The field's code, as in the form's description: `I.B.4.J`, `IV.2`.
    pub code: String,
    /// The boxes of its digits, from the left.
    pub boxes: Vec<Rect>,
    /// The bubbles under the boxes, if the form has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bubbles: Option<Bubbles>,
    /// The area for the number in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Rect>,
    /// The grid for tally strokes, five in a cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strokes: Option<StrokeGrid>,
}

/// A column of bubbles 0–9 under each box; the one that is blackened is the box's digit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bubbles {
    /// Middle of the first column's 0.
    pub first: [f64; 2],
    /// From one column to the next.
    pub column_step_mm: f64,
    /// From one digit to the next.
    pub digit_step_mm: f64,
    /// Of one bubble.
    pub diameter_mm: f64,
}

/// Cells for tally strokes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrokeGrid {
    /// All cells together.
    pub area: Rect,
    /// Cells in a row.
    pub columns: u8,
    /// Rows.
    pub rows: u8,
}

/// The print of a page: enough to draw a sheet that looks like the paper.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Print {
    /// Straight lines.
    pub lines: Vec<Stroke<[f64; 4]>>,
    /// Outlined rectangles.
    pub frames: Vec<Stroke<Rect>>,
    /// Words.
    pub texts: Vec<Text>,
    /// Bubbles printed as an example of how to fill them: middle x, y, and whether it is black.
    pub example_bubbles: Vec<(f64, f64, bool)>,
}

/// A shape and the pen it is printed with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stroke<S> {
    /// From x, y to x, y of a line; x, y, width, height of a rectangle.
    pub at: S,
    /// Width of the pen.
    pub pen_mm: f64,
    /// 0 is black, 1 white.
    #[serde(default)]
    pub shade: f64,
}

/// A line of words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Where its base line begins, has its middle or ends.
    pub at: [f64; 2],
    /// Height of a capital.
    pub size_mm: f64,
    /// The words.
    pub text: String,
    /// Which point of the line `at` is.
    #[serde(default)]
    pub anchor: Anchor,
    /// Printed bold.
    #[serde(default)]
    pub bold: bool,
}

/// The anchor of a line of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// Its beginning.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Why a geometry cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GeometryError {
    /// Not the JSON that is expected.
    #[error("cannot read the form geometry")]
    Json(#[from] serde_json::Error),
    /// It describes something that cannot be printed.
    #[error("cannot use the geometry of {form}: {reason}")]
    Impossible { form: String, reason: String },
    /// A page has more rows than fit on the paper.
    #[error("cannot draw page {page} of {form}: its rows do not fit on the paper")]
    NoRoom { form: String, page: u8 },
}

/// Width of the pen of the boxes on the presidential paper of 2024.
pub(crate) const BOX_PEN_MM: f64 = 1.06;
/// Margin of a paper without corner marks. Printers leave 5 to 10 mm.
const MARGIN_MM: f64 = 8.0;
/// Maximum number of pages. The largest paper of 2024 has 26: 24 parties, and two pages of other figures.
const PAGES_MAX: usize = 60;
/// Maximum number of figures on a page: three times what the fullest page has.
const FIELDS_MAX: usize = 100;
/// Maximum number of tables on a page, twice what the fullest page has.
const TABLES_MAX: usize = 10;
/// Maximum number of shapes and words printed on a page. The fullest page of our own drawing has 1,000.
const SHAPES_MAX: usize = 5_000;

static KNOWN: LazyLock<Vec<FormGeometry>> = LazyLock::new(|| {
    [
        include_str!("../../../assets/forms/c-hasil-ppwp-2024.geometry.json"),
        include_str!("../../../assets/forms/c-hasil-salinan-ppwp-2024.geometry.json"),
        include_str!("../../../assets/forms/c1-ppwp-2019.geometry.json"),
    ]
    .into_iter()
    .map(|json| {
        #[expect(clippy::expect_used, reason = "part of the program; a test reads every one")]
        FormGeometry::from_json(json).expect("an embedded geometry is one")
    })
    .collect()
});

impl FormGeometry {
    /// The geometry of a built-in form, by the form's id.
    pub fn known(form: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.form == form)
    }

    /// The built-in geometries of copies of this form.
    pub(crate) fn copies(&self) -> impl Iterator<Item = &Self> {
        let known: &[Self] = &KNOWN;
        known.iter().filter(|known| known.copy_of.as_deref() == Some(self.form.as_str()))
    }

    /// The geometry of a form: the one in its description, else the built-in one, if any.
    pub fn of(form: &str, brought: Option<&serde_json::Value>) -> Result<Option<Self>, GeometryError> {
        match brought {
            Some(brought) => Self::from_json(&brought.to_string()).map(Some),
            None => Ok(Self::known(form).cloned()),
        }
    }

    /// Reads a geometry file.
    pub fn from_json(json: &str) -> Result<Self, GeometryError> {
        serde_json::from_str::<Self>(json)?.checked()
    }

    /// The same without what is printed on it, which only drawing needs: a paper of 26 pages then takes
    /// little memory.
    pub fn without_print(mut self) -> Self {
        self.print = Print::default();
        for page in &mut self.pages {
            page.print = Print::default();
        }
        self
    }

    pub(crate) fn checked(self) -> Result<Self, GeometryError> {
        match self.defect() {
            None => Ok(self),
            Some(reason) => Err(GeometryError::Impossible { form: self.form, reason }),
        }
    }

    /// Why it cannot be printed, if it cannot.
    fn defect(&self) -> Option<String> {
        let [width, height] = self.paper_mm;
        if !(50.0..=2_000.0).contains(&width) || !(50.0..=2_000.0).contains(&height) {
            return Some("the paper's size is not between 50 and 2000 mm".into());
        }
        let marks_on_paper = self
            .marks
            .as_ref()
            .is_none_or(|marks| self.is_on_paper(&marks.frame) && (1.0..=50.0).contains(&marks.square_mm));
        if !marks_on_paper || self.tag.is_some_and(|tag| !self.is_on_paper(&tag)) {
            return Some("the tag or the corner marks are not on the paper".into());
        }
        if !(0.05..=5.0).contains(&self.box_pen_mm) {
            return Some("the pen of its boxes is not between 0.05 and 5 mm".into());
        }
        if !(1..=PAGES_MAX).contains(&self.pages.len()) {
            return Some(format!("it has not one to {PAGES_MAX} pages"));
        }
        self.pages.iter().find_map(|page| self.defect_of_page(page))
    }

    fn defect_of_page(&self, page: &PageGeometry) -> Option<String> {
        let number = page.number;
        let alike =
            |same: &dyn Fn(&PageGeometry) -> bool| self.pages.iter().filter(|page| same(page)).count();
        if alike(&|other| other.number == number) > 1 {
            return Some(format!("page {number} is there twice"));
        }
        if let Some(tag) = page.tag {
            if alike(&|other| other.tag == page.tag) > 1 {
                return Some(format!("two pages have the tag {tag}"));
            }
            if tag::word(tag).is_none() {
                return Some(format!("page {number} has the tag {tag}, which family 36h10 does not have"));
            }
            if self.tag.is_none() || self.marks.is_none() {
                return Some(format!(
                    "page {number} has a tag, and where it and the corner marks are is not said"
                ));
            }
        }
        if !page.tables.iter().all(|table| self.is_on_paper(table)) {
            return Some(format!("page {number} has tables off the paper"));
        }
        if page.fields.len() > FIELDS_MAX
            || page.tables.len() > TABLES_MAX
            || page.print.shapes() > SHAPES_MAX
        {
            return Some(format!("page {number} has too much on it"));
        }
        page.fields.iter().find_map(|field| self.defect_of_field(field))
    }

    fn defect_of_field(&self, field: &FieldGeometry) -> Option<String> {
        let code = &field.code;
        if !(1..=6).contains(&field.boxes.len()) || !field.boxes.iter().all(|rect| self.is_on_paper(rect)) {
            return Some(format!("{code} has not one to six boxes on the paper"));
        }
        if field.bubbles.is_some_and(|b| !self.is_on_paper(&b.area(field.boxes.len()))) {
            return Some(format!("{code} has bubbles off the paper"));
        }
        let others = field.words.into_iter().chain(field.strokes.map(|strokes| strokes.area));
        others
            .into_iter()
            .any(|rect| !self.is_on_paper(&rect))
            .then(|| format!("{code} has words or strokes off the paper"))
    }

    fn is_on_paper(&self, rect: &Rect) -> bool {
        let [width, height] = self.paper_mm;
        rect.x >= 0.0
            && rect.y >= 0.0
            && rect.width > 0.0
            && rect.height > 0.0
            && rect.x + rect.width <= width
            && rect.y + rect.height <= height
    }

    /// A page by its number.
    pub fn page(&self, number: u8) -> Option<&PageGeometry> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// A page by its tag.
    pub fn page_of_tag(&self, tag: u16) -> Option<&PageGeometry> {
        self.pages.iter().find(|page| page.tag == Some(tag))
    }

    /// The corner marks and the tag of its pages, if it has both.
    pub(crate) fn landmarks(&self) -> Option<Landmarks<'_>> {
        Some(Landmarks { marks: self.marks.as_ref()?, tag: self.tag.as_ref()? })
    }

    /// The rectangle whose corners say where a page is: that of the corner marks, else the paper without its
    /// margins.
    pub fn frame(&self) -> Rect {
        let [width, height] = self.paper_mm;
        let paper = Rect { x: 0.0, y: 0.0, width, height };
        self.marks.as_ref().map_or(paper.grown(-MARGIN_MM), |marks| marks.frame)
    }

    /// A field and the page it is on.
    pub fn field(&self, code: &str) -> Option<(&PageGeometry, &FieldGeometry)> {
        self.pages
            .iter()
            .find_map(|page| page.fields.iter().find(|field| field.code == code).map(|field| (page, field)))
    }
}

/// What is printed on a page for cameras.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Landmarks<'a> {
    pub(crate) marks: &'a CornerMarks,
    pub(crate) tag: &'a Rect,
}

/// As on the presidential paper of 2024.
const fn box_pen_mm() -> f64 {
    BOX_PEN_MM
}

impl Print {
    fn shapes(&self) -> usize {
        self.lines.len() + self.frames.len() + self.texts.len() + self.example_bubbles.len()
    }
}

impl CornerMarks {
    /// Where the two squares of each mark touch: upper left, upper right, lower right, lower left.
    pub fn middles(&self) -> [Point; 4] {
        self.frame.grown(-self.square_mm).corners()
    }
}

impl FieldGeometry {
    /// The rectangle of the figure's boxes.
    pub fn area(&self) -> Rect {
        self.boxes.iter().copied().reduce(|all, next| all.union(&next)).unwrap_or(Rect {
            x: 0.0,
            y: 0.0,
            width: 0.0,
            height: 0.0,
        })
    }
}

impl Bubbles {
    /// Middle of the bubble of `digit` under the box `column`.
    pub fn middle(&self, column: usize, digit: usize) -> Point {
        Point::new(
            self.first[0] + self.column_step_mm * column as f64,
            self.first[1] + self.digit_step_mm * digit as f64,
        )
    }

    fn area(&self, columns: usize) -> Rect {
        let around = |p: Point| {
            let radius = self.diameter_mm / 2.0;
            Rect { x: p.x - radius, y: p.y - radius, width: self.diameter_mm, height: self.diameter_mm }
        };
        around(self.middle(0, 0)).union(&around(self.middle(columns.saturating_sub(1), 9)))
    }
}
