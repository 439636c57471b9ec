//! Photos in which no page is recognised: what is wrong with them is said all the same, and pictures of forms
//! that nobody knows are not accused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use sheet::draw::{Distortion, SeededRng, Shot, blank_page, photograph};
use sheet::layout;
use sheet::{FormGeometry, Gray, PageGeometry, PhotoIssue, look};

mod papers;

/// The papers of all kinds: with a tag, without, our own drawing.
fn forms() -> Vec<FormGeometry> {
    let known = ["c-hasil-ppwp-2024", "c-hasil-salinan-ppwp-2024", "c1-ppwp-2019"];
    let known = known.into_iter().map(|form| FormGeometry::known(form).unwrap().clone());
    let own = papers::all().into_iter().filter(|(name, _)| ["dpr", "kwk-gubernur"].contains(name));
    known.chain(own.map(|(_, paper)| layout::drawing(&paper).unwrap())).collect()
}

fn jpeg(gray: &Gray) -> Vec<u8> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 60)
        .write_image(gray.pixels(), gray.width() as u32, gray.height() as u32, ExtendedColorType::L8)
        .unwrap();
    jpeg
}

fn photo(form: &FormGeometry, page: &PageGeometry, shot: &Shot) -> Vec<u8> {
    let drawn = blank_page(form, page, 1_400.0 / form.paper_mm[1]);
    jpeg(&photograph(&drawn.gray().unwrap(), form.paper_mm, shot).unwrap())
}

fn issues(photo: &[u8], form: &FormGeometry) -> Vec<PhotoIssue> {
    look(photo, form, 1).unwrap().quality.issues()
}

#[test]
fn a_thumbnail_is_too_small_on_every_paper() {
    for form in forms() {
        let page = form.pages.last().unwrap();
        let shot = Shot { width_px: 240, height_px: 309, ..Distortion::Plain.shot(3) };
        let seen = issues(&photo(&form, page, &shot), &form);
        assert!(
            seen.contains(&PhotoIssue::TooFar) || seen.contains(&PhotoIssue::Blurred),
            "{}: {seen:?}",
            form.form
        );
    }
}

#[test]
fn a_blurred_photo_is_said_to_be_blurred_on_every_paper() {
    for form in forms() {
        for seed in 0..2 {
            let shot = Shot { blur_px: 5.0, ..Distortion::Plain.shot(seed) };
            let seen = issues(&photo(&form, &form.pages[0], &shot), &form);
            assert!(!seen.is_empty(), "{} {seed}", form.form);
        }
    }
}

#[test]
fn walls_and_the_back_of_a_sheet_are_no_form() {
    let form = FormGeometry::known("c-hasil-salinan-ppwp-2024").unwrap();
    let back = PageGeometry { fields: vec![], print: Default::default(), ..form.pages[0].clone() };
    for seed in 0..6 {
        let shot = Distortion::ALL[seed as usize].shot(seed);
        let seen = issues(&photo(form, &back, &shot), form);
        assert!(!seen.is_empty(), "the back, {seed}");
        let seen = issues(&jpeg(&wall(seed)), form);
        assert!(!seen.is_empty(), "a wall, {seed}");
    }
}

/// A rough wall: spots of all sizes, and grain.
fn wall(seed: u64) -> Gray {
    let mut random = SeededRng::new(seed);
    let (width, height) = (1_200, 900);
    let mut pixels = vec![170.0f64; width * height];
    for _ in 0..400 {
        let (x, y) = (random.below(width), random.below(height));
        let radius = 3 + random.below(60);
        let shade = random.between(-14.0, 14.0);
        for row in y.saturating_sub(radius)..(y + radius).min(height) {
            for column in x.saturating_sub(radius)..(x + radius).min(width) {
                if (row.abs_diff(y)).pow(2) + (column.abs_diff(x)).pow(2) < radius * radius {
                    pixels[row * width + column] += shade;
                }
            }
        }
    }
    let pixels = pixels.into_iter().map(|v| (v + random.about(4.0)).clamp(0.0, 255.0) as u8).collect();
    Gray::new(width, height, pixels).unwrap()
}

#[test]
fn a_form_that_nobody_knows_is_not_accused() {
    // Pages of our own drawing, shown as if they were of a paper with other tags.
    for form in forms().into_iter().filter(|form| form.tag.is_some()) {
        let mut other = FormGeometry::known("c-hasil-ppwp-2024").unwrap().clone();
        for (page, tag) in other.pages.iter_mut().zip(2_000..) {
            page.tag = Some(tag);
        }
        for page in form.pages.iter().take(3) {
            let seen = look(&photo(&form, page, &Distortion::Plain.shot(8)), &other, 1).unwrap();
            assert_eq!((seen.view, seen.quality.issues()), (None, vec![]), "{} {}", form.form, page.number);
        }
    }
}
