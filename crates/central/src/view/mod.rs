//! What the console is told (`/api/…`, JSON). Times are milliseconds since 1970 (UTC) by the endpoint's clock.

mod account;
mod device;
mod log;

pub use crate::model::count::{Coverage, Standing, Votes};
pub use crate::model::role::Role;
pub use account::{Account, AccountView};
pub use device::{DeviceList, DeviceView, RevokeRequest};
pub use log::{CompareRequest, LogComparison, LogKeyView, LogVerdict, LogView};

use protocol::Decision;
use serde::{Deserialize, Serialize};
use tally::{Column, ContestId, FieldCode, Figure, Finding, Localized, RegionCode, StationId};

/// `POST /api/login`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LoginRequest {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// Who is logged in, and to what: the answer of `POST /api/login` and `GET /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SessionView {
    /// The user's name.
    pub user: String,
    /// The role.
    pub role: Role,
    /// The region of the user; `None` for the whole election.
    pub region: Option<RegionCode>,
    /// The election's name.
    pub election: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this endpoint is for practice.
    pub drill: bool,
    /// The contests, in the package's order.
    pub contests: Vec<ContestView>,
}

/// A contest by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ContestView {
    /// The contest.
    pub contest: ContestId,
    /// Its full name.
    pub title: Localized,
    /// Its short name.
    pub short_title: Localized,
}

/// A region by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionName {
    /// Its code.
    pub code: RegionCode,
    /// Its name.
    pub name: String,
}

/// `GET /api/regions?contest=…` (the whole election, or the user's region) and `GET /api/regions/{code}?contest=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionView {
    /// The regions from the top down to this one; empty for the whole election.
    pub path: Vec<RegionName>,
    /// The contest that the figures are of.
    pub contest: ContestId,
    /// How its stations stand.
    pub coverage: Coverage,
    /// Votes of each candidate.
    pub candidates: Vec<CandidateVotes>,
    /// Invalid votes.
    pub invalid: Votes,
    /// The regions directly below; empty for a desa.
    pub children: Vec<RegionRow>,
    /// Arrivals over time, oldest first, in equal steps; empty when nothing arrived.
    pub arrivals: Vec<Arrivals>,
    /// How long a step of `arrivals` is, in milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub arrivals_step_ms: i64,
    /// When this was computed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// One candidate's votes in a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CandidateVotes {
    /// The number on the ballot.
    pub number: u16,
    /// One name, or two.
    pub names: Vec<String>,
    /// The votes.
    pub votes: Votes,
}

/// One region in the table of its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RegionRow {
    /// The region.
    pub region: RegionName,
    /// How its stations stand.
    pub coverage: Coverage,
    /// When something last arrived.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
}

/// What arrived in one step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Arrivals {
    /// When the step begins.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub from_ms: i64,
    /// Tallies.
    pub tallies: u32,
    /// Photos, whole.
    pub photos: u32,
}

/// `GET /api/stations?contest=…&region=…&standing=…&search=…&after=…`: at most 200 in the order of their ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationList {
    /// The stations.
    pub stations: Vec<StationRow>,
    /// How many match in all.
    pub total: u32,
    /// What to give as `after` for the next ones; `None` at the end.
    pub next: Option<StationId>,
}

/// One station in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationRow {
    /// The station.
    pub station: StationId,
    /// The name of its desa.
    pub desa: String,
    /// The name of its kecamatan.
    pub kecamatan: String,
    /// How its tally of the contest stands.
    pub standing: Standing,
    /// Devices that witness there.
    pub witnesses: u32,
    /// Tallies received.
    pub tallies: u32,
    /// Faults in the tally that counts, or in the latest.
    pub faults: u32,
    /// Pages of which a photo has wholly arrived.
    pub pages_photographed: u32,
    /// Pages of the form.
    pub pages: u32,
    /// When something last arrived.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_at_ms: Option<i64>,
}

/// `GET /api/stations/{station}?contest=…`: figures beside photos.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationView {
    /// The station.
    pub station: StationId,
    /// Its regions from the provinsi down to the desa.
    pub path: Vec<RegionName>,
    /// The contest.
    pub contest: ContestId,
    /// How its tally stands.
    pub standing: Standing,
    /// The form's name.
    pub form: Localized,
    /// The rows of the paper with the figures of each tally.
    pub sections: Vec<SectionView>,
    /// The tallies received, oldest first; `sections` has their figures in the same order.
    pub tallies: Vec<TallyView>,
    /// Witnesses of whose chains something has not arrived.
    pub gaps: Vec<GapView>,
    /// What witnesses put on record beside the tallies, whatever the contest, oldest first.
    pub accounts: Vec<AccountView>,
    /// The photos, by page, then oldest first.
    pub photos: Vec<PhotoView>,
    /// Other photos that were asked for, oldest first.
    pub photo_requests: Vec<PhotoRequestView>,
    /// Pages of the form.
    pub pages: Vec<PageName>,
    /// The stations before and after it in the desa.
    pub previous: Option<StationId>,
    /// See `previous`.
    pub next: Option<StationId>,
}

/// Another photo that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoRequestView {
    /// The letter of the witness who was asked.
    pub witness: String,
    /// The page.
    pub page: u8,
    /// What is wrong with the photo that is there.
    pub reason: String,
    /// When it was asked for.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// Whether another photo of the page was sealed by that witness and has come since.
    pub answered: bool,
}

/// `POST /api/stations/{station}/photo-requests`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoRequestRequest {
    /// The tally that the page belongs to, hex.
    pub tally: String,
    /// The page.
    pub page: u8,
    /// What is wrong with the photo that is there; the witness reads it.
    pub reason: String,
}

/// `POST /api/stations/{station}/verdicts`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictRequest {
    /// The tally that is decided on, hex.
    pub tally: String,
    /// What is decided.
    pub decision: Decision,
    /// Why; the witness reads it. A dispute has one.
    #[serde(default)]
    pub reason: String,
}

/// What was decided on a tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictView {
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who decided, as in the audit.
    pub reviewer: String,
    /// When, by the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// `POST /api/stations/{station}/originals`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OriginalRequest {
    /// The derivative of the photo whose original is asked for, SHA-256, hex.
    pub photo: String,
}

/// A photo as the camera wrote it. It stays on the phone until somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OriginalView {
    /// SHA-256, hex; `GET /api/photos/{hash}` gives it once it arrived.
    pub hash: String,
    /// Bytes of the whole.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Bytes that have arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_bytes: u64,
    /// Whether it was asked for.
    pub wanted: bool,
    /// Whether all of it is here and its hash holds.
    pub arrived: bool,
}

/// Statements that a witness's device signed and that have not arrived: their numbers lie below others that have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct GapView {
    /// The witness's letter.
    pub witness: String,
    /// The missing sequence numbers, the lowest first.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub missing: Vec<u64>,
}

/// A page of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageName {
    /// Its number.
    pub page: u8,
    /// What it holds.
    pub title: Localized,
}

/// One section of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SectionView {
    /// The Roman numeral.
    pub code: FieldCode,
    /// Its heading.
    pub title: Localized,
    /// The page on which it stands.
    pub page: u8,
    /// Its fields in the paper's order.
    pub fields: Vec<FieldRow>,
}

/// One field with what each tally says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldRow {
    /// The field.
    pub field: FieldCode,
    /// The row's code.
    pub row: FieldCode,
    /// The paper's words, or the candidate's names.
    pub label: Localized,
    /// The column.
    pub column: Option<Column>,
    /// The candidate's number.
    pub candidate: Option<u16>,
    /// What each tally says, in the order of [`StationView::tallies`]; `None` where nothing was typed.
    pub figures: Vec<Option<Figure>>,
    /// Whether the witnesses' latest tallies differ here.
    pub differs: bool,
    /// What the witness's device read for certain in the photo of the page, in the order of `figures`.
    pub read: Vec<Option<ReadView>>,
}

/// A figure that a device read in a photo by itself. Nobody's word: a second pair of eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadView {
    /// The figure.
    pub figure: u32,
    /// How sure the reading is, 0 to 1,000.
    pub certainty_permille: u16,
    /// Whether something else was typed.
    pub differs: bool,
    /// Whether the witness looked again and said that the paper has it as typed.
    pub answered: bool,
}

/// `GET /api/photos/{hash}/crops?contest=…`: the pieces of a photo on which figures stand, seen straight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CropsView {
    /// The page whose mark was found on the paper; without one there are no pieces.
    pub page: Option<u8>,
    /// One piece for each field of the page.
    pub crops: Vec<CropView>,
}

/// One figure's piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CropView {
    /// The field.
    pub field: String,
    /// The picture: a JPEG, base64.
    pub jpeg: String,
    /// Its width in pixels.
    pub width_px: u32,
    /// Its height in pixels.
    pub height_px: u32,
}

/// One tally that was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TallyView {
    /// Statement id, hex.
    pub statement: String,
    /// The device, hex.
    pub device: String,
    /// A letter for the witness at this station: A, B, …
    pub witness: String,
    /// The device's sequence number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sequence: u64,
    /// When it was sealed, by the device's clock, which may lie.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sealed_at_ms: i64,
    /// When it arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_at_ms: i64,
    /// Whether the device was assigned to this station and contest.
    pub assigned: bool,
    /// Whether a later tally of the same device supersedes it.
    pub superseded: bool,
    /// Whether the device signed another statement under the same sequence number: its chain forks here.
    pub forked: bool,
    /// Whether it came after its device was revoked. It never counts then.
    pub quarantined: bool,
    /// Its place in the log, from 0; `None` until it has one.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
    /// Why it supersedes an earlier one.
    pub correction_reason: Option<String>,
    /// What coordinators decided on it, the oldest first; the last one stands.
    pub verdicts: Vec<VerdictView>,
    /// What the checks find.
    pub findings: Vec<Finding>,
    /// Keys of the findings that the witness answered with "memang tertulis begitu".
    pub acknowledged: Vec<String>,
}

/// One photo that was announced by a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoView {
    /// SHA-256 of the derivative, hex; `GET /api/photos/{hash}` gives the picture once it arrived.
    pub hash: String,
    /// The page it shows.
    pub page: u8,
    /// The witness's letter.
    pub witness: String,
    /// The tally that it belongs to, hex.
    pub tally: String,
    /// Bytes of the whole.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Bytes that have arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_bytes: u64,
    /// Whether all of it is here and its hash holds.
    pub arrived: bool,
    /// The picture that it was made from.
    pub original: OriginalView,
    /// The page whose mark the device found on the paper; `None` where it found none or did not look.
    pub seen_page: Option<u8>,
    /// What the device found wrong with the photo, which the witness kept all the same; keys of translated texts.
    pub faults: Vec<String>,
    /// When it was sealed, by the device's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sealed_at_ms: i64,
    /// Whether its statement came after its device was revoked. It never counts then.
    pub quarantined: bool,
    /// Its statement's place in the log, from 0; `None` until it has one.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
}

/// `POST /api/invitations`: one invitation for each station.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InviteRequest {
    /// The stations.
    pub stations: Vec<StationId>,
    /// The contests; all when empty.
    #[serde(default)]
    pub contests: Vec<ContestId>,
}

/// An invitation. `GET /api/invitations?region=…&search=…` gives a list of them, newest first, at most 500.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InvitationView {
    /// The code, as it is handed out: `ABCD-EFGH-JKMN`.
    pub code: String,
    /// The link that the witness pastes or opens: endpoint and code in one.
    pub link: String,
    /// The station.
    pub station: StationId,
    /// The name of its desa.
    pub desa: String,
    /// The contests.
    pub contests: Vec<ContestId>,
    /// When it was made.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created_at_ms: i64,
    /// When a device used it.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub used_at_ms: Option<i64>,
    /// That device, hex.
    pub device: Option<String>,
    /// Since when that device is revoked.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
}
