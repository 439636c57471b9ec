//! The papers of which no geometry is known, as the crate itself draws them: their positions hold, photos of
//! their pages are recognised and cropped, and the truth is read from their bubbles.
//!
//! An ordinary run photographs three pages of each paper; `SAKSI_SOAK=1` all pages with all distortions.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and one prints its table"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sha2::{Digest as _, Sha256};
use sheet::draw::{
    BoxMark, BubbleMark, Distortion, FilledField, SeededRng, Shot, blank_page, fill_page, photograph,
};
use sheet::layout::{self, Counts, Paper};
use sheet::{
    CONFIDENT, FieldGeometry, FormGeometry, GeometryError, PageGeometry, PageMatch, Picture, ReadBy, Rect,
    crops, look,
};

mod papers;

fn soak() -> bool {
    std::env::var_os("SAKSI_SOAK").is_some_and(|value| value == "1")
}

fn drawings() -> Vec<(&'static str, FormGeometry)> {
    papers::all().into_iter().map(|(name, paper)| (name, layout::drawing(&paper).unwrap())).collect()
}

/// The presidential paper, described like the others.
fn presidential() -> Paper {
    papers::pairs("c-hasil-ppwp-2024", "C.HASIL-PPWP", 101, 3, 3)
}

fn figures(paper: &Paper) -> Vec<(u8, String, u8)> {
    let mut all = Vec::new();
    for page in &paper.pages {
        for figure in page.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.figures) {
            all.push((page.number, figure.code.clone(), figure.digits));
        }
    }
    all
}

fn parts(field: &FieldGeometry) -> impl Iterator<Item = Rect> + '_ {
    field.boxes.iter().copied().chain(field.words).chain(field.strokes.map(|strokes| strokes.area))
}

fn apart(one: &Rect, other: &Rect) -> bool {
    one.x + one.width <= other.x
        || other.x + other.width <= one.x
        || one.y + one.height <= other.y
        || other.y + other.height <= one.y
}

#[test]
fn the_presidential_paper_described_in_words_is_drawn_where_it_was_measured() {
    let measured = FormGeometry::known("c-hasil-ppwp-2024").unwrap();
    let drawn = layout::drawing(&presidential()).unwrap();
    let near = |one: &Rect, other: &Rect| {
        let corners = one.corners().into_iter().zip(other.corners());
        corners.into_iter().all(|(one, other)| one.distance(other) < 0.5)
    };
    assert_eq!((&drawn.marks, drawn.tag, drawn.paper_mm), (&measured.marks, measured.tag, measured.paper_mm));
    for page in &measured.pages {
        let ours = drawn.page(page.number).unwrap();
        assert_eq!((ours.tag, ours.fields.len()), (page.tag, page.fields.len()));
        for (field, ours) in page.fields.iter().zip(&ours.fields) {
            assert_eq!(ours.code, field.code);
            assert_eq!(ours.bubbles, field.bubbles, "{}", field.code);
            assert_eq!(parts(ours).count(), parts(field).count(), "{}", field.code);
            assert!(parts(ours).zip(parts(field)).all(|(one, other)| near(&one, &other)), "{}", field.code);
        }
    }
}

#[test]
fn every_figure_of_a_paper_has_its_boxes_and_nothing_lies_over_another() {
    for (name, paper) in papers::all() {
        let form = layout::drawing(&paper).unwrap();
        let drawn: Vec<(u8, String, u8)> = form
            .pages
            .iter()
            .flat_map(|page| page.fields.iter().map(|f| (page.number, f.code.clone(), f.boxes.len() as u8)))
            .collect();
        assert_eq!(drawn, figures(&paper), "{name}");
        // Around the tag there must be white of one of its cells.
        let tag = form.tag.unwrap();
        let tag = tag.grown(tag.width / 8.0);
        for page in &form.pages {
            let mut taken = vec![tag];
            for rect in page.fields.iter().flat_map(parts) {
                assert!(
                    taken.iter().all(|other| apart(&rect, other)),
                    "{name} page {}: {rect:?}",
                    page.number
                );
                taken.push(rect);
            }
            let bubbles = page.fields.iter().filter(|field| field.bubbles.is_some()).count();
            let votes = paper.pages[usize::from(page.number) - 1].sections.iter().flat_map(|s| &s.rows);
            let votes = votes.filter(|row| row.counts == Counts::Votes).count();
            assert_eq!(bubbles, if paper.bubbles { votes } else { 0 }, "{name} page {}", page.number);
        }
    }
}

#[test]
fn no_two_papers_share_a_tag() {
    let mut tags: BTreeSet<u16> = [101, 102, 103].into();
    for (name, form) in drawings() {
        for page in &form.pages {
            let tag = page.tag.unwrap();
            assert!(tags.insert(tag), "{name} page {}", page.number);
            assert_eq!(form.page_of_tag(tag).unwrap().number, page.number);
        }
    }
}

/// The digest of all positions. If one changes, sheets that were printed before are cropped at wrong places:
/// add the new drawing beside the old one instead.
const POSITIONS: [(&str, &str); 10] = [
    ("dpr", "d32260d0ef0ed5d5"),
    ("dprd-prov", "a78e15b34acea125"),
    ("dprd-kabko", "a6572cac3257537d"),
    ("dpd", "ffeb0db58dc7418b"),
    ("kwk-gubernur", "7e8d1bc81ef2d08f"),
    ("kwk-bupati-walikota", "16be8e5980f373b9"),
    ("ppwp-ln", "91b6e7c071c5346a"),
    ("ppwp-pos", "3232e41af71bad35"),
    ("dpr-ln", "c179d690320097c6"),
    ("dpr-pos", "60864e51e842099f"),
];

#[test]
fn the_positions_of_what_was_printed_hold() {
    let digest = |form: FormGeometry| {
        let mut text = String::new();
        for page in form.pages {
            for field in page.fields {
                let FieldGeometry { code, boxes, bubbles, words, strokes } = field;
                writeln!(text, "{} {code} {boxes:?} {bubbles:?} {words:?} {strokes:?}", page.number).unwrap();
            }
        }
        Sha256::digest(text).iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let now: Vec<(&str, String)> = drawings().into_iter().map(|(name, form)| (name, digest(form))).collect();
    assert_eq!(now, POSITIONS.map(|(name, digest)| (name, digest.to_owned())));
}

#[test]
fn pages_with_too_much_on_them_are_refused_and_bubbles_left_out_where_they_have_no_room() {
    let paper = |candidates| papers::list_paper("f", "F", "", 1_000, &[24, candidates, 3]);
    assert!(layout::drawing(&paper(14)).is_ok());
    assert!(matches!(layout::drawing(&paper(40)), Err(GeometryError::NoRoom { page: 2, .. })));
    let refused = |change: fn(&mut Paper)| {
        let mut paper = paper(1);
        change(&mut paper);
        assert!(matches!(layout::drawing(&paper), Err(GeometryError::Impossible { .. })), "{paper:?}");
    };
    refused(|paper| paper.pages.clear());
    refused(|paper| paper.pages[3].tag = 2_320);
    refused(|paper| paper.pages[3].tag = paper.pages[2].tag);
    refused(|paper| paper.pages[3].number = 3);
    refused(|paper| paper.pages[3].sections[0].rows[1].figures[0].digits = 0);
    refused(|paper| paper.pages[3].sections[0].rows[1].figures[0].digits = 7);
    refused(|paper| {
        paper.pages = (1..=61)
            .map(|number| layout::Page { number, tag: 1_000 + u16::from(number), ..layout::Page::default() })
            .collect();
    });

    let mut pairs = presidential();
    let more = pairs.pages[1].sections[0].rows.clone();
    pairs.pages[1].sections[0].rows.extend(more.into_iter().map(|mut row| {
        row.figures[0].code.push('0');
        row
    }));
    let fields = &layout::drawing(&pairs).unwrap().pages[1].fields;
    assert!(
        fields.len() == 6 && fields.iter().all(|field| field.bubbles.is_none() && field.strokes.is_some())
    );
}

#[test]
fn a_package_brings_the_geometry_of_its_form_and_the_built_in_one_comes_before_our_own() {
    let own = layout::of_paper(None, &papers::all()[0].1).unwrap();
    assert_eq!(own.pages.len(), 20);
    let mut described = presidential();
    let built_in = layout::of_paper(None, &described).unwrap();
    assert_eq!(built_in, FormGeometry::known("c-hasil-ppwp-2024").unwrap().clone().without_print());
    let mut brought = serde_json::to_value(&built_in).unwrap();
    brought["pages"][0]["fields"][0]["boxes"][0][0] = 300.0.into();
    described.form = "own".into();
    let brought = layout::of_paper(Some(&brought), &described).unwrap();
    assert_eq!(brought.pages[0].fields[0].boxes[0].x, 300.0);
    assert!(layout::of_paper(Some(&serde_json::json!({"pages": 3})), &described).is_err());
}

#[test]
fn any_description_is_drawn_on_the_paper_or_refused() {
    let letters = ["W", "i", " ", "é", "\u{1f5f3}", "Ω", "-", "\n", "(", "LONG"];
    let mut drawn = 0;
    let own = [papers::list_paper("f", "", "", 1_000, &[2, 9, 3]), papers::pairs("g", "", 1_000, 3, 5)];
    for seed in 0..60 {
        let random = &mut SeededRng::new(seed);
        let mut paper = own[random.below(own.len())].clone();
        let text = |random: &mut SeededRng| -> String {
            (0..random.below(300)).map(|_| letters[random.below(letters.len())]).collect()
        };
        paper.model = text(random);
        paper.title = (0..random.below(5)).map(|_| text(random)).collect();
        paper.bubbles = random.random_bool(0.5);
        for page in &mut paper.pages {
            page.party = page.party.take().map(|_| (random.below(70_000) as u16, text(random)));
            for row in page.sections.iter_mut().flat_map(|section| &mut section.rows) {
                row.label = (0..random.below(4)).map(|_| text(random)).collect();
                row.heading = random.random_bool(0.05).then(|| text(random));
                row.number = random.random_bool(0.5).then(|| random.below(70_000) as u16);
                if random.random_bool(0.02) {
                    let counts = [Counts::People, Counts::Votes, Counts::InvalidVotes, Counts::Sum];
                    row.counts = counts[random.below(4)];
                }
            }
        }
        match layout::drawing(&paper) {
            Ok(form) => {
                drawn += 1;
                let texts = form.pages.iter().flat_map(|page| &page.print.texts).chain(&form.print.texts);
                assert!(texts.into_iter().all(|text| text.size_mm > 1.0 && text.text.len() < 1_000));
            }
            Err(error) => assert!(matches!(error, GeometryError::NoRoom { .. }), "{error}"),
        }
    }
    assert!(drawn > 5, "{drawn}");
}

/// Bytes on the heap.
fn heap(form: &FormGeometry) -> usize {
    let of = |field: &FieldGeometry| field.code.capacity() + field.boxes.capacity() * size_of::<Rect>();
    let fields = form.pages.iter().flat_map(|page| &page.fields).map(of).sum::<usize>();
    let pages = form.pages.iter().map(|page| page.fields.capacity() * size_of::<FieldGeometry>());
    fields + pages.sum::<usize>() + form.pages.capacity() * size_of::<PageGeometry>()
}

#[test]
fn the_positions_of_the_largest_paper_take_little_memory() {
    let form = layout::positions(&papers::all()[1].1).unwrap();
    let figures: usize = form.pages.iter().map(|page| page.fields.len()).sum();
    println!("{} pages, {figures} figures: {} bytes", form.pages.len(), heap(&form));
    assert_eq!((form.pages.len(), figures), (26, 22 + 24 * 16 + 3));
    assert!(heap(&form) < 400_000, "{} bytes", heap(&form));
}

fn filled(page: &PageGeometry, random: &mut SeededRng) -> Vec<FilledField> {
    let field = |field: &FieldGeometry| {
        let most = [10, 100, 300, 600, 60_000][random.below(if field.boxes.len() > 3 { 5 } else { 4 })];
        let value = random.below(most) as u32;
        let leading = [BoxMark::Cross, BoxMark::Dash, BoxMark::Empty][random.below(3)];
        FilledField::number(&field.code, value, field.boxes.len(), leading)
            .in_words("seratus dua puluh tiga")
            .tallied(value)
    };
    page.fields.iter().map(field).collect()
}

fn photo(form: &FormGeometry, page: &PageGeometry, written: &[FilledField], shot: &Shot) -> Vec<u8> {
    let drawn = fill_page(&blank_page(form, page, 1.9), page, written, shot.seed + 5);
    let gray = photograph(&drawn.gray().unwrap(), form.paper_mm, shot).unwrap();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 50)
        .write_image(gray.pixels(), gray.width() as u32, gray.height() as u32, ExtendedColorType::L8)
        .unwrap();
    jpeg
}

#[test]
fn a_page_of_another_paper_is_named_by_its_tag_and_every_figure_of_a_page_is_cropped() {
    let forms = drawings();
    let (provinsi, kabko) = (&forms[1].1, &forms[2].1);
    let page = &provinsi.pages[7];
    let written = filled(page, &mut SeededRng::new(4));
    let jpeg = photo(provinsi, page, &written, &Distortion::Plain.shot(9));
    let seen = look(&jpeg, kabko, page.number).unwrap();
    assert_eq!((seen.page, seen.other_tag, seen.view), (PageMatch::Unknown, page.tag, None));
    let seen = look(&jpeg, provinsi, 1).unwrap();
    assert_eq!((seen.page, seen.other_tag), (PageMatch::Other(page.number), None));
    let picture = Picture::open(&jpeg).unwrap();
    let mut view = seen.view.unwrap();
    let all = crops(&picture, provinsi, &view).unwrap();
    let codes: Vec<&str> = all.iter().map(|crop| crop.field.as_str()).collect();
    assert_eq!(codes, page.fields.iter().map(|field| field.code.as_str()).collect::<Vec<_>>());
    assert!(all.iter().all(|crop| crop.width_px > 80 && crop.height_px > 30));
    // With a corner out of the picture, nobody knows where the figures are.
    view.marks_seen[2] = false;
    assert!(crops(&picture, provinsi, &view).unwrap().is_empty());
}

#[test]
fn any_tag_of_the_family_is_found_in_a_photo_from_aside() {
    let count = if soak() { 240 } else { 12 };
    for seed in 0..count {
        let mut form = FormGeometry::known("c-hasil-ppwp-2024").unwrap().clone();
        form.pages[2].tag = Some((seed * 193 + 61) as u16 % 2_320);
        let page = &form.pages[2];
        let jpeg = photo(&form, page, &[], &Distortion::Askew.shot(seed));
        let found = look(&jpeg, &form, page.number).unwrap();
        assert_eq!(found.page, PageMatch::Expected, "tag {:?}, seed {seed}", page.tag);
    }
}

#[derive(Debug, Default, Clone)]
struct Row {
    photos: u32,
    recognised: u32,
    wrong: u32,
    issues: u32,
    boxes_off_mm: Vec<f64>,
    digits: u32,
    digits_right: u32,
    confident: u32,
    confidently_wrong: u32,
}

impl Row {
    fn add(&mut self, form: &FormGeometry, page: &PageGeometry, distortion: Distortion, seed: u64) {
        let shot = distortion.shot(seed);
        let written = filled(page, &mut SeededRng::new(seed * 31 + 7));
        let jpeg = photo(form, page, &written, &shot);
        let seen = look(&jpeg, form, page.number).unwrap();
        self.photos += 1;
        let Some(view) = &seen.view else { return };
        self.recognised += 1;
        if view.page != page.number {
            self.wrong += 1;
            return;
        }
        self.issues += u32::from(!seen.quality.is_good());
        let back = view.map.inverse().unwrap();
        // Without all four marks the position is uncertain, and the witness is asked for another photo.
        let whole = view.is_in_position();
        assert!(whole || !seen.quality.is_good());
        for rect in page.fields.iter().flat_map(|field| &field.boxes).filter(|_| whole) {
            let there = back.apply(shot.position(form.paper_mm, rect.middle()).unwrap());
            self.boxes_off_mm.push(there.distance(rect.middle()));
        }
        for reading in seen.readings.iter().filter(|reading| reading.by == ReadBy::Bubbles) {
            let field = written.iter().find(|field| field.code == reading.field).unwrap();
            for (digit, marks) in reading.digits.iter().zip(&field.bubbles) {
                let meant = marks.first().map(|mark| match mark {
                    BubbleMark::Black(digit) | BubbleMark::Crossed(digit) => *digit,
                });
                self.digits += 1;
                self.digits_right += u32::from(digit.digit == meant);
                if digit.confidence >= CONFIDENT {
                    self.confident += 1;
                    self.confidently_wrong += u32::from(digit.digit != meant);
                }
            }
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.photos += other.photos;
        self.recognised += other.recognised;
        self.wrong += other.wrong;
        self.issues += other.issues;
        self.boxes_off_mm.append(&mut other.boxes_off_mm);
        self.digits += other.digits;
        self.digits_right += other.digits_right;
        self.confident += other.confident;
        self.confidently_wrong += other.confidently_wrong;
    }

    fn off_mm(&mut self, share: f64) -> f64 {
        self.boxes_off_mm.sort_by(f64::total_cmp);
        let last = self.boxes_off_mm.len().saturating_sub(1);
        self.boxes_off_mm.get((last as f64 * share) as usize).copied().unwrap_or_default()
    }

    fn print(&mut self, name: &str) {
        let off = [0.5, 0.99, 1.0].map(|share| self.off_mm(share));
        println!(
            "{name:<20}{:>6} photos{:>6} recognised{:>3} wrong{:>5} with issues, boxes off by {off:.2?} mm \
             (half, 99 %, all), {} of {} digits right, {} of {} confident ones wrong",
            self.photos,
            self.recognised,
            self.wrong,
            self.issues,
            self.digits_right,
            self.digits,
            self.confidently_wrong,
            self.confident,
        );
    }
}

/// The photos of a run: the form, the page, the distortion, the seed.
fn shots<'a>(
    forms: &'a [(&'static str, FormGeometry)],
    soak: bool,
) -> Vec<(usize, &'a PageGeometry, Distortion, u64)> {
    let mut all = Vec::new();
    for (index, (_, form)) in forms.iter().enumerate() {
        let seed = |page: &PageGeometry| page.tag.map_or(0, u64::from) * 100;
        if soak {
            for page in &form.pages {
                let each = Distortion::ALL.into_iter().zip(seed(page)..);
                all.extend(each.map(|(distortion, seed)| (index, page, distortion, seed)));
            }
        } else {
            let places = [0, 1, form.pages.len() - 1];
            for (place, page) in places.into_iter().map(|place| &form.pages[place]).enumerate() {
                let distortion = Distortion::ALL[(index * 5 + place * 4) % Distortion::ALL.len()];
                all.push((index, page, distortion, seed(page)));
            }
        }
    }
    all
}

#[test]
fn photos_of_all_papers_are_recognised_cropped_and_read_and_never_taken_for_another_page() {
    let forms = drawings();
    let all = shots(&forms, soak());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut rows: BTreeMap<(bool, String), Row> = BTreeMap::new();
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads)
            .map(|first| {
                let (forms, all) = (&forms, &all);
                scope.spawn(move || {
                    let mut rows: BTreeMap<(bool, String), Row> = BTreeMap::new();
                    for (index, page, distortion, seed) in all.iter().skip(first).step_by(threads) {
                        let (name, form) = &forms[*index];
                        let mut row = Row::default();
                        row.add(form, page, *distortion, *seed);
                        rows.entry((false, (*name).to_owned())).or_default().merge(row.clone());
                        rows.entry((true, format!("{distortion:?}"))).or_default().merge(row);
                    }
                    rows
                })
            })
            .collect();
        for thread in started {
            for (key, row) in thread.join().unwrap() {
                rows.entry(key).or_default().merge(row);
            }
        }
    });
    let mut total = Row::default();
    for ((by_distortion, name), row) in &mut rows {
        row.print(name);
        if *by_distortion {
            total.merge(row.clone());
            // Crops have a margin of 5 mm. Paper in waves moves what is on it by up to 3 mm more.
            let off_mm_max = if name.as_str() == "Wavy" { 5.0 } else { 2.0 };
            assert!(row.off_mm(0.99) <= off_mm_max, "boxes are off by {:.2} mm", row.off_mm(0.99));
        }
    }
    total.print("all");
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    assert_eq!((total.photos as usize, total.wrong, total.confidently_wrong), (all.len(), 0, 0));
    assert!(total.digits > 0 && share(total.digits_right, total.digits) >= 0.98);
    assert!(share(total.recognised, total.photos) >= 0.995);
}
