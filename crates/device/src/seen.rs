//! What the device recognises in a photo: the page, the quality, and the figures.
//!
//! The device looks once, when the photo is added. It reports only figures that the witness has typed, and
//! never fills a field.

use evidence::{ReadFigure, Seen, photo_answer_key};
use serde::{Deserialize, Serialize};
use sheet::{CONFIDENT, Look, PageView, Point, Reading};
use tally::{FieldCode, Figure, Figures, FindingKey};

use crate::store::Photo;
use crate::view::PhotoIssue;

/// Minimum certainty of a reading that is shown, in thousandths.
const CERTAIN_PERMILLE: u16 = permille(CONFIDENT);

/// What was recognised in one photo, as JSON in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SeenPhoto {
    /// The page whose mark is on the paper.
    pub(crate) page: Option<u8>,
    #[serde(rename = "faults")]
    pub(crate) issues: Vec<PhotoIssue>,
    /// The corners of the page's frame in the derivative, in pixels: upper left, upper right, lower right,
    /// lower left.
    corners: Option<[[f64; 2]; 4]>,
    read: Vec<ReadField>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ReadField {
    field: String,
    figure: Option<u32>,
    certainty_permille: u16,
}

impl SeenPhoto {
    pub(crate) fn of(look: &Look, cut_off: bool) -> Self {
        let view = look.view.as_ref();
        let cut_off = cut_off.then_some(PhotoIssue::CutOff);
        Self {
            page: view.map(|view| view.page),
            issues: cut_off.into_iter().chain(look.quality.issues()).collect(),
            corners: view.map(|view| view.corners.map(|corner| [corner.x, corner.y])),
            read: look.readings.iter().map(ReadField::of).collect(),
        }
    }

    /// The part that goes into the photo's statement.
    pub(crate) fn for_statement(&self) -> Seen {
        let read = self.read.iter().map(|one| ReadFigure {
            field: one.field.clone(),
            figure: one.figure,
            certainty_permille: one.certainty_permille,
        });
        Seen {
            page: self.page,
            issues: self.issues.iter().map(|issue| issue.code().to_owned()).collect(),
            read: read.collect(),
        }
    }

    /// Where the page is in the derivative.
    pub(crate) fn page_view(&self, form: &sheet::FormGeometry) -> Option<PageView> {
        let corners = self.corners?.map(|[x, y]| Point::new(x, y));
        PageView::from_corners(form, self.page?, corners)
    }
}

impl ReadField {
    fn of(reading: &Reading) -> Self {
        Self {
            field: reading.field.clone(),
            figure: reading.value,
            certainty_permille: permille(reading.confidence),
        }
    }
}

const fn permille(share: f32) -> u16 {
    // `as` saturates, and turns NaN into 0.
    (share * 1000.0) as u16
}

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
