//! The result of adding several photos at once.

use serde::Serialize;

use super::{Failure, TallyView};

/// Several photos that were added at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AddedPhotos {
    pub tally: TallyView,
    /// The photos that cannot be used. The others were added.
    pub failed: Vec<FailedPhoto>,
}

/// A photo that cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FailedPhoto {
    /// Its position among the photos of the command, from 0.
    pub index: u32,
    pub failure: Failure,
}
