//! The page of a station: figures beside photos.

use std::collections::BTreeMap;

use protocol::Decision;
use serde::{Deserialize, Serialize};
use tally::{
    Choice, Column, ContestId, ContestKind, FieldCode, Figure, Finding, Localized, PartyNumber, Quantity,
    RoundKind, StationId, StationKind,
};

use super::contest::ContestView;
use super::region::RegionName;
use super::report::ReportView;
use crate::model::count::Standing;

/// `GET /api/stations/{station}?contest=…`: figures beside photos.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationView {
    pub station: StationId,
    pub station_kind: StationKind,
    /// Its number in its desa, among the stations of its kind.
    pub number: u16,
    /// Its regions from the provinsi down to the desa.
    pub path: Vec<RegionName>,
    pub contest: ContestId,
    pub kind: ContestKind,
    /// The contests that are voted here, in the package's order.
    pub contests: Vec<ContestView>,
    /// The round that `standing` and `conflicts` are of: the newest one with a result.
    pub round: u8,
    /// The first count and the later rounds of this station and contest, oldest first.
    pub rounds: Vec<RoundView>,
    pub standing: Standing,
    /// The deciding figures for which the witnesses state different numbers: what a coordinator has to
    /// settle.
    pub conflicts: Vec<FieldCode>,
    pub form: Localized,
    /// The form's id and the version of the package, which a correction names.
    pub form_id: String,
    pub package_version: u32,
    /// The votes and invalid votes of the official result by field, where there is one.
    pub official: Option<OfficialStation>,
    /// The rows of the paper with the figures of each tally.
    pub sections: Vec<SectionView>,
    /// The tallies received, oldest first; `sections` has their figures in the same order.
    pub tallies: Vec<TallyView>,
    /// Witnesses whose chains have gaps.
    pub gaps: Vec<GapView>,
    /// Attendances, incidents and results of exercises, of any contest, oldest first.
    pub reports: Vec<ReportView>,
    /// The photos, by page, then oldest first.
    pub photos: Vec<PhotoView>,
    /// Requests for other photos, oldest first.
    pub photo_requests: Vec<PhotoRequestView>,
    /// Number of statements about the station that the page leaves out: of devices that sent very many, and
    /// are mostly not assigned here.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub more_count: u64,
    /// Pages of the form.
    pub pages: Vec<PageName>,
    /// The station before it in its desa.
    pub previous: Option<StationId>,
    /// The station after it in its desa.
    pub next: Option<StationId>,
}

/// A vote or count of this station and contest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RoundView {
    /// Its number: 1 is the first count.
    pub number: u8,
    /// Its legal ground; `None` for the first count.
    pub kind: Option<RoundKind>,
    /// Its day, `YYYY-MM-DD`: the day of voting for the first count.
    pub date: String,
    /// Why it takes place; `None` for the first count.
    pub reason: Option<Localized>,
    /// Its own standing.
    pub standing: Standing,
    /// Number of its tallies.
    pub tallies: u32,
    /// Whether it is the one that counts.
    pub counts: bool,
}

/// A page of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageName {
    pub page: u8,
    /// What it holds.
    pub title: Localized,
}

/// One section of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SectionView {
    /// The Roman numeral, and the party's number in the section of a list.
    pub code: FieldCode,
    pub title: Localized,
    /// The party whose list it is.
    pub party: Option<PartyNumber>,
    /// The page that it is on.
    pub page: u8,
    /// Number of its fields in which the witnesses' latest tallies differ.
    pub differing: u32,
    /// Its fields in the paper's order.
    pub fields: Vec<FieldRow>,
}

/// One field with the figures of each tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldRow {
    pub field: FieldCode,
    /// The row's code.
    pub row: FieldCode,
    /// The paper's words, or the candidate's names.
    pub label: Localized,
    pub column: Option<Column>,
    pub counts: Quantity,
    /// What the votes are for, if it counts votes for someone.
    pub choice: Option<Choice>,
    /// The candidate's number.
    pub candidate: Option<u16>,
    /// Whether witnesses are asked for it.
    pub asked: bool,
    /// The figure of each tally, in the order of [`StationView::tallies`]; `None` where nothing was typed.
    pub figures: Vec<Option<Figure>>,
    /// Whether the witnesses' latest tallies of the round that counts differ here.
    pub differs: bool,
    /// What the witness's device read with certainty in the photo of the page, in the order of `figures`.
    pub read: Vec<Option<ReadView>>,
}

/// A figure that a device read in a photo. No person states it: it is a second pair of eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadView {
    pub figure: u32,
    /// Certainty of the reading, 0 to 1,000.
    pub certainty_permille: u16,
    /// Whether something else was typed.
    pub differs: bool,
    /// Whether the witness looked again and said that the paper has it as typed.
    pub answered: bool,
}

/// One tally that was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TallyView {
    /// Statement id, hex.
    pub statement: String,
    pub device: String,
    /// A letter for the witness at this station: A, B, …
    pub witness: String,
    /// The round that was counted.
    pub round: u8,
    /// The device's sequence number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sequence: u64,
    /// When it was sealed, by the device's clock. `None` if that time is impossible: the clock was wrong.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub sealed_at_ms: Option<i64>,
    /// When it arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_at_ms: i64,
    /// Whether the device was assigned to this station and contest.
    pub assigned: bool,
    /// Whether a later tally of the same device and round supersedes it.
    pub superseded: bool,
    /// Whether the device signed another statement under the same sequence number: its chain forks here.
    pub forked: bool,
    /// Whether it came after its device was revoked. It never counts then.
    pub quarantined: bool,
    /// Its index in the log, from 0; `None` until it is in the log.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
    /// Why it supersedes an earlier one, or why a coordinator corrected it.
    pub correction_reason: Option<String>,
    /// The coordinator whose correction of a witness's tally it is.
    pub corrected_by: Option<String>,
    /// The tally that it supersedes or corrects, hex.
    pub corrects: Option<String>,
    /// The verdicts on it, oldest first; the last one is valid.
    pub verdicts: Vec<VerdictView>,
    /// What the checks find.
    pub findings: Vec<Finding>,
    /// Keys of the findings that the witness answered with "memang tertulis begitu".
    pub acknowledged: Vec<String>,
}

/// A verdict on a tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictView {
    pub decision: Decision,
    pub reason: String,
    /// Who decided, as in the audit.
    pub reviewer: String,
    /// Whether the reviewer also invited the witness: then one person alone stands behind tally and verdict.
    pub reviewer_invited: bool,
    /// When, by the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    pub signature: Signature,
    /// Whether it is a dispute because the paper is that of another station.
    pub wrong_station: bool,
    /// The id of the key that signed it.
    pub key: Option<String>,
    /// The statement that signed it, hex.
    pub statement: Option<String>,
    /// The index of that statement in the log, from 0; `None` until it is in the log.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
}

/// Whether a coordinator signed a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// A key of the reviewer signed exactly this.
    Signed,
    /// Nobody signed it: it is of an earlier version, or rests on the endpoint alone.
    Unsigned,
    /// The database says something else than was signed, or names a signature that there is not.
    Forged,
}

/// The official result of a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialStation {
    /// By field of the paper.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub figures: BTreeMap<FieldCode, u32>,
}

/// Statements that a witness's device signed and that have not arrived: higher sequence numbers have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct GapView {
    /// The witness's letter.
    pub witness: String,
    /// The missing sequence numbers, the lowest first.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub missing: Vec<u64>,
}

/// One photo that was announced by a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoView {
    /// SHA-256 of the derivative, hex; `GET /api/photos/{hash}` returns the picture after it has arrived.
    pub hash: String,
    /// The page it shows.
    pub page: u8,
    /// The witness's letter.
    pub witness: String,
    /// The tally that it belongs to, hex.
    pub tally: String,
    /// Length of the complete picture.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Bytes that have arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_bytes: u64,
    /// Whether it is complete, with the right hash.
    pub arrived: bool,
    /// The picture that it was made from.
    pub original: OriginalView,
    /// The page whose mark the device found on the paper; `None` where it found none or did not look.
    pub seen_page: Option<u8>,
    /// Issues that the device found in the photo, and that the witness accepted; keys of translated texts.
    pub issues: Vec<String>,
    /// When it was sealed, by the device's clock. `None` if that time is impossible: the clock was wrong.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub sealed_at_ms: Option<i64>,
    /// Whether its statement came after its device was revoked. It never counts then.
    pub quarantined: bool,
    /// The index of its statement in the log, from 0; `None` until it is in the log.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
}

/// A photo as the camera wrote it. It stays on the phone until a coordinator requests it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OriginalView {
    /// SHA-256, hex; `GET /api/photos/{hash}` returns it after it has arrived.
    pub hash: String,
    /// Length of the complete picture.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Bytes that have arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_bytes: u64,
    /// Whether a coordinator requested it.
    pub wanted: bool,
    /// Whether it is complete, with the right hash.
    pub arrived: bool,
}

/// A request for another photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoRequestView {
    /// The letter of the witness.
    pub witness: String,
    pub page: u8,
    /// What is wrong with the present photo.
    pub reason: String,
    /// Time of the request.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// Whether another photo of the page by that witness has arrived since.
    pub answered: bool,
}
