//! What any bytes are asked, by the fuzz target and by the tests alike.

use sheet::{EDGE_PX_MAX, FormGeometry, PageView, Picture, Point, crops, ingest, inspect, look};

/// Takes bytes in as a photo and looks at it. Whatever they are, the answer is a picture or an error.
pub(crate) fn picture(bytes: &[u8]) {
    let info = inspect(bytes);
    match ingest(bytes) {
        Ok(intake) => {
            let info = info.expect("what is used in is a picture");
            assert!(info.width_px <= EDGE_PX_MAX && info.height_px <= EDGE_PX_MAX);
            assert_eq!(
                ingest(bytes).expect("it was used in before"),
                intake,
                "the same bytes, the same derivative"
            );
            inspect(&intake.derivative.bytes).expect("a derivative is a picture");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    for form in ["c-hasil-ppwp-2024", "c-hasil-salinan-ppwp-2024", "c1-ppwp-2019"] {
        let form = FormGeometry::known(form).expect("the form's geometry");
        if let Ok(look) = look(bytes, form, 2) {
            assert!(look.readings.iter().all(|reading| (0.0..=1.0).contains(&reading.confidence)));
        }
    }
}

/// Reads a text as the geometry of a form, and examines a picture as if it were a page of it. Whatever the
/// text is, it is refused or can be used.
pub(crate) fn geometry(text: &str, picture: &[u8]) {
    let Ok(form) = FormGeometry::from_json(text) else { return };
    let again = serde_json::to_string(&form).expect("what was read can be written");
    assert_eq!(FormGeometry::from_json(&again).expect("what was written can be read"), form);
    let pixels = Picture::open(picture).expect("the picture is one");
    let corners = [(4.0, 5.0), (60.0, 4.0), (58.0, 44.0), (6.0, 42.0)].map(|(x, y)| Point::new(x, y));
    for page in &form.pages {
        let seen = look(picture, &form, page.number).expect("the picture is one");
        assert!(seen.readings.iter().all(|reading| (0.0..=1.0).contains(&reading.confidence)));
        let of_tag = page.tag.and_then(|tag| form.page_of_tag(tag));
        assert_eq!(of_tag.map(|page| page.number), page.tag.map(|_| page.number));
        if let Some(view) = PageView::from_corners(&form, page.number, corners) {
            let crops = crops(&pixels, &form, &view).expect("a part of a picture is a picture");
            assert_eq!(crops.len(), page.fields.len());
        }
    }
}
