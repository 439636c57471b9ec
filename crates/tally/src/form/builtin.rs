//! The forms that the app contains.

use std::sync::LazyLock;

use super::Form;

static BUILTIN_FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    [
        include_str!("../../../../assets/forms/c-hasil-ppwp-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-dpr-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-dpd-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-dprd-prov-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-dprd-kabko-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-kwk-gubernur-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-kwk-bupati-walikota-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-ppwp-ln-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-ppwp-pos-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-dpr-ln-2024.json"),
        include_str!("../../../../assets/forms/c-hasil-dpr-pos-2024.json"),
        include_str!("../../../../assets/forms/c1-ppwp-2019.json"),
    ]
    .into_iter()
    .map(|json| {
        #[expect(clippy::expect_used, reason = "part of the program; a test reads every one")]
        serde_json::from_str(json).expect("an embedded form is a form")
    })
    .collect()
});

/// The forms that the app contains. An election package can bring more.
pub fn builtin_forms() -> &'static [Form] {
    &BUILTIN_FORMS
}
