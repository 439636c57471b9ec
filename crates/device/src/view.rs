//! What the screens are told. Everything a screen shows is computed here or below; the screens hold no rule.
//!
//! Times are milliseconds since 1970 (UTC) by this device's clock, unless said otherwise.

mod account;

pub use account::{Account, AccountView, AccountsView, IncidentDraftView};
pub use evidence::{AttendanceEvent, IncidentCategory};
pub use sheet::Fault as PhotoFault;

use protocol::{Decision, ProblemCode};
use serde::{Deserialize, Serialize};
use tally::text::Language;
use tally::{Column, ContestId, FieldCode, Figure, Finding, FindingKey, Localized, RunningSum, StationId};

use crate::life::LifeState;

/// The whole app at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AppView {
    /// The language that the witness chose.
    pub language: Language,
    /// The app's version.
    pub version: String,
    /// What is damaged on this device.
    pub health: HealthView,
    /// Who witnesses where; `None` until an invitation was taken.
    pub witness: Option<WitnessView>,
}

/// What is damaged on this device; all empty on a healthy one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HealthView {
    /// When the database was found damaged and put back from its copy. What was sealed after that copy is missing.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub restored_at_ms: Option<i64>,
    /// Photos of which nothing can be sent any more; the pages are to be photographed again.
    pub lost_photos: Vec<LostPhotoView>,
}

/// A photo of which nothing can be sent any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LostPhotoView {
    /// The station.
    pub station: StationId,
    /// The contest.
    pub contest: ContestId,
    /// The page.
    pub page: u8,
}

/// A device that has joined.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct WitnessView {
    /// The election's name.
    pub election: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this is practice.
    pub drill: bool,
    /// The endpoint's address.
    pub endpoint: String,
    /// The device's name for the endpoint, in hex.
    pub device: String,
    /// Where it witnesses.
    pub stations: Vec<StationView>,
    /// What waits to be sent.
    pub outbox: OutboxView,
    /// Photos that coordinators asked for and that were not taken again since.
    pub photos_asked_for: Vec<PhotoAskedView>,
    /// What is carried for other witnesses, by station.
    pub carried: Vec<CarriedView>,
    /// Set when the endpoint's log was rewritten: the two checkpoints are kept as proof.
    pub log_alarm: Option<LogAlarmView>,
}

/// Two checkpoints under the log's own key that do not agree. This is never an accident of the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogAlarmView {
    /// When this device found it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub found_at_ms: i64,
    /// The checkpoint that this device saw before, a signed note.
    pub older: String,
    /// The one that does not continue it, a signed note.
    pub newer: String,
}

/// The log's proof that a statement stands in it, verified by this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReceiptView {
    /// The statement's place in the log, from 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub leaf_index: u64,
    /// How many statements the log held then.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tree_size: u64,
    /// When this device verified it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub verified_at_ms: i64,
    /// The log's name, in hex.
    pub log: String,
}

/// One station at which this device witnesses.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationView {
    /// The station.
    pub station: StationId,
    /// Its TPS number.
    pub number: u16,
    /// The names of its regions, from the desa up to the provinsi.
    pub regions: Vec<String>,
    /// Whether the assignment has ended: what was written stays, and is still sent.
    pub ended: bool,
    /// Its contests, in the package's order.
    pub tallies: Vec<TallyCard>,
}

/// One contest at one station, in one line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TallyCard {
    /// The contest.
    pub contest: ContestId,
    /// Its full name.
    pub title: Localized,
    /// Its short name.
    pub short_title: Localized,
    /// How it stands.
    pub life: LifeView,
    /// How many fields were typed.
    pub filled: u32,
    /// How many fields the paper has.
    pub fields: u32,
    /// How many pages have a photo.
    pub pages_photographed: u32,
    /// How many pages the paper has.
    pub pages: u32,
    /// Faults, and figures read otherwise in a photo, that are not yet answered.
    pub open_faults: u32,
}

/// How a tally stands, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LifeView {
    /// The state.
    pub state: LifeState,
    /// Since when; `None` for a draft in which nothing was typed yet.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub since_ms: Option<i64>,
    /// When the endpoint took it in, by the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub received_at_ms: Option<i64>,
    /// Why it was refused, where it was.
    pub refusal: Option<RefusalView>,
    /// What a coordinator decided on it, where one did.
    pub verdict: Option<VerdictView>,
}

/// What a coordinator decided on a record, and did not take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictView {
    /// What.
    pub decision: Decision,
    /// Why, in the coordinator's words; may be empty.
    pub reason: String,
    /// When, by the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// Why the endpoint refused a statement. The record stays on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RefusalView {
    /// The reason; the key of its translated text.
    pub code: ProblemCode,
    /// The endpoint's own words.
    pub detail: String,
}

/// What waits to be sent, why, and when it is tried next.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OutboxView {
    /// Tallies that are sealed and not yet accepted.
    pub tallies_waiting: u32,
    /// Attendances and incidents that are sealed and not yet accepted.
    pub accounts_waiting: u32,
    /// Records that have arrived and whose proof is still to come.
    pub proofs_waiting: u32,
    /// Photos that are not yet wholly at the endpoint.
    pub photos_waiting: u32,
    /// Originals that somebody asked for and that are not yet wholly at the endpoint.
    pub originals_waiting: u32,
    /// Bytes of them still to send.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub originals_bytes_waiting: u64,
    /// When originals go on, where they have used up what a day may cost; `None` where nothing holds them up.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub originals_again_at_ms: Option<i64>,
    /// Records that the endpoint refused for good.
    pub refused: u32,
    /// Bytes still to send.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes_waiting: u64,
    /// The photo that is under way or was interrupted.
    pub photo: Option<PhotoProgress>,
    /// Whether a request is under way right now.
    pub sending: bool,
    /// Why the last attempt came to nothing; `None` when it succeeded or none was made.
    pub fault: Option<SyncFault>,
    /// When the next attempt is due; `None` when nothing waits.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next_attempt_at_ms: Option<i64>,
    /// How far this device's clock runs ahead of the endpoint's, negative where it is behind, where that is more than a
    /// clock may be off. What was sealed stays as good as it is: nothing is ordered by it.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub clock_ahead_ms: Option<i64>,
    /// When the endpoint last answered.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_contact_at_ms: Option<i64>,
}

/// How far a photo has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoProgress {
    /// The contest whose form it shows.
    pub contest: ContestId,
    /// The page it shows.
    pub page: u8,
    /// Bytes that the endpoint holds.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sent_bytes: u64,
    /// Bytes of the whole photo.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
}

/// Why an attempt to send came to nothing. None of them is the witness's fault, and all are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SyncFault {
    /// The endpoint could not be reached: no signal, or it is down.
    Unreachable,
    /// A connection was there but broke off or took too long.
    Interrupted,
    /// A page for people answered: the login of a hotspot, or a proxy's notice.
    LoginPage,
    /// The certificate that came is not the endpoint's.
    CertificateWrong,
    /// The endpoint's certificate is not valid at the time that this device's clock tells.
    CertificateTime,
    /// Something else answered that is not the endpoint.
    NotTheEndpoint,
    /// The endpoint answered that it cannot take anything now.
    Busy,
    /// The endpoint answered with a fault of its own.
    EndpointFault,
    /// The endpoint's proofs do not hold: they are not those of the log that this device knows.
    ProofWrong,
    /// This device's own store could not be read or written.
    Storage,
}

/// One contest's tally at one station, as the paper lays it out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TallyView {
    /// The station.
    pub station: StationId,
    /// Its TPS number.
    pub number: u16,
    /// The names of its regions, from the desa up.
    pub regions: Vec<String>,
    /// The contest.
    pub contest: ContestId,
    /// Its full name.
    pub title: Localized,
    /// Its short name.
    pub short_title: Localized,
    /// The form's name.
    pub form: Localized,
    /// Whether this is practice.
    pub drill: bool,
    /// How it stands.
    pub life: LifeView,
    /// When a figure was last written to disk.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub saved_at_ms: Option<i64>,
    /// The paper's sections.
    pub sections: Vec<SectionView>,
    /// What the checks found, faults first.
    pub findings: Vec<FindingView>,
    /// How many checks looked and found nothing.
    pub checks_passed: u32,
    /// Faults not yet answered; sealing waits for them.
    pub open_faults: u32,
    /// What the device read in the photos of figures that were typed.
    pub readings: Vec<ReadingView>,
    /// Readings that differ from what was typed and are not yet answered; sealing waits for them.
    pub open_readings: u32,
    /// The paper's pages with their photos.
    pub pages: Vec<PageView>,
    /// How many fields were typed.
    pub filled: u32,
    /// How many fields the paper has.
    pub fields: u32,
    /// The field that was typed last, to open where the witness was.
    pub last_field: Option<FieldCode>,
    /// The statement's id (SHA-256, hex), once sealed.
    pub statement: Option<String>,
    /// When it was sealed.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub sealed_at_ms: Option<i64>,
    /// The log's receipt, once this device has verified it.
    pub receipt: Option<ReceiptView>,
    /// Why this tally supersedes an earlier one, in a correction.
    pub correction_reason: Option<String>,
    /// What was sealed before this, newest first.
    pub superseded: Vec<SupersededView>,
}

/// An earlier sealed tally that a correction supersedes. It stays where it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SupersededView {
    /// Its statement id, hex.
    pub statement: String,
    /// How it stands.
    pub life: LifeView,
}

/// One section of the paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SectionView {
    /// The Roman numeral.
    pub code: FieldCode,
    /// Its heading.
    pub title: Localized,
    /// The page on which it stands.
    pub page: u8,
    /// Its rows.
    pub rows: Vec<RowView>,
    /// How many of its fields were typed.
    pub filled: u32,
    /// How many fields it has.
    pub fields: u32,
    /// Whether a fault that is not yet answered points into it.
    pub has_open_fault: bool,
    /// A sum to watch while typing, where the section has one.
    pub running_sum: Option<RunningSum>,
}

/// One row of the paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RowView {
    /// The paper's code.
    pub code: FieldCode,
    /// The sub-heading above it.
    pub heading: Option<Localized>,
    /// The paper's words for it; `None` for a candidate.
    pub label: Option<Localized>,
    /// The candidate's number.
    pub candidate: Option<u16>,
    /// The candidate's names.
    pub names: Vec<String>,
    /// Its figures: one, or L, P and J.
    pub cells: Vec<CellView>,
}

/// One figure's place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CellView {
    /// The field.
    pub field: FieldCode,
    /// Its column, where the row has columns.
    pub column: Option<Column>,
    /// How many boxes it has on paper.
    pub digits: u8,
    /// What was typed.
    pub figure: Option<Figure>,
    /// The figure in words; empty when nothing was typed.
    pub words: Localized,
    /// Whether a fault that is not yet answered concerns it.
    pub has_open_fault: bool,
}

/// A finding, and whether the witness answered it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FindingView {
    /// The finding.
    pub finding: Finding,
    /// When the witness said "memang tertulis begitu di kertas".
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub acknowledged_at_ms: Option<i64>,
}

/// One page of the paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageView {
    /// The page number.
    pub page: u8,
    /// What it holds.
    pub title: Localized,
    /// Its newest photo.
    pub photo: Option<PhotoView>,
}

/// A photo of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoView {
    /// SHA-256 of the derivative, hex: the name under which its bytes are asked for.
    pub hash: String,
    /// When it was taken in.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub taken_at_ms: i64,
    /// Width of the derivative in pixels.
    pub width_px: u32,
    /// Height of the derivative in pixels.
    pub height_px: u32,
    /// Bytes of the derivative.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Bytes that the endpoint holds.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sent_bytes: u64,
    /// Whether its statement is sealed; before that it can be taken out again.
    pub sealed: bool,
    /// Whether all of it is at the endpoint.
    pub arrived: bool,
    /// Why it was refused, where it was.
    pub refusal: Option<RefusalView>,
    /// What the device saw in it by itself; `None` where it does not know the form's geometry.
    pub seen: Option<SeenView>,
}

/// What the device saw in a photo by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SeenView {
    /// The page whose mark was found on the paper; `None` where none was.
    pub page: Option<u8>,
    /// What is wrong with the photo, most telling first. It may be kept all the same.
    pub faults: Vec<PhotoFault>,
}

/// A figure that was typed, and read by the device in the photo of its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadingView {
    /// The field.
    pub field: FieldCode,
    /// The candidate whose votes they are, where it is a candidate's.
    pub candidate: Option<u16>,
    /// The page.
    pub page: u8,
    /// What was typed.
    pub typed: Figure,
    /// What the device read.
    pub read: u32,
    /// Whether they differ.
    pub differs: bool,
    /// Under which the witness's answer to a difference is noted.
    pub key: FindingKey,
    /// When the witness looked again and said that the paper has it as typed.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub answered_at_ms: Option<i64>,
}

impl ReadingView {
    /// Whether it waits for the witness's answer.
    pub fn is_open(&self) -> bool {
        self.differs && self.answered_at_ms.is_none()
    }
}

/// Another photo that a coordinator asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoAskedView {
    /// The station.
    pub station: StationId,
    /// The contest.
    pub contest: ContestId,
    /// The page.
    pub page: u8,
    /// What is wrong with the photo that is there, in the coordinator's words.
    pub reason: String,
    /// When it was asked for, by the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub asked_at_ms: i64,
}

/// What this device carries for others at one station. A carrier is told how much, and not what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CarriedView {
    /// The station.
    pub station: StationId,
    /// Its TPS number.
    pub number: u16,
    /// Records that are carried.
    pub records: u32,
    /// Those of them of which this device has verified that they stand in the log.
    pub proved: u32,
    /// Those of them that the endpoint refused for good.
    pub refused: u32,
    /// Photos that are carried.
    pub photos: u32,
    /// Those of them that are wholly at the endpoint.
    pub photos_arrived: u32,
}

/// What became of a file that was taken along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TakenAlongView {
    /// Records that are new here.
    pub records: u32,
    /// Records that were here before.
    pub already_here: u32,
    /// Photos that are new here.
    pub photos: u32,
}

/// A file with everything that was sealed, to be carried by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BundleView {
    /// Statements in it.
    pub statements: u32,
    /// Photos in it.
    pub photos: u32,
    /// Its length in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
    /// Where it was written.
    pub path: String,
}

/// Why a command failed; the key of its translated text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The invitation is not of the right shape.
    InvitationUnreadable,
    /// The endpoint does not know the invitation.
    InvitationUnknown,
    /// Another device used the invitation.
    InvitationUsed,
    /// The endpoint could not be reached.
    EndpointUnreachable,
    /// Something answered that is not the endpoint.
    NotTheEndpoint,
    /// The endpoint refused for another reason; the detail says which.
    EndpointRefused,
    /// The device has already joined an election.
    AlreadyJoined,
    /// The device has not joined yet.
    NotJoined,
    /// No such station, contest, field or page is assigned to this device.
    NotAssigned,
    /// The tally is sealed and can only be corrected by a new one.
    AlreadySealed,
    /// The tally is not sealed yet.
    NotSealed,
    /// Faults wait for an answer; the detail names them.
    FaultsUnanswered,
    /// Nothing was typed, so there is nothing to seal.
    NothingTyped,
    /// The figure has more digits than the paper has boxes.
    FigureTooLong,
    /// The file is not a JPEG or PNG picture.
    PhotoNotAnImage,
    /// The picture is larger than the app takes.
    PhotoTooLarge,
    /// The file is not a whole bundle of this election.
    BundleUnreadable,
    /// More is carried than this device takes.
    CarriedTooMuch,
    /// An incident needs a sort and an account of what happened.
    IncidentIncomplete,
    /// The account is longer than a record can hold.
    AccountTooLong,
    /// A correction needs a reason.
    ReasonMissing,
    /// The system's keystore does not give the device's key.
    KeystoreLocked,
    /// The system's keystore no longer has the device's key.
    KeyLost,
    /// The disk is full.
    DiskFull,
    /// The store could not be read or written.
    Storage,
}

/// A command that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Failure {
    /// Why; the key of the translated text.
    pub code: FailureCode,
    /// Particulars, in English.
    pub detail: String,
}
