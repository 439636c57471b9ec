//! One tally, laid out as on paper.

use serde::Serialize;
use tally::{
    Column, ContestId, ContestKind, FieldCode, Figure, Finding, FindingKey, Localized, PartyNumber, Quantity,
    RoundKind, RunningSum, StationId, StationKind,
};

use super::{LifeView, PageView, PhotoView, ReceiptView};

/// One contest's tally at one station, laid out as on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TallyView {
    pub station: StationId,
    pub station_kind: StationKind,
    /// The number among the stations of its kind.
    pub number: u16,
    /// The names of its regions, from the desa up.
    pub regions: Vec<String>,
    pub contest: ContestId,
    pub kind: ContestKind,
    /// The later round that it counts; `None` for the first count.
    pub round: Option<RoundView>,
    pub title: Localized,
    pub short_title: Localized,
    pub form: Localized,
    /// Whether this is practice.
    pub drill: bool,
    pub life: LifeView,
    /// When a figure was last written to disk.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub saved_at_ms: Option<i64>,
    pub sections: Vec<SectionView>,
    /// The findings of the checks, faults first.
    pub findings: Vec<FindingView>,
    /// Number of checks without a finding.
    pub checks_passed: u32,
    /// Number of faults without an answer. Sealing waits for them.
    pub open_faults: u32,
    /// Figures that were typed and that the device has also read in a photo.
    pub readings: Vec<ReadingView>,
    /// Number of differing readings without an answer. Sealing waits for them.
    pub open_readings: u32,
    /// Figures of the station's other papers that differ from the typed ones. They are never filled in.
    pub questions: Vec<StationQuestion>,
    /// Number of questions without an answer.
    pub open_questions: u32,
    pub pages: Vec<PageView>,
    /// Photos whose page was not recognised. The witness says which page they show.
    pub unassigned_photos: Vec<PhotoView>,
    /// Number of fields that were typed.
    pub filled: u32,
    /// Number of fields on the paper that are asked for.
    pub fields: u32,
    /// The field that was typed last: where the witness continues.
    pub last_field: Option<FieldCode>,
    /// The statement's id (SHA-256, hex), once sealed.
    pub statement: Option<String>,
    /// When it was sealed.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub sealed_at_ms: Option<i64>,
    /// The log's receipt, if this device has verified it.
    pub receipt: Option<ReceiptView>,
    /// Why this tally supersedes an earlier one, in a correction.
    pub correction_reason: Option<String>,
    /// Earlier sealed tallies, newest first.
    pub superseded: Vec<SupersededView>,
}

/// A round after the first count: a re-vote, a recount, a continued or a postponed vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RoundView {
    /// From 2.
    pub number: u8,
    pub kind: RoundKind,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// Why it takes place.
    pub reason: Localized,
}

/// A figure that another paper of the station states differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationQuestion {
    /// The field on this paper.
    pub field: FieldCode,
    /// What was typed for it here.
    pub here: u32,
    /// What was typed on the other paper.
    pub there: u32,
    pub other_contest: ContestId,
    pub other_short_title: Localized,
    /// The check, with its texts.
    pub finding: Finding,
    /// The key under which the witness's answer is stored.
    pub key: FindingKey,
    /// When the witness confirmed that both papers say so.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub answered_at_ms: Option<i64>,
}

/// An earlier sealed tally that a correction supersedes. It is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SupersededView {
    /// Its statement id, in hex.
    pub statement: String,
    pub life: LifeView,
}

/// One section of the paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SectionView {
    /// The Roman numeral, and the party's number in the section of a list.
    pub code: FieldCode,
    pub title: Localized,
    /// Its first page.
    pub page: u8,
    /// The party whose list it is.
    pub party: Option<PartyNumber>,
    pub rows: Vec<RowView>,
    /// Number of fields that were typed.
    pub filled: u32,
    /// Number of fields that are asked for.
    pub fields: u32,
    /// Whether a fault without an answer concerns it.
    pub has_open_fault: bool,
    /// A sum to compare with the paper while typing, if the section has one. In the section of a list: the
    /// party's own votes and those of its candidates.
    pub running_sum: Option<RunningSum>,
    /// The sum that the paper states for the list, as it was typed.
    pub stated_sum: Option<Figure>,
    pub state: SectionState,
    /// Number of fields that were crossed out together. This can be undone in one step.
    pub crossed_out: u32,
}

/// How far a section is typed, and whether it adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SectionState {
    /// Nothing is typed.
    Empty,
    /// Some of its fields are typed.
    Open,
    /// All fields that are asked for are typed, and they do not contradict each other.
    Done,
    /// Its figures contradict each other, whether or not the witness has answered that.
    Disagrees,
}

/// One row of the paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RowView {
    /// The paper's code.
    pub code: FieldCode,
    /// The sub-heading above it.
    pub heading: Option<Localized>,
    /// The paper's words; `None` for a candidate.
    pub label: Option<Localized>,
    /// The candidate's number.
    pub candidate: Option<u16>,
    /// The candidate's names.
    pub names: Vec<String>,
    /// What it counts.
    pub counts: Option<Quantity>,
    /// Whether the witness is asked for it.
    pub asked: bool,
    /// Its figures: one, or L, P and J.
    pub cells: Vec<CellView>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CellView {
    pub field: FieldCode,
    /// The column, if the row has columns.
    pub column: Option<Column>,
    /// Number of boxes on paper.
    pub digits: u8,
    pub figure: Option<Figure>,
    /// The figure in words; empty if nothing was typed.
    pub words: Localized,
    /// Whether a fault without an answer concerns it.
    pub has_open_fault: bool,
}

/// A finding, and the witness's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FindingView {
    pub finding: Finding,
    /// When the witness said "memang tertulis begitu di kertas".
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub acknowledged_at_ms: Option<i64>,
}

/// A figure that was typed, and that the device has also read in the photo of its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadingView {
    pub field: FieldCode,
    /// The candidate's number, if the figure is a candidate's votes.
    pub candidate: Option<u16>,
    pub page: u8,
    pub typed: Figure,
    pub read: u32,
    pub differs: bool,
    /// The key under which the witness's answer is stored.
    pub key: FindingKey,
    /// When the witness confirmed that the paper has the typed figure.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub answered_at_ms: Option<i64>,
}

impl ReadingView {
    /// Whether it waits for the witness's answer.
    pub fn is_open(&self) -> bool {
        self.differs && self.answered_at_ms.is_none()
    }
}
