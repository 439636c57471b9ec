//! What was recognised in one photo.

use evidence::{ReadFigure, Seen};
use serde::{Deserialize, Serialize};
use sheet::{Look, PageView, PhotoIssue, Point, Reading};

/// What was recognised in one photo, as JSON in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SeenPhoto {
    /// The page whose mark is on the paper.
    pub(crate) page: Option<u8>,
    #[serde(rename = "faults")]
    pub(crate) issues: Vec<PhotoIssue>,
    /// The corners of the page's frame in the derivative, in pixels: upper left, upper right, lower right,
    /// lower left. None when the page is not in position.
    corners: Option<[[f64; 2]; 4]>,
    pub(crate) read: Vec<ReadField>,
}

/// A figure that was read, as JSON in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReadField {
    pub(crate) field: String,
    pub(crate) figure: Option<u32>,
    pub(crate) certainty_permille: u16,
}

impl SeenPhoto {
    pub(crate) fn of(look: &Look, cut_off: bool) -> Self {
        let view = look.view.as_ref();
        let cut_off = cut_off.then_some(PhotoIssue::CutOff);
        Self {
            page: view.map(|view| view.page),
            issues: cut_off.into_iter().chain(look.issues()).collect(),
            corners: view
                .filter(|view| view.is_in_position())
                .map(|view| view.corners.map(|corner| [corner.x, corner.y])),
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

/// A share in thousandths.
pub(crate) const fn permille(share: f32) -> u16 {
    // `as` saturates, and turns NaN into 0.
    (share * 1000.0) as u16
}
