//! Who signs: the officers, and a witness of each party, pair or candidate.

use super::draft::{BORDER, Draft, EDGE, FINE, RULE, Type};
use super::{Counts, Paper, SIGNATURES_Y, Style, results, style};
use crate::plane::Rect;

const FRAME_LEFT: f64 = 70.0;
const FRAME_WIDTH: f64 = 460.0;
/// From the last table of a page with results to its signatures, and to the date before them.
const AFTER_RESULTS: f64 = 72.5;
const DATE_AFTER_RESULTS: f64 = 28.0;
/// Heights of the frame, by whether there is only a page's foot for it.
const HEIGHT: f64 = 112.6;
const HEIGHT_AFTER_RESULTS: f64 = 136.2;
const OFFICERS: u8 = 7;
/// Maximum number of witnesses who have a cell. The largest paper has 54 candidates.
const WITNESSES_MAX: usize = 63;
/// Up to this number, names are printed beside numbers.
const NAMED_MAX: usize = 4;

/// Draws the signatures of a page whose tables end at `end`.
pub(super) fn draw(draft: &mut Draft, paper: &Paper, index: usize, end: f64) {
    let sections = &paper.pages[index].sections;
    let has_results = sections.iter().any(|section| matches!(style(section), Style::Results));
    let (top, height) = if has_results && end + AFTER_RESULTS <= SIGNATURES_Y {
        results::place_and_date(draft, end + DATE_AFTER_RESULTS);
        (end + AFTER_RESULTS, HEIGHT_AFTER_RESULTS)
    } else {
        (SIGNATURES_Y, HEIGHT)
    };
    let frame = Rect { x: FRAME_LEFT, y: top, width: FRAME_WIDTH, height };
    draft.frame(frame, EDGE);
    officers(draft, &frame);
    witnesses(draft, &frame, &Witnesses::of(paper));
}

fn officers(draft: &mut Draft, frame: &Rect) {
    title(draft, frame.y, "NAMA DAN TANDA TANGAN KELOMPOK PENYELENGGARA PEMUNGUTAN SUARA");
    let (top, end) = (frame.y + 10.4, frame.y + 45.0);
    draft.level(top, frame.x, frame.x + frame.width, FINE);
    draft.level(end, frame.x, frame.x + frame.width, BORDER);
    let width = frame.width / f64::from(OFFICERS);
    for officer in 0..OFFICERS {
        let x = frame.x + width * f64::from(officer);
        if officer > 0 {
            draft.upright(x, top, end, FINE);
        }
        draft.words([x + 5.0, top + 19.1], Type::bold(4.0), &format!("{}.", officer + 1));
        draft.words([x + 12.0, end - 3.0], Type::plain(1.5), ". . . . . . . . . . . . . . . .");
    }
}

fn title(draft: &mut Draft, top: f64, text: &str) {
    draft.words([300.0, top + 6.7], Type::bold(3.4).middle(), text);
}

/// Those who may have a witness.
struct Witnesses {
    title: &'static str,
    all: Vec<(u16, Vec<String>)>,
}

impl Witnesses {
    fn of(paper: &Paper) -> Self {
        let parties: Vec<(u16, Vec<String>)> = paper
            .pages
            .iter()
            .filter_map(|page| page.party.as_ref().map(|(number, name)| (*number, vec![name.clone()])))
            .collect();
        if !parties.is_empty() {
            return Self { title: "NAMA DAN TANDA TANGAN SAKSI PARTAI POLITIK", all: parties };
        }
        let rows = paper.pages.iter().flat_map(|page| &page.sections).flat_map(|section| &section.rows);
        let all: Vec<(u16, Vec<String>)> = rows
            .filter(|row| row.counts == Counts::Votes)
            .filter_map(|row| row.number.map(|number| (number, row.label.clone())))
            .collect();
        let pairs = all.iter().any(|(_, names)| names.len() > 1);
        let title = if pairs {
            "NAMA DAN TANDA TANGAN SAKSI PASANGAN CALON"
        } else {
            "NAMA DAN TANDA TANGAN SAKSI CALON"
        };
        Self { title, all }
    }
}

fn witnesses(draft: &mut Draft, frame: &Rect, witnesses: &Witnesses) {
    title(draft, frame.y + 44.5, witnesses.title);
    let top = frame.y + 54.7;
    draft.level(top, frame.x, frame.x + frame.width, BORDER);
    let area = Rect { y: top, height: frame.y + frame.height - top, ..*frame };
    match witnesses.all.len() {
        0 => {}
        count if count <= NAMED_MAX => named(draft, &area, &witnesses.all),
        _ => numbered(draft, &area, &witnesses.all),
    }
}

/// A column for each: number and names, a line, room for the signature.
fn named(draft: &mut Draft, area: &Rect, all: &[(u16, Vec<String>)]) {
    let width = area.width / all.len() as f64;
    let names_height = (area.height * 0.45).min(36.5);
    draft.level(area.y + names_height, area.x, area.x + area.width, RULE);
    for (place, (number, names)) in all.iter().enumerate() {
        let x = area.x + width * place as f64;
        if place > 0 {
            draft.upright(x, area.y, area.y + area.height, RULE);
        }
        let cell = |from: f64, width: f64| Rect { x: x + from, y: area.y, width, height: names_height };
        draft.paragraph(&cell(6.0, 14.0), Type::bold(5.5), 1, &format!("{number}."));
        draft.names(&cell(22.0, width - 26.0), Type::bold(2.9), names);
        draft.words([x + width / 2.0, area.y + area.height - 4.0], Type::plain(1.8).middle(), DOTS);
    }
}

const DOTS: &str = ". . . . . . . . . . . . . . . . . . . . .";

/// A cell for each with the number only, up to nine in a line.
fn numbered(draft: &mut Draft, area: &Rect, all: &[(u16, Vec<String>)]) {
    let count = all.len().min(WITNESSES_MAX);
    let rows = count.div_ceil(9);
    let columns = count.div_ceil(rows);
    let (width, height) = (area.width / columns as f64, area.height / rows as f64);
    for row in 1..rows {
        draft.level(area.y + height * row as f64, area.x, area.x + area.width, FINE);
    }
    for column in 1..columns {
        draft.upright(area.x + width * column as f64, area.y, area.y + area.height, FINE);
    }
    for (place, (number, _)) in all.iter().take(count).enumerate() {
        let (x, y) = (area.x + width * (place % columns) as f64, area.y + height * (place / columns) as f64);
        let size = (height * 0.3).min(3.6);
        draft.words([x + 4.0, y + size + 2.4], Type::bold(size), &format!("{number}."));
        if height > 14.0 {
            draft.words([x + width / 2.0, y + height - 2.6], Type::plain(1.4).middle(), DOTS);
        }
    }
}
