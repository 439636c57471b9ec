//! Records that travel without a network: exported bundles, and bundles of other devices.

use serde::Serialize;
use tally::{StationId, StationKind};

/// An exported bundle: a file with everything that was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BundleView {
    pub statements: u32,
    pub photos: u32,
    /// Length of the file in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
    /// The path of the file.
    pub path: String,
}

/// What this device carries for other witnesses of one station. A courier sees how much it is, and not what
/// it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CarriedView {
    pub station: StationId,
    pub kind: StationKind,
    /// The number among the stations of its kind.
    pub number: u16,
    pub records: u32,
    /// Records whose receipt this device has verified.
    pub proved: u32,
    /// Records that the endpoint refused for good.
    pub refused: u32,
    pub photos: u32,
    /// Photos that the endpoint has stored completely.
    pub photos_arrived: u32,
}

/// What a courier's device has accepted of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CourierReceipt {
    /// New records.
    pub records: u32,
    /// Records that this device had already.
    pub already_here: u32,
    /// New photos.
    pub photos: u32,
}
