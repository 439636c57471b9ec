//! The parts of a photo that show figures.

use serde::{Deserialize, Serialize};

/// `GET /api/photos/{hash}/crops?contest=…`: the parts of a photo that show figures, without perspective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CropsView {
    /// The page whose mark was found on the paper; without one there are no crops.
    pub page: Option<u8>,
    /// One for each field of the page.
    pub crops: Vec<CropView>,
}

/// The crop of one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CropView {
    pub field: String,
    /// The picture: a JPEG, base64.
    pub jpeg: String,
    /// Its width in pixels.
    pub width_px: u32,
    /// Its height in pixels.
    pub height_px: u32,
}
