//! Staffing: which stations have witnesses, against a target and a date.

use serde::{Deserialize, Serialize};
use tally::{RegionCode, StationId};

use super::RegionName;
use crate::model::person::{Participant, PersonId, Position};

/// `GET /api/staffing` (the user's region) and `GET /api/staffing/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StaffingView {
    /// The region and those above it that the user reaches, from the top; empty for the whole election.
    pub path: Vec<RegionName>,
    pub total: StaffingRow,
    /// The regions below, the one with the most empty stations first; none below a desa.
    pub rows: Vec<StaffingRow>,
}

/// The staffing of one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StaffingRow {
    /// `None` for the whole election.
    pub code: Option<RegionCode>,
    pub name: String,
    pub stations: u32,
    /// Stations by their number of assigned people: none, one, two or more.
    pub none: u32,
    pub one: u32,
    pub two: u32,
    /// Present assignments, and how many of them are of people who joined, were trained, or whose mandate
    /// letter was handed in.
    pub witnesses: u32,
    pub joined: u32,
    pub trained: u32,
    pub letters: u32,
    pub target: Option<TargetView>,
}

/// A target of one region, and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TargetView {
    /// Wanted number of assigned witnesses.
    pub witnesses: Option<u32>,
    /// The day by which they are wanted, as `2026-12-01`.
    pub by_date: Option<String>,
    /// The participant whose votes are meant, and the wanted votes or share of the valid votes in
    /// thousandths.
    pub participant: Option<Participant>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub votes: Option<u64>,
    pub share_permille: Option<u32>,
    /// Number of witnesses that are missing.
    pub missing: u32,
    /// Number of days that are left, today included; 0 when the day is over.
    pub days_left: Option<u32>,
    /// Number of witnesses to find each day from now on; `None` without a day, or after it.
    pub per_day: Option<u32>,
    /// As in the audit.
    pub set_by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub set_at_ms: i64,
}

/// `POST /api/staffing/{code}/target`, and `POST /api/staffing-target` for the whole election. All `None`
/// removes it. The response is a [`StaffingView`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TargetRequest {
    #[serde(default)]
    pub witnesses: Option<u32>,
    #[serde(default)]
    pub by_date: Option<String>,
    #[serde(default)]
    pub participant: Option<Participant>,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub votes: Option<u64>,
    #[serde(default)]
    pub share_permille: Option<u32>,
}

/// What a station may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// It has nobody.
    Witness,
    /// It has one, and not two.
    SecondWitness,
    /// It has somebody, and one of them has not joined.
    Joined,
    /// … was not trained.
    Trained,
    /// … has not handed in the mandate letter.
    Letter,
}

/// `GET /api/staffing-stations?region=…&lack=…&after=…`: at most 200 stations that lack something, by id, and
/// whom to call about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LackingStations {
    pub stations: Vec<LackingStation>,
    /// The coordinators of the desa and kecamatan of these stations.
    pub contacts: Vec<StaffContact>,
    /// The parameter `after` of the next page; `None` at the end.
    pub next: Option<StationId>,
}

/// A station that lacks something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LackingStation {
    pub station: StationId,
    pub number: u16,
    pub desa_name: String,
    pub kecamatan_name: String,
    pub witnesses: u32,
    pub joined: u32,
    pub trained: u32,
    pub letters: u32,
}

/// A coordinator to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StaffContact {
    /// The desa or kecamatan that the person coordinates.
    pub region: RegionCode,
    pub person: PersonId,
    pub name: String,
    pub phone: Option<String>,
    pub position: Position,
}
