//! What any bytes are asked, by the fuzz target and by the tests alike.

use sheet::{EDGE_PX_MAX, FormGeometry, ingest, inspect, look};

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
    let form = FormGeometry::known("c-hasil-ppwp-2024").expect("the form's geometry");
    if let Ok(look) = look(bytes, form, 2) {
        assert!(look.readings.iter().all(|reading| (0.0..=1.0).contains(&reading.confidence)));
    }
}
