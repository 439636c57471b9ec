//! A trainer's drill: the wall of the hall, what the trainer orders, the report of the class.

use std::collections::BTreeMap;

use evidence::DeviceId;
use practice::{CheckMisjudged, ClassReport};
use protocol::DrillStage;
use serde::{Deserialize, Serialize};
use tally::{ContestKind, Localized, Readiness, StationKind};

/// `GET /api/drill`: the class as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillView {
    /// The scenario's title.
    pub title: String,
    pub exercises: Vec<DrillExercise>,
    /// The exercise that is open, from 1. `None` before the first.
    pub exercise_open: Option<u8>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub opened_at_ms: Option<i64>,
    pub paused: bool,
    pub network_cut: bool,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub ended_at_ms: Option<i64>,
    /// The hall's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// What phones join with, as a code.
    pub link: String,
    /// By the numbers of their copies.
    pub phones: Vec<DrillPhoneView>,
    pub so_far: ClassSoFar,
    /// `None` where results are not handed on.
    pub handing_on: Option<DrillHandingOn>,
}

/// An exercise of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillExercise {
    /// From 1.
    pub number: u8,
    pub kind: ContestKind,
    pub station: StationKind,
    pub round: u8,
    /// The time that it should take.
    pub minutes: u16,
}

/// A phone of the class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillPhoneView {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub device: DeviceId,
    /// The number of its copies, which is how the trainer calls it.
    pub copy: u16,
    /// From 1. `None` before the first.
    pub exercise: Option<u8>,
    pub stage: DrillStage,
    /// The section that is typed, as on the paper.
    pub section: Option<String>,
    /// When it came to this exercise, stage and section.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub hand_raised_at_ms: Option<i64>,
    /// Whether it was heard lately.
    pub connected: bool,
    /// Right figures, and all of them, of its last result of the open exercise.
    pub right: Option<[u32; 2]>,
    /// Whether the training will be noted for a person.
    pub known: bool,
}

/// What the class has shown so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ClassSoFar {
    /// Number of results.
    pub results: u32,
    pub accuracy_permille: u32,
    /// The check that was misunderstood most.
    pub check: Option<CheckMisjudged>,
    /// What that check looks for.
    pub check_title: Option<Localized>,
}

/// Results on their way to the real endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillHandingOn {
    pub waiting: u32,
    pub handed: u32,
    /// Of phones of which nobody said whose they are. They stay here.
    pub unknown: u32,
}

/// `POST /api/drill`: an order of the trainer. The answer is a [`DrillView`]. Giving an order twice changes
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum DrillOrder {
    /// Everybody takes this exercise now, from 1.
    Open {
        exercise: u8,
    },
    Pause,
    Resume,
    CutNetwork,
    RestoreNetwork,
    /// The trainer has helped this phone.
    LowerHand {
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        device: DeviceId,
    },
    /// No exercise is open any more. Opening one begins again.
    End,
}

/// `GET /api/drill/report`: what the class has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillReportView {
    pub title: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    pub exercises: Vec<DrillExercise>,
    /// From when a person is ready.
    pub threshold: Readiness,
    pub phones: Vec<DrillCopy>,
    pub report: ClassReport,
    /// The texts of the slips, checks and reasons in the report, by what it calls them.
    pub words: BTreeMap<String, Localized>,
}

/// The number of a phone's copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DrillCopy {
    /// As in the report.
    pub person: String,
    pub copy: u16,
}
