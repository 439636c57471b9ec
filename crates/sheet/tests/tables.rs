//! Papers without a tag: their pages are recognised by the printed tables, cropped at the right places, and
//! their handwriting is read or not spoken of.
//!
//! An ordinary run photographs a few pages of each paper; `SAKSI_SOAK=1` 2,000 of each.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and this one prints its table"
)]

use std::collections::BTreeMap;

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::draw::{
    BoxMark, Canvas, Distortion, FilledField, SeededRng, Shot, blank_page, fill_page, photograph,
};
use sheet::{FormGeometry, Look, PageGeometry, PageMatch, look};

const FORMS: [&str; 2] = ["c-hasil-salinan-ppwp-2024", "c1-ppwp-2019"];
/// Of the drawn sheets, before they are photographed.
const PIXELS_PER_MM: f64 = 6.0;

fn count() -> u64 {
    if std::env::var_os("SAKSI_SOAK").is_some_and(|value| value == "1") { 2_000 } else { 24 }
}

/// What is written in each field: the figure, and its boxes.
fn filled(page: &PageGeometry, random: &mut SeededRng) -> Vec<(u32, FilledField)> {
    let field = |field: &sheet::FieldGeometry| {
        let most = [10, 100, 300, 600][random.below(4)];
        let value = random.below(most) as u32;
        let leading = [BoxMark::Cross, BoxMark::Dash, BoxMark::Empty][random.below(3)];
        (value, FilledField::number(&field.code, value, field.boxes.len(), leading))
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

#[derive(Debug, Default, Clone)]
struct Row {
    photos: u32,
    named: u32,
    wrong: u32,
    accused: u32,
    boxes_off_mm: Vec<f64>,
    figures: u32,
    spoken: u32,
    spoken_wrongly: u32,
    issues: BTreeMap<&'static str, u32>,
}

impl Row {
    fn add(
        &mut self,
        form: &FormGeometry,
        page: &PageGeometry,
        shot: &Shot,
        written: &[(u32, FilledField)],
        look: &Look,
    ) {
        self.photos += 1;
        self.accused += u32::from(!look.quality.is_good());
        for issue in look.quality.issues() {
            *self.issues.entry(issue.code()).or_default() += 1;
        }
        let Some(view) = &look.view else { return };
        self.named += 1;
        if look.page != PageMatch::Expected {
            self.wrong += 1;
            return;
        }
        let back = view.map.inverse().unwrap();
        for area in page.fields.iter().flat_map(|field| &field.boxes) {
            let there = back.apply(shot.position(form.paper_mm, area.middle()).unwrap());
            self.boxes_off_mm.push(there.distance(area.middle()));
        }
        self.figures += written.len() as u32;
        for reading in look.readings.iter().filter(|reading| reading.is_confident()) {
            let (value, _) = written.iter().find(|(_, field)| field.code == reading.field).unwrap();
            self.spoken += 1;
            self.spoken_wrongly += u32::from(reading.value != Some(*value));
        }
    }

    fn off_mm(&mut self, share: f64) -> f64 {
        self.boxes_off_mm.sort_by(f64::total_cmp);
        let last = self.boxes_off_mm.len().saturating_sub(1);
        self.boxes_off_mm.get((last as f64 * share) as usize).copied().unwrap_or_default()
    }

    fn merge(&mut self, other: &Self) {
        self.photos += other.photos;
        self.named += other.named;
        self.wrong += other.wrong;
        self.accused += other.accused;
        self.boxes_off_mm.extend(&other.boxes_off_mm);
        self.figures += other.figures;
        self.spoken += other.spoken;
        self.spoken_wrongly += other.spoken_wrongly;
        for (issue, count) in &other.issues {
            *self.issues.entry(issue).or_default() += count;
        }
    }

    fn print(&mut self, name: &str) {
        let off = [0.5, 0.99, 1.0].map(|share| self.off_mm(share));
        println!(
            "{name:<40}{:>5} photos{:>5} named{:>3} wrong{:>4} accused, boxes off by {off:.2?} mm (half, \
             99 %, all), {} of {} figures spoken of, {} wrongly {:?}",
            self.photos,
            self.named,
            self.wrong,
            self.accused,
            self.spoken,
            self.figures,
            self.spoken_wrongly,
            self.issues,
        );
    }
}

fn survey(name: &str, first: u64, step: usize) -> BTreeMap<(String, Distortion), Row> {
    let form = FormGeometry::known(name).unwrap();
    let blanks: Vec<Canvas> = form.pages.iter().map(|page| blank_page(form, page, PIXELS_PER_MM)).collect();
    let mut rows: BTreeMap<(String, Distortion), Row> = BTreeMap::new();
    for seed in (first..count()).step_by(step) {
        let place = (seed / Distortion::ALL.len() as u64) as usize % form.pages.len();
        let page = &form.pages[place];
        let written = filled(page, &mut SeededRng::new(seed * 7_919 + 13));
        let fields: Vec<FilledField> = written.iter().map(|(_, field)| field.clone()).collect();
        let drawn = fill_page(&blanks[place], page, &fields, seed + 5);
        let distortion = Distortion::ALL[seed as usize % Distortion::ALL.len()];
        let shot = distortion.shot(seed);
        let seen = look(&photo(&drawn, form, &shot), form, page.number).unwrap();
        rows.entry((name.to_owned(), distortion)).or_default().add(form, page, &shot, &written, &seen);
    }
    rows
}

#[test]
fn pages_without_a_tag_are_recognised_by_their_tables_and_never_taken_for_another() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for name in FORMS {
        let mut rows: BTreeMap<(String, Distortion), Row> = BTreeMap::new();
        std::thread::scope(|scope| {
            let started: Vec<_> =
                (0..threads).map(|first| scope.spawn(move || survey(name, first as u64, threads))).collect();
            for thread in started {
                for (key, row) in thread.join().unwrap() {
                    rows.entry(key).or_default().merge(&row);
                }
            }
        });
        let mut total = Row::default();
        for ((name, distortion), row) in &mut rows {
            row.print(&format!("{name} {distortion:?}"));
            total.merge(row);
        }
        total.print(name);
        assert_eq!((u64::from(total.photos), total.wrong), (count(), 0), "{name}");
        assert!(total.named * 100 >= total.photos * 99, "{name}: {} of {}", total.named, total.photos);
        assert!(total.off_mm(0.99) <= 2.0, "{name}: {:.2} mm", total.off_mm(0.99));
        assert!(total.spoken_wrongly * 1_000 <= total.spoken, "{name}");
    }
}

#[test]
fn a_copy_that_witnesses_hold_is_recognised_as_the_paper_that_it_copies() {
    let copy = FormGeometry::known(FORMS[0]).unwrap();
    let paper = FormGeometry::known("c-hasil-ppwp-2024").unwrap();
    for page in &copy.pages {
        let drawn = blank_page(copy, page, PIXELS_PER_MM);
        let seen = look(&photo(&drawn, copy, &Distortion::Plain.shot(5)), paper, page.number).unwrap();
        assert_eq!((seen.page, seen.quality.issues()), (PageMatch::Expected, vec![]));
        // It has the figures of the paper at other places, where the paper's positions must not be cut out.
        assert!(!seen.view.unwrap().is_in_position());
    }
}

#[test]
fn the_pages_of_one_paper_are_not_taken_for_those_of_another() {
    for (shown, asked) in [(FORMS[0], FORMS[1]), (FORMS[1], FORMS[0])] {
        let (form, other) = (FormGeometry::known(shown).unwrap(), FormGeometry::known(asked).unwrap());
        for page in &form.pages {
            let drawn = blank_page(form, page, PIXELS_PER_MM);
            let seen = look(&photo(&drawn, form, &Distortion::Plain.shot(3)), other, 1).unwrap();
            assert_eq!(seen.page, PageMatch::Unknown, "{shown} page {} as {asked}", page.number);
        }
    }
}
