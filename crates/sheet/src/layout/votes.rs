//! Tables of votes: number and name, strokes, the figure in boxes and in words, and bubbles where there is
//! room.

use super::boxes::Boxes;
use super::draft::{BORDER, Draft, EDGE, FINE, RULE, Type, rounded_rect};
use super::results::hint;
use super::{Counts, LEFT, Page, Paper, RIGHT, Row, Section, TABLES_END_Y, header};
use crate::geometry::{Bubbles, FieldGeometry, StrokeGrid};
use crate::plane::Rect;

/// From the base line of the heading to the table, and to the party's number and name above it.
const TABLE_GAP: f64 = 19.5;
const PARTY_GAP: f64 = 7.5;
const PARTY_HEIGHT: f64 = 23.0;
/// The heads of the columns.
const HEAD: f64 = 20.0;
/// The cells with a candidate's number, and with the name.
const NUMBER_END: f64 = 101.0;
const NAME_END: f64 = 181.0;
/// A line above rows.
const HEADING: f64 = 9.0;
/// Heights of a row. Below the least there is no room for the boxes.
const ROW_MIN: f64 = 22.0;
const ROW_MAX: f64 = 52.0;
const SUM_HEIGHT: f64 = 31.0;
/// The number in words below the strokes.
const WORDS_HEIGHT: f64 = 15.0;
/// The width and the height of the cell for five strokes, about.
const STROKES_WIDTH: f64 = 11.75;
const STROKES_HEIGHT: f64 = 8.8;

/// Rows with bubbles: from one to the next, at most and at least.
const BUBBLES_STEP_MAX: f64 = 152.0;
const BUBBLES_STEP_MIN: f64 = 138.0;
const BUBBLES_ROW_MAX: f64 = 142.0;

/// Draws the table below a heading at `y`; returns where it ends.
pub(super) fn draw(draft: &mut Draft, paper: &Paper, page: &Page, section: &Section, y: f64) -> f64 {
    let boxes = Boxes::of_votes(section.digits());
    let mut top = y + TABLE_GAP;
    if let Some(party) = &page.party {
        let area = Rect { x: LEFT, y: y + PARTY_GAP, width: RIGHT - LEFT, height: PARTY_HEIGHT };
        header::party(draft, party, &area);
        top = area.y + area.height + 4.0;
    }
    let strip = Strip::before(boxes.votes_left());
    let table = Table { section, page, boxes, strip };
    let rows_top = top + HEAD;
    let step = (TABLES_END_Y - rows_top) / section.rows.len().max(1) as f64;
    let only_votes = section.rows.iter().all(|row| row.counts == Counts::Votes && row.heading.is_none());
    let end = if paper.bubbles && only_votes && step >= BUBBLES_STEP_MIN {
        table.heads(draft, top, BUBBLE_COLUMNS);
        table.rows_with_bubbles(draft, rows_top, step.min(BUBBLES_STEP_MAX))
    } else {
        table.heads(draft, top, strip.columns());
        table.rows(draft, rows_top)
    };
    draft.frame(Rect { x: LEFT, y: top, width: RIGHT - LEFT, height: end - top }, EDGE);
    end
}

/// Where strokes are made, and the sum of each of their lines beside them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip {
    pub(super) left: f64,
    pub(super) right: f64,
    votes_left: f64,
}

impl Strip {
    /// The strip before the column with boxes.
    pub(super) fn before(votes_left: f64) -> Self {
        Self { left: NAME_END, right: votes_left - 34.0, votes_left }
    }

    fn columns(&self) -> u8 {
        ((self.right - self.left) / STROKES_WIDTH).floor().clamp(1.0, 40.0) as u8
    }

    /// The heads above strokes.
    pub(super) fn heads(&self, draft: &mut Draft, head: &Rect, columns: u8, title: &str) {
        let width = self.right - self.left;
        let upper = Rect { x: self.left, width, height: 13.0, ..*head };
        draft.paragraph(&upper, Type::bold(3.0).middle(), 1, title);
        let numbers = Rect { y: head.y + 13.0, height: head.height - 13.0, ..upper };
        draft.level(numbers.y, self.left, self.right, FINE);
        header::stroke_numbers(draft, &numbers, columns);
        let sums = Rect { x: self.right + 1.0, width: self.votes_left - self.right - 2.0, ..*head };
        draft.lines_of(&sums, Type::bold(2.6).middle(), &["JUMLAH".into(), "TIAP BARIS".into()]);
    }

    /// The cells for strokes, and those for the sum of each line.
    pub(super) fn cells(&self, draft: &mut Draft, top: f64, height: f64, columns: u8, rows: u8) -> Rect {
        let area = rounded_rect(Rect { x: self.left, y: top, width: self.right - self.left, height });
        draft.grid(&area, columns, rows);
        draft.upright(self.left, top, top + height, BORDER);
        draft.upright(self.right, top, top + height, BORDER);
        let sums = Rect { x: self.right + 5.0, width: self.votes_left - self.right - 10.0, ..area };
        draft.grid(&sums, 2, rows);
        for x in [sums.x, sums.x + sums.width] {
            draft.line([x, top, x, top + height], RULE, 0.4);
        }
        area
    }
}

struct Table<'a> {
    section: &'a Section,
    page: &'a Page,
    boxes: Boxes,
    strip: Strip,
}

const BUBBLE_COLUMNS: u8 = 12;

impl Table<'_> {
    fn heads(&self, draft: &mut Draft, top: f64, columns: u8) {
        let head = Rect { x: LEFT, y: top, width: RIGHT - LEFT, height: HEAD };
        let pairs = self.section.rows.iter().any(|row| row.label.len() > 1);
        let whom = match (&self.page.party, pairs) {
            (Some(_), _) => "PARTAI POLITIK DAN CALON",
            (None, true) => "PASANGAN CALON",
            (None, false) => "CALON",
        };
        let names = Rect { x: LEFT + 3.0, width: NAME_END - LEFT - 6.0, ..head };
        draft.lines_of(&names, Type::bold(2.8).middle(), &["NOMOR DAN NAMA".into(), whom.into()]);
        self.strip.heads(draft, &head, columns, "RINCIAN PEROLEHAN SUARA SAH");
        let votes_left = self.boxes.votes_left();
        let over_boxes = Rect { x: votes_left + 2.0, width: RIGHT - votes_left - 4.0, ..head };
        draft.paragraph(&over_boxes, Type::bold(2.8).middle(), 2, "JUMLAH SUARA SAH");
        for x in [self.strip.left, self.strip.right, votes_left] {
            draft.upright(x, top, top + HEAD, BORDER);
        }
        draft.level(top + HEAD, LEFT, RIGHT, BORDER);
    }

    /// Rows without bubbles, as high as there is room for.
    fn rows(&self, draft: &mut Draft, mut y: f64) -> f64 {
        let rows = &self.section.rows;
        let headings = rows.iter().filter(|row| row.heading.is_some()).count() as f64;
        let sums = rows.iter().filter(|row| row.counts == Counts::Sum).count() as f64;
        let others = (rows.len() as f64 - sums).max(1.0);
        let room = TABLES_END_Y - y - headings * HEADING - sums * SUM_HEIGHT;
        let height = (room / others).clamp(ROW_MIN, ROW_MAX);
        for row in rows {
            if let Some(heading) = &row.heading {
                let area = Rect { x: LEFT + 6.0, y, width: RIGHT - LEFT - 12.0, height: HEADING };
                draft.paragraph(&area, Type::bold(3.2), 1, &heading.to_uppercase());
                y += HEADING;
                draft.level(y, LEFT, RIGHT, RULE);
            }
            let height = if row.counts == Counts::Sum { SUM_HEIGHT } else { height };
            let area = Rect { x: LEFT, y, width: RIGHT - LEFT, height };
            if row.counts == Counts::Sum {
                self.sum(draft, row, &area);
            } else {
                self.row(draft, row, &area);
            }
            y += height;
            draft.level(y, LEFT, RIGHT, BORDER);
        }
        y
    }

    fn row(&self, draft: &mut Draft, row: &Row, area: &Rect) {
        self.name(draft, row, area);
        let votes_left = self.boxes.votes_left();
        draft.upright(votes_left, area.y, area.y + area.height, BORDER);
        let with_words = area.height >= WORDS_HEIGHT + STROKES_HEIGHT;
        let strokes_height = if with_words { area.height - WORDS_HEIGHT } else { area.height };
        let (columns, rows) =
            (self.strip.columns(), (strokes_height / STROKES_HEIGHT).floor().clamp(1.0, 8.0) as u8);
        let strokes = self.strip.cells(draft, area.y, strokes_height, columns, rows);
        let words = with_words.then(|| self.words_strip(draft, area));
        for figure in &row.figures {
            let boxes = self.boxes.at_most(area.height - 4.0);
            let top = area.y + (area.height - boxes.side) / 2.0;
            draft.fields.push(FieldGeometry {
                code: figure.code.clone(),
                boxes: boxes.in_votes(figure.digits, top),
                bubbles: None,
                words,
                strokes: Some(StrokeGrid { area: strokes, columns, rows }),
            });
        }
    }

    /// The number in words: a line below the strokes.
    fn words_strip(&self, draft: &mut Draft, area: &Rect) -> Rect {
        let (left, right) = (self.strip.left, self.boxes.votes_left());
        let end = area.y + area.height;
        draft.upright(left, end - WORDS_HEIGHT, end, BORDER);
        draft.level(end - WORDS_HEIGHT, left, right, 0.6);
        draft.words([right - 3.0, end - 1.4], Type::plain(1.7).end(), "( dengan huruf kapital )");
        let width = right - left - 8.0;
        rounded_rect(Rect { x: left + 4.0, y: end - WORDS_HEIGHT + 2.0, width, height: WORDS_HEIGHT - 2.5 })
    }

    /// A candidate's number and names, or the words of a row without a number.
    fn name(&self, draft: &mut Draft, row: &Row, area: &Rect) {
        let cell = |from: f64, to: f64| Rect { x: from, width: to - from, ..*area };
        let Some(number) = row.number else {
            let party = self.page.party.iter().map(|(_, name)| name.clone());
            let lines: Vec<String> =
                row.label.iter().cloned().chain(party).map(|l| l.to_uppercase()).collect();
            return draft.lines_of(&cell(LEFT + 6.0, NAME_END - 4.0), Type::bold(3.4), &lines);
        };
        draft.upright(NUMBER_END, area.y, area.y + area.height, FINE);
        draft.paragraph(
            &cell(LEFT + 3.0, NUMBER_END - 3.0),
            Type::bold(8.0).middle(),
            1,
            &number.to_string(),
        );
        let height = area.height.min(32.0);
        let y = area.y + (area.height - height) / 2.0;
        let names = Rect { y, height, ..cell(NUMBER_END + 4.0, NAME_END - 3.0) };
        draft.names(&names, Type::bold(3.4), &row.label);
    }

    fn sum(&self, draft: &mut Draft, row: &Row, area: &Rect) {
        const MARK_END: f64 = 88.0;
        let votes_left = self.boxes.votes_left();
        let end = area.y + area.height;
        let cell = |from: f64, to: f64| Rect { x: from, width: to - from, ..*area };
        if let Some(mark) = self.section.mark(row) {
            draft.paragraph(&cell(LEFT, MARK_END), Type::bold(4.0).middle(), 1, &format!("{mark}."));
        }
        draft.upright(MARK_END, area.y, end, FINE);
        let label = row.label.join(" ").to_uppercase();
        draft.paragraph(&cell(MARK_END + 4.0, NAME_END - 3.0), Type::bold(3.2), 4, &label);
        for x in [self.strip.left, votes_left] {
            draft.upright(x, area.y, end, BORDER);
        }
        let words = Rect {
            y: area.y + 3.0,
            height: area.height - 6.0,
            ..cell(self.strip.left + 5.0, votes_left - 5.0)
        };
        hint(draft, &words);
        for figure in &row.figures {
            draft.fields.push(FieldGeometry {
                code: figure.code.clone(),
                boxes: self.boxes.in_votes(figure.digits, area.y + (area.height - self.boxes.side) / 2.0),
                bubbles: None,
                words: Some(rounded_rect(words)),
                strokes: None,
            });
        }
    }

    /// Rows as on the presidential paper, `step` from one to the next.
    fn rows_with_bubbles(&self, draft: &mut Draft, top: f64, step: f64) -> f64 {
        let height = BUBBLES_ROW_MAX.min(step - 4.0);
        let mut end = top;
        for (index, row) in self.section.rows.iter().enumerate() {
            let y = top + step * index as f64;
            if index > 0 {
                draft.level(y, LEFT, RIGHT, BORDER);
            }
            end = y + height;
            draft.level(end, LEFT, RIGHT, BORDER);
            self.row_with_bubbles(draft, row, &Rect { x: LEFT, y, width: RIGHT - LEFT, height });
        }
        end
    }

    fn row_with_bubbles(&self, draft: &mut Draft, row: &Row, area: &Rect) {
        const STROKES_HEIGHT: f64 = 80.0;
        const ROWS: u8 = 5;
        let (votes_left, top) = (self.boxes.votes_left(), area.y);
        self.number_above_names(draft, row, area);
        let strokes = self.strip.cells(draft, top, STROKES_HEIGHT, BUBBLE_COLUMNS, ROWS);
        draft.level(top + STROKES_HEIGHT, LEFT, votes_left, 0.6);
        draft.upright(votes_left, top, top + area.height, BORDER);
        let words = Rect { x: 80.0, y: top + 86.0, width: votes_left - 150.0, height: 44.0 };
        draft.words(
            [NAME_END, top + area.height - 7.0],
            Type::plain(1.9),
            "( ditulis menggunakan huruf kapital )",
        );
        how_to_fill(draft, votes_left - 48.0, top);
        for figure in &row.figures {
            let boxes = self.boxes.in_votes(figure.digits, top + 6.56);
            let bubbles = boxes.first().map(bubbles_under);
            draft.fields.push(FieldGeometry {
                code: figure.code.clone(),
                boxes,
                bubbles,
                words: Some(rounded_rect(words)),
                strokes: Some(StrokeGrid { area: strokes, columns: BUBBLE_COLUMNS, rows: ROWS }),
            });
        }
    }

    fn number_above_names(&self, draft: &mut Draft, row: &Row, area: &Rect) {
        let cell = |y: f64, height: f64| Rect { x: LEFT + 4.0, y, width: NAME_END - LEFT - 8.0, height };
        if let Some(number) = row.number {
            draft.paragraph(&cell(area.y + 4.0, 18.0), Type::bold(8.5).middle(), 1, &number.to_string());
        }
        draft.names(&cell(area.y + 24.0, 34.0), Type::bold(3.4).middle(), &row.label);
    }
}

fn bubbles_under(first: &Rect) -> Bubbles {
    Bubbles {
        first: [first.x + first.width / 2.0, first.y + 29.5].map(super::draft::rounded),
        column_step_mm: 23.5,
        digit_step_mm: 10.5,
        diameter_mm: 8.0,
    }
}

/// An empty bubble, an arrow, a black one.
fn how_to_fill(draft: &mut Draft, x: f64, top: f64) {
    draft.words([x, top + 108.0], Type::plain(2.8).middle(), "Hitamkan bulatan ini sesuai dengan");
    draft.words([x, top + 114.0], Type::plain(2.8).middle(), "isian angka pada kotak");
    let y = top + 120.92;
    for [from_x, from_y, to_y] in [[-4.5, 0.0, 0.0], [-1.0, -1.52, 0.0], [-1.0, 1.48, 0.0]] {
        draft.line([x + from_x, y + from_y, x + 1.0, y + to_y], 0.7, 0.0);
    }
    draft.print.example_bubbles.push((x - 10.33, y, false));
    draft.print.example_bubbles.push((x + 7.66, y, true));
}
