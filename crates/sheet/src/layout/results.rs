//! Valid and invalid votes, and their sum.

use super::boxes::Boxes;
use super::draft::{Draft, EDGE, FINE, RULE, Type, rounded_rect};
use super::votes::Strip;
use super::{Counts, LEFT, RIGHT, Row, Section};
use crate::geometry::{FieldGeometry, StrokeGrid};
use crate::plane::Rect;

/// From the base line of the heading to the first frame.
const FRAME_GAP: f64 = 19.5;
const SUM_HEIGHT: f64 = 36.0;
const STROKES_HEIGHT: f64 = 82.3;
/// The heads of the columns above strokes.
const HEAD: f64 = 20.0;
/// The cells with the row's letter, and with its words.
const MARK_END: f64 = 88.0;
const LABEL_END: f64 = 181.0;
const COLUMNS: u8 = 12;
const ROWS: u8 = 5;

/// Draws a frame for each row below a heading at `y`; returns where they end.
pub(super) fn draw(draft: &mut Draft, section: &Section, y: f64) -> f64 {
    let boxes = Boxes::of_votes(section.digits());
    let mut top = y + FRAME_GAP;
    let mut end = top;
    for row in &section.rows {
        let strokes = row.counts == Counts::InvalidVotes;
        let height = if strokes { STROKES_HEIGHT } else { SUM_HEIGHT };
        let area = Rect { x: LEFT, y: top, width: RIGHT - LEFT, height };
        frame(draft, section, row, &area, &boxes);
        if strokes {
            counted(draft, row, &area, boxes);
        } else {
            sum(draft, row, &area, boxes);
        }
        end = top + height;
        top = end + if strokes { 12.7 } else { 15.0 };
    }
    end
}

fn frame(draft: &mut Draft, section: &Section, row: &Row, area: &Rect, boxes: &Boxes) {
    draft.frame(*area, EDGE);
    for x in [MARK_END, LABEL_END, boxes.votes_left()] {
        draft.upright(x, area.y, area.y + area.height, 0.6);
    }
    let cell = |from: f64, to: f64| Rect { x: from, width: to - from, ..*area };
    if let Some(mark) = section.mark(row) {
        draft.paragraph(&cell(LEFT, MARK_END), Type::bold(3.0).middle(), 1, &format!("{mark}."));
    }
    let label = row.label.join(" ").to_uppercase();
    draft.paragraph(&cell(MARK_END + 4.0, LABEL_END - 4.0), Type::bold(3.4).middle(), 4, &label);
}

fn sum(draft: &mut Draft, row: &Row, area: &Rect, boxes: Boxes) {
    let words = Rect {
        x: LABEL_END + 5.0,
        y: area.y + 3.0,
        width: boxes.votes_left() - LABEL_END - 29.0,
        height: area.height - 6.0,
    };
    hint(draft, &words);
    for figure in &row.figures {
        draft.fields.push(FieldGeometry {
            code: figure.code.clone(),
            boxes: boxes.in_votes(figure.digits, area.y + (area.height - boxes.side) / 2.0),
            bubbles: None,
            words: Some(rounded_rect(words)),
            strokes: None,
        });
    }
}

fn counted(draft: &mut Draft, row: &Row, area: &Rect, boxes: Boxes) {
    let votes_left = boxes.votes_left();
    let strip = Strip::before(votes_left);
    let head = Rect { height: HEAD, ..*area };
    strip.heads(draft, &head, COLUMNS, "RINCIAN PEROLEHAN SUARA TIDAK SAH");
    let over_boxes = Rect { x: votes_left + 2.0, width: RIGHT - votes_left - 4.0, ..head };
    draft.paragraph(&over_boxes, Type::bold(2.8).middle(), 2, "JUMLAH SUARA TIDAK SAH");
    draft.level(area.y + HEAD, LABEL_END, RIGHT, 0.88);
    let strokes = strip.cells(draft, area.y + HEAD, area.height - HEAD, COLUMNS, ROWS);
    for x in [strip.left, strip.right] {
        draft.upright(x, area.y, area.y + HEAD, RULE);
    }
    let words = Rect { x: votes_left + 2.0, y: area.y + 53.0, width: RIGHT - votes_left - 4.0, height: 22.0 };
    draft.level(words.y + 0.4, votes_left, RIGHT, FINE);
    for figure in &row.figures {
        draft.fields.push(FieldGeometry {
            code: figure.code.clone(),
            boxes: boxes.in_votes(figure.digits, area.y + 28.23),
            bubbles: None,
            words: Some(rounded_rect(words)),
            strokes: Some(StrokeGrid { area: strokes, columns: COLUMNS, rows: ROWS }),
        });
    }
}

/// How the number in words is to be written.
pub(super) fn hint(draft: &mut Draft, words: &Rect) {
    let at = [words.x, words.y + words.height - 0.5];
    draft.words(at, Type::plain(1.9), "( ditulis menggunakan huruf kapital )");
}

/// Where and when the paper was signed, at the base line `y`.
pub(super) fn place_and_date(draft: &mut Draft, y: f64) {
    draft.words([114.0, y], Type::bold(3.6), "DITETAPKAN DI :");
    draft.words([178.0, y], Type::plain(3.0), ". . . . . . . . . . . . . . . . . . .");
    for (end, name, first, digits) in
        [(318.0, "TANGGAL :", 321.95, 2), (388.0, "BULAN :", 392.43, 2), (459.0, "TAHUN :", 463.0, 4)]
    {
        draft.words([end, y], Type::bold(3.6).end(), name);
        for digit in 0..digits {
            let x = first + 16.0 * f64::from(digit);
            draft.frame(Rect { x, y: y - 9.5, width: 16.0, height: 16.0 }, 0.7);
        }
    }
}
