//! What is printed above the tables.

use super::draft::{Draft, FINE, Type};
use super::{LEFT, Paper, RIGHT, Section};
use crate::geometry::Print;
use crate::plane::Rect;

/// The middle of the paper.
const MIDDLE: f64 = 300.0;
/// The frame with the form's name, above the tag.
const MODEL: Rect = Rect { x: 483.0, y: 78.1, width: 44.0, height: 20.0 };
const TITLE: &str = "BERITA ACARA, SERTIFIKAT DAN CATATAN HASIL PENGHITUNGAN PEROLEHAN SUARA";
const PREAMBLE: [(f64, &str); 6] = [
    (
        168.0,
        "Pada hari ini . . . . . . . . . . . . . tanggal . . . . . . . . . . . . . . . . bulan . . . . . \
         . . . . . . . . . . . tahun . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    ),
    (180.0, "Kelompok Penyelenggara Pemungutan Suara mengadakan rapat pemungutan dan penghitungan suara,"),
    (191.0, "yang dihadiri oleh saksi dan/atau pengawas TPS, bertempat di:"),
    (256.0, "Rapat pemungutan suara dimulai pukul . . . : . . . s.d. . . . : . . . waktu setempat; rapat"),
    (
        267.0,
        "penghitungan suara dimulai pukul . . . : . . . s.d. . . . : . . . waktu setempat. Data pemilih dan",
    ),
    (278.0, "pengguna hak pilih, penggunaan surat suara dan hasil penghitungan terinci sebagai berikut:"),
];

/// The lines along the edges, the form's name, and that this is not the official paper.
pub(super) fn on_every_page(paper: &Paper) -> Print {
    let mut draft = Draft::default();
    for at in [
        [60.0, 57.0, 540.0, 57.0],
        [60.0, 882.2, 540.0, 882.2],
        [40.0, 80.0, 40.0, 860.0],
        [560.0, 80.0, 560.0, 860.0],
    ] {
        draft.line(at, 1.4, 0.87);
    }
    draft.line([40.0, 50.0, 560.0, 50.0], 0.7, 0.62);
    draft.frame(MODEL, 0.7);
    draft.words([505.0, 86.5], Type::bold(3.0).middle(), "MODEL");
    let name = Rect { x: MODEL.x + 2.0, y: 88.5, width: MODEL.width - 4.0, height: 7.5 };
    draft.paragraph(&name, Type::bold(3.0).middle(), 1, &paper.model);
    draft.words([470.0, 868.0], Type::plain(2.2), "*) Coret yang tidak perlu");
    draft.words([LEFT, 868.0], Type::plain(2.2), "Lembar latihan, bukan formulir resmi");
    draft.print
}

/// "Halaman 2 dari 20", between the form's name and the tag.
pub(super) fn page_number(draft: &mut Draft, number: u8, of: usize) {
    draft.words([505.0, 104.5], Type::bold(2.8).middle(), &format!("Halaman {number} dari {of}"));
}

/// The first page: title, and when and where people met.
pub(super) fn preamble(draft: &mut Draft, paper: &Paper) {
    let line = |y: f64, height: f64| Rect { x: 110.0, y, width: 2.0 * (MIDDLE - 110.0), height };
    draft.paragraph(&line(90.0, 8.0), Type::bold(4.4).middle(), 1, TITLE);
    draft.paragraph(&line(99.2, 8.0), Type::bold(4.4).middle(), 1, "DI TEMPAT PEMUNGUTAN SUARA");
    let titles = &paper.title[..paper.title.len().min(2)];
    let height = 20.0 / titles.len().max(1) as f64;
    for (place, title) in titles.iter().enumerate() {
        let area = line(109.0 + height * place as f64, height);
        draft.paragraph(&area, Type::bold(5.4).middle(), 3 - titles.len(), &title.to_uppercase());
    }
    for (y, text) in PREAMBLE {
        draft.words([LEFT, y], Type::plain(3.2), text);
    }
    place_at(draft, 210.0);
}

/// The other pages: where.
pub(super) fn place(draft: &mut Draft) {
    place_at(draft, 87.0);
}

fn place_at(draft: &mut Draft, y: f64) {
    let dots = ": . . . . . . . . . . . . . . . . . . . . . . . . . .";
    let number = ": . . . . . ( . . . . . . . . . . . . . . . . . . . )";
    for (x, row, name, filled) in [
        (106.0, 0.0, "Provinsi", dots),
        (106.0, 1.0, "Kabupaten / Kota", dots),
        (284.0, 0.0, "Kecamatan", dots),
        (284.0, 1.0, "Kelurahan / Desa *)", dots),
        (284.0, 2.0, "Nomor TPS", number),
    ] {
        let y = y + 13.0 * row;
        draft.words([x, y], Type::bold(3.2), name);
        draft.words([if x < 200.0 { 160.0 } else { 355.0 }, y], Type::plain(3.0), filled);
    }
}

/// A section's number and title on the base line `y`. The tag is to the right of it.
pub(super) fn section(draft: &mut Draft, section: &Section, continued: bool, y: f64) {
    let numeral = section.code.split('.').next().unwrap_or_default();
    let title = section.title.to_uppercase();
    let title = if continued { format!("{title} (LANJUTAN)") } else { title };
    draft.words([LEFT, y], Type::bold(4.0), &format!("{numeral}."));
    let area = Rect { x: LEFT + 16.0, y: y - 6.0, width: 480.0 - LEFT - 16.0, height: 8.0 };
    draft.paragraph(&area, Type::bold(4.0), 1, &title);
}

/// The party whose list the page has.
pub(super) fn party(draft: &mut Draft, (number, name): &(u16, String), area: &Rect) {
    draft.frame(*area, super::draft::EDGE);
    let number_width = 34.0;
    draft.upright(area.x + number_width, area.y, area.y + area.height, super::draft::BORDER);
    let part = |x: f64, width: f64| Rect { x, width, ..*area };
    draft.paragraph(
        &part(area.x + 2.0, number_width - 4.0),
        Type::bold(12.0).middle(),
        1,
        &number.to_string(),
    );
    let left = area.x + number_width + 8.0;
    draft.paragraph(&part(left, RIGHT - left - 8.0), Type::bold(7.0), 1, &name.to_uppercase());
}

/// The heads of a table's columns: the words, and a number under each.
pub(super) fn columns(draft: &mut Draft, top: f64, edges: &[f64], names: &[&str]) {
    for (column, (edge, name)) in edges.windows(2).zip(names).enumerate() {
        let area = Rect { x: edge[0] + 2.0, y: top, width: edge[1] - edge[0] - 4.0, height: 15.0 };
        draft.paragraph(&area, Type::bold(3.0).middle(), 2, name);
        let area = Rect { y: top + 15.0, height: 7.5, ..area };
        draft.paragraph(&area, Type::plain(2.0).middle(), 1, &format!("({})", column + 1));
    }
    let (left, right) = (edges.first().copied().unwrap_or(LEFT), edges.last().copied().unwrap_or(RIGHT));
    draft.level(top + 15.0, left, right, super::draft::RULE);
    draft.level(top + 22.5, left, right, super::draft::RULE);
    for x in edges.iter().skip(1).take(edges.len().saturating_sub(2)) {
        draft.upright(*x, top, top + 22.5, super::draft::RULE);
    }
}

/// Cells 1, 2, 3 … above strokes.
pub(super) fn stroke_numbers(draft: &mut Draft, area: &Rect, columns: u8) {
    let step = area.width / f64::from(columns.max(1));
    let size = (step * 0.2).clamp(1.8, 2.6);
    for column in 0..columns {
        let x = area.x + step * f64::from(column);
        draft.words(
            [x + step / 2.0, area.y + area.height - 1.8],
            Type::plain(size).middle(),
            &format!("{}", column + 1),
        );
        if column > 0 {
            draft.upright(x, area.y, area.y + area.height, FINE);
        }
    }
}
