//! Tables about people and ballots: words at the left, one or three figures at the right.

use super::boxes::Boxes;
use super::draft::{Draft, FINE, RULE, Type};
use super::header;
use super::{Column, Counts, LEFT, RIGHT, Row, Section};
use crate::geometry::FieldGeometry;
use crate::plane::Rect;

/// From the base line of the heading to the table.
const TABLE_GAP: f64 = 6.4;
/// The heads of the columns.
const HEAD: f64 = 22.5;
/// A line above rows.
const HEADING: f64 = 15.0;
/// From the upper edge of a group of rows to its first boxes.
const BOX_GAP: f64 = 5.04;
/// Where the words begin under a heading.
const INDENT: f64 = 18.3;

/// Draws the table below a heading at `y`; returns where it ends.
pub(super) fn draw(draft: &mut Draft, section: &Section, y: f64) -> f64 {
    let boxes = Boxes::of_people(section.digits());
    let columns = columns_of(section);
    let edges = edges(&boxes, columns.len());
    let table = Table { section, boxes, columns, edges };
    let top = y + TABLE_GAP;
    table.heads(draft, top);
    let end = table.rows(draft, top + HEAD);
    draft.frame(Rect { x: LEFT, y: top, width: RIGHT - LEFT, height: end - top }, 0.9);
    end
}

struct Table<'a> {
    section: &'a Section,
    boxes: Boxes,
    columns: Vec<Column>,
    edges: Vec<f64>,
}

/// Three columns, or one for both.
fn columns_of(section: &Section) -> Vec<Column> {
    let parted =
        |row: &Row| row.figures.iter().any(|f| matches!(f.column, Some(Column::Men | Column::Women)));
    if section.rows.iter().any(parted) {
        vec![Column::Men, Column::Women, Column::Both]
    } else {
        vec![Column::Both]
    }
}

/// The upright lines: left of the words, right of them, and right of each column.
fn edges(boxes: &Boxes, columns: usize) -> Vec<f64> {
    let width = boxes.column_width();
    let mut edges = vec![LEFT];
    edges.extend((0..=columns).rev().map(|column| RIGHT - width * column as f64));
    edges
}

/// Rows that follow each other under one heading.
fn groups(section: &Section) -> Vec<&[Row]> {
    let mut starts: Vec<usize> =
        (0..section.rows.len()).filter(|&i| i == 0 || section.rows[i].heading.is_some()).collect();
    starts.push(section.rows.len());
    starts.windows(2).map(|pair| &section.rows[pair[0]..pair[1]]).collect()
}

impl Table<'_> {
    fn heads(&self, draft: &mut Draft, top: f64) {
        let name = |column: &Column| match column {
            Column::Men => "LAKI-LAKI (L)",
            Column::Women => "PEREMPUAN (P)",
            Column::Both if self.columns.len() == 1 => "JUMLAH",
            Column::Both => "JUMLAH (L+P)",
        };
        let names: Vec<&str> = std::iter::once("URAIAN").chain(self.columns.iter().map(name)).collect();
        header::columns(draft, top, &self.edges, &names);
    }

    fn rows(&self, draft: &mut Draft, mut y: f64) -> f64 {
        let headed = self.section.rows.iter().any(|row| row.heading.is_some());
        let indent = if headed { INDENT } else { 0.0 };
        for group in groups(self.section) {
            if let Some(heading) = group.first().and_then(|row| row.heading.as_ref()) {
                let area = Rect { x: LEFT + 6.0, y, width: RIGHT - LEFT - 12.0, height: HEADING };
                draft.paragraph(&area, Type::bold(3.4), 1, &heading.to_uppercase());
                y += HEADING;
                draft.level(y, LEFT, RIGHT, RULE);
            }
            y = self.group(draft, group, y, indent);
        }
        y
    }

    fn group(&self, draft: &mut Draft, rows: &[Row], top: f64, indent: f64) -> f64 {
        let step = self.boxes.side + 5.0;
        let end = top + step * rows.len() as f64 + 5.0;
        let labels_end = self.edges[1];
        for (index, row) in rows.iter().enumerate() {
            let y = top + step * index as f64;
            if index > 0 {
                draft.level(y + 2.5, LEFT + indent, labels_end, FINE);
            }
            self.row(draft, row, y, indent);
        }
        for x in &self.edges[1..self.edges.len() - 1] {
            draft.upright(*x, top, end, RULE);
        }
        if indent > 0.0 {
            draft.upright(LEFT + indent, top, end, FINE);
        }
        draft.level(end, LEFT, RIGHT, RULE);
        end
    }

    fn row(&self, draft: &mut Draft, row: &Row, y: f64, indent: f64) {
        let inner = if self.section.is_part(row) { 12.0 } else { 5.0 };
        let x = LEFT + indent + inner;
        let label = match self.section.mark(row) {
            Some(mark) if self.section.is_part(row) => {
                format!("{}. {}", mark.to_lowercase(), row.label.join(" "))
            }
            Some(mark) => format!("{mark}. {}", row.label.join(" ")),
            None => row.label.join(" "),
        };
        let style = if row.counts == Counts::Sum { Type::bold(2.9) } else { Type::plain(2.9) };
        let area = Rect { x, y: y + BOX_GAP, width: self.edges[1] - x - 4.0, height: self.boxes.side };
        draft.paragraph(&area, style, 2, &label);
        for figure in &row.figures {
            let column = figure.column.unwrap_or(Column::Both);
            let place = self.columns.iter().position(|known| *known == column).unwrap_or(0);
            draft.fields.push(FieldGeometry {
                code: figure.code.clone(),
                boxes: self.boxes.in_column(figure.digits, self.edges[place + 2], y + BOX_GAP),
                bubbles: None,
                words: None,
                strokes: None,
            });
        }
    }
}
