//! Lists of stations.

use serde::{Deserialize, Serialize};
use tally::{FieldCode, StationId, StationKind};

use crate::model::count::Standing;
pub use crate::model::station_order::StationCursor;

/// `GET /api/stations?contest=…&region=…&standing=…&flagged=…&missing_photos=…&search=…&sort=…&after=…`: at
/// most 200, in the order of their ids or of `sort` (`age`: the longest without news first; `flags`: the most
/// faults first).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationList {
    pub stations: Vec<StationRow>,
    /// Number of stations that match.
    pub total: u32,
    /// The parameter `after` of the next page; `None` at the end.
    pub next: Option<StationCursor>,
}

/// One station in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationRow {
    pub station: StationId,
    pub kind: StationKind,
    /// Its number in its desa, among the stations of its kind.
    pub number: u16,
    /// The name of its desa.
    pub desa: String,
    /// The name of its kecamatan.
    pub kecamatan: String,
    /// The round that counts, or of which the tallies are in conflict.
    pub round: u8,
    /// The newest round that the package announces; 1 is the first count.
    pub newest_round: u8,
    pub standing: Standing,
    /// The deciding figures for which the witnesses state different numbers.
    pub conflicts: Vec<FieldCode>,
    /// Devices that witness there.
    pub witnesses: u32,
    pub tallies: u32,
    /// Faults in the tally that counts, or in the latest.
    pub faults: u32,
    /// Pages with a complete photo.
    pub pages_photographed: u32,
    /// Pages of the form.
    pub pages: u32,
    /// Time of the latest arrival.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
}
