//! What the device recognises in a photo: the page, the quality, and the figures.
//!
//! The device looks once, when the photo is added. It reports only figures that the witness has typed, and
//! never fills a field.

use evidence::photo_answer_key;
use sheet::CONFIDENT;
use tally::{FieldCode, Figure, Figures, FindingKey};

use crate::model::permille;
use crate::store::Photo;

/// Minimum certainty of a reading that is shown, in thousandths.
const CERTAIN_PERMILLE: u16 = permille(CONFIDENT);

/// A figure that was typed and that the device has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) field: FieldCode,
    pub(crate) page: u8,
    pub(crate) typed: Figure,
    pub(crate) read: u32,
    pub(crate) certainty_permille: u16,
}

impl Comparison {
    pub(crate) fn differs(&self) -> bool {
        self.typed != Figure::Written(self.read)
    }

    /// The key under which the witness's answer is stored.
    pub(crate) fn key(&self) -> FindingKey {
        FindingKey(photo_answer_key(self.field.as_str(), self.read))
    }
}

/// Compares what was typed with what was read with certainty, in the newest photo of each page. A photo that
/// shows another page than it was added for is skipped.
pub(crate) fn compare(figures: &Figures, photos: &[Photo]) -> Vec<Comparison> {
    let newest = photos
        .iter()
        .enumerate()
        .filter(|(index, photo)| !photos[index + 1..].iter().any(|later| later.page == photo.page));
    let read = newest.filter_map(|(_, photo)| {
        let seen = photo.seen.as_ref()?;
        (seen.page == Some(photo.page)).then_some((photo.page, &seen.read))
    });
    read.flat_map(|(page, fields)| fields.iter().map(move |one| (page, one)))
        .filter(|(_, one)| one.certainty_permille >= CERTAIN_PERMILLE)
        .filter_map(|(page, one)| {
            let field: FieldCode = one.field.parse().ok()?;
            let typed = *figures.0.get(&field)?;
            Some(Comparison {
                field,
                page,
                typed,
                read: one.figure?,
                certainty_permille: one.certainty_permille,
            })
        })
        .collect()
}
