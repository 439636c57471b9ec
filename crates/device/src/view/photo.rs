//! The photos of a tally's pages.

use serde::Serialize;
use tally::Localized;

use super::{PhotoIssue, RefusalView};

/// One page of the paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageView {
    pub page: u8,
    pub title: Localized,
    /// The newest photo.
    pub photo: Option<PhotoView>,
}

/// A photo of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoView {
    /// SHA-256 of the derivative, in hex. The screens request the picture by it.
    pub hash: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub taken_at_ms: i64,
    pub width_px: u32,
    pub height_px: u32,
    /// Length of the derivative in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Bytes that the endpoint has stored.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sent_bytes: u64,
    /// Whether its statement is sealed. Before that, the photo can be removed.
    pub sealed: bool,
    /// Whether the endpoint has stored all of it.
    pub arrived: bool,
    pub refusal: Option<RefusalView>,
    /// Whether the app drew it itself, because there was no paper in a drill.
    pub drawn: bool,
    /// What the device has recognised in it; `None` if the geometry of the form is not known.
    pub seen: Option<SeenView>,
}

/// What the device has recognised in a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SeenView {
    /// The page whose mark is on the paper; `None` if no mark was found.
    pub page: Option<u8>,
    /// What is wrong with the photo, the most serious issue first. The photo may be kept all the same.
    pub issues: Vec<PhotoIssue>,
}
