//! Official results: their import, and how they differ from the witnesses'.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spreadsheet::{Fault, Format, Mapping};
use tally::{Choice, ContestId, RegionCode, StationId};

use super::{ImportId, RegionName, Standing};
use crate::model::official::{OfficialFigures, OfficialState, Rung, Shape, Unit};

/// How a table is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OfficialLayout {
    /// A row for each station or region, a column for each choice.
    #[default]
    Wide,
    /// A row for each station or region and choice.
    Long,
    /// A column for each station or region, a row for each choice.
    Transposed,
}

/// How a file is to be read: `POST /api/official/imports/{import}/check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialImportRequest {
    #[serde(default)]
    pub layout: OfficialLayout,
    /// The sheet of a workbook, from 0.
    #[serde(default)]
    pub sheet: u32,
    /// The row with the names of the columns, from 1; in a transposed table the first row with a name in
    /// front.
    pub header_row: u32,
    /// The column of each field, by its name. Fields: `code`, `provinsi`, `kabupaten_kota`, `kecamatan`,
    /// `desa`, `station`, `valid`, `invalid`, and `votes:CHOICE`; in a long table `party`, `candidate` and
    /// `votes`.
    pub columns: Mapping,
    /// The region in which names and numbers of stations are looked up, where the file does not say it.
    #[serde(default)]
    pub within: Option<RegionCode>,
    /// The document that the file is a copy of. Without one, each row is of the document of its own level.
    #[serde(default)]
    pub rung: Option<Rung>,
}

/// An import: `POST /api/official/imports?contest=…&file=NAME` (the file as `application/octet-stream`) and
/// `GET /api/official/imports/{import}?sheet=…&header_row=…&layout=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialImportView {
    pub import: ImportId,
    pub contest: ContestId,
    pub file: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: i64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// As in the audit.
    pub by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    pub state: OfficialState,
    /// A later import that counts has a higher number.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub version: Option<i64>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub stored_at_ms: Option<i64>,
    pub request: OfficialImportRequest,
    /// Rows or figures that are done while it is checked or stored, and of how many.
    pub done: u32,
    pub of: u32,
    /// What the last check found; `None` before it.
    pub check: Option<OfficialCheck>,
    /// What the file looks like. Only in the answer about one import.
    pub file_view: Option<OfficialFileView>,
}

/// What a file looks like, to choose its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialFileView {
    pub format: Format,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// The names of the columns in this layout.
    pub headers: Vec<String>,
    /// The first rows below the header, at most 10.
    pub preview: Vec<Vec<String>>,
    /// What the headers suggest, or what the user chose for such a file the last time.
    pub suggested: OfficialImportRequest,
}

/// What an import would do, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialCheck {
    /// Rows below the header.
    pub rows: u32,
    /// Rows of sums (JUMLAH, JUMLAH PINDAHAN, JUMLAH AKHIR) and of column numbers, which are not read.
    pub left_out: u32,
    /// Stations and regions without a reading: nothing or only zeros.
    pub no_reading: u32,
    /// Stations and regions with figures, by document.
    pub units: BTreeMap<Rung, u32>,
    /// Figures that are new.
    pub added: u32,
    /// Figures that differ from the last import.
    pub changed: u32,
    /// Figures that the last import had and this one has no longer.
    pub withdrawn: u32,
    /// Rows whose votes do not add up to their valid votes.
    pub sums_differ: u32,
    /// Number of faults. With any, nothing can be stored.
    pub faults_total: u32,
    /// The first 200.
    pub faults: Vec<Fault>,
}

/// `GET /api/official/imports?contest=…`: the newest 50, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialImports {
    pub imports: Vec<OfficialImportView>,
}

/// `GET /api/official/imports/{import}/changes?after=…`: what an import changed in the user's region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialChanges {
    pub import: OfficialImportView,
    pub changes: Vec<OfficialChangeRow>,
    /// `after` of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Figures of a station or region that an import changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialChangeRow {
    pub unit: Unit,
    pub rung: Rung,
    /// The name of the region, or of the station's desa.
    pub name: String,
    /// `None` if there was none.
    pub before: Option<OfficialFigures>,
    /// `None` if the official result has none any more.
    pub after: Option<OfficialFigures>,
}

/// `GET /api/official/differences?contest=…`, with `region`, `shape`, `choice`, `least`, `as_of`, `after`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DifferencesView {
    /// The regions from the provinsi down to this one.
    pub path: Vec<RegionName>,
    /// The regions directly below in which the contest is voted, with their differences.
    pub children: Vec<DifferingRegion>,
    /// The columns of votes, in the order of the ballot.
    pub choices: Vec<ChoiceName>,
    /// The last import that counts here; `None` before the first.
    pub import: Option<OfficialImportView>,
    /// Stations that vote in the contest.
    pub stations: u32,
    /// Stations with both results.
    pub compared: u32,
    /// Stations with a witnesses' result and no official one.
    pub no_official: u32,
    /// Stations with an official result and none of witnesses that counts.
    pub no_witness: u32,
    /// Stations at which both are the same.
    pub same: u32,
    /// Stations at which they differ.
    pub differing: u32,
    /// Of them, those with a photo of each page.
    pub photographed: u32,
    /// Sum of all differences without their signs.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
    /// The largest at one station.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub largest: u64,
    /// Numbers of differing stations by shape.
    pub shapes: BTreeMap<Shape, u32>,
    pub ladder: LadderView,
    /// Where the differences of a choice point one way, the least likely first; at most 20.
    pub leaning: Vec<Leaning>,
    /// The number of splits that were looked at for `leaning`: the more, the likelier one is uneven by luck.
    pub splits: u32,
    /// Differing stations that match the filter.
    pub total: u32,
    /// The largest differences first, at most 200.
    pub rows: Vec<DifferenceRow>,
    /// `after` of the next page; `None` on the last.
    pub next: Option<String>,
    /// Whether the region is too large to compare its stations at once: name a region below.
    pub too_large: bool,
}

/// A choice with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChoiceName {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub choice: Choice,
    pub name: String,
}

/// A region below, with its differences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DifferingRegion {
    pub region: RegionName,
    pub compared: u32,
    pub differing: u32,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
}

/// A station whose official result differs from the witnesses'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DifferenceRow {
    pub station: StationId,
    /// The name of its desa.
    pub desa: String,
    pub standing: Standing,
    /// Whether there is a photo of each page.
    pub photographed: bool,
    /// The official votes minus the witnesses', for each choice that differs.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub votes: BTreeMap<Choice, i64>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub invalid: Option<i64>,
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub witnessed: BTreeMap<Choice, u32>,
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub official: BTreeMap<Choice, u32>,
    pub shape: Shape,
    /// Of two choices, the one with fewer votes and the one with more.
    #[cfg_attr(feature = "ts", ts(type = "[string, string] | null"))]
    pub from_to: Option<(Choice, Choice)>,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
}

/// The sums of each rung, from the witnesses up, and where they changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LadderView {
    /// The rungs that have figures, from the witnesses up.
    pub rungs: Vec<RungView>,
    /// Documents that say something else than those below them, the largest change first; at most 100.
    pub changes: Vec<LadderChange>,
    pub changes_total: u32,
}

/// The sums of one rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RungView {
    /// `None` for the witnesses.
    pub rung: Option<Rung>,
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub votes: BTreeMap<Choice, u64>,
    /// The stations or regions that are in the sum, and of how many.
    pub parts: u32,
    pub of: u32,
    /// What changed on this rung, added up over all that could be compared.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub changed: BTreeMap<Choice, i64>,
    /// Figures that could not be compared, because the sum below them is not complete.
    pub not_compared: u32,
}

/// A document that says something else than those below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LadderChange {
    pub rung: Rung,
    pub region: RegionName,
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub votes: BTreeMap<Choice, i64>,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
}

/// A region in which the differences of a choice point one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Leaning {
    /// `None` is the region of the page.
    pub region: Option<RegionName>,
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub choice: Choice,
    /// Stations at which the official result has more.
    pub more: u32,
    /// Stations at which it has fewer.
    pub fewer: u32,
    /// The probability that luck alone splits them at least so unevenly.
    pub probability: f64,
}
