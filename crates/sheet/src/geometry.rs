//! The positions of everything on the pages of a form, as data. A new form is a new file, without new code.
//!
//! Everything is in millimetres from the page's upper left corner, as it is printed.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::plane::{Point, Rect};

/// The pages of one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormGeometry {
    /// The id of the form's description.
    pub form: String,
    /// Width and height of the paper.
    pub paper_mm: [f64; 2],
    /// The marks in the corners of every page.
    pub marks: CornerMarks,
    /// The black square of the AprilTag on every page.
    pub tag: Rect,
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
    /// The id of its AprilTag, family 36h10.
    pub tag: u16,
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
}

static KNOWN: LazyLock<Vec<FormGeometry>> = LazyLock::new(|| {
    [include_str!("../../../assets/forms/c-hasil-ppwp-2024.geometry.json")]
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

    /// The geometry of a form: the one in its description, else the built-in one, if any.
    pub fn of(form: &str, brought: Option<&serde_json::Value>) -> Result<Option<Self>, GeometryError> {
        match brought {
            Some(brought) => Self::from_json(&brought.to_string()).map(Some),
            None => Ok(Self::known(form).cloned()),
        }
    }

    /// Reads a geometry file.
    pub fn from_json(json: &str) -> Result<Self, GeometryError> {
        let geometry: Self = serde_json::from_str(json)?;
        match geometry.defect() {
            None => Ok(geometry),
            Some(reason) => Err(GeometryError::Impossible { form: geometry.form, reason }),
        }
    }

    /// Why it cannot be printed, if it cannot.
    fn defect(&self) -> Option<String> {
        let [width, height] = self.paper_mm;
        if !(50.0..=2_000.0).contains(&width) || !(50.0..=2_000.0).contains(&height) {
            return Some("the paper's size is not between 50 and 2000 mm".into());
        }
        let on_paper = |rect: &Rect| {
            let inside = rect.x >= 0.0 && rect.y >= 0.0;
            inside
                && rect.width > 0.0
                && rect.height > 0.0
                && rect.x + rect.width <= width
                && rect.y + rect.height <= height
        };
        if !on_paper(&self.tag)
            || !on_paper(&self.marks.frame)
            || !(1.0..=50.0).contains(&self.marks.square_mm)
        {
            return Some("the tag or the corner marks are not on the paper".into());
        }
        for page in &self.pages {
            for field in &page.fields {
                if !(1..=6).contains(&field.boxes.len()) || !field.boxes.iter().all(on_paper) {
                    return Some(format!("{} has not one to six boxes on the paper", field.code));
                }
                if field.bubbles.is_some_and(|b| !on_paper(&b.area(field.boxes.len()))) {
                    return Some(format!("{} has bubbles off the paper", field.code));
                }
            }
        }
        None
    }

    /// A page by its number.
    pub fn page(&self, number: u8) -> Option<&PageGeometry> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// A page by its tag.
    pub fn page_of_tag(&self, tag: u16) -> Option<&PageGeometry> {
        self.pages.iter().find(|page| page.tag == tag)
    }

    /// A field and the page it is on.
    pub fn field(&self, code: &str) -> Option<(&PageGeometry, &FieldGeometry)> {
        self.pages
            .iter()
            .find_map(|page| page.fields.iter().find(|field| field.code == code).map(|field| (page, field)))
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
