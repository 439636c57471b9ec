//! Drills: the exercises, the sheet that is open, its result, and the progress over time.

use practice::{FirstStep, Happening, Judged, Lesson, Level, Objecting, PhotoGrade, SlipKind};
use serde::Serialize;
use tally::{Column, ContestId, FieldCode, Figure, Localized, StationId};

/// The drill of the election on the screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillView {
    /// The name of the scenario; empty until the trainer has sent one.
    pub title: String,
    pub level: Option<Level>,
    pub exercises: Vec<ExerciseView>,
    /// The sheet that was begun last.
    pub sheet: Option<SheetView>,
    /// Where a trainer leads; `None` for somebody who practises alone.
    pub class: Option<ClassView>,
    /// What the scenario makes happen now.
    pub happening: Vec<HappeningView>,
    /// The steps of the first quarter of an hour; empty on other levels.
    pub steps: Vec<FirstStepView>,
    /// What was sealed, newest first.
    pub progress: Vec<ProgressView>,
}

/// One exercise of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ExerciseView {
    /// From 1.
    pub number: u8,
    /// The contest's short name.
    pub title: Localized,
    /// 1 for the first count, more for a re-vote.
    pub round: u8,
    /// The time that it should take.
    pub minutes: u16,
    /// Whether a sheet of it was sealed.
    pub done: bool,
}

/// The sheet from which the witness types.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SheetView {
    pub exercise: u8,
    /// The number on the paper: `2-07`.
    pub number: String,
    /// How often it was tried, from 1.
    pub attempt: u32,
    pub station: StationId,
    pub contest: ContestId,
    pub round: u8,
    /// The contest's short name.
    pub title: Localized,
    pub minutes: u16,
    pub pages: Vec<SheetPageView>,
    /// What happens at the station, to be put on record.
    pub story: Option<Localized>,
    /// Number of fields that were typed, and of those on the sheet.
    pub filled: u32,
    pub fields: u32,
    /// Number of its pages that were photographed.
    pub photographed: u32,
    pub sealed: bool,
}

/// A page of the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SheetPageView {
    pub page: u8,
    pub title: Localized,
    /// Whether the witness is given it.
    pub is_there: bool,
}

/// What the trainer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ClassView {
    pub paused: bool,
    /// Nothing is sent, as without a network.
    pub network_cut: bool,
    pub hand_raised: bool,
    /// Whether the witness agreed that the training is noted for them.
    pub is_known: bool,
    /// The exercise that is open.
    pub exercise_open: Option<u8>,
}

/// An event of the scenario that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HappeningView {
    pub what: Happening,
    /// When it is over; `None` if that depends on the witness.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub until_ms: Option<i64>,
}

/// A step of the first quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FirstStepView {
    pub step: FirstStep,
    pub done: bool,
}

/// A sheet that was sealed, in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ProgressView {
    /// The number on the paper.
    pub sheet: String,
    pub level: Level,
    pub attempt: u32,
    /// The contest's short name.
    pub title: Localized,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub ended_at_ms: i64,
    pub fields: u32,
    pub right: u32,
    pub seconds: u32,
}

/// The result of the sheet that was sealed last.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillResultView {
    pub exercise: u8,
    /// The number on the paper.
    pub sheet: String,
    pub level: Level,
    pub attempt: u32,
    pub station: StationId,
    pub contest: ContestId,
    pub round: u8,
    /// The contest's short name.
    pub title: Localized,
    pub minutes: u16,
    pub seconds: u32,
    pub fields: u32,
    pub right: u32,
    /// The figures that were right in the attempt before, if there was one.
    pub right_before: Option<u32>,
    /// The figures that are wrong, in the paper's order.
    pub wrong: Vec<WrongFigureView>,
    pub sections: Vec<SectionResultView>,
    pub checks: Vec<JudgedCheckView>,
    pub photos: PhotoGrade,
    pub objecting: Objecting,
    /// What to look for next.
    pub look_for: Vec<Lesson>,
    /// The next exercise of the scenario, if there is one.
    pub next_exercise: Option<u8>,
}

/// A figure that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct WrongFigureView {
    pub field: FieldCode,
    /// The paper's words for its row, or the candidate.
    pub label: Localized,
    pub column: Option<Column>,
    /// What the paper says; `None` on a page that was not there.
    pub paper: Option<Figure>,
    /// What the paper says in words.
    pub words: Localized,
    pub typed: Option<Figure>,
    pub slip: SlipKind,
}

/// One section of the result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SectionResultView {
    pub section: FieldCode,
    pub title: Localized,
    pub fields: u32,
    pub right: u32,
    pub seconds: u32,
}

/// A finding, and how it was answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JudgedCheckView {
    pub key: String,
    pub title: Localized,
    pub judged: Judged,
}
