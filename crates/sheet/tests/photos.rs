//! Real photographs of filled sheets, where the machine has them.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it did not do"
)]

use std::path::Path;

use sheet::{FormGeometry, Look, PageMatch, ingest, look, twice_and_missing};

const PHOTOS: [(&str, u8); 4] = [
    ("pilpres-2024-hal1.jpg", 1),
    ("pilpres-2024-hal2.jpg", 2),
    ("pilpres-2024-hal2-cam2.jpg", 2),
    ("pilpres-2024-hal3.jpg", 3),
];

fn form() -> &'static FormGeometry {
    FormGeometry::known("c-hasil-ppwp-2024").unwrap()
}

/// The photo's bytes as the camera wrote them; `None`, saying so, where the photos are not.
fn photo(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/photos").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("{} is absent: not looked at", path.display());
    }
    bytes
}

/// What is seen in the picture that is sent, which is all that an endpoint has.
fn seen(original: &[u8], expected_page: u8) -> Look {
    look(&ingest(original).unwrap().derivative.bytes, form(), expected_page).unwrap()
}

#[test]
fn the_pages_are_named() {
    let mut found = Vec::new();
    for (name, page) in PHOTOS {
        let Some(original) = photo(name) else { return };
        let look = seen(&original, page);
        assert_eq!(look.page, PageMatch::Expected, "{name}");
        found.extend(look.view.map(|view| view.page));
    }
    assert_eq!(found, [1, 2, 2, 3]);
    assert_eq!(twice_and_missing(form(), &found), (vec![2], vec![]));
    assert_eq!(twice_and_missing(form(), &found[..3]), (vec![2], vec![3]));
}

#[test]
fn both_photos_of_page_2_are_read_alike_also_from_the_original() {
    for (name, page) in PHOTOS.into_iter().filter(|(_, page)| *page == 2) {
        let Some(original) = photo(name) else { return };
        for look in [seen(&original, page), look(&original, form(), page).unwrap()] {
            let read: Vec<(&str, Option<u32>, bool)> = look
                .readings
                .iter()
                .map(|reading| (reading.field.as_str(), reading.value, reading.is_confident()))
                .collect();
            assert_eq!(
                read,
                [("IV.1", Some(123), true), ("IV.2", Some(274), true), ("IV.3", Some(32), true)],
                "{name}"
            );
        }
    }
}

#[test]
fn page_1_offered_as_page_2_is_noticed() {
    let Some(original) = photo(PHOTOS[0].0) else { return };
    assert_eq!(seen(&original, 2).page, PageMatch::Other(1));
}

#[test]
fn what_is_no_sheet_is_asked_about_and_not_guessed() {
    let noise = image::GrayImage::from_fn(900, 700, |x, y| image::Luma([((x * 31) ^ (y * 17)) as u8]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let look = look(jpeg.get_ref(), form(), 1).unwrap();
    assert_eq!((look.page, look.view, look.readings.len()), (PageMatch::Unknown, None, 0));
}
