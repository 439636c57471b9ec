//! Drawn sheets, photographed in many ways: the page is recognised, the digits are read, bad photos are
//! caught.
//!
//! The range of distortion is that of [`Distortion`]: plain shots (roll up to 4°, tilt up to 8°, the sheet
//! filling 84 to 95 % of 1,200 × 1,600 pixels), turned by any angle, tilted 15 to 30° both ways, in 12 to 30
//! % of the light, half in shadow, with a reflection, soft, moved by 2 to 5 pixels, grainy, on paper in
//! waves, from afar, and half of all that together. Each photo goes through a JPEG of the quality that
//! devices send. An ordinary run looks at a part of them; `SAKSI_SOAK=1` at all 2,000.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and this one prints its table"
)]

use std::collections::BTreeMap;

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::draw::{
    BoxMark, BubbleMark, Canvas, Distortion, FilledField, Mistake, SeededRng, Shot, blank_page, fill_page,
    photograph,
};
use sheet::{CONFIDENT, FormGeometry, Look, PageGeometry, ReadBy, look};

const ALL: u64 = 2_000;
const PART: u64 = 84;
/// Of the drawn sheets, before they are photographed.
const PIXELS_PER_MM: f64 = 1.9;

/// What a photo of a sheet was taken with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Within the range in which a photo is worth having.
    Good(Distortion),
    /// So blurred or moved that a person cannot tell a 3 from an 8 any more.
    Blurred,
    Moved,
}

#[derive(Debug, Default, Clone)]
struct Row {
    sheets: u32,
    recognised: u32,
    wrongly_named: u32,
    digits: u32,
    right: u32,
    confident: u32,
    confidently_wrong: u32,
    refused: u32,
    issues: BTreeMap<&'static str, u32>,
}

fn filled(page: &PageGeometry, random: &mut SeededRng) -> Vec<FilledField> {
    let field = |field: &sheet::FieldGeometry| {
        let most = [10, 100, 300, 600][random.below(4)];
        let value = u32::try_from(random.below(most)).unwrap();
        let leading = [BoxMark::Cross, BoxMark::Dash, BoxMark::Empty][random.below(3)];
        let number = FilledField::number(&field.code, value, field.boxes.len(), leading)
            .in_words("seratus dua puluh tiga")
            .tallied(value);
        // One in ten has a digit written over another: the bubble still says what is meant.
        if random.random_bool(0.1) { number.with(Mistake::Overwritten, random) } else { number }
    };
    page.fields.iter().map(field).collect()
}

fn photo(drawn: &Canvas, form: &FormGeometry, shot: &Shot) -> Vec<u8> {
    let gray = photograph(&drawn.gray().unwrap(), form.paper_mm, shot).unwrap();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 50)
        .write_image(gray.pixels(), gray.width() as u32, gray.height() as u32, ExtendedColorType::L8)
        .unwrap();
    jpeg
}

impl Row {
    fn add(&mut self, page: &PageGeometry, written: &[FilledField], look: &Look) {
        self.sheets += 1;
        if let Some(view) = &look.view {
            self.recognised += 1;
            self.wrongly_named += u32::from(view.page != page.number);
        }
        if !look.quality.is_good() {
            self.refused += 1;
            for issue in look.quality.issues() {
                *self.issues.entry(issue.code()).or_default() += 1;
            }
        }
        for reading in look.readings.iter().filter(|reading| reading.by == ReadBy::Bubbles) {
            let field = written.iter().find(|field| field.code == reading.field).unwrap();
            for (digit, marks) in reading.digits.iter().zip(&field.bubbles) {
                let meant = marks.first().map(|mark| match mark {
                    BubbleMark::Black(digit) | BubbleMark::Crossed(digit) => *digit,
                });
                self.digits += 1;
                self.right += u32::from(digit.digit == meant);
                if digit.confidence >= CONFIDENT {
                    self.confident += 1;
                    self.confidently_wrong += u32::from(digit.digit != meant);
                }
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.sheets += other.sheets;
        self.recognised += other.recognised;
        self.wrongly_named += other.wrongly_named;
        self.digits += other.digits;
        self.right += other.right;
        self.confident += other.confident;
        self.confidently_wrong += other.confidently_wrong;
        self.refused += other.refused;
        for (issue, count) in &other.issues {
            *self.issues.entry(issue).or_default() += count;
        }
    }

    fn print(&self, name: &str) {
        let share = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole.max(1));
        println!(
            "{name:<22}{:>6}{:>9.1} %{:>6}{:>8}{:>9.2} %{:>9.2} %{:>7}{:>9.1} %  {:?}",
            self.sheets,
            share(self.recognised, self.sheets),
            self.wrongly_named,
            self.digits,
            share(self.right, self.digits),
            share(self.confident, self.digits),
            self.confidently_wrong,
            share(self.refused, self.sheets),
            self.issues,
        );
    }
}

/// Draws, photographs and looks at every `step`th sheet of `count`, from `first`.
fn survey(first: u64, step: usize, count: u64) -> BTreeMap<Kind, Row> {
    let form = FormGeometry::known("c-hasil-ppwp-2024").unwrap();
    let blanks: Vec<Canvas> = form.pages.iter().map(|page| blank_page(form, page, PIXELS_PER_MM)).collect();
    let mut rows: BTreeMap<Kind, Row> = BTreeMap::new();
    for seed in (first..count).step_by(step) {
        let mut random = SeededRng::new(seed * 7_919 + 13);
        // Page 2 has the bubbles: more than half are of it.
        let page = &form.pages[if random.random_bool(0.6) { 1 } else { 2 * random.below(2) }];
        let written = filled(page, &mut random);
        let drawn = fill_page(&blanks[usize::from(page.number) - 1], page, &written, seed + 5);
        let distortion = Distortion::ALL[usize::try_from(seed).unwrap() % Distortion::ALL.len()];
        let mut shots = vec![(Kind::Good(distortion), distortion.shot(seed))];
        if seed % 4 == 0 {
            let plain = Distortion::Plain.shot(seed);
            shots.push((Kind::Blurred, Shot { blur_px: random.between(4.0, 7.0), ..plain }));
            shots.push((Kind::Moved, Shot { motion_px: random.between(12.0, 20.0), ..plain }));
        }
        for (kind, shot) in shots {
            let look = look(&photo(&drawn, form, &shot), form, page.number).unwrap();
            rows.entry(kind).or_default().add(page, &written, &look);
        }
    }
    rows
}

#[test]
fn drawn_sheets_are_recognised_and_read_and_bad_photos_are_caught() {
    let soak = std::env::var_os("SAKSI_SOAK").is_some_and(|value| value == "1");
    let count = if soak { ALL } else { PART };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut rows: BTreeMap<Kind, Row> = BTreeMap::new();
    std::thread::scope(|scope| {
        let started: Vec<_> =
            (0..threads).map(|first| scope.spawn(move || survey(first as u64, threads, count))).collect();
        for thread in started {
            for (kind, row) in thread.join().unwrap() {
                rows.entry(kind).or_default().merge(&row);
            }
        }
    });
    println!(
        "{:<22}{:>6}{:>11}{:>6}{:>8}{:>11}{:>11}{:>7}{:>11}  why",
        "photo", "sheets", "recognised", "wrong", "digits", "read right", "confident", "wrong", "refused"
    );
    let (mut good, mut bad) = (Row::default(), Row::default());
    for (kind, row) in &rows {
        row.print(&format!("{kind:?}"));
        if matches!(kind, Kind::Good(_)) { good.merge(row) } else { bad.merge(row) }
    }
    good.print("all that are good");
    bad.print("all that are blurred");

    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    assert_eq!(good.sheets, u32::try_from(count).unwrap());
    assert_eq!(good.wrongly_named + bad.wrongly_named, 0);
    assert!(share(good.recognised, good.sheets) >= 0.995);
    assert!(share(good.right, good.digits) >= 0.99);
    assert!(share(good.confidently_wrong, good.confident) <= 0.001);
    assert!(share(bad.refused, bad.sheets) >= 0.95);
    assert!(share(good.refused, good.sheets) <= 0.02);
}
