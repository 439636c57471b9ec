//! Draws a paper of which no geometry is known, from a description of it in words.
//!
//! The drawing is our own, in the manner of the presidential form: the same paper, corner marks and place of
//! the tag, the same tables on the page about voters and ballots. The positions on the official papers are
//! not known. A package may bring them with a form ([`of_paper`]).
//!
//! The description knows nothing of elections: it has pages, sections, rows, and figures with their codes. It
//! is made from a paper's pages, sections and fields:
//!
//! | here | there |
//! | --- | --- |
//! | [`Page::tag`] | the page's tag. A page without one cannot be recognised and is left out |
//! | [`Page::party`] | number and name of the party whose list the page has |
//! | [`Page::sections`] | the sections with rows on this page; each with those rows only |
//! | [`Section::title`] | the heading in the form, also for the section of a list |
//! | [`Row::number`] | the candidate's number |
//! | [`Row::label`] | one line for each name of a candidate or pair; for other rows the paper's words |
//! | [`Counts::Votes`] | votes of a candidate, a pair, or a party itself |
//! | [`Counts::InvalidVotes`] | invalid votes |
//! | [`Counts::Sum`] | all users of the vote; the total of a list; valid votes; valid and invalid votes |
//! | [`Counts::People`] | everything else |
//!
//! The same description gives the same drawing, with any version of the program: sheets are photographed
//! after they were printed. A test holds the positions.

mod boxes;
mod count_table;
mod draft;
mod header;
mod results;
mod signatures;
mod votes;
mod wording;

use crate::geometry::{BOX_PEN_MM, CornerMarks, FormGeometry, GeometryError, PageGeometry};
use crate::plane::Rect;
use draft::Draft;

/// A paper: what is on it, without positions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// The id of the form's description.
    pub form: String,
    /// The name of the form as it is printed: `C.HASIL-DPR`.
    pub model: String,
    /// The title of the first page, in one or two parts: the office and the district.
    pub title: Vec<String>,
    /// Whether bubbles are printed under votes, on pages that have room for those of all their rows.
    pub bubbles: bool,
    /// The pages in order.
    pub pages: Vec<Page>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its number, from 1.
    pub number: u8,
    /// The number of its AprilTag, family 36h10.
    pub tag: u16,
    /// The number and name of the party whose list is on it.
    pub party: Option<(u16, String)>,
    /// What is on it, from above.
    pub sections: Vec<Section>,
}

/// One section of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Its code in the codes of its rows: `IV`, `IV.5`.
    pub code: String,
    /// Its heading.
    pub title: String,
    /// Its rows on this page.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its code: `I.B.4`, `IV.5.A.2.7`. What follows the section's code is printed before the label.
    pub code: String,
    /// The line above it.
    pub heading: Option<String>,
    /// The number of a candidate or pair.
    pub number: Option<u16>,
    /// The words, or the names of a candidate or pair in one line each.
    pub label: Vec<String>,
    /// What is counted.
    pub counts: Counts,
    /// The figures, at most one of each column.
    pub figures: Vec<Figure>,
}

/// What a row counts, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// People or ballots: written as a number.
    People,
    /// Votes for somebody: counted by strokes, written as a number and in words.
    Votes,
    /// Invalid votes: counted by strokes.
    InvalidVotes,
    /// A sum, printed bold. On pages with votes it is written in words too.
    Sum,
}

/// One figure of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The field's code: `I.B.4.J`, `IV.2`.
    pub code: String,
    /// Its column, in rows that have several.
    pub column: Option<Column>,
    /// Number of digit boxes, one to six.
    pub digits: u8,
}

/// The columns of tables about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Men (L).
    Men,
    /// Women (P).
    Women,
    /// Both (J).
    Both,
}

/// Width and height of all papers, in millimetres.
const PAPER_MM: [f64; 2] = [600.0, 900.0];
const MARKS: CornerMarks =
    CornerMarks { frame: Rect { x: 40.0, y: 57.79, width: 520.0, height: 824.41 }, square_mm: 7.2 };
const TAG: Rect = Rect { x: 494.06, y: 107.32, width: 32.0, height: 32.0 };
/// The left and right edges of all tables.
const LEFT: f64 = 73.0;
const RIGHT: f64 = 527.0;
/// The base line of the first heading on the first page, and on the others.
const FIRST_HEADING_Y: f64 = 337.5;
const HEADING_Y: f64 = 138.5;
/// How far the first heading may move up, into the space below the preamble.
const MOVED_UP_MAX: f64 = 46.0;
/// Where the signatures begin; everything else ends above.
const SIGNATURES_Y: f64 = 744.0;
const TABLES_END_Y: f64 = 737.0;
/// From the end of a table to the next heading, after the first table and after the others, as on the
/// presidential paper.
const HEADING_GAPS: [f64; 2] = [16.1, 13.5];

/// The geometry of a paper, without print: the one that its form brings, else the built-in one, else our own
/// drawing of it.
///
/// # Errors
/// When the one that the form brings cannot be read, or as [`positions`].
pub fn of_paper(brought: Option<&serde_json::Value>, paper: &Paper) -> Result<FormGeometry, GeometryError> {
    match FormGeometry::of(&paper.form, brought)? {
        Some(geometry) => Ok(geometry.without_print()),
        None => positions(paper),
    }
}

/// The geometry of a paper without its print: enough to recognise, judge, crop and read photos of it.
///
/// # Errors
/// When there is no room for all rows of a page, or the result cannot be used: no pages or too many, a tag
/// that does not exist or is there twice, a wrong number of boxes.
pub fn positions(paper: &Paper) -> Result<FormGeometry, GeometryError> {
    drawing(paper).map(FormGeometry::without_print)
}

/// The geometry of a paper with its print, for drawing it.
///
/// # Errors
/// As [`positions`].
pub fn drawing(paper: &Paper) -> Result<FormGeometry, GeometryError> {
    let pages = (0..paper.pages.len()).map(|index| page(paper, index)).collect::<Result<_, _>>()?;
    FormGeometry {
        form: paper.form.clone(),
        copy_of: None,
        paper_mm: PAPER_MM,
        marks: Some(MARKS),
        tag: Some(TAG),
        box_pen_mm: BOX_PEN_MM,
        print: header::on_every_page(paper),
        pages,
    }
    .checked()
}

fn page(paper: &Paper, index: usize) -> Result<PageGeometry, GeometryError> {
    let page = &paper.pages[index];
    let mut draft = Draft::default();
    let start = if index == 0 {
        header::preamble(&mut draft, paper);
        FIRST_HEADING_Y
    } else {
        header::place(&mut draft);
        HEADING_Y
    };
    header::page_number(&mut draft, page.number, paper.pages.len());
    let mut tables = sections(paper, index, start);
    if index == 0 && tables.end > TABLES_END_Y {
        tables = sections(paper, index, start - (tables.end - TABLES_END_Y).min(MOVED_UP_MAX));
    }
    // Heights that fill the page end there but for rounding.
    if tables.end > TABLES_END_Y + 0.01 {
        return Err(GeometryError::NoRoom { form: paper.form.clone(), page: page.number });
    }
    draft.append(tables.draft);
    signatures::draw(&mut draft, paper, index, tables.end);
    Ok(PageGeometry {
        number: page.number,
        tag: Some(page.tag),
        tables: Vec::new(),
        fields: draft.fields,
        print: draft.print,
    })
}

struct Tables {
    draft: Draft,
    end: f64,
}

/// All sections of a page, the first with its heading at `y`.
fn sections(paper: &Paper, index: usize, mut y: f64) -> Tables {
    let page = &paper.pages[index];
    let mut draft = Draft::default();
    let mut end = y;
    for (place, section) in page.sections.iter().enumerate() {
        header::section(&mut draft, section, continues(paper, index, section), y);
        end = match style(section) {
            Style::Count => count_table::draw(&mut draft, section, y),
            Style::Votes => votes::draw(&mut draft, paper, page, section, y),
            Style::Results => results::draw(&mut draft, section, y),
        };
        y = end + HEADING_GAPS[place.min(1)];
    }
    Tables { draft, end }
}

/// Whether the section began on an earlier page.
fn continues(paper: &Paper, index: usize, section: &Section) -> bool {
    let mut earlier = paper.pages[..index].iter().flat_map(|page| &page.sections);
    earlier.any(|known| known.code == section.code)
}

enum Style {
    Count,
    Votes,
    Results,
}

fn style(section: &Section) -> Style {
    let has = |counts: Counts| section.rows.iter().any(|row| row.counts == counts);
    if has(Counts::Votes) {
        Style::Votes
    } else if has(Counts::InvalidVotes) {
        Style::Results
    } else {
        Style::Count
    }
}

impl Section {
    /// The largest number of boxes of a figure.
    fn digits(&self) -> u8 {
        self.rows.iter().flat_map(|row| &row.figures).map(|figure| figure.digits).max().unwrap_or(1)
    }

    /// What is printed before the label of a row: the last part of its code, unless the heading above it
    /// begins with that already.
    fn mark(&self, row: &Row) -> Option<String> {
        let rest = row.code.strip_prefix(&self.code)?.trim_start_matches('.');
        let mark = rest.rsplit('.').next().filter(|mark| !mark.is_empty() && row.number.is_none())?;
        let said = row.heading.as_ref().is_some_and(|heading| heading.contains(&format!("{mark}.")));
        (!said).then(|| mark.to_owned())
    }

    /// Whether the row is a part of another row of the section.
    fn is_part(&self, row: &Row) -> bool {
        row.code
            .rsplit_once('.')
            .is_some_and(|(whole, _)| whole != self.code && self.rows.iter().any(|other| other.code == whole))
    }
}
